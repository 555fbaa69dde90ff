/** What a write changes about how somebody is paid, as long as its outcome is open: values masked, as the trail shows them. */
import type { PayeeEntry } from '../../audit/entry.ts'
import { firstRow } from '../rows.ts'

/** Null: it changes no payee, its outcome was told, or it was claimed by an earlier version, which told it at the claim. */
export const LEDGER_CHANGE = 'ALTER TABLE ledger ADD COLUMN change TEXT;'

type Change = Pick<PayeeEntry, 'supplier_id' | 'supplier_name' | 'changed' | 'fields' | 'unpaid'>

export const keepChange = (sql: SqlStorage, key: string, change: Change): void => {
  sql.exec('UPDATE ledger SET change = ? WHERE key = ?', JSON.stringify(change), key)
}

export const keptChange = (sql: SqlStorage, key: string): Change | null => {
  const kept = firstRow<{ change: string | null }>(
    sql,
    'SELECT change FROM ledger WHERE key = ?',
    key,
  )?.change
  return kept ? (JSON.parse(kept) as Change) : null
}

export const dropChange = (sql: SqlStorage, key: string): void => {
  sql.exec('UPDATE ledger SET change = NULL WHERE key = ?', key)
}
