/**
 * A total of the sheet's own that contradicts its rows. Seen at b8f2a26, and until the second new user tried it: "2 of 2 invoices are ready"
 * with a whole body under "Total 700.00", the difference one row of the problems. Siblings of the line that he gave: a foreign amount that left
 * the total "not compared", a figure in another column or in the cell of the word, a total above the rows, cents, one total of several.
 */
import { describe, expect, it } from 'vitest'
import { callWith, envelope, payableSupplier } from '../fake-finexio.ts'

const parties = [
  { id: 'sup-acme', name: 'Acme Co.', type: 'Supplier', internal_id: 'ACME-1' },
  { id: 'buyer-1', name: 'Example1', type: 'Buyer', internal_id: 'BUY' },
]

const prepare = (given: object) =>
  callWith(
    'prepare_finexio_invoices',
    { buyer: 'Example1', supplier: 'Acme Co.', ...given },
    ({ path, query = {} }) => {
      if (path.includes('/suppliers/')) return payableSupplier('sup-acme')
      return envelope(
        path === '/counterparties/'
          ? parties.filter(({ name, type }) => query.name === name && (query.type ?? type) === type)
          : [],
      )
    },
  )

const HEAD = 'Invoice,Date,Amount'
const one = (number: string, amount: string) => `${number},2026-11-02,${amount}`
const TWO = [one('A-1', '100.00'), one('A-2', '100.00')]
const sheet = (...lines: string[]) => ({ csv: lines.join('\n') })

const CONTRADICTED: [name: string, given: object, sums: [string, string]][] = [
  ['below the rows', sheet(HEAD, ...TWO, 'Total,,700.00'), ['700.00', '200.00']],
  [
    'beside an amount in euros',
    sheet(HEAD, ...TWO, one('A-3', '€50.00'), 'Total,,700.00'),
    ['700.00', '250.00'],
  ],
  ['in another column', sheet(HEAD, ...TWO, 'Total,$700.00'), ['700.00', '200.00']],
  ['in the cell of its word', sheet(HEAD, ...TWO, 'Grand total: $700.00'), ['700.00', '200.00']],
  ['above the rows', sheet(HEAD, 'Total,,700.00', ...TWO), ['700.00', '200.00']],
  [
    'above the headings',
    sheet('Bills of November', '"Total due: $700.00"', HEAD, ...TWO),
    ['700.00', '200.00'],
  ],
  [
    'of whole cents',
    sheet('Invoice,Date,amount_cents', 'A-1,2026-11-02,20000', 'Total,,70000'),
    ['700.00', '200.00'],
  ],
  [
    'below a row that cannot be read, of less than the others',
    sheet(HEAD, ...TWO, one('A-3', 'TBD'), 'Total,,150.00'),
    ['150.00', '200.00'],
  ],
  [
    'the second of two',
    sheet(HEAD, TWO[0]!, 'Subtotal,,100.00', TWO[1]!, 'Total,,700.00'),
    ['700.00', '200.00'],
  ],
  [
    'of rows given as objects',
    {
      rows: [
        { invoice: 'A-1', date: '2026-11-02', amount: '200.00' },
        { invoice: 'Total', amount: '700.00' },
      ],
    },
    ['700.00', '200.00'],
  ],
]

/**
 * Seen at b8f2a26 and on main until now: such a total was "not compared" in the last sentence, and "2 of 3 invoices are ready" came first.
 * Siblings: above the headings, of objects, one total of several, an amount of what is open.
 */
const OPEN: [name: string, given: object, said: string[]][] = [
  ['below the rows', sheet(HEAD, ...TWO, one('A-3', 'TBD'), 'Total,,700.00'), ['700.00', 'line 4', '200.00']],
  [
    'above the headings',
    sheet('Bills of November', '"Total due: $700.00"', HEAD, ...TWO, one('A-3', 'see note')),
    ['700.00', 'line 6', '200.00'],
  ],
  [
    'of rows given as objects',
    {
      rows: [
        { invoice: 'A-1', date: '2026-11-02', amount: '200.00' },
        { invoice: 'A-2', date: '2026-11-02', amount: 'pending' },
        { invoice: 'Total', amount: '700.00' },
      ],
    },
    ['700.00', 'row 2', '200.00'],
  ],
  [
    'the second of two',
    sheet(HEAD, TWO[0]!, 'Subtotal,,100.00', TWO[1]!, one('A-3', 'n/k'), 'Total,,900.00'),
    ['900.00', 'line 5'],
  ],
  [
    'of what is open',
    sheet(
      'Invoice,Date,Amount,Open balance',
      'A-1,2026-11-02,100.00,100.00',
      'A-2,2026-11-02,100.00,??',
      'Total,,200.00,150.00',
    ),
    ['150.00', 'line 3'],
  ],
]

