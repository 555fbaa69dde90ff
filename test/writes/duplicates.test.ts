import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  duplicateDecisions,
  type InvoiceKey,
  invoiceIdentity,
  type Looked,
  type Seen,
} from '../../src/rules/duplicates.ts'

const row = (number: string, supplier = 's', buyer = 'b'): InvoiceKey => ({ buyer, supplier, number })
const seen = (number: string, more: Partial<Seen> = {}): Seen => ({
  ...row(number),
  ...{ id: `id of ${number}`, status: 'complete', can_be_resubmitted: false, ...more },
})
const looked = (more: Partial<Looked> = {}): Looked => ({
  ...{ seen: [], all: true, asked: new Set(), ...more },
})
const kinds = (rows: InvoiceKey[], more: Partial<Looked>) =>
  duplicateDecisions(rows, looked(more)).map(({ kind }) => kind)

test('each row is judged by itself, and the existing invoice is named', () => {
  const rows = [row('A-1'), row('A-2'), row('a-1 ')]
  expect(duplicateDecisions(rows, looked({ seen: [seen('A-1')] }))).toEqual([
    { index: 0, kind: 'exists', id: 'id of A-1', status: 'complete' },
    { index: 1, kind: 'clear', free: [] },
    { index: 2, kind: 'twice', first: 0 },
  ])
})

test('another buyer or supplier may have the same number; another spelling may not', () => {
  const known = { seen: [seen('Inv 7')] }
  expect(kinds([row('Inv 7', 's2'), row('Inv 7', 's', 'b2'), row(' INV 7')], known)).toEqual([
    'clear',
    'clear',
    'exists',
  ])
})

test('no two keys share an identity by the way their parts join', () => {
  const part = fc.string({ maxLength: 4 })
  const key = fc.record({ buyer: part, supplier: part, number: part })
  fc.assert(
    fc.property(key, key, (a, b) => {
      const fold = ({ number }: InvoiceKey) => number.trim().toUpperCase()
      const same = a.buyer === b.buyer && a.supplier === b.supplier && fold(a) === fold(b)
      expect(JSON.stringify(invoiceIdentity(a)) === JSON.stringify(invoiceIdentity(b))).toBe(same)
    }),
  )
})

test('what may be resubmitted is free, under its ids, but not while its resubmission is under way or succeeded', () => {
  const refunded = seen('A', { can_be_resubmitted: true })
  expect(duplicateDecisions([row('A')], looked({ seen: [refunded] }))).toEqual([
    { index: 0, kind: 'clear', free: ['id of A'] },
  ])
  expect(kinds([row('A')], { seen: [refunded, seen('A', { id: 'second' })] })).toEqual(['exists'])
})

test('a row is clear only when the look reached it', () => {
  expect(kinds([row('A')], { all: false })).toEqual(['unchecked'])
  expect(kinds([row('a'), row('B')], { all: false, asked: new Set(['A']) })).toEqual(['clear', 'unchecked'])
  expect(kinds([row('A')], { all: false, seen: [seen('A')] })).toEqual(['exists'])
})

test('whatever the mixture: one decision a row, and no invoice is cleared twice or beside one that may not come again', () => {
  const number = fc.constantFrom('A', 'a ', 'B', 'C')
  const supplier = fc.constantFrom('s', 's2')
  const rows = fc.array(fc.record({ buyer: fc.constant('b'), supplier, number }), { maxLength: 8 })
  const known = fc.array(
    fc
      .tuple(number, supplier, fc.boolean())
      .map(([n, s, free]) => seen(n, { supplier: s, can_be_resubmitted: free })),
    { maxLength: 5 },
  )
  fc.assert(
    fc.property(rows, known, fc.boolean(), (batch, invoices, all) => {
      const decisions = duplicateDecisions(batch, looked({ seen: invoices, all }))
      expect(decisions.map(({ index }) => index)).toEqual(batch.map((_, index) => index))
      const sent = decisions.filter(({ kind }) => kind === 'clear').map(({ index }) => batch[index]!)
      const identities = sent.map((one) => JSON.stringify(invoiceIdentity(one)))
      expect(new Set(identities).size).toBe(identities.length)
      const taken = invoices.filter(({ can_be_resubmitted }) => !can_be_resubmitted)
      for (const invoice of taken) expect(identities).not.toContain(JSON.stringify(invoiceIdentity(invoice)))
    }),
  )
})
