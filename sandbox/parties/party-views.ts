/** One supplier or buyer record, and how each of the three families shows it. */
import { type Micros, timestampText } from '../tenants/micros.ts'
import type { Fields } from '../wire/validation.ts'

export type Kind = 'Buyer' | 'Supplier'
export type Party = { id: string; kind: Kind; created: Micros; updated: Micros; fields: Fields }
export type Contact = Fields & { id: string | null; external_reference_id: string | null; primary: boolean }

const SUPPLIER_EMPTY: Fields = {
  name: '',
  care_of: '',
  remit_address_1: '',
  remit_address_2: '',
  remit_city: '',
  remit_state: '',
  remit_zipcode: '',
  remit_country: 'USA',
  corporate_address_1: '',
  corporate_address_2: '',
  corporate_city: '',
  corporate_state: '',
  corporate_zipcode: '',
  corporate_country: 'USA',
  corporate_phone_number: '',
  external_reference_id: '',
  tax_id: '',
  contacts: [],
  remit_email: '',
  bank_account_number: null,
  bank_routing_number: null,
  payment_method: 'ACH',
  delivery_method: null,
  notification_method: null,
  created: null,
  updated: null,
  payment_terms: null,
  ineligible_for_conversion: false,
  ineligible_for_cbm: false,
  payee_type: '',
  twelve_month_payment_count: null,
  twelve_month_spend: null,
  notes: '',
  metadata: null,
  enabled: true,
  internal_payments: false,
  category: null,
  sub_category: null,
  processing_fee: 0.015,
}

const BUYER_EMPTY: Fields = {
  name: '',
  dba_name: null,
  address_1: null,
  address_2: null,
  city: null,
  state: null,
  zipcode: null,
  country: 'USA',
  corporate_phone_number: null,
  external_reference_id: '',
  remit_data: null,
  tax_id: null,
  funding_method: null,
  drawdown_bank_account_number: null,
  drawdown_bank_routing_number: null,
  refund_bank_account_number: null,
  refund_bank_routing_number: null,
  contacts: [],
  ready_for_use: false,
  reason_not_usable: 'Not verified yet',
  metadata: null,
  created: null,
  updated: null,
  owners: [],
}

const COUNTERPARTY_EMPTY: Fields = {
  name: '',
  type: null,
  created: null,
  updated: null,
  address_1: null,
  address_2: null,
  city: null,
  state: null,
  zipcode: null,
  country: 'USA',
  primary_contact_email: null,
  remit_email: null,
  primary_contact_name: null,
  primary_contact_phone: null,
  bank_account_number: null,
  bank_routing_number: null,
  payment_method: '',
  internal_id: '',
  payment_terms: null,
  tax_id: null,
  ineligible_for_conversion: false,
  twelve_month_payment_count: null,
  twelve_month_spend: null,
  business_type: null,
  notes: null,
  remit_data: null,
  issue_one_disbursement_per_invoice: false,
}

/** Field of the older family → field of the supplier record. */
export const AS_SUPPLIER: Readonly<Record<string, string>> = {
  internal_id: 'external_reference_id',
  address_1: 'remit_address_1',
  address_2: 'remit_address_2',
  city: 'remit_city',
  state: 'remit_state',
  zipcode: 'remit_zipcode',
  country: 'remit_country',
  business_type: 'payee_type',
}

const NOT_IN_LISTS = [
  'twelve_month_payment_count',
  'twelve_month_spend',
  'ineligible_for_conversion',
  'business_type',
]

const shown = (party: Party, empty: Fields, fields: Fields): Fields => {
  const moments = { created: timestampText(party.created), updated: timestampText(party.updated) }
  const known = Object.keys(empty).map((name) => [name, fields[name] ?? empty[name]])
  return { id: party.id, ...Object.fromEntries(known), ...moments }
}

/** The contact marked as primary, or null. */
export const primaryContact = (fields: Fields): Contact | null =>
  ((fields.contacts as Contact[] | undefined) ?? []).find((contact) => contact.primary) ?? null

export const supplierView = (party: Party): Fields => shown(party, SUPPLIER_EMPTY, party.fields)

const masked = (value: unknown) =>
  typeof value === 'string' && value !== '' ? `***${value.slice(-4)}` : (value ?? null)

const ownerView = (owner: Fields): Fields => ({
  ...owner,
  ...Object.fromEntries(
    ['ssn', 'passport', 'drivers_license_number'].map((name) => [name, masked(owner[name])]),
  ),
})

export const buyerView = (party: Party): Fields => {
  const owners = (party.fields.owners as Fields[] | undefined) ?? []
  const view = shown(party, BUYER_EMPTY, { ...party.fields, owners: owners.map(ownerView) })
  return view.ready_for_use ? { ...view, reason_not_usable: null } : view
}

const supplierAsCounterparty = (fields: Fields): Fields => {
  const primary = primaryContact(fields)
  const mapped = Object.keys(COUNTERPARTY_EMPTY).map((name) => [name, fields[AS_SUPPLIER[name] ?? name]])
  return {
    ...Object.fromEntries(mapped),
    payment_method: fields.payment_method === 'Check' ? 'PrintedCheck' : fields.payment_method,
    primary_contact_name: primary?.name,
    primary_contact_email: primary?.email,
    primary_contact_phone: primary?.phone,
  }
}

/** Buyers show little here: only what was written through this family. */
const buyerAsCounterparty = (fields: Fields): Fields => ({
  ...(fields.counterparty as Fields | undefined),
  name: fields.name,
  country: fields.country,
  internal_id: fields.external_reference_id,
})

export const counterpartyView = (party: Party): Fields => {
  const fields =
    party.kind === 'Supplier' ? supplierAsCounterparty(party.fields) : buyerAsCounterparty(party.fields)
  return shown(party, COUNTERPARTY_EMPTY, { ...fields, type: party.kind })
}

/** A row of the counterparty list, which shows less than the single record. */
export const counterpartyRow = (party: Party): Fields =>
  Object.fromEntries(Object.entries(counterpartyView(party)).filter(([name]) => !NOT_IN_LISTS.includes(name)))

const CONTACT_FLAGS = {
  Supplier: ['payment_notification'],
  Buyer: ['funding_notification', 'refund_notification'],
} as const

/** A contact as stored: every field present, flags of its family, an id. */
export const storedContact = (kind: Kind, contact: Fields, id: string | null): Contact => ({
  ...Object.fromEntries(CONTACT_FLAGS[kind].map((name) => [name, contact[name] === true])),
  id,
  external_reference_id: (contact.external_reference_id as string | undefined) || null,
  name: contact.name || null,
  email: contact.email || null,
  phone: contact.phone || null,
  primary: contact.primary === true,
})
