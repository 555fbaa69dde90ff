/** In which direction Finexio lists each resource for this account, as earlier calls learned it. */
import type { ListOrder } from '../../rules/admission.ts'

export const LIST_ORDER = `
  CREATE TABLE list_order (
    resource TEXT PRIMARY KEY,
    newest_or_oldest TEXT NOT NULL CHECK (newest_or_oldest IN ('newest', 'oldest'))
  ) STRICT, WITHOUT ROWID;
`

/** Stores the order of a resource's list; writes nothing when it is stored already. */
export const insertOrder = (sql: SqlStorage, resource: string, order: ListOrder): void => {
  sql.exec(
    `INSERT INTO list_order VALUES (?1, ?2) ON CONFLICT (resource) DO UPDATE SET newest_or_oldest = ?2
     WHERE newest_or_oldest <> ?2`,
    ...[resource, order],
  )
}
