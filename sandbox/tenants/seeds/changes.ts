/** Seeded change log: how every buyer and supplier came to look as it does. */

import { type Change, changesBetween } from '../../parties/history-entries.ts'
import { counterpartyView, type Party } from '../../parties/party-views.ts'
import { between, mix } from '../chance.ts'
import { DAY, type Micros } from '../micros.ts'
import type { Row } from './money.ts'
import { PEOPLE } from './names.ts'
import { type Owner, seedId, VENDOR_ALPHA } from './parties.ts'

type Entry = { at: Micros; action: 'Create' | 'Update'; changes: Change[] }

const EARLIER: Readonly<Record<string, unknown>> = {
  payment_terms: 20,
  primary_contact_phone: '555-0199',
  remit_email: 'accounts@former-address.example',
  notes: 'To be reviewed',
}

const asCreated = (party: Party, then: Readonly<Record<string, unknown>>): Change[] =>
  changesBetween(null, { ...counterpartyView(party), ...then })

const changed = (party: Party, field: string, before: unknown): Change => ({
  field,
  before,
  after: counterpartyView(party)[field] ?? null,
})

/** Check until day −45, by which time the supplier had moved; a contact changed later. */
const vendorAlpha = (party: Party, day: Micros): Entry[] => {
  const first = {
    address_1: '14 Cannery Row',
    address_2: null,
    city: 'Cold Harbor',
    state: 'ME',
    zipcode: '04002',
  }
  const unbanked = { bank_account_number: null, bank_routing_number: null }
  return [
    {
      at: party.created,
      action: 'Create',
      changes: asCreated(party, { ...first, ...unbanked, payment_method: 'PrintedCheck' }),
    },
    {
      at: day - 120 * DAY + 34_964_301_122,
      action: 'Update',
      changes: Object.entries(first).map(([field, before]) => changed(party, field, before)),
    },
    {
      at: day - 45 * DAY + 55_032_700_455,
      action: 'Update',
      changes: [
        changed(party, 'payment_method', 'PrintedCheck'),
        ...Object.keys(unbanked).map((field) => changed(party, field, null)),
      ],
    },
    {
      at: day - 20 * DAY + 39_999_999_980,
      action: 'Update',
      changes: [changed(party, 'primary_contact_phone', '555-0199')],
    },
  ]
}

const changeable = (party: Party) => {
  const now = counterpartyView(party)
  return Object.keys(EARLIER).filter(
    (field) => (now[field] ?? null) !== null && mix(`${party.fields.external_reference_id}/${field}`) % 3 > 0,
  )
}

const ordinary = (party: Party, day: Micros): Entry[] => {
  if (party.kind === 'Buyer') return [{ at: party.created, action: 'Create', changes: asCreated(party, {}) }]
  const ref = String(party.fields.external_reference_id)
  const fields = changeable(party)
  const converted = party.fields.payment_method === 'ACH' && mix(ref) % 3 === 0
  const then = {
    ...Object.fromEntries(fields.map((field) => [field, EARLIER[field]])),
    ...(converted
      ? { payment_method: 'PrintedCheck', bank_account_number: null, bank_routing_number: null }
      : {}),
  }
  const moment = (field: string) => day - between(`${ref}/${field}/when`, 3, 400) * DAY + mix(ref) * 10
  const updates = fields.map(
    (field): Entry => ({
      at: moment(field),
      action: 'Update',
      changes: [changed(party, field, EARLIER[field])],
    }),
  )
  const conversion: Entry = {
    at: moment('payment_method'),
    action: 'Update',
    changes: [
      changed(party, 'payment_method', 'PrintedCheck'),
      changed(party, 'bank_account_number', null),
      changed(party, 'bank_routing_number', null),
    ],
  }
  return [
    { at: party.created, action: 'Create', changes: asCreated(party, then) },
    ...updates,
    ...(converted ? [conversion] : []),
  ]
}

/** Change-log rows of these parties. */
export const changeRows = (owner: Owner, parties: readonly Party[], day: Micros): Row[] =>
  parties.flatMap((party) => {
    const isAlpha = party.fields.external_reference_id === VENDOR_ALPHA
    return (isAlpha ? vendorAlpha(party, day) : ordinary(party, day)).map((entry, at) => ({
      id: seedId(owner, `history/${party.id}/${at}`),
      object_id: party.id,
      created: entry.at,
      action: entry.action,
      actor: PEOPLE[mix(`${party.id}/${at}`) % PEOPLE.length]!.toLowerCase().replace(/[^a-z]+/g, '.'),
      address: `192.0.2.${between(`${party.id}/${at}/ip`, 10, 60)}`,
      changes: entry.changes,
    }))
  })

/** Parties whose `updated` is the moment of their last change. */
export const touched = (parties: readonly Party[], changes: readonly Row[]): Party[] => {
  const last = new Map<string, Micros>()
  for (const { object_id, created } of changes)
    last.set(String(object_id), Math.max(last.get(String(object_id)) ?? 0, Number(created)))
  return parties.map((party) => ({
    ...party,
    updated: Math.max(party.updated, (last.get(party.id) ?? 0) + 16),
  }))
}
