/**
 * How long what a draft asks for is kept, and what is left of it afterwards (C9, C3). At b8f2a26 the sealed arguments of an expired
 * server's drafts lay for 72 hours, and a decided draft was gone after 30 days.
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { auditOf, draftsOf, serversOf } from '../../src/account/account-stub.ts'
import { openPage, resealDrafts, sealDraft, sealPage } from '../../src/account/vault/drafts.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { mintDraftId } from '../../src/rules/resource-id.ts'
import type { ClaimRequest } from '../../src/rules/write-contract.ts'
import { env } from '../accounts/support.ts'
import { accountWithServer, print } from './claims.ts'

afterEach(() => {
  vi.useRealTimers()
})

const later = (ms: number) => {
  const time = Date.now() + ms
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(time)
}

const PAGE = { would_send: { request: 'POST /invoices/batch/' }, names: { s: 'Acme' } }

type Account = Awaited<ReturnType<typeof accountWithServer>>

const drafted = async (account: Account, more: Partial<ClaimRequest> = {}): Promise<string> => {
  const { id: accountId, object, request, server } = account
  const id = mintDraftId(accountId)
  const body = await sealDraft(env, accountId, id, { args: { secret: 1 }, payees: [] })
  const letIn = { digest: server.digest, revision: '1.1', caller: { kind: 'url' } } as const
  const answer = await object.draftWrite({
    ...{ id, request: request({ letIn, ...more }), reasons: [{ kind: 'always' }], reason: null },
    summary: { count: 1, total_cents: 500, suppliers: [], target: null, fields: [] },
    ...{ caller: letIn.caller, wrapped_key: body.wrapped_key, body: body.ciphertext },
    ...{ page: await sealPage(env, accountId, id, PAGE), notice: {} },
  })
  expect(answer).toMatchObject({ kind: 'drafted' })
  return id
}

const approving = async () => {
  const account = await accountWithServer({ approval: 'always' })
  return { account, id: await drafted(account) }
}

const stored = ({ object }: Account) =>
  runInDurableObject(object, (_, { storage }) =>
    storage.sql
      .exec<{ state: string; body: ArrayBuffer | null; wrapped_key: ArrayBuffer | null; pages: number }>(
        'SELECT state, body, wrapped_key, (SELECT count(*) FROM draft_page) AS pages FROM draft',
      )
      .toArray(),
  )

const eventsOf = async ({ id, object }: Account) => {
  const filters = { cursor: null, limit: 100, filters: {}, types: ['write'] }
  const { rows } = await auditOf(object).read({ account: id, after: 0, before: Date.now() + 1, ...filters })
  return rows.map(({ entry }) => JSON.parse(entry)).map(({ event, approval_id }) => [event, approval_id])
}

const by = ['somebody']
const change = (account: Account, expires_at: number) =>
  serversOf(account.object).update(account.server.id, { expires_at }, by)

// Siblings of C9 that are not in the list: the URL rotated away, the time of the old URL over, the sign-in ended, nobody in 72 hours.
test.each<[string, string, (account: Account) => unknown]>([
  ['its server deleted', 'canceled', ({ object, server }) => serversOf(object).delete(server.id)],
  [
    'its server expired',
    'canceled',
    async (account) => {
      await change(account, Date.now() + 60_000)
      later(61_000)
      await runDurableObjectAlarm(account.object)
    },
  ],
  [
    'its URL rotated',
    'canceled',
    ({ object, server }) => serversOf(object).rotate(server.id, print('another'), null, by),
  ],
  [
    'the time of its old URL over',
    'canceled',
    async ({ object, server }) => {
      await serversOf(object).rotate(server.id, print('another'), Date.now() + 60_000, by)
      later(61_000)
      await runDurableObjectAlarm(object)
    },
  ],
  [
    'nobody decided in 72 hours',
    'expired',
    async ({ object }) => {
      later(3 * DAY_MS)
      await runDurableObjectAlarm(object)
    },
  ],
  [
    'nobody decided, and its server expired since',
    'expired',
    async (account) => {
      await change(account, Date.now() + 3 * DAY_MS + 60_000)
      later(3 * DAY_MS + 61_000)
      await runDurableObjectAlarm(account.object)
    },
  ],
])('%s: its arguments are erased at once, a row says %s, its page stays', async (_, state, end) => {
  const { account, id } = await approving()
  await end(account)
  expect(await stored(account)).toEqual([{ state, body: null, wrapped_key: null, pages: 1 }])
  expect(await eventsOf(account)).toEqual([
    [state, id],
    ['drafted', id],
  ])
  const { page } = (await draftsOf(account.object).read(id))!
  expect(await openPage(env, account.id, id, page!)).toEqual(PAGE)
})

test('a decided draft and its page are kept as long as the trail, and erased with it', async () => {
  const { account } = await approving()
  const { object } = account
  await object.changeAccount({ audit_retention_days: 100 })
  later(3 * DAY_MS)
  await runDurableObjectAlarm(object)
  later(99 * DAY_MS)
  await runDurableObjectAlarm(object)
  expect(await stored(account)).toMatchObject([{ state: 'expired', pages: 1 }])
  later(2 * DAY_MS)
  await runDurableObjectAlarm(object)
  expect(await stored(account)).toEqual([])
})

test('a page stays as it was when the draft was decided', async () => {
  const { account, id } = await approving()
  const shown = (names: object) => sealPage(env, account.id, id, { ...PAGE, names })
  await draftsOf(account.object).keepPage(id, await shown({ s: 'As it was looked at' }))
  await draftsOf(account.object).cancel(id, 'withdrawn by its caller', { request_id: 'request' })
  await draftsOf(account.object).keepPage(id, await shown({ s: 'Later' }))
  const { page } = (await draftsOf(account.object).read(id))!
  expect(await openPage(env, account.id, id, page!)).toMatchObject({ names: { s: 'As it was looked at' } })
})

/** As one that was approved and ran a month ago, whose key the ledger has forgotten. */
const ranAMonthAgo = async () => {
  const { account, id } = await approving()
  await runInDurableObject(account.object, (_, { storage }) =>
    storage.sql.exec("UPDATE draft SET state = 'executed', body = NULL, decided_at = ?", Date.now()),
  )
  later(31 * DAY_MS)
  return { account, id }
}

test('a key that is used again after a month makes a draft of its own', async () => {
  const { account, id } = await ranAMonthAgo()
  expect(await drafted(account)).not.toBe(id)
})

test('a write under a key that is used again after a month says nothing of the draft before', async () => {
  const { account, id } = await ranAMonthAgo()
  const { object, request, server } = account
  await serversOf(object).update(server.id, { config: { approval: 'none' } }, by)
  const letIn = { digest: server.digest, revision: '1.2', caller: { kind: 'url' } } as const
  expect(await object.claimWrite(request({ letIn }))).toMatchObject({ kind: 'claimed' })
  await object.settleWrite({ key: 'key-of-caller', state: 'succeeded', kept: { id: 'inv_9' } })
  expect((await draftsOf(object).read(id))!.draft).toMatchObject({ state: 'executed', outcome: null })
})

test('pages come under the new master key with the arguments, and open with it', async () => {
  const { account, id } = await approving()
  const turned = { ...env, MASTER_KEY_V2: env.MASTER_KEY_V1, MASTER_KEY_PRIMARY: '2' } as typeof env
  expect(await resealDrafts(turned, account.id)).toEqual(['resealed', 'resealed'])
  const { page } = (await draftsOf(account.object).read(id))!
  expect(await openPage({ ...turned, MASTER_KEY_V1: undefined } as never, account.id, id, page!)).toEqual(
    PAGE,
  )
})
