import { describe, expect, it } from 'vitest'
import * as enums from '../../schemas/enums.ts'
import { methodOf, problemsOf } from './support.ts'

/** Longest text of each field, in characters. */
const LENGTHS: Record<string, Record<string, number>> = {
  counterparties: {
    name: 100,
    internal_id: 100,
    address_1: 40,
    address_2: 40,
    city: 40,
    zipcode: 10,
    primary_contact_name: 40,
    primary_contact_phone: 16,
    bank_account_number: 17,
    bank_routing_number: 9,
    tax_id: 11,
    notes: 1000,
  },
  suppliers: {
    name: 100,
    external_reference_id: 200,
    care_of: 36,
    remit_address_1: 40,
    remit_address_2: 40,
    remit_city: 40,
    remit_zipcode: 10,
    corporate_address_1: 40,
    corporate_address_2: 40,
    corporate_city: 40,
    corporate_zipcode: 10,
    corporate_phone_number: 16,
    tax_id: 11,
    bank_account_number: 17,
    bank_routing_number: 9,
    notes: 1000,
  },
  buyers: {
    name: 120,
    external_reference_id: 200,
    dba_name: 100,
    address_1: 40,
    address_2: 40,
    city: 40,
    zipcode: 10,
    corporate_phone_number: 16,
    tax_id: 11,
    remit_data: 70,
    drawdown_bank_account_number: 17,
    drawdown_bank_routing_number: 9,
    refund_bank_account_number: 17,
    refund_bank_routing_number: 9,
  },
}

const lengths = Object.entries(LENGTHS).flatMap(([resource, fields]) =>
  Object.entries(fields).map(([field, most]) => ({ resource, field, most })),
)

describe('lengths', () => {
  it.each(lengths)('$resource.$field takes $most characters and no more', ({ resource, field, most }) => {
    expect(problemsOf(resource, 'partial_update', { [field]: '0'.repeat(most) })).toEqual([])
    expect(problemsOf(resource, 'partial_update', { [field]: '0'.repeat(most + 1) })).toEqual([field])
  })

  it.each([
    ['external_reference_id', 100],
    ['name', 40],
    ['phone', 17],
  ])('a contact’s %s takes %i characters and no more', (field, most) => {
    for (const resource of ['supplier_contacts', 'buyer_contacts']) {
      expect(problemsOf(resource, 'update', { primary: true, [field]: 'x'.repeat(most) })).toEqual([])
      expect(problemsOf(resource, 'update', { primary: true, [field]: 'x'.repeat(most + 1) })).toEqual([
        field,
      ])
    }
  })

  it.each([
    ['counterparties', 'remit_email'],
    ['counterparties', 'primary_contact_email'],
  ])('%s.%s takes 50 characters and no more', (resource, field) => {
    const address = (length: number) => `${'a'.repeat(length - '@x.example'.length)}@x.example`
    expect(problemsOf(resource, 'partial_update', { [field]: address(50) })).toEqual([])
    expect(problemsOf(resource, 'partial_update', { [field]: address(51) })).toEqual([field])
  })

  it('text without a limit of Finexio stops at ours', () => {
    expect(problemsOf('suppliers', 'partial_update', { category: 'x'.repeat(500) })).toEqual([])
    expect(problemsOf('suppliers', 'partial_update', { category: 'x'.repeat(501) })).toEqual(['category'])
  })
})

/** Words of each field, per resource; anything else is refused. */
const WORDS: [string, string, readonly string[]][] = [
  ['counterparties', 'type', enums.COUNTERPARTY_TYPES],
  ['counterparties', 'payment_method', ['ACH', 'Card', 'PrintedCheck', 'Wire']],
  ['counterparties', 'state', enums.STATE_CODES],
  ['counterparties', 'country', ['CAN', 'UMI', 'USA']],
  ['counterparties', 'business_type', enums.PAYEE_TYPES],
  ['suppliers', 'payment_method', ['ACH', 'Card', 'Check', 'Wire']],
  ['suppliers', 'delivery_method', ['Mail', 'Email', 'Portal', 'Phone']],
  ['suppliers', 'notification_method', ['Mail', 'Email']],
  ['suppliers', 'remit_state', enums.STATE_CODES],
  ['suppliers', 'corporate_country', ['CAN', 'UMI', 'USA']],
  ['suppliers', 'payee_type', enums.PAYEE_TYPES],
  ['buyers', 'funding_method', ['ach_debit', 'ach_credit', 'wire', 'reverse_wire']],
  ['buyers', 'state', enums.STATE_CODES],
  ['webhooks', 'content_type', ['application/json', 'application/x-www-form-urlencoded']],
]

describe('closed word lists', () => {
  it.each(WORDS)('%s.%s', (resource, field, words) => {
    for (const word of words) expect(problemsOf(resource, 'partial_update', { [field]: word })).toEqual([])
    for (const word of ['', 'other', words[0]?.toLowerCase() === words[0] ? 'WIRE' : words[0]?.toLowerCase()])
      expect(problemsOf(resource, 'partial_update', { [field]: word })).toEqual([field])
  })

  it('state codes are 59 of the United States and 13 of Canada', () => {
    expect(new Set(enums.STATE_CODES).size).toBe(72)
    expect(enums.STATE_CODES.indexOf('AB')).toBe(59)
  })

  it('a counterparty is created as a supplier only', () => {
    const body = { name: 'A', type: 'Buyer', internal_id: 'B' }
    expect(problemsOf('counterparties', 'create', body)).toEqual(['type'])
  })
})

describe('filters', () => {
  it.each([
    ['payments', 'status', enums.PAYMENT_STATUS_FILTER],
    ['drawdowns', 'status', enums.DRAWDOWN_STATUS_FILTER],
    ['counterparties', 'type', enums.COUNTERPARTY_TYPES],
  ] as const)('%s.%s knows its words', (resource, field, words) => {
    const query = methodOf(resource, 'list').query
    for (const word of words) expect(query?.safeParse({ [field]: word }).success).toBe(true)
    expect(query?.safeParse({ [field]: 'canceled' }).success).toBe(false)
  })

  it('check images come in two types', () => {
    const query = methodOf('payment_images', 'get').query
    expect(['Issued', 'Deposited'].every((word) => query?.safeParse({ checkImageType: word }).success)).toBe(
      true,
    )
    expect(query?.safeParse({ checkImageType: 'issued' }).success).toBe(false)
  })

  it.each([
    '2025-11-03',
    '2025-11-03T14:05:09',
    '2025-11-03T14:05:09.120431',
    '2025-11-03T14:05:09Z',
    '2025-11-03T14:05+01:00',
  ])('takes the moment %s', (moment) => {
    expect(methodOf('payments', 'list').query?.safeParse({ created_start: moment }).success).toBe(true)
  })

  it.each(['yesterday', '2025-13-01', '2025-11-03T25:00:00', '11/03/2025', '', 1_762_000_000])(
    'refuses the moment %s',
    (moment) => {
      expect(methodOf('payments', 'list').query?.safeParse({ created_start: moment }).success).toBe(false)
    },
  )

  it('the drawdown list knows thirteen, one of which is needed', () => {
    const { query, list } = methodOf('drawdowns', 'list')
    expect(Object.keys(query?.shape ?? {})).toHaveLength(13)
    expect(list?.needsFilter).toBe(true)
  })
})
