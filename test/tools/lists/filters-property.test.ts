/** Whatever filters are asked for, in whichever order Finexio lists: page after page gives exactly the rows that fit, each once. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.ts'
import { paged } from '../composites/world.ts'
import { callWith } from '../fake-finexio.ts'

type Row = {
  id: string
  amount_cents: number
  invoice_date: string
  created: string
  status: string
  receiving_counterparty_id: string
}
type Args = Record<string, string | number | undefined>

const day = (n: number) => new Date(Date.UTC(2026, 8, 1 + n)).toISOString().slice(0, 10)
const rowsOf = (seeds: readonly number[]): Row[] =>
  seeds.map((seed, at) => ({
    id: `i${at}`,
    amount_cents: seed % 50,
    invoice_date: day(seed % 40),
    // Newest first, several on one day, none at one moment.
    created: `${day(60 - Math.floor(at / 7))}T${String(23 - (at % 7)).padStart(2, '0')}:00:00.000000`,
    status: ['pending', 'complete', 'failed'][seed % 3]!,
    receiving_counterparty_id: `s${seed % 4}`,
  }))

const fits = (args: Args) => (row: Row) => {
  const within = (value: string | number, field: string) =>
    (args[`${field}_start`] === undefined || value >= args[`${field}_start`]!) &&
    (args[`${field}_end`] === undefined || value <= args[`${field}_end`]!)
  return (
    within(row.amount_cents, 'amount_cents') &&
    within(row.invoice_date, 'invoice_date') &&
    within(row.created.slice(0, 10), 'created') &&
    (args.status === undefined || row.status === args.status) &&
    (args.supplier === undefined || row.receiving_counterparty_id === args.supplier)
  )
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
/** An ordered range, open at either end. */
const range = <T>(value: fc.Arbitrary<T>) =>
  fc.tuple(maybe(value), maybe(value)).map(([a, b]) => (a != null && b != null && a > b ? [b, a] : [a, b]))
const asked = fc
  .record({
    amount: range(fc.nat(50)),
    dated: range(fc.nat(40).map(day)),
    made: range(fc.nat(60).map(day)),
    status: maybe(fc.constantFrom('pending', 'failed')),
    supplier: maybe(fc.constantFrom('s0', 's3')),
    limit: fc.integer({ min: 1, max: 120 }),
  })
  .map(
    ({ amount, dated, made, status, supplier, limit }): Args => ({
      amount_cents_start: amount[0],
      amount_cents_end: amount[1],
      invoice_date_start: dated[0],
      invoice_date_end: dated[1],
      created_start: made[0],
      created_end: made[1],
      status,
      supplier,
      limit,
    }),
  )

const ORDERS = {
  newest: (rows: readonly Row[]) => rows,
  oldest: (rows: readonly Row[]) => rows.toReversed(),
  shuffled: (rows: readonly Row[]) =>
    rows.toSorted((a, b) => a.amount_cents - b.amount_cents || a.id.localeCompare(b.id)),
}

test.each(Object.keys(ORDERS) as (keyof typeof ORDERS)[])('invoices that Finexio lists %s', async (order) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(10_000), { minLength: 1, maxLength: 420 }),
      asked,
      async (seeds, args) => {
        const rows = rowsOf(seeds)
        const sees = (name: string) => !name.includes('counterpart')
        const found: string[] = []
        let next_cursor: string | null = null
        do {
          const given = Object.fromEntries(
            Object.entries({ ...args, next_cursor }).filter(
              ([, value]) => value !== undefined && value !== null,
            ),
          )
          const { data } = await callWith(
            'list_all_finexio_invoices',
            given,
            ({ query }) => paged(ORDERS[order](rows), query),
            { sees },
          )
          found.push(...data.result.map(({ id }: Row) => id))
          next_cursor = data.next_cursor
        } while (next_cursor)
        expect(found.toSorted()).toEqual(
          rows
            .filter(fits(args))
            .map(({ id }) => id)
            .toSorted(),
        )
        if (order !== 'shuffled') expect(found).toEqual(rows.filter(fits(args)).map(({ id }) => id))
      },
    ),
    runs(200),
  )
})
