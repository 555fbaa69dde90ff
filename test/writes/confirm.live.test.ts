/** The client's own user is asked: SDK 2.x answers the form, and nothing but the right total, typed for this very write, runs it. */
import { Client as Client2, StreamableHTTPClientTransport as Transport2 } from '@modelcontextprotocol/client'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { sdkClients } from '../clients/sdk-clients.ts'
import { META, modern } from '../mcp/fake.ts'
import { BATCH, invoice, pay, tenantWith, writesOf } from './live.ts'

const stack = inject('stack')
const CONFIRM = { approval: { over_cents: 0 }, approval_door: 'confirm' }
const PIN = { versionNegotiation: { mode: { pin: '2026-07-28' } } } as const
const info = { name: 'asks', version: '1.0.0' }

type Reply = { action: 'accept' | 'decline' | 'cancel'; content?: { typed: string } }
const typing = (typed: string): Reply => ({ action: 'accept', content: { typed } })

/** An SDK client whose user answers in turn; the last answer is repeated. */
const asking = async (url: string, ...replies: Reply[]) => {
  const client = new Client2(info, { ...PIN, capabilities: { elicitation: { form: {} } } })
  const forms: string[] = []
  client.setRequestHandler('elicitation/create', ({ params }) => {
    forms.push(params.message)
    return replies[Math.min(forms.length, replies.length) - 1]!
  })
  await client.connect(new Transport2(new URL(url)))
  const call = async (args: object, name = BATCH) =>
    (await client.callTool({ name, arguments: { ...args } })) as {
      structuredContent?: Record<string, unknown>
    }
  return { forms, call, close: () => client.close() }
}

type Answer = {
  result?: {
    resultType?: string
    requestState?: string
    isError?: boolean
    structuredContent?: { outcome: string }
  }
  error?: { code: number; message: string }
}

/** One message as a client that asks puts it, or as somebody forges it. */
const say = async (
  url: string,
  args: object,
  more: object = {},
  capabilities: object = { elicitation: {} },
) => {
  const _meta = { ...META, 'io.modelcontextprotocol/clientCapabilities': capabilities }
  const response = await fetch(url, modern('tools/call', { name: BATCH, arguments: args, _meta, ...more }))
  return (await response.json()) as Answer
}

const answering = (requestState: string | undefined, typed: string) => ({
  requestState,
  inputResponses: { confirm: typing(typed) },
})

const formFor = async (url: string, args: object): Promise<string> => {
  const { result } = await say(url, args)
  expect(result?.resultType).toBe('input_required')
  return result!.requestState!
}

test('the right total runs it, once, and it counts as approved', async () => {
  const { tenant, url } = await tenantWith(stack, {
    approval: { over_cents: 1_000 },
    approval_door: 'confirm',
  })
  const user = await asking(url, typing('$1,234.56'))
  const args = { body: [invoice('FORM-1', 123_000), invoice('FORM-2', 456)] }
  const answered = await user.call(args)
  expect(answered.structuredContent).toMatchObject({
    outcome: 'succeeded',
    total: '1234.56',
    result_count: 2,
  })
  expect(user.forms).toEqual([
    expect.stringMatching(
      /^Pay 2 invoices, \$1,234\.56 in all, to sup_999.*type the total in US dollars: 1234\.56$/,
    ),
  ])
  const small = await user.call({ body: [invoice('FORM-3', 900)] })
  expect(small.structuredContent).toMatchObject({ outcome: 'succeeded' })
  expect(user.forms).toHaveLength(1)
  expect(await writesOf(tenant)).toHaveLength(2)
  await user.close()
})

test('the form names a draft that waits for the same invoice', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: { over_cents: 100 }, approval_door: 'confirm' })
  const drafting = await tenant.serve({ methods: ['write'], approval: 'always' })
  const { data } = await pay(drafting, [invoice('FORM-9', 500)])
  const user = await asking(url, { action: 'decline' })
  await user.call({ body: [invoice('FORM-9', 600)] })
  expect(user.forms.join()).toContain(`waits for approval already, in draft ${data.approval_id}`)
  await user.close()
})

test('a wrong total asks again, and never sends', async () => {
  const { tenant, url } = await tenantWith(stack, CONFIRM)
  const learns = await asking(url, typing('12.34'), typing('1234.5'), typing('123.45'))
  const args = { body: [invoice('WRONG-1', 12_345)] }
  expect((await learns.call(args)).structuredContent).toMatchObject({ outcome: 'succeeded' })
  expect(learns.forms).toHaveLength(3)
  expect(await writesOf(tenant)).toHaveLength(1)
  const never = await asking(url, typing('yes'))
  await expect(never.call({ body: [invoice('WRONG-2', 12_345)] })).rejects.toThrow(/round/i)
  expect(await writesOf(tenant)).toHaveLength(1)
  await Promise.all([learns.close(), never.close()])
})

