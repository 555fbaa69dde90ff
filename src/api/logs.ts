/** `/log`: the audit trail of accounts and of the deployment, newest first; its export; and whether its chain holds. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, auditOf } from '../account/account-stub.ts'
import type { AuditRow } from '../account/audit/entry.ts'
import type { Verified } from '../account/audit/trail.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { AuditCursor, AuditQuery } from '../account/tables/audit.ts'
import { Anything, LogRow, pageAnswer, VerifyAnswer } from './answers.ts'
import { type App, managedAccounts, manages, requireAdmin } from './auth.ts'
import { invalid, unknownAccount } from './errors.ts'
import {
  DEPLOYMENT,
  encodeLogCursor,
  Known,
  type LogQuery,
  MOST_ROWS,
  readLogQuery,
  Trail,
} from './log-query.ts'
import { csvHead, csvLine, jsonLine, type Shown, shownRow } from './log-shape.ts'
import { type Asked, route } from './route.ts'

/** Trails that one question goes to: beyond that the account has to be named. */
const MOST_TRAILS = 100
/** Rows of one export; the rest is asked for with another range. */
const MOST_EXPORTED = 50_000

type TrailId = string
const readTrail = (c: Context<App>, trail: TrailId, query: AuditQuery): Promise<AuditRow[]> =>
  trail === DEPLOYMENT
    ? directoryObject(c.env).readAudit(query)
    : auditOf(accountObject(c.env, trail)).read(query)

const everyTrail = async (c: Context<App>): Promise<TrailId[]> => {
  const managed = managedAccounts(c)
  if (managed) return [...managed]
  const { accounts, next } = await directoryObject(c.env).list(MOST_TRAILS)
  if (next !== null)
    throw invalid([
      {
        path: 'integrated_account_id',
        message: `needed in a deployment of more than ${MOST_TRAILS} accounts: the id of one, or "${DEPLOYMENT}" for what belongs to none`,
      },
    ])
  return [DEPLOYMENT, ...accounts.map(({ id }) => id)]
}

/** @throws ApiError 403 or 404 for what the caller does not manage */
const checkManaged = (c: Context<App>, trail: TrailId): void => {
  if (trail === DEPLOYMENT) requireAdmin(c)
  else if (!manages(c, trail)) throw unknownAccount()
}

const trailsOf = async (c: Context<App>, trail: TrailId | null): Promise<TrailId[]> => {
  if (trail === null) return everyTrail(c)
  checkManaged(c, trail)
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

const logQueryOf = (c: Context<App>): LogQuery => {
  const read = readLogQuery(c.req.query(), Date.now())
  if (!read.ok) throw invalid(read.problems)
  return read.query
}

const list = async ({ c }: Asked<unknown, unknown>) => {
  const query = logQueryOf(c)
  const rows = await page(c, await trailsOf(c, query.trail), query)
  const result = rows.slice(0, query.limit)
  const more = rows.length > query.limit
  return {
    result: result.map(shown),
    next_cursor: more ? encodeLogCursor(cursorAt(result.at(-1)!)) : null,
  }
}

const Export = Known.extend({ format: z.enum(['csv', 'jsonl']).default('csv') })

const exportLog = async ({ c, query: { format } }: Asked<z.infer<typeof Export>, unknown>) => {
  const query = { ...logQueryOf(c), limit: MOST_ROWS }
  const trails = await trailsOf(c, query.trail)
  const encoder = new TextEncoder()
  let cursor = query.cursor
  let written = 0
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (format === 'csv') controller.enqueue(encoder.encode(csvHead))
    },
    pull: async (controller) => {
      const rows = await page(c, trails, { ...query, cursor })
      const part = rows.slice(0, query.limit)
      written += part.length
      controller.enqueue(
        encoder.encode(
          part
            .map(shown)
            .map(format === 'csv' ? csvLine : jsonLine)
            .join(''),
        ),
      )
      if (rows.length <= query.limit) return controller.close()
      // An export that is cut has to look cut: a broken download, never a shorter file.
      if (written >= MOST_EXPORTED)
        return controller.error(new Error('The export is too long: ask for a shorter time.'))
      cursor = cursorAt(part.at(-1)!)
    },
  })
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
const verify = async ({ c, query }: Asked<z.infer<typeof From>, unknown>) => {
  const { integrated_account_id: trail, from } = query
  checkManaged(c, trail)
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
    role: 'key',
    says: 'Read the audit trail, newest first',
    query: Known,
    answer: pageAnswer(LogRow),
    handler: list,
  }),
  route({
    verb: 'GET',
    path: '/log/export',
    role: 'key',
    says: 'Export the audit trail',
    query: Export,
    answer: Anything,
    media: ['text/csv', 'application/jsonl'],
    handler: exportLog,
  }),
  route({
    verb: 'GET',
    path: '/log/verify',
    role: 'key',
    says: 'Whether the chain of a trail holds',
    query: From,
    answer: VerifyAnswer,
    handler: verify,
  }),
]
