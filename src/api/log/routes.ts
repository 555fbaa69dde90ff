/** `/log`: the audit trail of accounts and of the deployment, newest first; its export; and whether its chain holds. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, auditOf } from '../../account/account-stub.ts'
import { ENTRY_TYPES } from '../../account/audit/entry.ts'
import type { AuditCursor, AuditPage, AuditQuery, Verified } from '../../account/audit/trail.ts'
import { directoryObject } from '../../account/directory-stub.ts'
import { holds } from '../../rules/who/roles.ts'
import { pageAnswer, time } from '../answers.ts'
import { type App, actorIn } from '../auth.ts'
import { invalid, unknownAccount } from '../errors.ts'
import { type Asked, requireRole, route } from '../route.ts'
import { merged, type Placed } from './pages.ts'
import { DEPLOYMENT, encodeLogCursor, LogParameters, type LogQuery, logQueryOf, Trail } from './query.ts'
import { jsonLine, logHead, logLine, type Shown, shownRow } from './rows.ts'
import { streamed } from './stream.ts'

const LogRow = z.looseObject({
  timestamp: time,
  log_type: z.enum(ENTRY_TYPES),
  sentence: z.string().describe('What happened, for people, in one line.'),
  seq: z.int(),
  hash: z.string().optional(),
})

export const VerifyAnswer = z.object({
  valid: z.boolean(),
  rows: z.int().describe('Rows that this call checked.'),
  rows_in_all: z.int(),
  rows_left: z.int().describe('Rows after the last that was checked.'),
  checkpoint: z.object({ seq: z.int(), hash: z.string(), removed: z.int() }),
  last_hash: z.string(),
  broken_at: z.int().nullable(),
  next: z.string().nullable().describe('Of a long trail: from of the call that goes on; null at its end.'),
})

/** Rows that an export reads at once: each part is a request to every trail. */
const EXPORTED_AT_ONCE = 1_000
/** Trails that one request reads: beyond that the account has to be named. */
const MOST_TRAILS = 100

type TrailId = string
type Caller = Pick<Asked<unknown, unknown>, 'c' | 'accounts'>

const readTrail = (c: Context<App>, trail: TrailId, query: AuditQuery): Promise<AuditPage> =>
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

/** At most as many rows as the query's limit, newest first, and where the next page begins. */
const page = async (c: Context<App>, trails: readonly TrailId[], { trail: _, ...query }: LogQuery) => {
  const limit = query.limit + 1
  const pages = trails.map(
    async (account) => [account, await readTrail(c, account, { ...query, account, limit })] as const,
  )
  return merged(new Map(await Promise.all(pages)), query.limit)
}

const shown = ({ account, ...row }: Placed): Shown => shownRow(account === DEPLOYMENT ? null : account, row)

const list = async ({ c, accounts, query: asked }: Asked<z.infer<typeof LogParameters>, unknown>) => {
  const query = logQueryOf(asked, Date.now())
  const { rows, next } = await page(c, await trailsOf({ c, accounts }, query.trail), query)
  return { result: rows.map(shown), next_cursor: next && encodeLogCursor(next) }
}

const Export = LogParameters.safeExtend({ format: z.enum(['csv', 'jsonl']).default('csv') })

const exportLog = async ({ c, accounts, query: asked }: Asked<z.infer<typeof Export>, unknown>) => {
  const { format } = asked
  const query = { ...logQueryOf(asked, Date.now()), limit: EXPORTED_AT_ONCE }
  const trails = await trailsOf({ c, accounts }, query.trail)
  const body = streamed<AuditCursor>(
    format === 'csv' ? logHead : '',
    async (cursor) => {
      const { rows, next } = await page(c, trails, { ...query, cursor })
      const lines = rows.map(shown).map(format === 'csv' ? logLine : jsonLine)
      return { lines: lines.join(''), rows: rows.length, next }
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
