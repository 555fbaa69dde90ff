/** The sandbox's storage: one SQLite database, every row of Finexio data carrying its tenant. */

export type Db = SqlStorage

const DDL = `
CREATE TABLE IF NOT EXISTS tenants (
  id INTEGER PRIMARY KEY, username TEXT UNIQUE NOT NULL, digest TEXT NOT NULL, marker TEXT NOT NULL,
  seeded_on INTEGER, clock_offset INTEGER NOT NULL DEFAULT 0, serial INTEGER NOT NULL DEFAULT 0,
  window_start INTEGER NOT NULL DEFAULT 0, window_count INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS parties (
  tenant INTEGER, id TEXT, kind TEXT, name TEXT, ref TEXT, created INTEGER, updated INTEGER, enabled INTEGER,
  optout INTEGER, doc TEXT, PRIMARY KEY (tenant, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS parties_ref ON parties (tenant, kind, ref);
CREATE TABLE IF NOT EXISTS invoices (
  tenant INTEGER, id TEXT, number TEXT, buyer TEXT, supplier TEXT, amount INTEGER, discount INTEGER, created INTEGER,
  updated INTEGER, status TEXT, payment TEXT, group_id TEXT, refunded INTEGER, doc TEXT,
  PRIMARY KEY (tenant, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS invoices_created ON invoices (tenant, created);
CREATE INDEX IF NOT EXISTS invoices_number ON invoices (tenant, number);
CREATE INDEX IF NOT EXISTS invoices_payment ON invoices (tenant, payment);
CREATE INDEX IF NOT EXISTS invoices_waiting ON invoices (tenant, created) WHERE payment IS NULL;
CREATE TABLE IF NOT EXISTS payments (
  tenant INTEGER, id TEXT, created INTEGER, updated INTEGER, amount INTEGER, buyer TEXT, supplier TEXT, method TEXT,
  delivery TEXT, tracking TEXT, funding TEXT, drawdown TEXT, outcome TEXT, held INTEGER, forced TEXT, status TEXT,
  steps INTEGER, next INTEGER, refunded INTEGER, doc TEXT, PRIMARY KEY (tenant, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS payments_created ON payments (tenant, created);
CREATE INDEX IF NOT EXISTS payments_drawdown ON payments (tenant, drawdown);
CREATE INDEX IF NOT EXISTS payments_tracking ON payments (tenant, tracking);
CREATE INDEX IF NOT EXISTS payments_next ON payments (tenant, next) WHERE next IS NOT NULL;
CREATE TABLE IF NOT EXISTS drawdowns (
  tenant INTEGER, id TEXT, buyer TEXT, created INTEGER, amount INTEGER, status TEXT, result TEXT, completed INTEGER,
  next INTEGER, last_four TEXT, trace TEXT, PRIMARY KEY (tenant, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS drawdowns_next ON drawdowns (tenant, next) WHERE next IS NOT NULL;
CREATE TABLE IF NOT EXISTS history (
  tenant INTEGER, id TEXT, object_id TEXT, created INTEGER, action TEXT, actor TEXT, address TEXT, changes TEXT,
  PRIMARY KEY (tenant, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS webhooks (
  tenant INTEGER, id TEXT, created INTEGER, updated INTEGER, doc TEXT, PRIMARY KEY (tenant, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY, tenant INTEGER, event TEXT, object_id TEXT, at INTEGER, due INTEGER);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (tenant, due);
CREATE TABLE IF NOT EXISTS deliveries (id INTEGER PRIMARY KEY, tenant INTEGER, doc TEXT);
CREATE TABLE IF NOT EXISTS requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT, status INTEGER, doc TEXT, body TEXT);
CREATE INDEX IF NOT EXISTS requests_username ON requests (username);
CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT, remaining INTEGER, doc TEXT);
CREATE TABLE IF NOT EXISTS settings (username TEXT PRIMARY KEY, doc TEXT);
`

/** Tables that hold one tenant's Finexio data. */
export const TENANT_TABLES = [
  'parties',
  'invoices',
  'payments',
  'drawdowns',
  'history',
  'webhooks',
  'outbox',
  'deliveries',
] as const

export const createTables = (db: Db): void => {
  db.exec(DDL)
}

/** All rows of a query. */
export const rows = <Row>(db: Db, query: string, ...values: unknown[]): Row[] =>
  db.exec(query, ...(values as SqlStorageValue[])).toArray() as Row[]

/** The first row of a query, or null. */
export const firstRow = <Row>(db: Db, query: string, ...values: unknown[]): Row | null =>
  rows<Row>(db, query, ...values)[0] ?? null

const CHUNK_ROWS = 400

/** Inserts many rows in few statements: values travel as JSON, in the order of the columns. */
export const insertMany = (
  db: Db,
  table: string,
  columns: readonly string[],
  values: readonly unknown[][],
): void => {
  const picked = columns.map((_, index) => `line->>${index}`).join(', ')
  // Materialized, since SQLite would write out a row's JSON anew for each of its columns.
  const statement = `WITH given (line) AS MATERIALIZED (SELECT value FROM json_each(?))
    INSERT INTO ${table} (${columns.join(', ')}) SELECT ${picked} FROM given`
  for (let at = 0; at < values.length; at += CHUNK_ROWS)
    db.exec(statement, JSON.stringify(values.slice(at, at + CHUNK_ROWS)))
}

/** Inserts one row given as column → value. */
export const insertRow = (db: Db, table: string, row: Readonly<Record<string, unknown>>): void =>
  insertMany(db, table, Object.keys(row), [Object.values(row)])
