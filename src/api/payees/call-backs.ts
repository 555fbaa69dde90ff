/** `/integrated-account/:account/payee/:supplier/callback`: somebody was called and confirmed how suppliers are paid. */
import * as z from 'zod'
import { accountObject, payeesOf } from '../../account/account-stub.ts'
import type { PayeeRow } from '../../account/tables/payees.ts'
import { canonicalId } from '../../core/ids.ts'
import { cleanText } from '../../core/text.ts'
import { momentProblem, numberProblem } from '../../rules/payees/call-back.ts'
import { lastChange } from '../../rules/payees/verified.ts'
import type { ToolContext } from '../../tools/tool.ts'
import { evidenceOf, nameOf, type Seen } from '../../tools/writing/guard/evidence.ts'
import { numbersOnFile, sightsFor } from '../../tools/writing/guard/vouching.ts'
import { byRequest } from '../cause.ts'
import { ApiError, invalid, unknownAccount } from '../errors.ts'
import { type Asked, route } from '../route.ts'
import { contextOf, ONE, PayeeEntry, reading, seenOf, shownPayee, supplierIn, voucherIn } from './shared.ts'

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
  seen: z.string().max(100).describe('As GET answered it: a change since is refused.'),
  others: z
    .array(Called.extend({ supplier_id: z.string().min(1).max(100) }))
    .max(MOST_OTHERS)
    .optional()
    .describe('Further suppliers of the same call; what they leave out is as said above.'),
})
type CallBackInput = z.infer<typeof CallBackInput>

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
  const call = { number, number_from, source: source || null }
  const problem = seen.sight.state
    ? (momentProblem(called_at, lastChange(seen.sight.state), Date.now()) ??
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
  const fields = evidenceOf(seen, row?.vouched ?? null)
  return { sight: { ...seen.sight, ...nameOf(seen), fields }, version: row?.version ?? 0, call: kept }
}

const callBack = async (asked: Asked<unknown, CallBackInput>) => {
  const { c, accountId, body } = asked
  const by = await voucherIn(c, accountId)
  const id = supplierIn(asked)
  const ones: One[] = [
    { ...body, id },
    ...(body.others ?? []).map((other) => ({ ...other, id: canonicalId(other.supplier_id) })),
  ]
  if (new Set(ones.map((one) => one.id)).size < ones.length)
    throw invalid([{ path: 'others', message: 'must name each supplier once, and not the one of the path' }])
  const object = payeesOf(accountObject(c.env, accountId))
  const known = await object.known(ones.map((one) => one.id))
  if (!known) throw unknownAccount()
  c.set('decidedOn', id)
  const rows = new Map(known.rows.map((row) => [row.supplier, row]))
  const why = await reading(async () => {
    const context = await contextOf(c, accountId)
    const seen = await sightsFor([...ones.map((one) => one.id)], Date.parse(body.called_at), context)
    const found = new Map(seen.map((one) => [one.sight.supplier, one]))
    if ((await seenOf(found.get(id)!, context)) !== body.seen)
      throw new ApiError(409, `${id}: it is not any more as it was shown. Look again. Nothing was recorded.`)
    const vouches = await Promise.all(
      ones.map((one) => callOf(one, found.get(one.id)!, rows.get(one.id) ?? null, body, context)),
    )
    return object.vouch(vouches, by, byRequest(c))
  })
  if (why !== null) throw new ApiError(403, why).by('four_eyes')
  const after = await object.known(ones.map((one) => one.id))
  return { result: (after?.rows ?? []).map((row) => shownPayee(row.supplier, row)) }
}

export const callBackRoute = route('POST', `${ONE}/callback`, 'recordCallBack', {
  plain: ['supplier'],
  role: 'approve',
  fails: [409, 429, 502, 504],
  says: 'Record that somebody was called back and confirmed the payment details of a supplier; a person who then does not approve payments to it',
  body: CallBackInput,
  example: {
    called: 'Ann Lee',
    called_at: '2026-11-30T10:15:00Z',
    number: '+1 813 555 0100',
    number_from: 'outside_source',
    source: 'Contract of 2024',
    seen: 'as GET answered it',
  },
  answer: z.object({ result: z.array(PayeeEntry) }),
  handler: callBack,
})
