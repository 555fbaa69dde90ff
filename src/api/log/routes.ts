/** `/log`: the audit trail of accounts and of the deployment, newest first; its export; and whether its chain holds. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, auditOf } from '../../account/account-stub.ts'
import type { AuditRow } from '../../account/audit/entry.ts'
import type { Verified } from '../../account/audit/trail.ts'
import { directoryObject } from '../../account/directory-stub.ts'
import type { AuditCursor, AuditQuery } from '../../account/tables/audit.ts'
import { holds } from '../../rules/who/roles.ts'
import { pageAnswer, time } from '../answers.ts'
import { type App, actorIn } from '../auth.ts'
import { invalid, unknownAccount } from '../errors.ts'
import { type Asked, requireRole, route } from '../route.ts'
import {
  DEPLOYMENT,
  encodeLogCursor,
  LogParameters,
  type LogQuery,
  logQueryOf,
  MOST_ROWS,
  Trail,
} from './query.ts'
import { csvHead, csvLine, jsonLine, type Shown, shownRow } from './rows.ts'
import { streamed } from './stream.ts'

const LogRow = z.looseObject({
  timestamp: time,
  log_type: z.enum(['mcp', 'management', 'write', 'payee', 'snapshot', 'gap']),
  seq: z.int(),
  hash: z.string().optional(),
})

export const VerifyAnswer = z.object({
  valid: z.boolean(),
  rows: z.int(),
  checkpoint: z.object({ seq: z.int(), hash: z.string(), removed: z.int() }),
  last_hash: z.string(),
  broken_at: z.int().nullable(),
  next: z.string().nullable(),
})

/** Trails that one request reads: beyond that the account has to be named. */
const MOST_TRAILS = 100

type TrailId = string
type Caller = Pick<Asked<unknown, unknown>, 'c' | 'accounts'>

const readTrail = (c: Context<App>, trail: TrailId, query: AuditQuery): Promise<AuditRow[]> =>
  trail === DEPLOYMENT
    ? directoryObject(c.env).readAudit(query)
    : auditOf(accountObject(c.env, trail)).read(query)

const everyTrail = async ({ c, accounts: managed }: Caller): Promise<readonly TrailId[]> => {
  if (managed) return managed
  const { accounts, next } = await directoryObject(c.env).list(MOST_TRAILS)
  if (next !== null)
    throw invalid([
      {
        path: 'integrated_account_id',
        message: `needed in a deployment of more than ${MOST_TRAILS} accounts: the id of one, or "${DEPLOYMENT}" for what belongs to none`,
      },
    ])
  const own = accounts.map(({ id }) => id)
  return holds(actorIn(c).grants, 'audit', null) ? [DEPLOYMENT, ...own] : own
}

/** @throws ApiError 403 for the deployment's trail, 404 for that of an account, where the caller may not read it */
const checkTrail = ({ c, accounts }: Caller, trail: TrailId): void => {
  if (trail === DEPLOYMENT) requireRole(c, 'audit', null)
  else if (accounts?.includes(trail) === false) throw unknownAccount()
}

const trailsOf = async (caller: Caller, trail: TrailId | null): Promise<readonly TrailId[]> => {
  if (trail === null) return everyTrail(caller)
  checkTrail(caller, trail)
  return [trail]
}

type Placed = AuditRow & { account: TrailId }

/** Newest first; rows of one moment by account, then the later one first. */
const inOrder = (a: Placed, b: Placed): number =>
  b.at - a.at || (a.account < b.account ? -1 : a.account > b.account ? 1 : b.seq - a.seq)

const page = async (c: Context<App>, trails: readonly TrailId[], query: LogQuery): Promise<Placed[]> => {
  const { types, after, before, filters, cursor, limit } = query
  const found = await Promise.all(
    trails.map(async (account) => {
      const rows = await readTrail(c, account, {
        account,
        types,
        after,
        before,
        filters,
        cursor,
        limit: limit + 1,
      })
      return rows.map((row) => ({ ...row, account }))
    }),
  )
  return found
    .flat()
    .sort(inOrder)
    .slice(0, limit + 1)
}

const cursorAt = ({ at, account, seq }: Placed): AuditCursor => ({ at, account, seq })
const shown = ({ account, ...row }: Placed): Shown => shownRow(account === DEPLOYMENT ? null : account, row)

const list = async ({ c, accounts, query: asked }: Asked<z.infer<typeof LogParameters>, unknown>) => {
  const query = logQueryOf(asked, Date.now())
  const rows = await page(c, await trailsOf({ c, accounts }, query.trail), query)
  const result = rows.slice(0, query.limit)
  const more = rows.length > query.limit
  return {
    result: result.map(shown),
    next_cursor: more ? encodeLogCursor(cursorAt(result.at(-1)!)) : null,
  }
}

const Export = LogParameters.safeExtend({ format: z.enum(['csv', 'jsonl']).default('csv') })

const exportLog = async ({ c, accounts, query: asked }: Asked<z.infer<typeof Export>, unknown>) => {
  const { format } = asked
  const query = { ...logQueryOf(asked, Date.now()), limit: MOST_ROWS }
  const trails = await trailsOf({ c, accounts }, query.trail)
  const body = streamed<AuditCursor>(
    format === 'csv' ? csvHead : '',
    async (cursor) => {
      const rows = await page(c, trails, { ...query, cursor })
      const part = rows.slice(0, query.limit)
      const lines = part.map(shown).map(format === 'csv' ? csvLine : jsonLine)
      const next = rows.length > query.limit ? cursorAt(part.at(-1)!) : null
      return { lines: lines.join(''), rows: part.length, next }
    },
    query.cursor,
  )
  const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl'
  return c.body(body, 200, {
    'content-type': type,
    'content-disposition': `attachment; filename="finexio-mcp-log.${format}"`,
  })
}

const From = z.object({
  integrated_account_id: Trail.default(DEPLOYMENT),
  from: z
    .string()
    .regex(/^\d{1,15}:[0-9a-f]{64}$/, 'must be the next of an earlier answer')
    .optional(),
})

const fromOf = (text: string | undefined): Verified['next'] => {
  const [seq, hash] = text?.split(':') ?? []
  return seq === undefined || hash === undefined ? null : { seq: Number(seq), hash }
}

/** Follows the chain of one trail, without an account that of the deployment; long ones in several calls. */
const verify = async ({ c, accounts, query }: Asked<z.infer<typeof From>, unknown>) => {
  const { integrated_account_id: trail, from } = query
  checkTrail({ c, accounts }, trail)
  const start = fromOf(from)
  const verified =
    trail === DEPLOYMENT
      ? await directoryObject(c.env).verifyAudit(start)
      : await auditOf(accountObject(c.env, trail)).verify(start)
  if (!verified) throw unknownAccount()
  const { next, ...found } = verified
  return { ...found, next: next && `${next.seq}:${next.hash}` }
}

export const logRoutes = [
  route({
    verb: 'GET',
    path: '/log',
    role: ['manage', 'audit'],
    says: 'Read the audit trail, newest first',
    query: LogParameters,
    answer: pageAnswer(LogRow),
    handler: list,
  }),
  route({
    verb: 'GET',
    path: '/log/export',
    role: ['manage', 'audit'],
    says: 'Export the audit trail',
    query: Export,
    answer: z.string(),
    media: ['text/csv', 'application/jsonl'],
    handler: exportLog,
  }),
  route({
    verb: 'GET',
    path: '/log/verify',
    role: ['manage', 'audit'],
    says: 'Whether the chain of a trail holds',
    query: From,
    answer: VerifyAnswer,
    handler: verify,
  }),
]
