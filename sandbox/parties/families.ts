/** The three families through which buyers and suppliers are written: what differs between them. */
import type { Filters } from '../lists/filters.ts'
import { wordsOf } from '../lists/filters.ts'
import { declaredQuery, type Fields } from '../wire/validation.ts'
import {
  AS_SUPPLIER,
  buyerView,
  type Contact,
  counterpartyRow,
  counterpartyView,
  type Kind,
  type Party,
  primaryContact,
  supplierView,
} from './party-views.ts'

export type Family = {
  resource: 'counterparties' | 'suppliers' | 'buyers'
  kinds: readonly Kind[]
  /** The field that must be unique within its kind. */
  reference: string
  filters: Filters
  view: (party: Party) => Fields
  row: (party: Party) => Fields
  /** Fields of this family as fields of the stored record. */
  stored: (kind: Kind, fields: Fields, before: Fields) => Fields
}

const updatedAfter = { sql: 'updated >= ?', kind: 'moment' } as const
const reference = { sql: 'ref = ?', kind: 'text' } as const
const CONTACT_FIELDS = ['name', 'email', 'phone'] as const
const DELIVERED: Readonly<Record<string, string | null>> = { Check: 'Mail', Card: 'Email' }

const withPrimaryContact = (fields: Fields, before: Fields): Fields => {
  const given = CONTACT_FIELDS.filter((name) => `primary_contact_${name}` in fields)
  if (given.length === 0) return {}
  const old = primaryContact(before)
  const others = ((before.contacts as Contact[] | undefined) ?? []).filter((contact) => contact !== old)
  const primary = {
    ...(old ?? { id: null, external_reference_id: null, primary: true, payment_notification: false }),
    ...Object.fromEntries(given.map((name) => [name, fields[`primary_contact_${name}`] ?? null])),
  }
  return { contacts: [primary, ...others] }
}

const upperCased = (fields: Fields): Fields =>
  typeof fields.internal_id === 'string'
    ? { ...fields, internal_id: fields.internal_id.toUpperCase() }
    : fields

const counterpartyToSupplier = (fields: Fields, before: Fields): Fields => {
  const renamed = Object.entries(fields)
    .filter(([name]) => name !== 'type' && !name.startsWith('primary_contact_'))
    .map(([name, value]) => [AS_SUPPLIER[name] ?? name, value])
  const own = { ...Object.fromEntries(renamed), ...withPrimaryContact(fields, before) }
  if (own.payment_method === 'PrintedCheck') own.payment_method = 'Check'
  if (typeof own.payment_method === 'string' && own.payment_method !== before.payment_method)
    own.delivery_method = DELIVERED[own.payment_method] ?? null
  return own
}

const counterpartyToBuyer = (fields: Fields, before: Fields): Fields => {
  const { name, country, internal_id, type: _, ...others } = fields
  return {
    ...(name === undefined ? {} : { name }),
    ...(country === undefined ? {} : { country }),
    ...(internal_id === undefined ? {} : { external_reference_id: internal_id }),
    counterparty: { ...(before.counterparty as Fields | undefined), ...others },
  }
}

export const COUNTERPARTIES: Family = {
  resource: 'counterparties',
  kinds: ['Buyer', 'Supplier'],
  reference: 'internal_id',
  filters: {
    // Not LIKE: SQLite on Workers takes patterns of at most 50 bytes.
    name: { sql: 'instr(lower(name), ?) > 0', kind: 'anyCase' },
    type: {
      sql: 'lower(kind) = lower(?)',
      kind: wordsOf(declaredQuery('counterparties', 'list'), 'type').flatMap((word) => [
        word,
        word.toLowerCase(),
      ]),
    },
    internal_id: reference,
    updated_after: updatedAfter,
  },
  view: counterpartyView,
  row: counterpartyRow,
  stored: (kind, fields, before) =>
    (kind === 'Supplier' ? counterpartyToSupplier : counterpartyToBuyer)(upperCased(fields), before),
}

export const SUPPLIERS: Family = {
  resource: 'suppliers',
  kinds: ['Supplier'],
  reference: 'external_reference_id',
  filters: {
    external_reference_id: reference,
    updated_after: updatedAfter,
    enabled: { sql: 'enabled = ?', kind: 'flag' },
    cbm_optout_date_start: { sql: 'optout >= ?', kind: 'moment' },
    cbm_optout_date_end: { sql: 'optout <= ?', kind: 'moment' },
  },
  view: supplierView,
  row: supplierView,
  stored: (_, fields) => fields,
}

export const BUYERS: Family = {
  resource: 'buyers',
  kinds: ['Buyer'],
  reference: 'external_reference_id',
  filters: { external_reference_id: reference, updated_after: updatedAfter },
  view: buyerView,
  row: buyerView,
  stored: (_, fields) => fields,
}
