/** `/log/verify` and `/log/status`: whether the chain of a trail holds, and how every trail stands. */
import * as z from 'zod'
import type { Verified } from '../../account/audit/trail.ts'
import type { TrailStatus } from '../../account/audit/verification.ts'
import { count, Fullness, isoOf, time, uuid } from '../answers.ts'
import { unknownAccount } from '../errors.ts'
import { type Asked, route } from '../route.ts'
import { DEPLOYMENT, Trail } from './query.ts'
import { auditAt, checkTrail, type TrailId, trailsOf } from './trails.ts'

export const VerifyAnswer = z.object({
  valid: z.boolean().describe('Whether every row that was checked fits.'),
  rows: z.int().describe('Rows that this call checked.'),
  rows_in_all: z.int(),
  rows_left: z.int().describe('Rows after the last that was checked.'),
  checkpoint: z
    .object({ seq: z.int(), hash: z.string(), removed: z.int() })
    .describe('The row from which it was checked.'),
  last_hash: z.string().describe('Hash of the last row that was checked.'),
  broken_at: z.int().nullable().describe('Number of the first row that does not fit; null: all do.'),
  next: z.string().nullable().describe('Of a long trail: from of the call that goes on; null at its end.'),
})

const Which = z.object({ integrated_account_id: Trail.optional() })

const TrailStatusAnswer = z.object({
  integrated_account_id: uuid.nullable().describe('null: the deployment.'),
  rows: count,
  oldest_at: time.nullable(),
  removed: count.describe('Rows that went, of age or for want of room; the chain begins after them.'),
  bytes: count.describe('Of all that the account stores.'),
  bound_bytes: count,
  fullness: Fullness,
  verification: z
    .object({
      state: z.enum(['under_way', 'holds', 'broken']),
      started_at: time,
      ended_at: time.nullable().describe('When it ended; null: it is under way.'),
      checked: count.describe('Rows that were checked so far.'),
      rows_in_all: count,
      broken_at: z.int().nullable().describe('Number of the first row that does not fit.'),
      last_hash: z.string().nullable().describe('Kept elsewhere, it proves this trail later.'),
    })
    .nullable()
    .describe('The last one of the whole trail, by POST /log/verify; null: there never was one.'),
  push: z
    .object({
      sent_to: count.describe('Number of the last row that the collector took.'),
      waiting: count.describe('Rows that the collector has not taken yet.'),
      problem: z
        .enum(['unreachable', 'refused', 'rejected', 'unusable'])
        .nullable()
        .describe(
          'unreachable: no answer, or one that says to come again. refused: the address or a header may be wrong. rejected: the collector does not take what is in a row. unusable: a setting cannot be read.',
        ),
      http_status_code: z.int().nullable().describe("The collector's last answer; null: there was none."),
      since: time.nullable().describe('When the problem began.'),
    })
    .nullable()
    .describe('How far rows went to the collector (LOG_PUSH_URL); null: there is none.'),
})
const StatusAnswer = z.object({ result: z.array(TrailStatusAnswer) })
type Shown = z.infer<typeof TrailStatusAnswer>

const shownVerification = ({ verification: held }: TrailStatus): Shown['verification'] => {
  if (!held) return null
  const { started_at, ended_at, last, ...figures } = held
  const ended = held.broken_at === null ? ('holds' as const) : ('broken' as const)
  return {
    state: ended_at === null ? 'under_way' : ended,
    started_at: isoOf(started_at),
    ended_at: isoOf(ended_at),
    ...figures,
    last_hash: last?.hash ?? null,
  }
}

const shownPush = ({ push }: TrailStatus): Shown['push'] => {
  if (!push) return null
  const { status, since, ...figures } = push
  return { ...figures, http_status_code: status, since: isoOf(since) }
}

const shownStatus = (trail: TrailId, status: TrailStatus): Shown => {
  const { bound, oldest_at, ...figures } = status
  return {
    integrated_account_id: trail === DEPLOYMENT ? null : trail,
    ...figures,
    oldest_at: isoOf(oldest_at),
    bound_bytes: bound,
    verification: shownVerification(status),
    push: shownPush(status),
  }
}

type Doing = 'status' | 'beginVerification'

const each =
  (doing: Doing) =>
  async ({ c, accounts, query }: Asked<z.infer<typeof Which>, unknown>) => {
    const trails = await trailsOf({ c, accounts }, query.integrated_account_id ?? null)
    const found = await Promise.all(
      trails.map(async (trail) => [trail, await auditAt(c, trail)[doing]()] as const),
    )
    const result = found.flatMap(([trail, status]) => (status ? [shownStatus(trail, status)] : []))
    if (query.integrated_account_id !== undefined && result.length === 0) throw unknownAccount()
    return { result }
  }

const From = z.object({
  integrated_account_id: Trail.default(DEPLOYMENT),
  from: z
    .string()
    .regex(/^\d{1,15}:[0-9a-f]{64}$/, 'must be the next of an earlier answer')
    .optional()
    .describe('Where to go on: next of an earlier answer.'),
})

const fromOf = (text: string | undefined): Verified['next'] => {
  const [seq, hash] = text?.split(':') ?? []
  return seq === undefined || hash === undefined ? null : { seq: Number(seq), hash }
}

/** Follows the chain of one trail, without an account that of the deployment; long ones in several calls. */
const verify = async ({ c, accounts, query }: Asked<z.infer<typeof From>, unknown>) => {
  const { integrated_account_id: trail, from } = query
  checkTrail({ c, accounts }, trail)
  const verified = await auditAt(c, trail).verify(fromOf(from))
  if (!verified) throw unknownAccount()
  const { next, last: _last, ...found } = verified
  return { ...found, next: next && `${next.seq}:${next.hash}` }
}

export const verifyRoutes = [
  route('GET', '/log/verify', 'verifyLog', {
    role: ['manage', 'audit'],
    fails: [404],
    says: 'Whether the chain of a trail holds, from its beginning or from a row whose number and hash you kept',
    query: From,
    answer: VerifyAnswer,
    handler: verify,
  }),
  route('POST', '/log/verify', 'startLogVerification', {
    role: ['manage', 'audit'],
    fails: [404],
    says: 'Verify whole trails in the background: that of an account, or all that you may read; GET /log/status says how far it is',
    query: Which,
    answer: StatusAnswer,
    handler: each('beginVerification'),
  }),
  route('GET', '/log/status', 'getLogStatus', {
    role: ['manage', 'audit'],
    says: 'How every trail that you may read stands: rows, size, bound, its last verification, and what went to the collector',
    query: Which,
    answer: StatusAnswer,
    handler: each('status'),
  }),
]
