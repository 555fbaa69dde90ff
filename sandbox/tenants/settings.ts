/** Everything undocumented sits behind a setting; defaults are the documented or the safer choice. */
import * as z from 'zod'
import { DIALECTS } from '../wire/rate-limit.ts'
import { type Db, firstRow } from './tables.ts'

const flag = z.boolean()

const RateLimit = z.union([
  z.literal('off'),
  z.strictObject({
    limit: z.int().min(0).max(1_000_000),
    /** Window length in seconds of the virtual clock. */
    window: z.int().min(1).max(86_400).default(60),
    dialect: z.enum(DIALECTS).default('draft-06'),
    /** Answered instead of 429. */
    status: z.int().min(400).max(599).default(429),
  }),
])

export const Settings = z.strictObject({
  slashMode: z.enum(['strict', 'lenient']),
  statusCodes: z.enum(['mixed', 'declared', 'rest']),
  pageSize: z.int().min(1).max(100),
  listOrder: z.enum(['newest', 'oldest', 'random']),
  errorStyle: z.enum(['drf', 'problem']),
  restrictedUpdates: z.enum(['allow', 'ignore', 'reject']),
  buyerWrites: z.enum(['allow', 'reject']),
  putMode: z.enum(['replace', 'merge']),
  contactBody: z.enum(['any', 'array', 'object']),
  batchAtomic: flag,
  resubmitAfter: z.enum(['refund', 'refund_or_failure']),
  discountReducesPayment: flag,
  paymentFailedStatus: z.enum(['failed', 'canceled']),
  amountsAsStrings: flag,
  imagesShape: z.enum(['object', 'array']),
  drawdownByIdShape: z.enum(['object', 'envelope']),
  drawdownPageCounts: flag,
  drawdownUnknownId: z.union([z.literal(404), z.literal(400)]),
  drawdownIdsEqual: flag,
  historyShape: z.enum(['guide', 'openapi']),
  emptyWriteBodies: flag,
  webhookBase: z.enum(['both', 'root', 'v2']),
  webhookMode: z.enum(['event', 'hourly']),
  webhookRetries: z.int().min(0).max(10),
  webhookEchoPassword: flag,
  webhookEvents: z.enum(['documented', 'article']),
  rateLimit: RateLimit,
})

export type Settings = z.infer<typeof Settings>

const DEFAULTS: Settings = {
  slashMode: 'strict',
  statusCodes: 'mixed',
  pageSize: 100,
  listOrder: 'newest',
  errorStyle: 'drf',
  restrictedUpdates: 'allow',
  buyerWrites: 'allow',
  putMode: 'replace',
  contactBody: 'any',
  batchAtomic: true,
  resubmitAfter: 'refund',
  discountReducesPayment: true,
  paymentFailedStatus: 'failed',
  amountsAsStrings: false,
  imagesShape: 'object',
  drawdownByIdShape: 'object',
  drawdownPageCounts: false,
  drawdownUnknownId: 404,
  drawdownIdsEqual: false,
  historyShape: 'guide',
  emptyWriteBodies: false,
  webhookBase: 'both',
  webhookMode: 'event',
  webhookRetries: 0,
  webhookEchoPassword: true,
  webhookEvents: 'documented',
  rateLimit: 'off',
}

/** Applies to every tenant; a tenant's own row comes on top. */
const EVERYONE = ''

const stored = (db: Db, username: string): Partial<Settings> => {
  const row = firstRow<{ doc: string }>(db, 'SELECT doc FROM settings WHERE username = ?', username)
  return row ? JSON.parse(row.doc) : {}
}

/**
 * Settings as they hold for one tenant, or for tenants without settings of their own.
 * @param startWith what the deployment's variables say
 */
export const settingsOf = (db: Db, username: string | null, startWith: Partial<Settings>): Settings => ({
  ...DEFAULTS,
  ...startWith,
  ...stored(db, EVERYONE),
  ...(username === null ? {} : stored(db, username)),
})

const save = (db: Db, username: string, doc: Record<string, unknown>) => {
  db.exec('INSERT OR REPLACE INTO settings (username, doc) VALUES (?, ?)', username, JSON.stringify(doc))
}

const merged = (before: object, change: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null))

/** Changes settings of one tenant, or (username null) of all, including those that have settings of their own. */
export const changeSettings = (
  db: Db,
  username: string | null,
  change: Readonly<Record<string, unknown>>,
): void => {
  save(db, username ?? EVERYONE, merged(stored(db, username ?? EVERYONE), change))
  if (username !== null) return
  const dropped = Object.fromEntries(Object.keys(change).map((name) => [name, null]))
  const own = db
    .exec<{ username: string }>('SELECT username FROM settings WHERE username <> ?', EVERYONE)
    .toArray()
  for (const row of own) save(db, row.username, merged(stored(db, row.username), dropped))
}

/** A change of settings: any subset; null puts one back to its default. */
export const SettingsChange = z.strictObject(
  Object.fromEntries(
    Object.entries(Settings.shape).map(([name, type]) => [name, (type as z.ZodType).nullable().optional()]),
  ),
)
