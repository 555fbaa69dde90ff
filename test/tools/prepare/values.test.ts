import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalOf } from '../../../src/core/money.ts'
import { centsOf, wholeCentsOf } from '../../../src/tools/pasted/amounts.ts'
import { dateOf } from '../../../src/tools/pasted/dates.ts'
import { textOf } from '../../../src/tools/pasted/reading.ts'

describe('centsOf', () => {
  it.each([
    ['1250', 125_000],
    ['1250.5', 125_050],
    ['1,250.00', 125_000],
    ['$1,250.00', 125_000],
    [' $ 1,250.00 ', 125_000],
    ['USD 12.34', 1234],
    ['12.34 USD', 1234],
    ['US$0.01', 1],
    ['1,234,567.89', 123_456_789],
    ['0.29', 29],
    ['1.10', 110],
    ['0', 0],
  ])('%j is %d cents', (text, value) => expect(centsOf(text)).toEqual({ value }))

  it.each(['-5', '-$5.00', '$-5.00', '(5.00)', '$(5.00)', '5.00-', '($1,250.00)'])(
    '%j is negative',
    (text) => {
      expect(centsOf(text)).toEqual({ problem: expect.stringContaining('is negative: credits') })
    },
  )

  it.each([
    '',
    'abc',
    '1,25',
    '1,2500',
    '1.234,56',
    '12.345',
    '1e3',
    '1 250',
    '=1+1',
    '1'.repeat(50),
    '٣',
    '0x10',
    '.5',
  ])('%j is not an amount', (text) =>
    expect(centsOf(text)).toEqual({ problem: expect.stringContaining('is not an amount') }),
  )

  it.each([
    ['1.234,56', 123_456],
    ['99,90', 9990],
    ['1 234,5', 123_450],
    ["1'234,56", 123_456],
    ['12.345.678', 1_234_567_800],
  ])('%j is %d cents where a comma separates them', (text, value) =>
    expect(centsOf(text, ',')).toEqual({ value }),
  )

  it.each(['1,234', '0,500', '1,234.56', '1.23,45'])(
    '%j is no amount where a comma separates the cents',
    (text) => expect(centsOf(text, ',')).toEqual({ problem: expect.stringContaining('is not an amount') }),
  )

  it.each(['€5', '5 EUR', '£1.00', 'CA$5', 'C$ 5'])('%j is not in US dollars', (text) =>
    expect(centsOf(text)).toEqual({ problem: expect.stringContaining('US dollars only') }),
  )

  it('and decimalOf undo each other, thousands separators or not', () => {
    const most = 99_999_999_999_999
    fc.assert(
      fc.property(fc.nat({ max: most }), (cents) => {
        const text = decimalOf(cents)!
        const grouped = text.replace(/\B(?=(?:\d{3})+\.)/g, ',')
        expect(centsOf(text)).toEqual({ value: cents })
        expect(centsOf(`$${grouped}`)).toEqual({ value: cents })
      }),
    )
  })

  it('keeps the money of JSON numbers, which print as what was written', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_999_900 }), (cents) => {
        expect(centsOf(String(JSON.parse(decimalOf(cents)!)))).toEqual({ value: cents })
      }),
    )
  })
})

describe('wholeCentsOf', () => {
  it('takes whole numbers alone', () => {
    expect(wholeCentsOf(' 125000 ')).toEqual({ value: 125_000 })
    for (const text of ['1250.00', '$5', '-5', '1,250', ''])
      expect(wholeCentsOf(text)).toEqual({ problem: expect.stringContaining('whole number of US cents') })
  })
})

describe('dateOf', () => {
  it.each([
    ['2026-11-23', '2026-11-23'],
    ['2026-1-5', '2026-01-05'],
    ['2026-11-23T00:00:00Z', '2026-11-23'],
    ['2026-11-23 10:00:00.000', '2026-11-23'],
    ['11/23/2026', '2026-11-23'],
    ['1/5/2026', '2026-01-05'],
    ['11-23-2026', '2026-11-23'],
    ['11/23/26', '2026-11-23'],
    ['2/29/2028', '2028-02-29'],
    ['20261123', '2026-11-23'],
    ['2026/11/23', '2026-11-23'],
    ['Nov 23, 2026', '2026-11-23'],
    ['23-Nov-2026', '2026-11-23'],
    ['23 November 2026', '2026-11-23'],
    ['Mon, 23 Nov 26', '2026-11-23'],
    ['11/23/2026 12:00 AM', '2026-11-23'],
  ])('%j is %s', (text, value) => expect(dateOf(text)).toEqual({ value }))

  it.each([
    '23/11/2026',
    '23.11.2026',
    '2026-13-01',
    '20261301',
    'Feb 30, 2026',
    '2026-02-30',
    '2/29/2026',
    '0/1/2026',
  ])('%j is not a day', (text) =>
    expect(dateOf(text)).toEqual({ problem: expect.stringContaining('is not a day of the calendar') }),
  )

  it.each(['', '123', 'Nov 2026', 'Novem 23, 2026', '11/23-2026', '1/2/3', '11/23/026'])(
    '%j is not a date',
    (text) => expect(dateOf(text)).toEqual({ problem: expect.stringContaining('is not a date') }),
  )

  it("says what a spreadsheet's number of a day is", () =>
    expect(dateOf('45983')).toEqual({ problem: expect.stringContaining("spreadsheet's number of a day") }))

  it('reads both forms of any day as that day', () => {
    const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 10)
        const [year, month, of] = iso.split('-').map(Number)
        expect(dateOf(iso)).toEqual({ value: iso })
        expect(dateOf(`${month}/${of}/${year}`)).toEqual({ value: iso })
      }),
    )
  })
})

describe('textOf', () => {
  it('takes text and refuses formulas', () => {
    expect(textOf('  PO-1 ')).toEqual({ value: 'PO-1' })
    expect(textOf('+1 (555) 0100')).toEqual({ value: '+1 (555) 0100' })
    for (const text of ['=HYPERLINK("x")', '@SUM(A1)', ' ="001"'])
      expect(textOf(text)).toEqual({ problem: expect.stringContaining('spreadsheet formula') })
  })
})
