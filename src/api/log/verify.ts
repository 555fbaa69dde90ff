/** `/log/verify` and `/log/status`: whether the chain of a trail holds, and how every trail stands. */
import * as z from 'zod'
import type { Verified } from '../../account/audit/trail.ts'
import type { TrailStatus } from '../../account/audit/verification.ts'
import { plural } from '../../core/words.ts'
import { count, Fullness, isoOf, maybeText, time, uuid } from '../answers.ts'
import { invalid, unknownAccount } from '../errors.ts'
import { type Asked, route } from '../route.ts'
import { DEPLOYMENT, Trail } from './query.ts'
import { auditAt, type Chain, chainsOf, type TrailId, trailsOf } from './trails.ts'

const FIGURES = {
  valid: z.boolean().describe('Whether every row that was checked fits.'),
  rows: z.int().describe('Rows that this call checked.'),
  rows_in_all: z.int(),
  rows_left: z.int().describe('Rows after the last that was checked.'),
}

const ChainAnswer = z.object({
  chain: z.string().describe('Id of the account whose chain it is, or deployment.'),
  name: maybeText.describe('Name of the account; null: not known.'),
  ended: z.boolean().describe('true: the account was disconnected.'),
  ...FIGURES,
  checkpoint: z
    .object({ seq: z.int(), hash: z.string(), removed: z.int() })
    .describe('The row from which it was checked.'),
  last_hash: z.string().describe('Hash of the last row that was checked.'),
  broken_at: z.int().nullable().describe('Number of the first row that does not fit; null: all do.'),
  next: z.string().nullable().describe('Of a long trail: from of the call that goes on; null at its end.'),
})

const OF_ONE = ChainAnswer.pick({ checkpoint: true, last_hash: true, broken_at: true, next: true }).partial()

export const VerifyAnswer = z.object({
  ...FIGURES,
  chains: z.array(ChainAnswer).describe('Each chain that was followed; the figures above are their sums.'),
  note: z.string().describe('Which chains these are, and how to verify others.'),
  ...OF_ONE.shape,
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
  integrated_account_id: Trail.optional().describe(
    'The chain of an account, or deployment for what belongs to none; left out: every chain that you may read.',
  ),
  from: z
    .string()
    .regex(
      /^\d{1,15}:[0-9a-f]{64}$/,
      'must be <seq>:<hash>, number and whole hash (64 hex digits) of a row, as next of an earlier answer has them',
    )
    .optional()
    .describe('Where to go on in the chain that is named, as <seq>:<hash>: next of an earlier answer.'),
})

const fromOf = (text: string | undefined): Verified['next'] => {
  const [seq, hash] = text?.split(':') ?? []
  return seq === undefined || hash === undefined ? null : { seq: Number(seq), hash }
}

const LATER = 'Chains of accounts that were disconnected earlier are verified by their id.'
const NO_DEPLOYMENT = 'That of the deployment takes the role audit for all accounts.'
const ONE = 'without integrated_account_id every chain that you may read is verified.'

/** Which chains an answer is about, and how to verify others. @param named whether the caller named one */
const noteOn = ({ chains, more }: Awaited<ReturnType<typeof chainsOf>>, named: boolean): string => {
  if (named) return `This is one chain of several: ${ONE}`
  const whole = chains.some(({ id }) => id === DEPLOYMENT)
  return [
    `${plural(chains.length, 'chain')}: all that you may read.`,
    ...(whole ? [] : [NO_DEPLOYMENT]),
    ...(more ? [LATER] : []),
  ].join(' ')
}

const followed = async (
  c: Asked<unknown, unknown>['c'],
  { id, name, ended }: Chain,
  from: Verified['next'],
) => {
  const verified = await auditAt(c, id).verify(from)
  if (!verified) return []
  const { next, last: _last, ...found } = verified
  return [{ chain: id, name, ended, ...found, next: next && `${next.seq}:${next.hash}` }]
}

/** Follows the chain that is named, or each that the caller may read; long ones in several calls. */
const verify = async ({ c, accounts, query }: Asked<z.infer<typeof From>, unknown>) => {
  const { integrated_account_id: trail = null, from } = query
  if (trail === null && from !== undefined)
    throw invalid([{ path: 'from', message: 'belongs to one chain: name it in integrated_account_id' }])
  const found = await chainsOf({ c, accounts }, trail)
  const chains = (await Promise.all(found.chains.map((one) => followed(c, one, fromOf(from))))).flat()
  const [first] = chains
  if (!first) throw unknownAccount()
  const sum = (key: 'rows' | 'rows_in_all' | 'rows_left') =>
    chains.reduce((total, one) => total + one[key], 0)
  const { checkpoint, last_hash, broken_at, next } = first
  return {
    valid: chains.every(({ valid }) => valid),
    rows: sum('rows'),
    rows_in_all: sum('rows_in_all'),
    rows_left: sum('rows_left'),
    chains,
    note: noteOn(found, trail !== null),
    ...(chains.length === 1 && { checkpoint, last_hash, broken_at, next }),
  }
}

export const verifyRoutes = [
  route('GET', '/log/verify', 'verifyLog', {
    role: ['manage', 'audit'],
    fails: [404],
    says: 'Whether chains hold: of one trail, from its beginning or from a row whose number and hash you kept, or of every trail that you may read',
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
