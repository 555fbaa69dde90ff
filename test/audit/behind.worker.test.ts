/** Who stands behind a write, and whom it pays, in every row of it. At 3fc9183b no row of a write said either. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject, draftsOf } from '../../src/account/account-stub.ts'
import { sealDraft, sealPage } from '../../src/account/vault/drafts.ts'
import { logHead, logLine } from '../../src/api/log/rows.ts'
import { mintDraftId } from '../../src/rules/resource-id.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { claimRequest, print } from '../writes/claims.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const PAGE = { would_send: { request: 'POST /invoices/batch/' }, names: {} }

const PAID = { id: 's', count: 1, cents: 500, first_payment: null, changed_at: null }

const draft = async (account: string, serverId: string, key: string) => {
  const id = mintDraftId(account)
  const { wrapped_key, ciphertext } = await sealDraft(env, account, id, { args: {}, payees: [] })
  const request = claimRequest({
    ...{ serverId, key, fingerprint: print(key), subjects: [print(key)] },
    names: { s: 'Imaginary Tyres' },
  })
  const answer = await accountObject(env, account).draftWrite({
    ...{ id, request, reasons: [{ kind: 'always' }], reason: null, caller: { kind: 'url' } },
    ...{ summary: { count: 1, total_cents: 500, suppliers: [PAID], target: null, fields: [] }, notice: {} },
    ...{ wrapped_key, body: ciphertext, page: await sealPage(env, account, id, PAGE) },
  })
  expect(answer).toMatchObject({ kind: 'drafted' })
  return id
}

const serverOf = async (account: string, holder: string, config: object) => {
  const body = { name: 'Waits', holder, config: { methods: ['read', 'write'], ...config } }
  return String((await call('POST', `/integrated-account/${account}/mcp`, { body })).body.id)
}

const rowsOf = async (account: string, person: string) => {
  const asked = { integrated_account_id: account, log_type: 'all', 'log_type_filter[person]': person }
  const { body } = await call('GET', `/log?${new URLSearchParams(asked)}`)
  return (body.result as Record<string, unknown>[])
    .filter(({ log_type }) => log_type === 'write' || log_type === 'payee')
    .map(({ sentence }) => sentence)
    .reverse()
}

// Siblings: a claim, a payment, an outcome, a draft whose server that ended.
test('the holder of a server is in each row of what was written through it, by id and by name', async () => {
  const account = await connect()
  const { body: casey } = await call('POST', '/api-token', {
    body: { name: 'Casey Clerk', kind: 'person', grants: ['use'] },
  })
  const [asks, pays] = [
    await serverOf(account, casey.holder, { approval: 'always' }),
    await serverOf(account, casey.holder, {}),
  ]
  await draft(account, asks, 'two')
  const withdrawn = await draft(account, asks, 'zero')
  await draftsOf(accountObject(env, account)).cancel(withdrawn, 'withdrawn by its caller', {
    request_id: null,
  } as never)
  await call('DELETE', `/integrated-account/${account}/mcp/${asks}`)
  const object = accountObject(env, account)
  const claimed = claimRequest({ serverId: pays, key: 'three', names: { s: 'Imaginary Tyres' } })
  expect(await object.claimWrite(claimed)).toMatchObject({ kind: 'claimed' })
  await object.settleWrite({ key: 'three', state: 'succeeded', kept: null })

  const [agent, what] = ["Casey Clerk's agent “Waits”", '$5.00 to “Imaginary Tyres”']
  const rows = await rowsOf(account, 'casey clerk')
  expect(rows).toEqual(
    expect.arrayContaining([
      `${agent} drafted ${what}; it waits for approval`,
      `${agent} began to send ${what}`,
      `The draft of $5.00 to “Imaginary Tyres”, made by ${agent}, was canceled: withdrawn by its caller`,
      // At 3fc9183b: "ended without a decision", by nobody.
      `The draft of $5.00 to “Imaginary Tyres”, made by ${agent}, was canceled: The admin key revoked its MCP server`,
      `Finexio accepted ${what}, sent by ${agent}`,
      'Finexio accepted the instruction to pay $5.00 to supplier “Imaginary Tyres”, in 1 invoice',
    ]),
  )
  expect(await rowsOf(account, casey.holder)).toEqual(rows)
  expect(await rowsOf(account, 'Clerk')).toEqual(rows)
  const csv = [logHead, logLine({ log_type: 'write', person_id: 'casey-id', person_name: 'Casey Clerk' })]
  expect(csv[0]).toContain('"person_id","person_name"')
  expect(csv[1]).toContain('"casey-id","Casey Clerk"')
})
