/**
 * A10: narrowing, revoking, rotating, disabling, against writes under way. At b8f2a26 each was answered 200, and the batch
 * left seconds later. Here no write leaves that had not been claimed before the answer. Siblings that are not in the list:
 * the caller's token revoked, the caller disabled, `limits`, the kill switches, the server deleted.
 */
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { callOver } from '../support/call-over.ts'
import { times } from '../support/size.ts'
import { BATCH, invoice, keyed, tenantWith } from '../writes/live.ts'

const stack = inject('stack')
/** Writes under way at once in each race; Finexio takes so long for what a write asks before it is claimed. */
const WRITES = times(3, 200)
const SLOW_MS = times(200, 1_500)

type Person = { id: string }
type Place = Awaited<ReturnType<typeof placed>>

const placed = async (config: object = {}) => {
  const { tenant, server } = await tenantWith(stack, { require_api_token_auth: true, ...config })
  const body = { name: `Clerk ${crypto.randomUUID()}`, kind: 'person', grants: ['use'] }
  const clerk = await manage<{ id: string; holder: string; token: string }>(stack, 'POST', '/api-token', body)
  const path = `/integrated-account/${tenant.accountId}`
  const pay = () =>
    callOver(server.url, BATCH, { body: [invoice(crypto.randomUUID().slice(0, 12))] }, clerk.token)
  return { tenant, server, clerk, path, pay }
}

const patch = (path: string, body: object) => manage(stack, 'PATCH', path, body)
const config = (change: object) => (place: Place) =>
  patch(`${place.path}/mcp/${place.server.id}`, { config: change })

const NARROWINGS: readonly [what: string, narrow: (place: Place) => Promise<unknown>][] = [
  ['read_only', ({ path }) => patch(path, { read_only: true })],
  ['the account asks for approval', ({ path }) => patch(path, { approval: 'always' })],
  ['methods', config({ methods: ['read'] })],
  ['tags', config({ tags: ['webhooks'] })],
  ['tools', config({ tools: ['list_all_finexio_webhooks'] })],
  ['fixed', config({ fixed: { '*': { dry_run: true } } })],
  ['first_payment', config({ first_payment: 'refuse' })],
  ['changed_supplier', config({ changed_supplier: { days: 30, action: 'refuse' } })],
  ['allowed_suppliers', config({ allowed_suppliers: [] })],
  ['limits', config({ limits: { per_call: { cents: 1 } } })],
  ['approval', config({ approval: 'always' })],
  [
    'rotation without overlap',
    ({ path, server }) => manage(stack, 'POST', `${path}/mcp/${server.id}/rotate`),
  ],
  ['the server deleted', ({ path, server }) => manage(stack, 'DELETE', `${path}/mcp/${server.id}`)],
  ["the caller's token revoked", ({ clerk }) => manage(stack, 'DELETE', `/api-token/${clerk.id}`)],
  ['the caller disabled', ({ clerk }) => patch(`/person/${clerk.holder}`, { disabled: true })],
  ['the switch of the account', ({ path }) => manage(stack, 'PUT', `${path}/writes`, { stopped: true })],
]

const isClaimed = ({ event, log_type }: { event?: string; log_type: string }) =>
  log_type === 'write' && event === 'claimed'

/** How many writes an account claimed after a moment, and how many in all. */
const claimsOf = async ({ tenant: { accountId } }: Place, after: number) => {
  const path = `/log?integrated_account_id=${accountId}&log_type=write&limit=100`
  const { result } = await manage<{ result: { event?: string; log_type: string; timestamp: string }[] }>(
    stack,
    'GET',
    path,
  )
  const claimed = result.filter(isClaimed)
  return {
    all: claimed.length,
    late: claimed.filter(({ timestamp }) => Date.parse(timestamp) > after).length,
  }
}

const slowly = (place: Place, settings: object = {}) =>
  place.tenant.sandbox.addFault({
    method: 'GET',
    path: '/invoices',
    delay_ms: SLOW_MS,
    times: null,
    ...settings,
  })

/** Writes under way while something is taken away: how many were claimed after that was answered. */
const race = async (place: Place, narrow: (place: Place) => Promise<unknown>) => {
  await slowly(place)
  const paying = Array.from({ length: WRITES }, () => place.pay())
  await new Promise((done) => setTimeout(done, SLOW_MS / 2))
  await narrow(place)
  const answered = Date.now()
  await Promise.all(paying)
  return (await claimsOf(place, answered)).late
}

/** One of each way; `npm run test:full` tries every key. */
const QUICK = ['read_only', 'approval', 'rotation without overlap', 'the caller disabled']
const TRIED = NARROWINGS.filter(([what]) => times(0, 1) === 1 || QUICK.includes(what))

test.concurrent.each(TRIED)('once %s is answered, no write is claimed any more', async (_, narrow) => {
  expect(await race(await placed(), narrow)).toBe(0)
})

test('without anything taken away the same writes are claimed: the race is one', async () => {
  const place = await placed()
  await slowly(place)
  const answers = await Promise.all(Array.from({ length: WRITES }, () => place.pay()))
  expect(answers.filter(({ isError }) => isError).map(({ text }) => text)).toEqual([])
  // A page of the trail holds a hundred rows, two for each write beside those of what was read before.
  expect((await claimsOf(place, 0)).all).toBeGreaterThanOrEqual(Math.min(WRITES, 30))
})

test.concurrent.each([
  ['token revoked', (_one: Person, token: string) => manage(stack, 'DELETE', `/api-token/${token}`)],
  ['person disabled', (one: Person) => patch(`/person/${one.id}`, { disabled: true })],
] as const)("an approval under way ends with the approver's %s", async (_, take) => {
  const name = `Approver ${crypto.randomUUID()}`
  const body = { name, kind: 'person', grants: ['approve'] }
  const made = await manage<{ id: string; holder: string; token: string }>(stack, 'POST', '/api-token', body)
  const one = { ...keyed(stack, made.token), id: made.holder, token: made.token }
  const place = await placed({ approval: 'always' })
  const { data } = await place.pay()
  await slowly(place)
  const approving = one.approve(data.approval_id).then(
    () => 'approved',
    () => 'refused',
  )
  await new Promise((done) => setTimeout(done, SLOW_MS / 2))
  await take(one, made.id)
  const answered = Date.now()
  const outcome = await approving
  expect((await claimsOf(place, answered)).late).toBe(0)
  expect(outcome).toBe((await claimsOf(place, 0)).all === 0 ? 'refused' : 'approved')
})
