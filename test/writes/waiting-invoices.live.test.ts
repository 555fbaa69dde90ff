/** The number of an invoice that waits comes through although the draft's page is masked, to the server that made it and to no other. */
import { expect, inject, test } from 'vitest'
import { callOver } from '../support/call-over.ts'
import { approver, invoice, pay, tenantWith } from './live.ts'

const stack = inject('stack')
const config = { methods: ['read', 'write'], approval: 'always' }

test('a draft is named by trace and sheet of its own server until it is decided', async () => {
  const { tenant, url } = await tenantWith(stack, config)
  const { data } = await pay(url, [invoice('WAIT-20261201', 90_000)])
  const id = data.approval_id as string
  const trace = (of: string) => callOver(of, 'trace_finexio_invoice', { invoice_number: 'WAIT-20261201' })
  const {
    originating_counterparty_id: buyer,
    receiving_counterparty_id: supplier,
    ...row
  } = invoice('wait-20261201', 90_000)
  const sheet = (of: string) => callOver(of, 'prepare_finexio_invoices', { rows: [row], buyer, supplier })
  expect((await trace(url)).text).toContain(`waits here for an approval (approval_id ${id})`)
  expect((await sheet(url)).data).toMatchObject({
    ready_count: 0,
    problems: [{ field: 'invoice_number', problem: expect.stringContaining(id) }],
  })
  const other = await tenant.serve(config)
  expect((await trace(other)).text).not.toContain('waits here')
  expect((await sheet(other)).data).toMatchObject({ ready_count: 1, problems: [] })
  await (await approver(stack)).reject(id, 'not ours')
  expect((await trace(url)).text).not.toContain('waits here')
  expect((await sheet(url)).data).toMatchObject({ ready_count: 1, problems: [] })
})

// Seen on 2026-12-01: the letter to the supplier asked for a copy of an invoice that was sent minutes before.
test.each([
  ['that Finexio accepted and does not list', { status: 201, json: null }, 'Finexio does not show it yet'],
  ['whose answer was lost', { status: 504 }, 'outcome unknown'],
])('an invoice %s is no unknown one of a statement; another server is not told', async (_, fault, why) => {
  const { tenant, url } = await tenantWith(stack, { ...config, approval: 'none' })
  await tenant.sandbox.addFault({ path: '/invoices/batch/', applied: false, ...fault })
  await pay(url, [invoice('Sent-20261201', 90_000)])
  const args = { statement: 'number,amount\nSENT-20261201,900.00', supplier: 'sup_999' }
  const statement = (of: string) => callOver(of, 'reconcile_finexio_supplier_statement', args)
  const { data } = await statement(url)
  expect(data.lines).toMatchObject([{ verdict: 'sent', why: expect.stringContaining(why) }])
  expect(data.reply).not.toMatch(/please send/i)
  const other = await tenant.serve({ methods: ['read'] })
  expect((await statement(other)).data.lines).toMatchObject([{ verdict: 'unknown' }])
})
