/** `/integrated-account/:account/payee`: who vouched for how a supplier is paid, and what changed since. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, payeesOf } from '../account/account-stub.ts'
import type { PayeeRow } from '../account/tables/payees.ts'
import { canonicalId } from '../core/ids.ts'
import { cleanText } from '../core/text.ts'
import { FinexioFailure } from '../finexio/failure.ts'
import { momentProblem, numberProblem } from '../rules/payees/call-back.ts'
import { accountContext } from '../tools/call/account-context.ts'
import { present } from '../tools/present/present.ts'
import { Refusal } from '../tools/refusal.ts'
import type { ToolContext } from '../tools/tool.ts'
import { numbersOnFile, type Seen, sightsFor } from '../tools/writing/guard/vouching.ts'
import { isoOf, time } from './answers.ts'
import { type App, actorIn } from './auth.ts'
import { ApiError, unknownAccount, waitingError } from './errors.ts'
import { Page } from './input.ts'
import type { Judged } from './loosening/judged.ts'
import { type Asked, route } from './route.ts'

const STATES = ['called_back', 'accepted', 'changed', 'unverified'] as const

export const PayeeEntry = z.object({
  supplier_id: z.string(),
  state: z
    .enum(STATES)
    .describe(
      'As it was last seen. changed: since somebody vouched; accepted: with the present, nobody called.',
    ),
  vouched_at: time.nullable(),
  vouched_by: z.string().nullable(),
  called: z.string().nullable(),
  called_at: time.nullable(),
  changed_at: time.nullable().describe('When a change was seen that nobody vouched for yet.'),
})

const stateOf = (row: PayeeRow | null): (typeof STATES)[number] =>
  row?.voided ? 'changed' : (row?.vouch?.kind ?? 'unverified')

const shownPayee = (supplier: string, row: PayeeRow | null) => ({
  supplier_id: supplier,
  state: stateOf(row),
  vouched_at: isoOf(row?.vouch?.at ?? null),
  vouched_by: row?.vouch?.name ?? null,
  called: row?.vouch?.called ?? null,
  called_at: isoOf(row?.vouch?.called_at ?? null),
  changed_at: isoOf(row?.voided?.at ?? null),
})

export const PayeeAnswer = PayeeEntry.extend({
  name: z.string().nullable(),
  changes: z
    .array(z.looseObject({ field: z.string(), before: z.unknown(), after: z.unknown() }))
    .describe('Of fields that lead money somewhere, newest first, masked.'),
  numbers_when_vouched: z
    .array(z.string())
    .nullable()
    .describe(
      'On file when somebody last vouched: call one of these. null: nobody did, take one from elsewhere.',
    ),
  numbers_now: z.array(z.string()).describe('On file now. One that came with a change proves nothing.'),
  seen: z
    .string()
    .nullable()
    .describe('Of the state that was read just now, for the call-back; null: not readable.'),
  last_paid_at: time.nullable().describe('Through this account.'),
})

const text = (most: number) =>
  z
    .string()
    .max(most)
    .transform((value) => cleanText(value).trim())

const Called = z.strictObject({
  number: text(40).describe('The number that was called.'),
  number_from: z.enum(['last_vouched', 'outside_source']).optional(),
  source: text(200)
    .optional()
    .describe('Where the number comes from, such as a contract: for outside_source.'),
})
const MOST_OTHERS = 499
const CallBackInput = Called.extend({
  called: text(200).refine((name) => name !== '', 'must name who was called'),
  called_at: z.iso.datetime({ offset: true, error: 'must be an ISO date and time with zone' }),
  note: text(1_000).optional(),
  number_from: z.enum(['last_vouched', 'outside_source']),
  seen: z.string().max(100).optional().describe('As GET answered it: a change since is then refused.'),
  others: z
    .array(Called.extend({ supplier_id: z.string().min(1).max(100) }))
    .max(MOST_OTHERS)
    .optional()
    .describe('Further suppliers of the same call; what they leave out is as said above.'),
})
type CallBackInput = z.infer<typeof CallBackInput>

const contextOf = (c: Context<App>, accountId: string): Promise<ToolContext> =>
  accountContext(c.env, accountId, { requestId: c.get('requestId'), origin: new URL(c.req.url).origin })

/** @throws ApiError what a refusal or a failure of Finexio is to who calls the API */
const reading = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work()
  } catch (fault) {
    if (fault instanceof FinexioFailure) throw waitingError(fault)
    throw fault instanceof Refusal ? new ApiError(409, fault.message) : fault
  }
}

