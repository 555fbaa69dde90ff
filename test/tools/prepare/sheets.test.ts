/** Each sheet gives exactly its rows. At b8f2a26 the sheets of E1 to E13 came back with wrong rows ready. */
import { describe, expect, it } from 'vitest'
import type { FinexioRequest } from '../../../src/finexio/types.ts'
import { callWith, envelope, payableSupplier } from '../fake-finexio.ts'
import { ATTACKED } from './attacked-sheets.ts'
import { SHEETS } from './sheets.ts'

const parties = [
  { id: 'sup-acme', name: 'Acme Co.', type: 'Supplier', internal_id: 'ACME-1' },
  { id: 'sup-total', name: 'Total Quality', type: 'Supplier', internal_id: 'TQ' },
  { id: 'sup_123', name: 'Backerei', type: 'Supplier', internal_id: 'BK' },
  { id: 'sup_cafe', name: 'Café Lumière Catering', type: 'Supplier', internal_id: 'CL' },
  { id: 'sup-smith', name: 'Smith & Sons', type: 'Supplier', internal_id: 'SM' },
  { id: 'buyer-1', name: 'Example1', type: 'Buyer', internal_id: 'BUY' },
]

const has = (value: string, part: unknown) =>
  part === undefined || value.toLowerCase().includes(String(part).toLowerCase())

const answer = ({ path, query = {} }: FinexioRequest): unknown => {
  const supplier = path.split('/suppliers/')[1]
  if (supplier !== undefined) return payableSupplier(supplier.replace('/', ''))
  if (path !== '/counterparties/') return envelope([])
  const ids = [query.internal_id ?? []].flat() as string[]
  return envelope(
    parties.filter(
      ({ name, type, internal_id }) =>
        has(name, query.name) &&
        (query.type === undefined || query.type === type) &&
        (ids.length === 0 || ids.includes(internal_id)),
    ),
  )
}

type Row = Record<string, unknown>

describe('a pasted sheet', () => {
  it.each([...SHEETS, ...ATTACKED])('$fault $name', async ({ csv, args = {}, ready, says = [], waits }) => {
    const { data, text, result } = await callWith(
      'prepare_finexio_invoices',
      { csv, buyer: 'Example1', ...args },
      answer,
    )
    if (waits !== undefined) {
      expect(result.isError).toBe(true)
      expect(text).toContain(waits)
      return
    }
    expect(result.isError, text).toBeUndefined()
    const nameOf = (id: unknown) => parties.find((party) => party.id === id)?.name
    expect(
      data.body.map(
        (row: Row) =>
          `${row.invoice_number} ${row.amount_cents} ${row.invoice_date} ${nameOf(row.receiving_counterparty_id)}`,
      ),
    ).toEqual(ready)
    for (const words of says) expect(`${text} ${JSON.stringify(data)}`).toContain(words)
  })
})
