/** The trail of an account that is gone: it alone stays, with the tokens whose use it tells of, and has no version of its own. */
import { hasAudit, settleAudit } from '../tables/audit.ts'
import { settlePush } from '../tables/push.ts'

/** Brings it into the present form. False where there is none. */
export const settleLeft = (storage: DurableObjectStorage): boolean => {
  const { sql } = storage
  if (!hasAudit(sql)) return false
  storage.transactionSync(() => {
    settleAudit(sql)
    settlePush(sql)
  })
  return true
}

const KEPT_TABLES = ['audit', 'audit_state', 'ended_token']
/** Tables of SQLite and of the platform. */
const FOREIGN = /^(sqlite_|_cf_)/

/** Drops every table but those of the trail, and of what it is still told. After that the object starts as one without an account. */
export const keepTrailAlone = (sql: SqlStorage): void => {
  const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray()
  sql.exec('PRAGMA defer_foreign_keys = on')
  for (const { name } of tables)
    if (!KEPT_TABLES.includes(name) && !FOREIGN.test(name)) sql.exec(`DROP TABLE "${name}"`)
}
