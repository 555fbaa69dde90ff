/** Writes through the real call path and the real account object, while Finexio, the object or the Worker itself fails at a chosen moment. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { accountObject } from '../../src/account/account-stub.ts'
import { createFinexio } from '../../src/finexio/client.ts'
import type { Finexio } from '../../src/finexio/types.ts'
import type { WriteState } from '../../src/rules/write-contract.ts'
import { callTool } from '../../src/tools/call/call.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import type { Writes } from '../../src/tools/writing/writes.ts'
import { writesAt } from '../../src/tools/writing/writes.ts'
import { env } from '../accounts/support.ts'
import { environment, ONE_ROUND } from '../tools/fake-finexio.ts'
import type { accountWithServer } from './claims.ts'

export type Account = Awaited<ReturnType<typeof accountWithServer>>

/** What Finexio does with a request. `lost_after` and `faulted`: it carries it out, and does not say so. */
export const REPLIES = ['answered', 'refused', 'throttled', 'lost_before', 'lost_after', 'faulted'] as const
export type Reply = (typeof REPLIES)[number]

/** The six points where a write may crash, in the order in which a write meets them. */
export const POINTS = [
  'before the claim',
  'after the claim committed',
  'before the request leaves',
  'after it left',
  'after the answer',
  'after the settlement',
] as const
export type Point = (typeof POINTS)[number]

/**
 * `object`: the account's object is evicted and what it was just saying is lost. `reset`: it is aborted, which breaks every stub
 * that was made before, as a deploy does. `worker`: aborted, and the call never goes on. An eviction takes a second, an abort none.
 */
export type Crash = { at: Point; of: 'object' | 'reset' | 'worker' }

/** A stub that no reset has broken. */
export const objectOf = ({ id }: Pick<Account, 'id'>) => accountObject(env, id)

const reset = async (account: Account): Promise<void> => {
  const aborting = runInDurableObject(objectOf(account), (_, state) => state.abort('reset'))
  await aborting.then(
    () => {},
    () => {},
  )
}

export type Attempt = { cents: number; key: string | null; reply: Reply; crash: Crash | null }

/** Invoices that Finexio carried out, and requests that reached it, by their amount. */
export type Counted = { executed: number[]; asked: { cents: number; reply: Reply }[] }

const TOOL = catalogue.find(({ name }) => name === 'finexio_invoices_bulk_create')!
const NO_GUARD = { duplicate_guard: { requests: 0 } }

/** One day for all: the clock of these tests runs on past midnight, and another date is another invoice. */
const TODAY = new Date().toISOString().slice(0, 10)

const invoiceOf = (cents: number) => ({
  invoice_number: `INV-${cents}`,
  amount_cents: cents,
  invoice_date: TODAY,
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: 'sup_999',
})

const EXECUTES: ReadonlySet<Reply> = new Set(['answered', 'lost_after', 'faulted'])

const answerTo = (reply: Reply, cents: number): Response => {
  if (reply === 'answered') return Response.json([{ ...invoiceOf(cents), id: `inv_${cents}` }])
  if (reply === 'refused') return Response.json([{ amount_cents: ['No.'] }], { status: 400 })
  if (reply === 'throttled') return Response.json({}, { status: 429, headers: { 'retry-after': '1' } })
  if (reply === 'faulted') return Response.json({}, { status: 500 })
  throw new TypeError('connection reset')
}

type Hit = (point: Point) => Promise<void>

const finexioThat = ({ cents, reply }: Attempt, counted: Counted, hit: Hit): Finexio =>
  createFinexio({
    baseUrl: 'https://finexio.test/v2',
    credentials: { username: 'u', password: 'p' },
    fetch: async () => {
      await hit('before the request leaves')
      counted.asked.push({ cents, reply })
      if (EXECUTES.has(reply)) counted.executed.push(cents)
      await hit('after it left')
      return answerTo(reply, cents)
    },
  })

const isAt = (crash: Crash | null, at: Point) => crash?.at === at && crash.of !== 'worker'

/** The account's own, with a crash at the chosen point. */
const writesThat = ({ id, server }: Account, { crash }: Attempt, hit: Hit): Writes => {
  const writes = writesAt({
    ...{ env, accountId: id, serverId: server.id, requestId: crypto.randomUUID(), settings: NO_GUARD },
    ...{
      letIn: { digest: null, revision: '1.1', caller: { kind: 'url' } },
      sees: () => true,
      origin: 'https://mcp.test',
      report: () => {},
    },
  })
  return {
    ...writes,
    claim: async (request) => {
      await hit('before the claim')
      const claim = await writes.claim(request)
      await hit('after the claim committed')
      if (isAt(crash, 'after the claim committed')) throw new Error('the object went away')
      return claim
    },
    settle: async (settlement) => {
      await hit('after the answer')
      if (!isAt(crash, 'after the answer')) await writes.settle(settlement)
      await hit('after the settlement')
    },
  }
}

/** Calls the tool once. @returns what the caller was answered; null when the Worker died under the call */
export const attempt = async (account: Account, what: Attempt, counted: Counted) => {
  const died = Promise.withResolvers<null>()
  const hit: Hit = async (point) => {
    if (what.crash?.at !== point) return
    if (what.crash.of === 'object') await evictDurableObject(objectOf(account))
    else await reset(account)
    if (what.crash.of !== 'worker') return
    died.resolve(null)
    await new Promise<never>(() => {})
  }
  const finexio = finexioThat(what, counted, hit)
  const writes = writesThat(account, what, hit)
  const key = what.key === null ? {} : { idempotency_key: what.key }
  const args = { body: [invoiceOf(what.cents)], ...key }
  const environs = environment(finexio, { writes, now: Date.now, report: () => {} })
  const result = await Promise.race([callTool(TOOL, args, environs, ONE_ROUND), died.promise])
  return result && { outcome: result.ran!.outcome, text: JSON.stringify(result.result.content) }
}

export type Kept = { rows: { key: string; state: WriteState }[]; cents: number[] }

/** What the account's object has on its disk: the ledger, and the amounts that are reserved. */
export const keptBy = (account: Account): Promise<Kept> =>
  runInDurableObject(objectOf(account), (_, { storage: { sql } }) => ({
    rows: sql.exec<{ key: string; state: WriteState }>('SELECT key, state FROM ledger').toArray(),
    cents: sql
      .exec<{ cents: number }>('SELECT cents FROM movement ORDER BY cents')
      .toArray()
      .map(({ cents }) => cents),
  }))