test.each(['decline', 'cancel'] as const)('%s sends nothing, makes no draft, and says so', async (action) => {
  const { tenant, url } = await tenantWith(stack, CONFIRM)
  const user = await asking(url, { action })
  expect(JSON.stringify(await user.call({ body: [invoice('NO-1')] }))).toMatch(
    /the user of this client declined/,
  )
  expect(await writesOf(tenant)).toEqual([])
  const drafts = `/integrated-account/${tenant.accountId}/approval`
  expect((await manage<{ result: object[] }>(stack, 'GET', drafts)).result).toEqual([])
  await user.close()
})

test.each([
  ['1234.56', true],
  ['$1,234.56', true],
  [' USD 1,234.56 ', true],
  ['1234,56', false],
  ['123456', false],
  ['1234.561', false],
  ['-1234.56', false],
  ['(1,234.56)', false],
  ['', false],
  ['1234.56 and 1.00', false],
  ['१२३४.५६', false],
])('the total written as %j', async (typed, right) => {
  const { tenant, url } = await tenantWith(stack, CONFIRM)
  const args = { body: [invoice('SPELT-1', 123_456)] }
  const { result } = await say(url, args, answering(await formFor(url, args), typed))
  expect(result?.resultType).toBe(right ? 'complete' : 'input_required')
  expect(await writesOf(tenant)).toHaveLength(right ? 1 : 0)
})

test('who cannot be asked gets a draft: legacy clients, and modern ones that show no forms', async () => {
  const { tenant, url } = await tenantWith(stack, CONFIRM)
  const outcomes: unknown[] = []
  for (const [at, sdk] of sdkClients.entries()) {
    const client = await sdk.connect(url)
    outcomes.push((await client.call(BATCH, { body: [invoice(`MUTE-${at}`)] })).structuredContent?.outcome)
    await client.close()
  }
  const old = new Client1(info, { capabilities: { elicitation: {} } })
  await old.connect(new Transport1(new URL(url)))
  const legacy = await old.callTool({ name: BATCH, arguments: { body: [invoice('MUTE-X')] } })
  outcomes.push((legacy.structuredContent as { outcome: string }).outcome)
  await old.close()
  for (const [at, capabilities] of [{}, { elicitation: { url: {} } }, { elicitation: null }].entries()) {
    const { result, error } = await say(url, { body: [invoice(`MUTE-Y${at}`)] }, {}, capabilities)
    if (!error) outcomes.push(result?.structuredContent?.outcome)
  }
  expect(outcomes.length).toBeGreaterThanOrEqual(sdkClients.length + 3)
  expect(new Set(outcomes)).toEqual(new Set(['pending_approval']))
  expect(await writesOf(tenant)).toEqual([])
})

test('where only the dashboard approves, no form replaces an approval, not even one that was asked for before', async () => {
  const { tenant, server, url } = await tenantWith(stack, CONFIRM)
  const args = { body: [invoice('FORM-1', 500)] }
  const state = await formFor(url, args)
  const path = `/integrated-account/${tenant.accountId}/mcp/${server.id}`
  await manage(stack, 'PATCH', path, { config: { approval_door: null } })
  const user = await asking(url, typing('5.00'))
  expect((await user.call({ body: [invoice('FORM-2', 500)] })).structuredContent).toMatchObject({
    outcome: 'pending_approval',
  })
  expect(user.forms).toEqual([])
  const { result } = await say(url, args, answering(state, '5.00'))
  expect(result?.structuredContent).toMatchObject({ outcome: 'pending_approval' })
  expect(await writesOf(tenant)).toEqual([])
  await user.close()
})

/** Some letter of a part of the state, made another one. */
const edited = (state: string, part: number) => {
  const parts = state.split('.')
  const text = parts[part]!
  parts[part] = `${text.slice(0, 5)}${text[5] === 'A' ? 'B' : 'A'}${text.slice(6)}`
  return parts.join('.')
}

