/**
 * `approval_door: confirm` guards against slips, not against the agent: beside `always` no form counts. At b8f2a26 the agent posted
 * the answer to its own form, and was paid with no person anywhere (A11).
 */
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { META, modern } from '../mcp/fake.ts'
import { BATCH, invoice, tenantWith, writesOf } from './live.ts'

const stack = inject('stack')
const DOOR = { approval_door: 'confirm' }
const BOTH = { approval: 'always', ...DOOR }
const REFUSED = /answered 400.*guards against slips, not against the agent/

type Result = { requestState?: string; structuredContent?: { outcome: string } }

/** The agent answers the form itself, with no person anywhere. */
const payBySelf = async (url: string, number: string, discovery = false): Promise<Result> => {
  const args = { body: [invoice(number, 500)] }
  const call = discovery
    ? { name: 'call_money_tool', arguments: { tool_name: BATCH, arguments: args } }
    : { name: BATCH, arguments: args }
  const _meta = { ...META, 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } }
  const say = async (more: object) => {
    const response = await fetch(url, modern('tools/call', { ...call, _meta, ...more }))
    return ((await response.json()) as { result: Result }).result
  }
  const asked = await say({})
  if (asked.requestState === undefined) return asked
  const typed = { confirm: { action: 'accept', content: { typed: '5.00' } } }
  return say({ requestState: asked.requestState, inputResponses: typed })
}

const pathOf = (tenant: { accountId: string }, server: { id: string }) =>
  `/integrated-account/${tenant.accountId}/mcp/${server.id}`

test('it is refused when a server is made, and whichever of the two is changed last', async () => {
  const { tenant, server } = await tenantWith(stack, { approval: 'always' })
  await expect(tenant.create(BOTH)).rejects.toThrow(REFUSED)
  await expect(tenant.create({ ...BOTH, methods: ['read'] })).rejects.toThrow(REFUSED)
  await expect(manage(stack, 'PATCH', pathOf(tenant, server), { config: DOOR })).rejects.toThrow(REFUSED)
  const asks = await tenant.create({ methods: ['write'], approval: { over_cents: 100 }, ...DOOR })
  const always = { config: { approval: 'always' } }
  await expect(manage(stack, 'PATCH', pathOf(tenant, asks), always)).rejects.toThrow(REFUSED)
  await manage(stack, 'PATCH', pathOf(tenant, asks), { config: { ...always.config, approval_door: null } })
})

test('siblings: the default of the account counts, in either order, and when a server falls back to it', async () => {
  const { tenant, server, url } = await tenantWith(stack, DOOR)
  const own = await tenant.create({ methods: ['write'], approval: { over_cents: 100 }, ...DOOR })
  await manage(stack, 'PATCH', `/integrated-account/${tenant.accountId}`, { approval: 'always' })
  await expect(tenant.create(DOOR)).rejects.toThrow(REFUSED)
  const fallsBack = { config: { approval: null } }
  await expect(manage(stack, 'PATCH', pathOf(tenant, own), fallsBack)).rejects.toThrow(REFUSED)
  // A stricter default holds at once; a form of before it does not count.
  expect((await payBySelf(url, 'DOOR-1')).structuredContent?.outcome).toBe('pending_approval')
  expect(await writesOf(tenant)).toEqual([])
  // What is not about it can be changed all the same.
  await manage(stack, 'PATCH', pathOf(tenant, server), { config: { limits: { per_day: { cents: 100 } } } })
})

test.each([false, true])(
  'discovery mode %s: beside always the agent’s own answer makes a draft',
  async (discovery) => {
    const { tenant, url } = await tenantWith(stack, {
      ...DOOR,
      ...(discovery && { tool_exposure: 'discovery' }),
    })
    await manage(stack, 'PATCH', `/integrated-account/${tenant.accountId}`, { approval: 'always' })
    expect((await payBySelf(url, 'DOOR-2', discovery)).structuredContent?.outcome).toBe('pending_approval')
    expect(await writesOf(tenant)).toEqual([])
  },
)

test('what it is good for stays: a slip over an amount is asked about, and the texts promise no more', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: { over_cents: 100 }, ...DOOR })
  expect((await payBySelf(url, 'DOOR-3')).structuredContent?.outcome).toBe('succeeded')
  expect(await writesOf(tenant)).toHaveLength(1)
  const described = await (await fetch(`${stack.baseUrl}/openapi.json`)).text()
  expect(described).toMatch(/approval_door[^}]*not against the agent/)
})
