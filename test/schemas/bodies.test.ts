import { describe, expect, it } from 'vitest'
import { bodyOf, problemsOf, without } from './support.ts'

const supplier = {
  name: 'Invented Bolts LLC',
  external_reference_id: 'BOLTS-7',
  payment_method: 'Card',
  delivery_method: 'Phone',
}
const checkAddress = {
  remit_address_1: '9 Fable Road',
  remit_city: 'Nowhere',
  remit_state: 'TX',
  remit_zipcode: '00001',
}
const bank = { bank_account_number: '000000001', bank_routing_number: '021000021' }
const buyer = {
  name: 'Imagined Foods Inc.',
  external_reference_id: 'FOODS-1',
  tax_id: '00-0000009',
  funding_method: 'wire',
  address_1: '5 Myth Street',
  city: 'Nowhere',
  state: 'ON',
  zipcode: 'X0X 0X0',
  country: 'CAN',
}
const owner = {
  controlling_owner: true,
  first_name: 'Made',
  last_name: 'Up',
  country_code: 'CAN',
  address1: '5 Myth Street',
  city: 'Nowhere',
  state: 'ON',
  postal_code: 'X0X 0X0',
  date_of_birth: '1901-02-03',
  email: 'made.up@imagined-foods.example',
}
const counterparty = {
  name: 'Invented Bolts LLC',
  type: 'Supplier',
  internal_id: 'bolts-7',
  payment_method: 'Wire',
  ...bank,
}
const invoice = {
  amount_cents: 4_500,
  invoice_date: '2025-10-30',
  invoice_number: 'BOLT-1',
  originating_counterparty_id: 'buy_1',
  receiving_counterparty_id: 'sup_1',
}
const webhook = {
  event: 'payment.changed',
  url: 'https://hooks.invented.example/f',
  username: 'u',
  password: 'p',
}
const contact = { primary: false }

const VALID: Record<string, [string, string, unknown]> = {
  counterparty: ['counterparties', 'create', counterparty],
  supplier: ['suppliers', 'create', supplier],
  buyer: ['buyers', 'create', buyer],
  supplierContact: ['supplier_contacts', 'create', contact],
  buyerContact: ['buyer_contacts', 'create', contact],
  invoices: ['invoices', 'bulk_create', [invoice]],
  webhook: ['webhooks', 'create', webhook],
  webhookPut: ['webhooks', 'update', webhook],
  counterpartyPut: ['counterparties', 'update', { name: 'A', type: 'Buyer', internal_id: 'B' }],
  supplierPut: ['suppliers', 'update', { external_reference_id: 'BOLTS-7' }],
  buyerPut: ['buyers', 'update', {}],
}

describe('the least that Finexio accepts', () => {
  it.each(Object.entries(VALID))('%s', (_, [resource, method, value]) => {
    expect(problemsOf(resource, method, value)).toEqual([])
  })

  it.each(['counterparties', 'suppliers', 'buyers', 'webhooks'])(
    '%s: a change may hold any single field',
    (name) => {
      const fields = Object.keys(bodyOf(name, 'partial_update').shape)
      expect(fields.length).toBeGreaterThan(10)
      expect(problemsOf(name, 'partial_update', {})).toEqual([])
    },
  )
})

const REQUIRED: [string, string, Record<string, unknown>, string[]][] = [
  ['counterparties', 'create', counterparty, ['name', 'type', 'internal_id']],
  [
    'counterparties',
    'update',
    { name: 'A', type: 'Buyer', internal_id: 'B' },
    ['name', 'type', 'internal_id'],
  ],
  ['suppliers', 'create', supplier, ['name', 'external_reference_id', 'payment_method']],
  ['suppliers', 'update', { external_reference_id: 'X' }, ['external_reference_id']],
  [
    'buyers',
    'create',
    buyer,
    [
      'name',
      'external_reference_id',
      'tax_id',
      'funding_method',
      'address_1',
      'city',
      'state',
      'zipcode',
      'country',
    ],
  ],
  ['supplier_contacts', 'create', contact, ['primary']],
  ['supplier_contacts', 'update', contact, ['primary']],
  ['buyer_contacts', 'create', contact, ['primary']],
  ['buyer_contacts', 'update', contact, ['primary']],
  ['webhooks', 'create', webhook, ['event', 'url', 'username', 'password']],
  ['webhooks', 'update', webhook, ['event', 'url', 'username', 'password']],
]