const AGREED: [name: string, given: object, ready: number][] = [
  ['is the sum', sheet(HEAD, ...TWO, 'Total,,200.00'), 2],
  ['is the sum, above the rows', sheet(HEAD, 'Total,,200.00', ...TWO), 2],
  ['is the sum, in the cell of its word', sheet(HEAD, ...TWO, 'Total: $200.00'), 2],
  [
    'is the sum of what is owed',
    sheet(`${HEAD},Status`, `${TWO[0]},Open`, `${TWO[1]},Void`, 'Total,,100.00,'),
    1,
  ],
  [
    'counts what was carried over',
    sheet(HEAD, 'Opening balance,,50.00', ...TWO, 'Closing balance,,250.00'),
    2,
  ],
  ['counts no money', sheet(HEAD, ...TWO, 'Total,2 bills,'), 2],
  [
    'is of an inner group',
    sheet(HEAD, TWO[0]!, 'Subtotal,,100.00', TWO[1]!, 'Subtotal,,100.00', 'Total,,200.00'),
    2,
  ],
]

describe('a total of the sheet', () => {
  it.each(CONTRADICTED)(
    '%s that contradicts the rows: nothing is ready, and both sums come first',
    async (_, given, sums) => {
      const { data, text } = await prepare(given)
      expect(data).toMatchObject({ body: [], ready_count: 0, total_cents: 0 })
      for (const said of [text, data.note]) {
        expect(said).toMatch(/^Nothing is ready: the total /)
        expect(said.split('. ')[0]).toContain(`is ${sums[0]}, and the rows come to ${sums[1]}`)
      }
      expect(text).not.toContain('body:')
    },
  )

  it.each(OPEN)(
    '%s, beside a row that cannot be read: nothing is ready, and that comes first',
    async (_, given, said) => {
      const { data, text } = await prepare(given)
      expect(data, text).toMatchObject({ body: [], ready_count: 0, total_cents: 0 })
      for (const words of [text, data.note]) {
        expect(words).toMatch(
          /^Nothing is ready: the total .* cannot be compared: the amount in .* cannot be read/,
        )
        for (const one of said) expect(words.split('. ')[0]).toContain(one)
      }
      expect(text).not.toContain('body:')
    },
  )

  it.each([
    // Whoever read the row, or says that the others hold, goes on.
    ['once it is read', sheet(HEAD, ...TWO, one('A-3', '500.00'), 'Total,,700.00'), 3],
    ['without the total', sheet(HEAD, ...TWO, one('A-3', 'TBD')), 2],
    // The author of the sheet counted those that are ready, and not that one.
    ['where the total is what the others come to', sheet(HEAD, ...TWO, one('A-3', '?'), 'Total,,200.00'), 2],
  ])('is asked for no more %s', async (_, given, ready) => {
    const { data, text } = await prepare(given)
    expect(data.ready_count, text).toBe(ready)
  })

  it.each(AGREED)('that %s stops nothing', async (_, given, ready) => {
    const { data, text } = await prepare(given)
    expect(data.ready_count, text).toBe(ready)
    expect(text).not.toContain('Nothing is ready')
  })
})

// Seen by the second new user: "no column means invoice_number … name it in columns" sent the model to a column that cannot be there.
it.each([
  ['aligned by blanks', 'Invoice   Date         Amount\nA-1       2026-11-02   1,250.00'],
  ['one blank between', 'Invoice Date Amount\nA-1 2026-11-02 10.00'],
  ['JSON as text', '[\n{"invoice": "A-1"}\n]'],
  ['HTML', '<table>\n<tr><td>A-1</td></tr>\n</table>'],
])('a text without cells is told to come as CSV: %s', async (_, csv) => {
  const { result, text } = await prepare({ csv })
  expect(result.isError).toBe(true)
  expect(text).toContain('Give CSV')
  expect(text).not.toContain('name it in columns')
})
