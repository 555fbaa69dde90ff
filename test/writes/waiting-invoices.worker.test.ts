/** Which invoices of drafts an MCP server is told of: its own, of tools that it shows, while they wait. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { draftsOf } from '../../src/account/account-stub.ts'
import { readPages, sealDraft, sealPage } from '../../src/account/vault/drafts.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { mintDraftId } from '../../src/rules/resource-id.ts'
import { readWaitingInvoices } from '../../src/tools/writing/waiting-invoices.ts'
import { env } from '../accounts/support.ts'
import { accountWithServer, print } from './claims.ts'

afterEach(() => {
  vi.useRealTimers()
})

type Account = Awaited<ReturnType<typeof accountWithServer>>

const draft = async (account: Account, number: string, more: object = {}): Promise<string> => {
  const { id: accountId, object, request, server } = account
  const id = mintDraftId(accountId)
  const sealed = await sealDraft(env, accountId, id, { args: {}, payees: [] })
  const letIn = { digest: server.digest, revision: '1.1', caller: { kind: 'url' } } as const
  const own = { key: number, fingerprint: print(number), subjects: [print(number)] }
  const body = [{ invoice_number: number, receiving_counterparty_id: 'sup_999', ...more }]
  const would_send = { request: 'POST /invoices/batch/', body }
  const answer = await object.draftWrite({
    ...{ id, request: request({ letIn, ...own }), reasons: [{ kind: 'always' }], reason: null },
    summary: { count: 1, total_cents: 500, suppliers: [], target: null, fields: [] },
    ...{ caller: letIn.caller, wrapped_key: sealed.wrapped_key, body: sealed.ciphertext },
    ...{ page: await sealPage(env, accountId, id, { would_send, names: {} }), notice: {} },
  })
  expect(answer).toMatchObject({ kind: 'drafted' })
  return id
}

const two = async () => {
  const account = await accountWithServer({ approval: 'always' })
  return { account, first: await draft(account, 'W-1'), second: await draft(account, 'W-2') }
}

const read = async (account: Account, more: Partial<Parameters<typeof readWaitingInvoices>[1]> = {}) => {
  const faults: unknown[] = []
  const of = { accountId: account.id, serverId: account.server.id, sees: () => true }
  const waiting = await readWaitingInvoices(
    env,
    { ...of, report: (error) => faults.push(error), ...more },
    null,
  )
  return { numbers: waiting.invoices.map(({ number }) => number).sort(), unread: waiting.unread, faults }
}

const change = ({ object }: Account, statement: string, ...values: (string | ArrayBuffer)[]) =>
  runInDurableObject(object, (_, { storage }) => void storage.sql.exec(statement, ...values))

test('its own drafts alone, and only by a tool that it shows', async () => {
  const { account, first } = await two()
  const asked = { accountId: account.id, serverId: account.server.id, sees: () => true, report: () => {} }
  const { invoices } = await readWaitingInvoices(env, asked, null)
  expect(invoices).toContainEqual({
    ...{ approvalId: first, number: 'W-1', buyer: null, supplier: 'sup_999' },
  })
  expect(await read(account)).toEqual({ numbers: ['W-1', 'W-2'], unread: 0, faults: [] })
  expect(await read(account, { serverId: 'another' })).toMatchObject({ numbers: [], unread: 0 })
  expect(await read(account, { sees: () => false })).toMatchObject({ numbers: [], unread: 0 })
})

test.each(['approved', 'rejected', 'canceled', 'expired'])('one that is %s waits no more', async (state) => {
  const { account, first } = await two()
  await change(account, 'UPDATE draft SET state = ? WHERE id = ?', state, first)
  expect(await read(account)).toMatchObject({ numbers: ['W-2'], unread: 0 })
})

test('one that was withdrawn, and all whose time is over', async () => {
  const { account, first } = await two()
  await draftsOf(account.object).cancel(first, 'withdrawn', { request_id: 'request' })
  expect(await read(account)).toMatchObject({ numbers: ['W-2'], unread: 0 })
  const time = Date.now() + 4 * DAY_MS
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(time)
  expect(await read(account)).toMatchObject({ numbers: [], unread: 0 })
})

test('one whose page is not kept, or does not open, is counted; the other is still told', async () => {
  const { account, first } = await two()
  await change(account, 'UPDATE draft_page SET body = ? WHERE id = ?', new Uint8Array(40).buffer, first)
  const damaged = await read(account)
  expect(damaged).toMatchObject({ numbers: ['W-2'], unread: 1 })
  expect(damaged.faults).toHaveLength(1)
  await change(account, 'DELETE FROM draft_page WHERE id = ?', first)
  expect(await read(account)).toEqual({ numbers: ['W-2'], unread: 1, faults: [] })
})

// Seen on 2026-12-01: all pages came in one answer of the account, which ends at 32 MiB. An agent that drafted a hundred full batches
// made search, trace, statement and prepare of its MCP server fail.
test('as many as may wait, of the size that they may have', async () => {
  const account = await accountWithServer({ approval: 'always' })
  const note = 'n'.repeat(700_000)
  for (let at = 0; at < 60; at++) await draft(account, `L-${at}`, { note })
  const { numbers, unread } = await read(account)
  expect([numbers.length, new Set(numbers).size, unread]).toEqual([60, 60, 0])
  // The list of what waits was lost in the same way.
  const all = { state: null, limit: 100, before: Number.MAX_SAFE_INTEGER }
  const listed = await draftsOf(account.object).list(all)
  const ids = listed!.drafts.map(({ id }) => id)
  const lengths = await readPages(
    { env, accountId: account.id, ids },
    (page) => JSON.stringify(page).length,
    () => {},
  )
  expect(lengths.filter((length) => length! > 700_000)).toHaveLength(60)
})
