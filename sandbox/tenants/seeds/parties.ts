/** Seeded buyers and suppliers: the three of Finexio's stage environment, those that example prompts name, and plausible others. */

import type { Party } from '../../parties/party-views.ts'
import type { Fields } from '../../wire/validation.ts'
import { between, digitsOf, mix, uuidOf } from '../chance.ts'
import { DAY, type Micros } from '../micros.ts'
import { type PaidBy, PEOPLE, STREETS, SUPPLIER_NAMES, TOWNS } from './names.ts'

/** No bank's: six zeros, two digits, and the digit that checks them with the weights 3, 7 and 1. */
const routingNumber = (two: string): string =>
  `000000${two}${(10 - ((3 * Number(two[0]) + 7 * Number(two[1])) % 10)) % 10}`

/** Whose seeds these are. */
export type Owner = { username: string; marker: string }

export const DEMO = 'demo'
export const BUYER_IDS = { prompt: 'buy_456', other: 'buy_111' } as const
export const SUPPLIER_IDS = { prompt: 'sup_123', other: 'sup_999' } as const
export const VENDOR_ALPHA = 'VENDOR_ALPHA'

const PAID_BY = {
  C: ['Check', 'Mail'],
  A: ['ACH', null],
  K: ['Card', 'Email'],
  W: ['Wire', null],
} as const

/** Names carry the tenant, so that a row in the wrong place shows itself. */
const named = (owner: Owner, name: string): string =>
  owner.username === DEMO ? name : `${name} (${owner.username.slice(0, 40)})`

const slug = (name: string) =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')

/** The id of a seeded record: the same for the same owner on every day. */
export const seedId = (owner: Owner, what: string): string => uuidOf(`${owner.username}/seed/${what}`)

const contact = (owner: Owner, key: string, domain: string, primary: boolean): Fields => {
  const name = PEOPLE[between(`${key}/person`, 0, PEOPLE.length - 1)]!
  return {
    payment_notification: primary,
    // Contacts of old date have no id.
    id: primary || mix(key) % 2 === 0 ? seedId(owner, `contact/${key}`) : null,
    external_reference_id: `CT-${key}`,
    name,
    email: `${slug(name)}@${domain}`,
    phone: `555-01${digitsOf(key, 2)}`,
    primary,
  }
}

type Sketch = { key: string; name: string; paidBy: PaidBy; category: string; ref: string; id?: string }

const supplier = (owner: Owner, day: Micros, sketch: Sketch, own: Fields = {}): Party => {
  const { key, name, paidBy, category } = sketch
  const domain = `${slug(name)}.example`
  const [city, state, zip] = TOWNS[between(`${key}/town`, 0, TOWNS.length - 1)]!
  const [payment_method, delivery_method] = PAID_BY[paidBy]
  const created =
    day - between(`${key}/age`, 430, 700) * DAY + between(`${key}/time`, 0, 86_399) * 1_000_000 + 120_431
  const banked = paidBy === 'A' || paidBy === 'W'
  const fields: Fields = {
    name: named(owner, name),
    external_reference_id: sketch.ref,
    payment_method,
    delivery_method,
    remit_address_1: `${between(`${key}/house`, 1, 980)} ${STREETS[between(`${key}/street`, 0, 9)]}`,
    remit_city: city,
    remit_state: state,
    remit_zipcode: zip,
    remit_country: 'USA',
    remit_email: `remit@${domain}`,
    tax_id: `00-${digitsOf(`${key}/tax`, 7)}`,
    payment_terms: [10, 15, 30, 45, 60][between(`${key}/terms`, 0, 4)],
    payee_type: 'Business',
    category,
    metadata: { erp_vendor: `V-${key}` },
    contacts: [
      contact(owner, `${key}-1`, domain, true),
      ...(between(`${key}/second`, 0, 2) === 0 ? [contact(owner, `${key}-2`, domain, false)] : []),
    ],
    ...(banked
      ? {
          bank_account_number: `0000${digitsOf(`${owner.username}/${key}/bank`, 6)}`,
          bank_routing_number: routingNumber(digitsOf(`${key}/routing`, 2)),
        }
      : {}),
    ...own,
  }
  const id = sketch.id ?? seedId(owner, `supplier/${key}`)
  return { id, kind: 'Supplier', created, updated: created + 16, fields }
}

