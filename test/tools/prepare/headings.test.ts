import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../../src/tools/prepare/headings.ts'

const meaningsOf = (headings: string[], columns = {}, given: string[] = []) => {
  const read = columnsOf(headings, columns, given)
  if (typeof read === 'string') throw new Error(read)
  return {
    meanings: read.map(({ meaning }) => meaning),
    ignored: read.filter(({ meaning }) => meaning === 'ignore').map(({ heading }) => heading),
  }
}

describe('columnsOf', () => {
  it('recognises what people write', () => {
    const headings = ['Vendor', 'Invoice #', 'Amount ($)', 'DATE', 'Due Date', 'Buyer', 'Memo', 'Approved by']
    expect(meaningsOf(headings)).toEqual({
      meanings: [
        'supplier',
        'invoice_number',
        'amount',
        'invoice_date',
        'invoice_due_date',
        'buyer',
        'note',
        'ignore',
      ],
      ignored: ['Approved by'],
    })
  })

  it("recognises Finexio's own names", () => {
    const headings = [
      'invoice_number',
      'amount_cents',
      'invoice_date',
      'originating_counterparty_id',
      'receiving_counterparty_id',
      'payment_group_id',
      'metadata',
    ]
    expect(meaningsOf(headings).meanings).toEqual([
      'invoice_number',
      'amount_cents',
      'invoice_date',
      'buyer',
      'supplier',
      'payment_group_id',
      'metadata',
    ])
  })

  it('takes what the caller says of a heading before what it looks like', () => {
    const read = meaningsOf(
      ['Vendor ID', 'Vendor Name', 'Bill', 'Total', 'Date'],
      { 'Vendor Name': 'ignore', Bill: 'invoice_number' },
      ['buyer'],
    )
    expect(read.meanings).toEqual(['supplier', 'ignore', 'invoice_number', 'amount', 'invoice_date'])
  })

  const good = ['Vendor', 'Invoice', 'Amount', 'Date']
  it.each([
    [
      ['Vendor ID', 'Vendor', 'Invoice', 'Amount', 'Date'],
      {},
      'columns "Vendor ID" and "Vendor" both mean supplier',
    ],
    [['Vendor', 'Invoice', 'Amount', 'amount_cents', 'Date'], {}, 'two columns hold the amount'],
    [['Vendor', 'Invoice', 'Date'], {}, 'no column means amount (headings: "Vendor", "Invoice", "Date")'],
    [['Invoice', 'Amount', 'Date'], {}, 'or give supplier for all rows'],
    [good, { Vendr: 'ignore' }, 'columns names "Vendr", which is not a heading: did you mean "Vendor"?'],
  ])('of %j says what to do', (headings, columns, problem) => {
    expect(columnsOf(headings, columns, ['buyer'])).toContain(problem)
  })

  it('asks for a buyer unless one is given for all rows', () => {
    expect(columnsOf(good, {}, [])).toContain('no column means buyer')
    expect(meaningsOf(good, {}, ['buyer']).meanings).toEqual([
      'supplier',
      'invoice_number',
      'amount',
      'invoice_date',
    ])
  })
})
