/** What a write changes about how somebody is paid, as long as its outcome is open: values masked, as the trail shows them. */
import type { PayeeEntry } from '../../audit/entry.ts'

/** Null: it changes no payee, its outcome was told, or it was claimed by an earlier version, which told it at the claim. */
export const LEDGER_CHANGE = 'ALTER TABLE ledger ADD COLUMN change TEXT;'

export type Change = Pick<PayeeEntry, 'supplier_id' | 'supplier_name' | 'changed' | 'fields' | 'unpaid'>

export const keepChange = (sql: SqlStorage, key: string, change: Change): void => {
  sql.exec('UPDATE ledger SET change = ? WHERE key = ?', JSON.stringify(change), key)
}

/** @param kept as the claim holds it */
export const readChange = (kept: string | null): Change | null => (kept ? (JSON.parse(kept) as Change) : null)

export const dropChange = (sql: SqlStorage, key: string): void => {
  sql.exec('UPDATE ledger SET change = NULL WHERE key = ?', key)
}