const acme = (owner: Owner, day: Micros): Party => {
  const fields: Fields = {
    remit_address_1: '4000 Warner Boulevard',
    remit_city: 'Burbank',
    remit_state: 'CA',
    remit_zipcode: '91505',
  }
  return supplier(
    owner,
    day,
    { key: 'ACME', name: 'Acme Co.', paidBy: 'C', category: 'Retail', ref: 'ACME' },
    fields,
  )
}

/** Paid by ACH today; its history tells since when. Same address as after its move. */
const vendorAlpha = (owner: Owner, day: Micros): Party => ({
  ...supplier(
    owner,
    day,
    { key: 'ALPHA', name: 'Alpha Fabrication Works', paidBy: 'A', category: 'Materials', ref: VENDOR_ALPHA },
    {
      remit_address_1: '88 Foundry Road',
      remit_address_2: 'Suite 3',
      remit_city: 'Fort Juniper',
      remit_state: 'CO',
      remit_zipcode: '80005',
    },
  ),
  created: day - 330 * DAY + 51_300_120_431,
  updated: day - 20 * DAY + 40_000_000_000,
})

/** All suppliers: the named ones first. */
export const seedSuppliers = (owner: Owner, day: Micros): Party[] => [
  acme(owner, day),
  vendorAlpha(owner, day),
  supplier(owner, day, {
    key: 'S123',
    name: 'Northgate Paper Supply',
    paidBy: 'C',
    category: 'Office',
    ref: 'NORTHGATE-123',
    id: SUPPLIER_IDS.prompt,
  }),
  supplier(owner, day, {
    key: 'S999',
    name: 'Blue Ridge Cold Storage',
    paidBy: 'A',
    category: 'Logistics',
    ref: 'BLUERIDGE-999',
    id: SUPPLIER_IDS.other,
  }),
  ...SUPPLIER_NAMES.map(([name, paidBy, category], at) =>
    supplier(
      owner,
      day,
      { key: `S${String(at + 1001)}`, name, paidBy, category, ref: `VND-${1001 + at}` },
      { enabled: at % 23 !== 22, ineligible_for_cbm: at % 17 === 16 },
    ),
  ),
]

type BuyerSketch = { key: string; name: string; ref: string; funding: string; id?: string }

const buyer = (owner: Owner, day: Micros, sketch: BuyerSketch, lastFour: string): Party => {
  const { key, name, ref } = sketch
  const created = day - 720 * DAY + 28_800_000_101
  const fields: Fields = {
    name,
    external_reference_id: ref,
    address_1: `${between(`${key}/house`, 1, 900)} ${STREETS[between(`${key}/street`, 0, 9)]}`,
    city: 'Eagle Bend',
    state: 'MN',
    zipcode: '55004',
    country: 'USA',
    tax_id: `00-${digitsOf(`${key}/tax`, 7)}`,
    funding_method: sketch.funding,
    drawdown_bank_account_number: `00000000${lastFour}`,
    drawdown_bank_routing_number: '000000000',
    ready_for_use: true,
    counterparty: {},
    contacts: [],
  }
  const id = sketch.id ?? seedId(owner, `buyer/${key}`)
  return { id, kind: 'Buyer', created, updated: created + 132, fields }
}

/** `demo` → `Demo`, as stage names its buyers after the API user. */
const firstName = (username: string) => username.slice(0, 1).toUpperCase() + username.slice(1, 60)

/** Stage's two buyers, then the two that example prompts name. */
export const seedBuyers = (owner: Owner, day: Micros): Party[] => [
  buyer(
    owner,
    day,
    { key: 'B1', name: `${firstName(owner.username)}1`, ref: 'Example1', funding: 'ach_debit' },
    '0042',
  ),
  buyer(
    owner,
    day,
    { key: 'B2', name: `${firstName(owner.username)}2`, ref: 'Example2', funding: 'ach_debit' },
    '0042',
  ),
  buyer(
    owner,
    day,
    {
      key: 'B456',
      name: named(owner, 'Kestrel Manufacturing Group'),
      ref: 'KESTREL-456',
      funding: 'reverse_wire',
      id: BUYER_IDS.prompt,
    },
    '4560',
  ),
  buyer(
    owner,
    day,
    {
      key: 'B111',
      name: named(owner, 'Juniper Hotels LLC'),
      ref: 'JUNIPER-111',
      funding: 'ach_debit',
      id: BUYER_IDS.other,
    },
    '1110',
  ),
]