test('a state that was edited, invented, or given by another server is no state: -32602, and nothing runs', async () => {
  const { tenant, url } = await tenantWith(stack, CONFIRM)
  const args = { body: [invoice('FORGE-1', 500)] }
  const state = await formFor(url, args)
  const sibling = await tenant.serve({ methods: ['write'], ...CONFIRM })
  const foreign = await tenantWith(stack, CONFIRM)
  const payload = btoa(JSON.stringify({ key: 'k-12345678', fingerprint: '0', server: 's' }))
  const forged = [
    ...state.split('.').map((_, part) => edited(state, part)),
    state.slice(0, -1),
    `${state}x`,
    payload,
    `${payload}.${payload}`,
    'null',
    await formFor(sibling, args),
    await formFor(foreign.url, args),
  ]
  for (const requestState of forged) {
    const { error, result } = await say(url, args, answering(requestState, '5.00'))
    expect([error?.code, result]).toEqual([-32_602, undefined])
  }
  const { result } = await say(url, args, { inputResponses: { confirm: typing('5.00') } })
  expect(result?.resultType).toBe('input_required')
  expect(await writesOf(tenant)).toEqual([])
})

test('the form of one write confirms no other: supplier, amount, rows, tool, key', async () => {
  const { tenant, url } = await tenantWith(stack, CONFIRM)
  const row = invoice('BOUND-1', 500)
  const state = await formFor(url, { body: [row] })
  const others = [
    { body: [{ ...row, receiving_counterparty_id: 'sup_123' }] },
    { body: [{ ...row, invoice_number: 'BOUND-2' }] },
    { body: [{ ...row, note: 'x' }] },
    { body: [invoice('BOUND-1', 200), invoice('BOUND-3', 300)] },
    { body: [row], idempotency_key: crypto.randomUUID() },
  ]
  for (const args of others) {
    const { result } = await say(url, args, answering(state, '5.00'))
    expect(result?.resultType).toBe('input_required')
  }
  const supplier = { id: 'sup_123', remit_email: 'ap@acme.com' }
  const name = 'finexio_suppliers_partial_update'
  const more = { name, ...answering(state, 'sup_123') }
  expect((await say(url, supplier, more)).result?.resultType).toBe('input_required')
  expect(await writesOf(tenant)).toEqual([])
})

test('one form answered twice, ten times at once, or with keys of its own makes one POST', async () => {
  const { tenant, url } = await tenantWith(stack, { ...CONFIRM, duplicate_guard: { requests: 0 } })
  const args = { body: [invoice('TWICE-1', 500)] }
  const state = await formFor(url, args)
  await Promise.all(Array.from({ length: 10 }, () => say(url, args, answering(state, '5.00'))))
  const again = await say(url, args, answering(state, '5.00'))
  expect(again.result).toMatchObject({ isError: true })
  for (const idempotency_key of [crypto.randomUUID(), crypto.randomUUID()]) {
    const { result } = await say(url, { ...args, idempotency_key }, answering(state, '5.00'))
    expect(JSON.stringify(result)).toMatch(/duplicate_invoice: already submitted from here/)
  }
  expect(await writesOf(tenant)).toHaveLength(1)
})

test('limits and the kill switch hold over a confirmed write', async () => {
  const { tenant, url } = await tenantWith(stack, { ...CONFIRM, limits: { per_day: { cents: 600 } } })
  const [one, two] = [{ body: [invoice('OVER-1', 500)] }, { body: [invoice('OVER-2', 500)] }]
  const states = [await formFor(url, one), await formFor(url, two)]
  expect((await say(url, one, answering(states[0], '5.00'))).result?.structuredContent?.outcome).toBe(
    'succeeded',
  )
  expect(JSON.stringify(await say(url, two, answering(states[1], '5.00')))).toMatch(/limit per_day/)
  await manage(stack, 'PUT', `/integrated-account/${tenant.accountId}/writes`, { stopped: true })
  expect(JSON.stringify(await say(url, two, answering(states[1], '5.00')))).toMatch(/kill switch/)
  expect(await writesOf(tenant)).toHaveLength(1)
})

test('in discovery mode too, and a change of a party is confirmed by its id', async () => {
  const { tenant, url } = await tenantWith(stack, { ...CONFIRM, tool_exposure: 'discovery' })
  const user = await asking(url, typing('7.00'), typing(' SUP_123 '))
  const inner = (tool_name: string, args: object) => ({ tool_name, arguments: args })
  const paid = await user.call(inner(BATCH, { body: [invoice('FIND-1', 700)] }), 'call_money_tool')
  expect(paid.structuredContent).toMatchObject({ outcome: 'succeeded' })
  const terms = inner('finexio_suppliers_partial_update', { id: 'sup_123', remit_email: 'ap@acme.com' })
  expect((await user.call(terms, 'call_money_tool')).structuredContent).toMatchObject({
    outcome: 'succeeded',
  })
  expect(user.forms[1]).toMatch(/sup_123, setting remit_email\..*type the id: sup_123$/)
  expect(await writesOf(tenant)).toHaveLength(2)
  await user.close()
})
