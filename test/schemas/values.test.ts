import { describe, expect, it } from 'vitest'
import { invoiceDateProblem } from '../../schemas/invoices.ts'
import { problemsOf } from './support.ts'

const change = (resource: string, field: string, value: unknown) =>
  problemsOf(resource, 'partial_update', { [field]: value })

describe('values', () => {
  const cases: [string, string, unknown, boolean][] = [
    ['counterparties', 'payment_terms', 0, true],
    ['counterparties', 'payment_terms', 365, true],
    ['suppliers', 'payment_terms', 366, false],
    ['suppliers', 'payment_terms', -1, false],
    ['suppliers', 'payment_terms', 1.5, false],
    ['suppliers', 'twelve_month_spend', 10.5, false],
    ['counterparties', 'twelve_month_spend', 10.5, true],
    ['suppliers', 'bank_account_number', '12-34', false],
    ['suppliers', 'delivery_method', null, true],
    ['suppliers', 'remit_email', 'a@x.example', true],
    ['suppliers', 'remit_email', 'a@x.example, b@x.example', true],
    ['suppliers', 'remit_email', 'a@x.example,', false],
    ['suppliers', 'remit_email', 'a@x.example;b@x.example', false],
    ['counterparties', 'remit_email', 'a@x.example,b@x.example', false],
    ['suppliers', 'metadata', { erp: 'V-1', empty: null }, true],
    ['suppliers', 'metadata', { _erp: 'V-1' }, false],
    ['suppliers', 'metadata', { [`k${'x'.repeat(25)}`]: 'V-1' }, false],
    ['buyers', 'metadata', { [`k${'x'.repeat(24)}`]: 'x'.repeat(100) }, true],
    ['buyers', 'metadata', { erp: 'x'.repeat(101) }, false],
    ['webhooks', 'url', 'https://hooks.invented.example/a?b=c', true],
    ['webhooks', 'url', 'http://localhost:9999/hook', true],
    ['webhooks', 'url', 'ftp://hooks.invented.example/', false],
    ['webhooks', 'url', 'javascript:alert(1)', false],
    ['webhooks', 'url', 'hooks.invented.example', false],
    ['webhooks', 'url', `https://x.example/${'a'.repeat(2_000)}`, false],
    ['webhooks', 'event', 'invoice.created', true],
    ['webhooks', 'event', 'payment', false],
    ['webhooks', 'event', 'payment changed', false],
  ]
  it.each(cases)('%s.%s %j → %s', (resource, field, value, good) => {
    expect(change(resource, field, value).length === 0).toBe(good)
  })

  it.each([
    ['drivers_license_state', 'Texas'],
    ['controlling_owner', false],
    ['date_of_birth', '01/02/1903'],
    ['date_of_birth', '1903-02-31'],
    ['country_code', 'UMI'],
  ])('an owner with %s %j', (field, value) => {
    const problems = change('buyers', 'owners', [{ [field]: value }])
    expect(problems).toContain(`owners.0.${field}`)
  })
})

const invoice = {
  amount_cents: 80_00,
  invoice_date: '2025-10-30',
  invoice_number: 'BOLT-1',
  originating_counterparty_id: 'buy_1',
  receiving_counterparty_id: 'sup_1',
}

describe('invoices', () => {
  const cases: [string, unknown, boolean][] = [
    ['amount_cents', 1, true],
    ['amount_cents', 999_999_900, true],
    ['amount_cents', 999_999_901, false],
    ['amount_cents', 0, false],
    ['amount_cents', -5, false],
    ['amount_cents', 12.5, false],
    ['amount_cents', '4500', false],
    ['invoice_number', "A/1.b-c?:(d),'e +f", true],
    ['invoice_number', 'x'.repeat(49), true],
    ['invoice_number', 'x'.repeat(50), false],
    ['invoice_number', 'A#1', false],
    ['invoice_number', 'Überweisung', false],
    ['invoice_number', '', false],
    ['invoice_date', '2025-02-29', false],
    ['invoice_date', '2025-11-01T00:00:00', false],
    ['invoice_due_date', '2026-01-01', true],
    ['discount_amount_cents', 0, true],
    ['discount_amount_cents', 999_999_901, false],
    ['currency', 'USD', true],
    ['currency', 'EUR', false],
    ['note', 'x'.repeat(1001), false],
    ['reconciliation_id', 'x'.repeat(51), false],
    ['account_number', 'x'.repeat(251), false],
    ['payment_group_id', 'x'.repeat(101), false],
    ['accounting_id', 'x'.repeat(71), false],
    ['metadata', { po: 'P-1', line: 2 }, true],
    ['metadata', { po: { deep: true } }, false],
    ['metadata', { ratio: 0.5 }, false],
    ['line_items', [{ description: 'Bolts' }], true],
    ['line_items', ['Bolts'], false],
  ]
  it.each(cases)('%s %j → %s', (field, value, good) => {
    const problems = problemsOf('invoices', 'bulk_create', [{ ...invoice, [field]: value }])
    expect(problems.length === 0).toBe(good)
    expect(problems.every((path) => path.startsWith(`0.${field}`))).toBe(true)
  })

  it.each([
    [0, false],
    [1, true],
    [500, true],
    [501, false],
  ])('a batch of %i → %s', (count, good) => {
    const batch = Array.from({ length: count }, (_, i) => ({ ...invoice, invoice_number: `N-${i}` }))
    expect(problemsOf('invoices', 'bulk_create', batch).length === 0).toBe(good)
  })

  it('is no single object', () => {
    expect(problemsOf('invoices', 'bulk_create', invoice)).toEqual([''])
  })
})

describe('invoice dates', () => {
  const now = new Date('2025-11-03T23:59:59Z')
  it.each([
    ['2025-11-03', null],
    ['2024-11-03', null],
    ['2026-11-03', null],
    ['2024-11-02', 'must be within 365 days of today'],
    ['2026-11-04', 'must be within 365 days of today'],
    ['soon', 'must be a date as YYYY-MM-DD'],
  ])('%s → %s', (date, problem) => {
    expect(invoiceDateProblem(date, now)).toBe(problem)
    expect(invoiceDateProblem(date, now.getTime())).toBe(problem)
  })
})