const supplierIn = ({ c }: Pick<Asked<unknown, unknown>, 'c'>) => canonicalId(c.req.param('supplier') ?? '')

/** Names one visible state, so that nobody vouches for another than they saw. */
const seenOf = async ({ sight }: Seen, context: ToolContext): Promise<string | null> => {
  const { state } = sight
  if (!state) return null
  const digest = await context.writes().digest([state.shown, state.changes.map(({ id }) => id)])
  return [...digest.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

const maskedChanges = ({ changes }: Seen) =>
  (present({ changes: changes.filter(({ field }) => field !== '') }).changes as unknown[]).slice(0, 100)

const read = async (asked: Asked<unknown, unknown>) => {
  const { c, accountId } = asked
  const id = supplierIn(asked)
  const object = payeesOf(accountObject(c.env, accountId))
  const known = await object.known([id])
  if (!known) throw unknownAccount()
  const row = known.rows[0] ?? null
  return reading(async () => {
    const context = await contextOf(c, accountId)
    const [seen] = await sightsFor([id], Date.now(), context)
    if (!seen?.row) throw new ApiError(404, 'Finexio has no supplier of this id.')
    if (row?.vouched && !row.voided)
      await object.observe([{ ...seen.sight, paidBefore: null }], c.get('requestId'))
    const after = (await object.known([id]))?.rows[0] ?? null
    const numbers = await numbersOnFile(seen, after?.vouched ?? null, context)
    return {
      ...shownPayee(id, after),
      name: typeof seen.row.name === 'string' ? cleanText(seen.row.name) : null,
      changes: maskedChanges(seen),
      numbers_when_vouched: numbers.vouched,
      numbers_now: numbers.present,
      seen: await seenOf(seen, context),
      last_paid_at: isoOf(await object.lastPaid(id)),
    }
  })
}

const Payees = z.object({ limit: Page.shape.limit, next_cursor: z.string().max(100).default('') })

const list = async ({ c, accountId, query }: Asked<z.infer<typeof Payees>, unknown>) => {
  const rows = await payeesOf(accountObject(c.env, accountId)).list(query.limit + 1, query.next_cursor)
  if (!rows) throw unknownAccount()
  const page = rows.slice(0, query.limit)
  return {
    result: page.map((row) => shownPayee(row.supplier, row)),
    next_cursor: rows.length > query.limit ? page.at(-1)!.supplier : null,
  }
}

type One = { id: string } & z.infer<typeof Called>

/** @throws ApiError 409 for what proves nothing */
const callOf = async (
  one: One,
  seen: Seen,
  row: PayeeRow | null,
  said: CallBackInput,
  context: ToolContext,
) => {
  const { number, number_from = said.number_from, source = said.source } = one
  const called_at = Date.parse(said.called_at)
  const changedAt = Math.max(...(seen.sight.state?.changes ?? []).map(({ at }) => at ?? 0), 0)
  const call = { number, number_from, source: source || null }
  const problem = seen.sight.state
    ? (momentProblem(called_at, changedAt, Date.now()) ??
      numberProblem(call, await numbersOnFile(seen, row?.vouched ?? null, context)))
    : 'its record or its history could not be read.'
  if (problem !== null) throw new ApiError(409, `${one.id}: ${problem} Nothing was recorded.`)
  const kept = {
    called: said.called,
    called_at,
    number_from,
    source: source || null,
    note: said.note || null,
  }
  return { sight: seen.sight, call: kept }
}

const voucherIn = (c: Context<App>) => {
  const { id, name, kind, issuers } = actorIn(c)
  if (kind !== 'person') throw new ApiError(403, 'Only a person vouches for a supplier.')
  return { ids: [id], issuers: [...issuers], name }
}

const callBack = async (asked: Asked<unknown, CallBackInput>) => {
  const { c, accountId, body } = asked
  const by = voucherIn(c)
  const id = supplierIn(asked)
  const ones: One[] = [
    { ...body, id },
    ...(body.others ?? []).map((other) => ({ ...other, id: canonicalId(other.supplier_id) })),
  ]
  if (new Set(ones.map((one) => one.id)).size < ones.length)
    throw new ApiError(400, 'others: each supplier is named once.')
  const object = payeesOf(accountObject(c.env, accountId))
  const known = await object.known(ones.map((one) => one.id))
  if (!known) throw unknownAccount()
  const rows = new Map(known.rows.map((row) => [row.supplier, row]))
  const why = await reading(async () => {
    const context = await contextOf(c, accountId)
    const seen = await sightsFor([...ones.map((one) => one.id)], Date.parse(body.called_at), context)
    const found = new Map(seen.map((one) => [one.sight.supplier, one]))
    if (body.seen !== undefined && (await seenOf(found.get(id)!, context)) !== body.seen)
      throw new ApiError(409, `${id}: it is not any more as it was shown. Look again. Nothing was recorded.`)
    const vouches = await Promise.all(
      ones.map((one) => callOf(one, found.get(one.id)!, rows.get(one.id) ?? null, body, context)),
    )
    return object.vouch(vouches, by, c.get('requestId'))
  })
  if (why !== null) throw new ApiError(403, why)
  const after = await object.known(ones.map((one) => one.id))
  return { result: (after?.rows ?? []).map((row) => shownPayee(row.supplier, row)) }
}

const Accepted = z.object({ accepted: z.literal(true) })

const accept = async ({ c, accountId }: Asked<unknown, unknown>) => {
  const why = await payeesOf(accountObject(c.env, accountId)).acceptPresent(voucherIn(c), c.get('requestId'))
  if (why !== null) throw new ApiError(409, why)
  return { accepted: true as const }
}

/** Accepting the present lets pass what did not pass before. */
const judgedAcceptance = async ({ c, accountId }: Asked<unknown, unknown>): Promise<Judged<object>> => {
  const account = await accountObject(c.env, accountId).readAccount()
  if (!account) throw unknownAccount()
  return {
    target: { kind: 'account', id: accountId, name: account.name },
    accounts: [accountId],
    present: null,
    touches: [],
    now: null,
    waits: { loosens: [{ key: 'payees_accepted', before: false, after: true }], body: {} },
  }
}

const ALL = '/integrated-account/:account/payee'
const ONE = `${ALL}/:supplier`

export const payeeRoutes = [
  route({
    verb: 'GET',
    path: ALL,
    role: ['approve', 'audit', 'manage'],
    says: 'List suppliers for whom somebody vouched, or that changed since',
    query: Payees,
    answer: z.object({ result: z.array(PayeeEntry), next_cursor: z.string().nullable() }),
    handler: list,
  }),
  route({
    verb: 'POST',
    path: `${ALL}/acceptance`,
    role: 'approve',
    says: 'Accept the present, once: suppliers that were paid before and did not change for 90 days; a person other than who set payees to verified',
    answer: Accepted,
    loosens: judgedAcceptance,
    handler: accept,
  }),
  route({
    verb: 'GET',
    path: ONE,
    plain: ['supplier'],
    role: ['approve', 'audit'],
    says: 'Show a supplier as Finexio has it now: what changed, and which numbers were on file before',
    answer: PayeeAnswer,
    handler: read,
  }),
  route({
    verb: 'POST',
    path: `${ONE}/callback`,
    plain: ['supplier'],
    role: 'approve',
    says: 'Record that somebody was called back and confirmed how a supplier is paid; a person who then does not approve payments to it',
    body: CallBackInput,
    answer: z.object({ result: z.array(PayeeEntry) }),
    handler: callBack,
  }),
]
