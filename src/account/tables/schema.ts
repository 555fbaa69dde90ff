/** A Durable Object's tables, brought up to date when the object wakes. */

/** SQL of one version, or what has to be worked out, in order; version n is migration n - 1. Never changed once released. */
export type Migrations = readonly (string | ((sql: SqlStorage) => void))[]

/** 0 for an object that never stored anything. Reads only. */
export const schemaVersion = (sql: SqlStorage): number => {
  const [table] = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").toArray()
  if (!table) return 0
  return sql.exec<{ version: number }>('SELECT version FROM schema_version').one().version
}

/**
 * Applies the migrations that are missing, all or none.
 * @throws when the stored version is newer than this code: a rolled-back deployment must not touch newer tables
 */
export const migrate = (storage: DurableObjectStorage, migrations: Migrations): void => {
  const { sql } = storage
  const stored = schemaVersion(sql)
  if (stored > migrations.length)
    throw new Error(`Stored schema version ${stored} is newer than this code (${migrations.length}).`)
  if (stored === migrations.length) return
  storage.transactionSync(() => {
    if (stored === 0) sql.exec('CREATE TABLE schema_version (version INTEGER NOT NULL)')
    if (stored === 0) sql.exec('INSERT INTO schema_version VALUES (0)')
    for (const migration of migrations.slice(stored))
      if (typeof migration === 'string') sql.exec(migration)
      else migration(sql)
    sql.exec('UPDATE schema_version SET version = ?', migrations.length)
  })
}
