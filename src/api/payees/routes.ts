/** `/integrated-account/:account/payee`: who vouched for how a supplier is paid, and what changed since. */
import * as z from 'zod'
import { accountObject, payeesOf } from '../../account/account-stub.ts'
import { cleanText } from '../../core/text.ts'
import { present } from '../../tools/present/present.ts'
import type { Seen } from '../../tools/writing/guard/evidence.ts'
import { numbersOnFile, observed, sightsFor } from '../../tools/writing/guard/vouching.ts'
import { isoOf, maybeText, time } from '../answers.ts'
import { byRequest } from '../cause.ts'
import { ApiError, unknownAccount } from '../errors.ts'
import { Page } from '../input.ts'
import type { Judged } from '../loosening/judged.ts'
import { type Asked, route } from '../route.ts'
import {
  ALL,
  contextOf,
  ONE,
  PayeeEntry,
  reading,
  seenOf,
  shownPayee,
  supplierIn,
  voucherIn,
} from './shared.ts'

export const PayeeAnswer = PayeeEntry.extend({
  name: maybeText,
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
  seen: maybeText.describe('Of the state that was read just now, for the call-back; null: not readable.'),
  last_paid_at: time.nullable().describe('When an instruction to pay it was last sent through this account.'),
})

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
      await observed([{ ...seen, sight: { ...seen.sight, paidBefore: null } }], known, context)
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

const Payees = z.object({
  limit: Page.shape.limit,
  next_cursor: z.string().max(100).default(''),
  state: z.literal('changed').optional(),
})

const list = async ({ c, accountId, query }: Asked<z.infer<typeof Payees>, unknown>) => {
  const { limit, next_cursor, state } = query
  const rows = await payeesOf(accountObject(c.env, accountId)).list(
    limit + 1,
    next_cursor,
    state !== undefined,
  )
  if (!rows) throw unknownAccount()
  const page = rows.slice(0, query.limit)
  return {
    result: page.map((row) => shownPayee(row.supplier, row)),
    next_cursor: rows.length > query.limit ? page.at(-1)!.supplier : null,
  }
}

const Accepted = z.object({ accepted: z.literal(true).describe('true.') })

const accept = async ({ c, accountId }: Asked<unknown, unknown>) => {
  const by = await voucherIn(c, accountId)
  const why = await payeesOf(accountObject(c.env, accountId)).acceptPresent(by, byRequest(c))
  if (why !== null) throw new ApiError(409, why).by('four_eyes')
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

export const payeeRoutes = [
  route('GET', ALL, 'listPayees', {
    role: ['approve', 'audit', 'manage'],
    says: 'List suppliers for whom somebody vouched, or that changed since',
    query: Payees,
    answer: z.object({ result: z.array(PayeeEntry), next_cursor: maybeText }),
    handler: list,
  }),
  route('POST', `${ALL}/acceptance`, 'acceptPayees', {
    role: 'approve',
    says: 'Accept the present, once: suppliers that were paid before and did not change for 90 days; a person other than who set payees to verified',
    answer: Accepted,
    loosens: judgedAcceptance,
    handler: accept,
  }),
  route('GET', ONE, 'getPayee', {
    plain: ['supplier'],
    role: ['approve', 'audit'],
    fails: [409, 429, 502, 504],
    says: 'Show a supplier as Finexio has it now: what changed, and which numbers were on file before',
    answer: PayeeAnswer,
    handler: read,
  }),
]
