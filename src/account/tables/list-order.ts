/** In which direction Finexio lists each resource for this account, as earlier calls learned it. */
import type { ListOrder } from '../../rules/admission.ts'

export const LIST_ORDER = `
  CREATE TABLE list_order (
    resource TEXT PRIMARY KEY,
    newest_or_oldest TEXT NOT NULL CHECK (newest_or_oldest IN ('newest', 'oldest'))
  ) STRICT, WITHOUT ROWID;
`

/** Writes only what is new. */
export const insertOrder = (sql: SqlStorage, resource: string, order: ListOrder): void => {
  const [known] = sql
    .exec('SELECT 1 FROM list_order WHERE resource = ? AND newest_or_oldest = ?', resource, order)
    .toArray()
  if (!known) sql.exec('INSERT OR REPLACE INTO list_order VALUES (?, ?)', resource, order)
}