describe('required fields', () => {
  it.each(
    REQUIRED.flatMap(([resource, method, value, names]) =>
      names.map((name) => ({ resource, method, value, name })),
    ),
  )('$resource.$method without $name', ({ resource, method, value, name }) => {
    expect(problemsOf(resource, method, without(value, name))).toEqual([name])
  })

  it.each(Object.keys(invoice))('an invoice without %s', (name) => {
    expect(problemsOf('invoices', 'bulk_create', [invoice, without(invoice, name)])).toEqual([`1.${name}`])
  })

  it('must not be blank', () => {
    expect(problemsOf('suppliers', 'create', { ...supplier, name: '' })).toEqual(['name'])
    expect(
      problemsOf('invoices', 'bulk_create', [{ ...invoice, originating_counterparty_id: '' }]),
    ).toHaveLength(1)
  })

  it.each(Object.keys(owner))('an owner without %s', (name) => {
    const owners = [without(owner, name)]
    expect(problemsOf('buyers', 'create', { ...buyer, owners })).toEqual([`owners.0.${name}`])
  })
})

describe('conditional fields', () => {
  const cases: [string, string, Record<string, unknown>, string[]][] = [
    [
      'check without address',
      'suppliers',
      { ...supplier, payment_method: 'Check' },
      Object.keys(checkAddress),
    ],
    ['check with address', 'suppliers', { ...supplier, payment_method: 'Check', ...checkAddress }, []],
    [
      'ACH without bank',
      'suppliers',
      { ...without(supplier, 'delivery_method'), payment_method: 'ACH' },
      Object.keys(bank),
    ],
    [
      'Wire with bank',
      'suppliers',
      { ...without(supplier, 'delivery_method'), payment_method: 'Wire', ...bank },
      [],
    ],
    ['Card without delivery', 'suppliers', without(supplier, 'delivery_method'), ['delivery_method']],
    ['Card with null delivery', 'suppliers', { ...supplier, delivery_method: null }, ['delivery_method']],
    ['Card by e-mail', 'suppliers', { ...supplier, delivery_method: 'Email' }, ['remit_email']],
    [
      'PrintedCheck',
      'counterparties',
      {
        ...without(counterparty, 'bank_account_number', 'bank_routing_number'),
        payment_method: 'PrintedCheck',
      },
      ['address_1', 'city', 'state', 'zipcode'],
    ],
    [
      'ACH',
      'counterparties',
      { ...without(counterparty, 'bank_account_number', 'bank_routing_number'), payment_method: 'ACH' },
      ['bank_account_number', 'bank_routing_number', 'remit_email'],
    ],
    ['Card', 'counterparties', { ...counterparty, payment_method: 'Card' }, ['remit_email']],
    [
      'check to Canada',
      'counterparties',
      {
        ...counterparty,
        payment_method: 'PrintedCheck',
        country: 'CAN',
        address_1: 'a',
        city: 'b',
        state: 'ON',
        zipcode: 'c',
      },
      ['remit_email'],
    ],
    [
      'ach_debit',
      'buyers',
      { ...buyer, funding_method: 'ach_debit' },
      ['drawdown_bank_account_number', 'drawdown_bank_routing_number'],
    ],
    [
      'reverse_wire',
      'buyers',
      { ...buyer, funding_method: 'reverse_wire' },
      ['drawdown_bank_account_number', 'drawdown_bank_routing_number'],
    ],
    ['US owner', 'buyers', { ...buyer, owners: [{ ...owner, country_code: 'USA' }] }, ['owners.0.ssn']],
    [
      'passport',
      'buyers',
      { ...buyer, owners: [{ ...owner, passport: 'P0' }] },
      ['owners.0.passport_country'],
    ],
  ]
  it.each(cases)('%s', (_, resource, value, expected) => {
    expect(problemsOf(resource, 'create', value).toSorted()).toEqual(expected.toSorted())
  })

  it('are named together with what else is wrong', () => {
    const value = {
      ...without(supplier, 'name'),
      payment_method: 'Check',
      ...without(checkAddress, 'remit_city'),
    }
    expect(problemsOf('suppliers', 'create', value).toSorted()).toEqual(['name', 'remit_city'])
  })

  it('say the condition', () => {
    const { error } = bodyOf('suppliers', 'create').safeParse({ ...supplier, delivery_method: 'Email' })
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'This field is required when payment_method is Card and delivery_method Email.',
    ])
  })

  it('do not bind a change', () => {
    expect(problemsOf('suppliers', 'partial_update', { payment_method: 'ACH' })).toEqual([])
  })
})
