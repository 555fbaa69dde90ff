/** `/log`: the audit trail of accounts and of the deployment, newest first, and its export. */
import type { Context } from 'hono'
import * as z from 'zod'
import { ENTRY_TYPES } from '../../account/audit/entry.ts'
import type { Fold } from '../../account/audit/folded.ts'
import type { AuditCursor, AuditPage, AuditQuery } from '../../account/audit/trail.ts'
import { maybeText, time } from '../answers.ts'
import type { App } from '../auth.ts'
import { type Asked, route } from '../route.ts'
import { merged, type Placed } from './pages.ts'
import { CALLS, DEPLOYMENT, encodeLogCursor, LogParameters, type LogQuery, logQueryOf } from './query.ts'
import { cutLine, goneLine, jsonLine, logHead, logLine, type Shown, SUMMED, shownRow } from './rows.ts'
import { linesOf, streamed } from './stream.ts'
import { auditAt, type TrailId, trailsOf } from './trails.ts'
import { watchTrimming } from './trimmed.ts'

const LogRow = z
  .looseObject({
    timestamp: time.describe(
      'When the row was written; first_at and last_at, where they are, say when the calls were.',
    ),
    log_type: z.enum(ENTRY_TYPES).describe('Kind of row.'),
    sentence: z.string().describe('What happened, for people, in one line.'),
    first_at: time
      .optional()
      .describe('Of refusals that came in a burst: when the first call was that the row stands for.'),
    last_at: time.optional().describe('When the last of them was.'),
    seq: z.int(),
    hash: z.string().optional(),
    call: z.looseObject({}).optional().describe('The row of the call that led to it, where rows are folded.'),
  })
  .meta({ id: 'LogRow' })

const LogPage = z.object({
  result: z.array(LogRow),
  note: z
    .string()
    .optional()
    .describe('Said where no log_type was named and rows of other kinds are in the same range.'),
  next_cursor: maybeText.describe(
    'Goes on exactly where reading stopped. One request looks at no more than 5,000 rows of each trail, so that a page may hold fewer rows than asked for, or none, and still be followed by others; null: the end of the range.',
  ),
})

/** Rows that an export reads at once: few, so that calls hardly notice; of several trails more, since each part is a request to all of them. */
const exportedAtOnce = (trails: readonly TrailId[]): number => (trails.length === 1 ? 250 : 1_000)
/** Pages of some trails, each by its id. @param accounts whose own trails are read too, for folding; null: nothing is folded */
const read = (
  c: Context<App>,
  trails: readonly TrailId[],
  query: Omit<AuditQuery, 'account' | 'fold'>,
  accounts: Fold['accounts'] | null,
): Promise<[TrailId, AuditPage][]> =>
  Promise.all(
    trails.map(async (account) => [
      account,
      await auditAt(c, account).read({ ...query, account, ...(accounts && { fold: { accounts } }) }),
    ]),
  )

const pageOf = (pages: readonly [TrailId, AuditPage][], limit: number) => ({
  ...merged(new Map(pages), limit),
  isCalled: pages.some(([, { isCalled }]) => isCalled),
  pages: new Map(pages),
})

/** At most as many rows as the query's limit, newest first, and where the next page begins; and whether the trails' owners are called. */
const page = async (
  c: Context<App>,
  trails: readonly TrailId[],
  { trail: _, folded, limit, ...query }: LogQuery,
) => {
  const asked = { ...query, limit: limit + 1 }
  if (!folded) return pageOf(await read(c, trails, asked, null), limit)
  const own = trails.filter((one) => one !== DEPLOYMENT)
  // An account's own trail tells of itself, as far back as it goes: the deployment's is read after it.
  const pages = await read(c, own, asked, {})
  const since = Object.fromEntries(pages.map(([account, page]) => [account, page.since]))
  const deployment = trails.filter((one) => one === DEPLOYMENT)
  return pageOf([...pages, ...(await read(c, deployment, asked, since))], limit)
}

const shown = ({ account, ...row }: Placed): Shown => shownRow(account === DEPLOYMENT ? null : account, row)

const OTHER_KINDS = ENTRY_TYPES.filter((type) => type !== CALLS)
const ONLY_CALLS =
  'These are calls alone, since no log_type was named. log_type=all has the other rows of this range too: changes, decisions, sign-ins.'

const list = async ({ c, accounts, query: asked }: Asked<z.infer<typeof LogParameters>, unknown>) => {
  const query = logQueryOf(asked, Date.now())
  const trails = await trailsOf({ c, accounts }, query.trail)
  const { rows, next } = await page(c, trails, query)
  const isAskedBare = !asked.log_type && !query.cursor && Object.keys(query.filters).length === 0
  const others = isAskedBare && (await page(c, trails, { ...query, types: OTHER_KINDS, limit: 1 }))
  return {
    result: rows.map(shown),
    next_cursor: next && encodeLogCursor(next),
    ...(others && others.rows.length > 0 && { note: ONLY_CALLS }),
  }
}

/** A file that is kept has every kind; the list begins with calls, as the contract has it. */
const Export = LogParameters.safeExtend({
  log_type: z
    .enum([...ENTRY_TYPES, 'all'])
    .default('all')
    .describe('Kind of row.'),
  format: z.enum(['csv', 'jsonl']).default('csv').describe('csv, or jsonl: one row of JSON a line.'),
})

const exportLog = async ({ c, accounts, query: asked }: Asked<z.infer<typeof Export>, unknown>) => {
  const { format } = asked
  const wanted = logQueryOf(asked, Date.now())
  const trails = await trailsOf({ c, accounts }, wanted.trail)
  const query = { ...wanted, limit: exportedAtOnce(trails) }
  const lineOf = format === 'csv' ? logLine : jsonLine
  const trimming = watchTrimming(query.after)
  const body = streamed<AuditCursor>(
    format === 'csv' ? logHead : '',
    async (cursor) => {
      const { rows, next, isCalled, pages } = await page(c, trails, { ...query, cursor })
      trimming.see(pages, cursor)
      const lines = await linesOf(rows, (row) => lineOf(shown(row)), isCalled)
      const gone = next === null ? trimming.gone() : null
      return { lines: gone === null ? lines : lines + goneLine(format, gone), rows: rows.length, next }
    },
    { from: query.cursor, cutLine: (next) => cutLine(format, encodeLogCursor(next)) },
  )
  const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl'
  return c.body(body, 200, {
    'content-type': type,
    'content-disposition': `attachment; filename="finexio-mcp-log.${format}"`,
  })
}

export const logRoutes = [
  route('GET', '/log', 'readLog', {
    role: ['manage', 'audit'],
    fails: [404],
    says: 'Read the audit trail, newest first',
    query: LogParameters,
    answer: LogPage,
    handler: list,
  }),
  route('GET', '/log/export', 'exportLog', {
    role: ['manage', 'audit'],
    fails: [404],
    says: `Export the audit trail. ${SUMMED}`,
    query: Export,
    answer: z.string(),
    media: ['text/csv', 'application/jsonl'],
    handler: exportLog,
  }),
]
