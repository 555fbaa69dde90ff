/** Suppliers in an analysis: who may be one vendor twice, who was meant by a name that nobody has. */
import { describe, expect, test } from 'vitest'
import { finexioOf, PARTIES, payment, type World } from '../composites/world.ts'
import { callWith } from '../fake-finexio.ts'

const ask = (args: object, world: World) =>
  callWith('analyze_finexio_payables', args, finexioOf({ parties: PARTIES, ...world }))

type Row = { id: string; flag: string[] }

// Kind: a vendor that was set up twice. Seen at b8f2a26: no flag told. Siblings: the legal form, the tax id, the bank account.
describe('possible_duplicate', () => {
  const suppliers = [
    { id: 's1', name: 'Bäckerei Grünwald, LLC', tax_id: '12-3456789' },
    { id: 's2', name: 'BACKEREI GRUNWALD' },
    { id: 's3', name: 'Bolt Inc', tax_id: '98-7654321' },
    { id: 's4', name: 'Nuts and Bolts', tax_id: '987654321' },
    { id: 's5', name: 'One', bank_routing_number: '021000021', bank_account_number: '0012' },
    { id: 's6', name: 'Two', bank_routing_number: '021000021', bank_account_number: '0012' },
    { id: 's7', name: 'Three', bank_routing_number: '011000015', bank_account_number: '0012' },
    { id: 's8', name: 'Four', tax_id: '*****6789', bank_account_number: '****0012' },
    { id: 's9', name: 'Five', tax_id: '*****6789', bank_account_number: '****0012' },
    { id: 's10', name: 'Inc' },
    { id: 's11', name: '' },
    { id: 's12', name: '' },
  ]

  test('by name, tax id or bank account; what is hidden or blank says nothing', async () => {
    const where = [{ column: 'flag', is: ['possible_duplicate'] }]
    const { data } = await ask({ over: 'suppliers', where, list: 50, fields: ['id', 'flag'] }, { suppliers })
    expect(data.listed.map(({ id }: Row) => id).sort()).toEqual(['s1', 's2', 's3', 's4', 's5', 's6'])
    expect(data.note).toContain('possible_duplicate: another supplier has its name')
  })
})

test.each([
  ['supplier_name', 'supplier'],
  ['buyer_name', 'buyer'],
])('by: %s is taken as %s', async (given, dimension) => {
  const payments = [payment(1), payment(2)]
  const [named, plain] = await Promise.all(
    [given, dimension].map((name) => ask({ over: 'payments', by: [name] }, { payments })),
  )
  expect(named!.data.result).toEqual(plain!.data.result)
  expect((await ask({ over: 'payments', by: ['suplier'] }, { payments })).text).toMatch(/by/)
})

// Kind: a filter that nothing fits. Seen at b8f2a26: names near were offered among those paid in the period alone. Siblings: an empty
// period, a name where an id belongs, a buyer.
describe('whom a filter that nothing fits may have meant', () => {
  const parties = [...PARTIES, { id: 's3', name: 'Łódź Møbler', type: 'Supplier' }]
  const world = { parties, payments: [payment(1)] }
  const where = (column: string, name: string) => ({ where: [{ column, is: [name] }] })

  test.each([
    [where('supplier', 'Lodz Moebler'), '"Lodz Moebler": near it is "Łódź Møbler" (s3)'],
    [{ receiving_counterparty_id: 'lodz mobler gmbh' }, 'near it is "Łódź Møbler" (s3)'],
    [where('buyer', 'Buyers'), '; near: "Buyer" (b1)'],
  ])('%j', async (args, words) => {
    expect((await ask({ over: 'payments', ...args }, world)).data.note).toContain(words)
  })

  test('in a period without payments as well', async () => {
    const { data } = await ask({ over: 'payments', ...where('supplier', 'Akme') }, { payments: [] })
    expect(data.note).toContain('Nobody is called "Akme": near it is "Acme" (s1).')
  })

  test('that nobody has the name is not said where only a part was read', async () => {
    const parties = Array.from({ length: 900 }, (_, at) => ({ id: `v${at}`, name: `Vendor ${at}` }))
    const some = { parties: [...PARTIES, ...parties], payments: [] }
    const { data } = await ask({ over: 'payments', ...where('supplier', 'Akme') }, some)
    expect(data.note).toContain('Of the newest 800 of 903 counterparties none is called "Akme": near it is')
  })

  test('a supplier that is there and was paid nothing is no stranger, and names that fit cost no request', async () => {
    const { data } = await ask({ over: 'payments', ...where('supplier', 'Łódź Møbler') }, world)
    expect(data.note ?? '').not.toContain('Nobody is called')
    const { sent } = await ask({ over: 'payments', ...where('supplier', 'Acme') }, world)
    expect(sent).toHaveLength(2)
  })
})
