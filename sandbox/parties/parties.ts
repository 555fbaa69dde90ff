/** Stored buyers and suppliers. */

import type { Micros } from '../tenants/micros.ts'
import { firstRow, insertRow } from '../tenants/tables.ts'
import type { Call } from '../wire/call.ts'
import type { Fields } from '../wire/validation.ts'
import type { Contact, Kind, Party } from './party-views.ts'

export type PartyRow = { id: string; kind: Kind; created: Micros; updated: Micros; doc: string }

export const partyOf = (row: PartyRow): Party => ({
  id: row.id,
  kind: row.kind,
  created: row.created,
  updated: row.updated,
  fields: JSON.parse(row.doc),
})

type Scope = Pick<Call, 'db' | 'tenant'>

export const findParty = ({ db, tenant }: Scope, id: string): Party | null => {
  const row = firstRow<PartyRow>(db, 'SELECT * FROM parties WHERE tenant = ? AND id = ?', tenant.id, id)
  return row && partyOf(row)
}

/** Whether another record of this kind carries the reference. */
export const isTaken = ({ db, tenant }: Scope, kind: Kind, ref: unknown, ownId: string): boolean =>
  firstRow(
    db,
    'SELECT 1 FROM parties WHERE tenant = ? AND kind = ? AND ref = ? AND id <> ?',
    tenant.id,
    kind,
    ref,
    ownId,
  ) !== null

export const partyColumns = (tenantId: number, party: Party, optout: Micros | null = null) => ({
  tenant: tenantId,
  id: party.id,
  kind: party.kind,
  name: String(party.fields.name),
  ref: String(party.fields.external_reference_id),
  created: party.created,
  updated: party.updated,
  enabled: party.fields.enabled === false ? 0 : 1,
  optout,
  doc: JSON.stringify(party.fields),
})

/** Stores a new record or one that changed. */
export const storeParty = ({ db, tenant }: Scope, party: Party): void => {
  const old = firstRow<{ optout: Micros | null }>(
    db,
    'SELECT optout FROM parties WHERE tenant = ? AND id = ?',
    tenant.id,
    party.id,
  )
  db.exec('DELETE FROM parties WHERE tenant = ? AND id = ?', tenant.id, party.id)
  const optedOut = party.fields.ineligible_for_cbm === true ? (old?.optout ?? party.updated) : null
  insertRow(db, 'parties', partyColumns(tenant.id, party, optedOut))
}

export const contactsOf = (party: Party): Contact[] => (party.fields.contacts as Contact[] | undefined) ?? []

/** Whether two contacts carry one external reference. */
export const repeatsReference = (contacts: readonly Fields[]): boolean => {
  const refs = contacts.map((contact) => contact.external_reference_id).filter(Boolean)
  return new Set(refs).size < refs.length
}
