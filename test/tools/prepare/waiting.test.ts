/** Rows of a sheet whose invoice waits in a draft. Seen: they were ready to be submitted a second time. */
import { expect, test } from 'vitest'
import type { FinexioRequest } from '../../../src/finexio/types.ts'
import { callWith, envelope, openWrites, payableSupplier } from '../fake-finexio.ts'

const parties = [
  { id: 's1', name: 'Acme', type: 'Supplier', internal_id: 'A' },
  { id: 's2', name: 'Tyres', type: 'Supplier', internal_id: 'T' },
  { id: 'b1', name: 'Example1', type: 'Buyer', internal_id: 'B' },
]

const finexio = ({ path, query = {} }: FinexioRequest): unknown => {
  if (path === '/invoices/') return envelope([])
  if (path === '/counterparties/suppliers') return envelope(['s1', 's2'].map((id) => payableSupplier(id)))
  const one = parties.find(({ id }) => path.endsWith(`/${id}`) || path.endsWith(`/${id}/`))
  if (path.startsWith('/counterparties/suppliers/')) return payableSupplier(one!.id)
  if (path !== '/counterparties/') return one
  const asked = String(query.name ?? query.internal_id ?? '').toLowerCase()
  return envelope(
    parties.filter(({ name, internal_id }) =>
      [name.toLowerCase(), internal_id.toLowerCase()].includes(asked),
    ),
  )
}

const prepare = async (csv: string, unread = 0, buyer = 'b1') => {
  let asked = 0
  const writes = openWrites([], {
    waitingInvoices: async () => {
      asked++
      return {
        invoices: [{ approvalId: 'apr-1', number: 'A-1', supplier: 's1', buyer }],
        unread,
        sent: { found: [], uncompared: [] },
      }
    },
  })
  const { data, text } = await callWith('prepare_finexio_invoices', { csv, buyer: 'Example1' }, finexio, {
    writes,
  })
  return { data, text, asked }
}

const HEAD = 'Vendor,Invoice #,Amount,Date'

test('one whose number and supplier wait is not ready, and names the draft; the same number of another is ready', async () => {
  const { data, asked } = await prepare(`${HEAD}\nAcme,a-1,10.00,2026-11-20\nTyres,A-1,10.00,2026-11-20`)
  expect(data).toMatchObject({ ready_count: 1, is_partial_response: false })
  expect(data.body).toMatchObject([{ receiving_counterparty_id: 's2' }])
  expect(data.problems).toMatchObject([
    { row: 1, field: 'invoice_number', problem: expect.stringContaining('approval_id apr-1') },
  ])
  expect(asked).toBe(1)
})

test('where nothing is ready otherwise the account is not asked', async () => {
  const { data, asked } = await prepare(`${HEAD}\nAcme,A-1,ten,2026-11-20`)
  expect([data.ready_count, asked]).toEqual([0, 0])
})

test('drafts that could not be read are told', async () => {
  const { data } = await prepare(`${HEAD}\nAcme,A-2,10.00,2026-11-20`, 2)
  expect(data).toMatchObject({ ready_count: 1, is_partial_response: true })
  expect(data.note).toContain('2 drafts that wait here for an approval could not be read')
})

// Seen on 2026-12-01: both were told as waiting already, and were not ready.
test('the same number for another buyer is ready; nearly that number too, with a doubt', async () => {
  const other = await prepare(`${HEAD}\nAcme,A-1,10.00,2026-11-20`, 0, 'b2')
  expect([other.data.ready_count, other.text]).toEqual([1, expect.not.stringContaining('apr-1')])
  const near = await prepare(`${HEAD}\nAcme,A 01,10.00,2026-11-20`)
  expect(near.data.ready_count).toBe(1)
  expect(near.text).toMatch(/row 1 .*A 01.* is nearly .*A-1.*approval_id apr-1/)
})
