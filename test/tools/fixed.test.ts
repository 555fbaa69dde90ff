import { expect, test } from 'vitest'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { callTool } from '../../src/tools/call/call.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { bound } from '../../src/tools/visible/as-served.ts'
import { toolPreview } from '../../src/tools/visible/preview.ts'
import { toolsFor, viewOf } from '../../src/tools/visible/view.ts'
import { environment, fakeFinexio, ONE_ROUND } from './fake-finexio.ts'

type Fixed = NonNullable<ServerConfig['fixed']>
const all = { methods: ['read', 'write'] }
const today = new Date('2026-11-23T12:00:00Z').toISOString().slice(0, 10)
const invoice = {
  invoice_number: 'F-1',
  amount_cents: 100,
  invoice_date: today,
  originating_counterparty_id: 'b1',
}

const call = async (name: string, args: object, fixed: Fixed) => {
  const config: ServerConfig = { ...all, fixed }
  const tool = viewOf(config).byName.get(name)!
  const whole = catalogue.find((one) => one.name === name)!
  const { finexio, sent } = fakeFinexio(() => [])
  const { result } = await callTool(bound(tool, whole, config), args, environment(finexio), ONE_ROUND)
  const [block] = result.content
  return { sent, isError: result.isError === true, text: block?.type === 'text' ? block.text : '' }
}

const schemaOf = (name: string, fixed: Fixed) =>
  viewOf({ ...all, fixed }).list.tools.find((tool) => tool.name === name)!.inputSchema

test('a fixed argument vanishes from the schema, is sent, and cannot be given', async () => {
  const name = 'list_all_finexio_payments'
  const fixed = { [name]: { tracking_id: 't1' } }
  expect(schemaOf(name, fixed).properties).not.toHaveProperty('tracking_id')
  expect((await call(name, { created_start: '2026-01-01' }, fixed)).sent[0]?.query).toMatchObject({
    tracking_id: 't1',
  })
  const refused = await call(name, { tracking_id: 't2' }, fixed)
  expect([refused.isError, refused.text]).toEqual([
    true,
    expect.stringMatching(/unknown argument "tracking_id"/),
  ])
  expect(refused.sent).toEqual([])
})

test('a pointer reaches into every row of a batch', async () => {
  const name = 'finexio_invoices_bulk_create'
  const fixed = { [name]: { '/body/receiving_counterparty_id': 'sup_1' } }
  const { items } = (
    schemaOf(name, fixed).properties as { body: { items: { properties: object; required: string[] } } }
  ).body
  expect(items.properties).not.toHaveProperty('receiving_counterparty_id')
  expect(items.required).not.toContain('receiving_counterparty_id')
  const { sent } = await call(name, { body: [invoice, { ...invoice, invoice_number: 'F-2' }] }, fixed)
  expect(sent[0]?.body).toEqual([
    { ...invoice, receiving_counterparty_id: 'sup_1' },
    { ...invoice, invoice_number: 'F-2', receiving_counterparty_id: 'sup_1' },
  ])
  const other = await call(name, { body: [{ ...invoice, receiving_counterparty_id: 'sup_2' }] }, fixed)
  expect([other.sent, other.text]).toEqual([
    [],
    expect.stringMatching(/unknown argument "receiving_counterparty_id"/),
  ])
})

test('a supplier fixed for all tools hides every tool that could reach another', () => {
  const shown = toolsFor({ ...all, fixed: { '*': { supplier_id: 'sup_1' } } })
  for (const { name, input } of shown) {
    const takes = JSON.stringify(Object.keys(input.shape))
    expect(takes, name).not.toMatch(/supplier_id|receiving_counterparty_id/)
  }
  const names = shown.map(({ name }) => name)
  expect(names).toContain('finexio_invoices_bulk_create')
  expect(names).toContain('list_all_finexio_supplier_contacts')
  expect(names).toContain('get_single_finexio_supplier_by_id')
  for (const hidden of [
    'list_all_finexio_payments',
    'list_all_finexio_suppliers',
    'create_a_finexio_supplier',
  ])
    expect(names).not.toContain(hidden)
})

// Seen at 0f47fef5: written as a pointer it was no supplier any more, and hid nothing. Siblings: the other name, and a buyer's two.
test.each(['supplier_id', 'receiving_counterparty_id', 'buyer_id', 'originating_counterparty_id'])(
  '/%s fixed for all tools hides what %s hides',
  (key) => {
    const shown = (name: string) =>
      toolsFor({ ...all, fixed: { '*': { [name]: 'x' } } }).map(({ name }) => name)
    expect(shown(`/${key}`)).toEqual(shown(key))
    expect(shown(key)).not.toContain('list_all_finexio_payments')
  },
)

test('one supplier is reached under each name that tools have for it', async () => {
  const fixed = { '*': { receiving_counterparty_id: 'sup_1' } }
  const got = await call('get_single_finexio_supplier_by_id', {}, fixed)
  expect(got.sent[0]?.path).toContain('/sup_1/')
  const contacts = await call('list_all_finexio_supplier_contacts', {}, fixed)
  expect(contacts.sent[0]?.path).toContain('/sup_1/')
})

test.each<[Fixed, RegExp]>([
  [{ list_all_finexio_paymets: { status: 'failed' } }, /did you mean "list_all_finexio_payments"/],
  [{ list_all_finexio_payments: { stauts: 'failed' } }, /did you mean "status"/],
  [{ list_all_finexio_payments: { status: 'lost' } }, /status/],
  [{ '*': { nothing: 1 } }, /argument of no tool/],
  [{ '*': { limit: 'many' } }, /limit/],
  [{ finexio_invoices_bulk_create: { '/body/nothing': 1 } }, /not an argument/],
  // Seen at 0f47fef5: it was taken, hid nothing, and was summed up as "supplier of every tool". Siblings: buyer, a name, two references.
  [
    { '*': { supplier: 'sup_1' } },
    /any supplier: fix supplier_id, which hides them, or supplier of one tool/,
  ],
  [{ '*': { buyer: 'b1' } }, /fix buyer_id/],
  [{ '*': { supplier_name: 'Acme' } }, /fix supplier_id/],
  [{ '*': { buyer_ref_id: 'r' } }, /fix buyer_id/],
  [{ '*': { supplier_ref_id: 'r' } }, /fix supplier_id/],
])('%j is refused when the server is made', (fixed, words) => {
  expect(
    toolPreview
      .problemsOf({ ...all, fixed })
      .map(({ message }) => message)
      .join(),
  ).toMatch(words)
})

// Seen by the fourth new user: of "payment" was said only that no tool matches. Siblings: case, a missing letter, beside a tag that is known.
test.each([
  [['payment'], 'did you mean "payments"?'],
  [['Invoices'], 'did you mean "invoices"?'],
  [['payments', 'suplier_contacts'], 'did you mean "supplier_contacts"?'],
  [['zzzzzz'], 'known are '],
])('the tags %j are refused with what was meant', (tags, words) => {
  expect(toolPreview.problemsOf({ ...all, tags })).toEqual([
    { path: 'config.tags', message: expect.stringContaining(words) },
  ])
})

test('what is fixed on one server is not seen on another', async () => {
  const name = 'list_all_finexio_payments'
  const first = await call(name, {}, { [name]: { tracking_id: 't1' } })
  const second = await call(name, {}, { [name]: { tracking_id: 't2' } })
  expect([first, second].map(({ sent }) => sent[0]?.query?.tracking_id)).toEqual(['t1', 't2'])
  expect(viewOf(all).byName.get(name)!.input.shape).toHaveProperty('tracking_id')
})

test('what is fixed on one tool is not got round through a composite that stands on it', () => {
  const shown = (fixed: Fixed) => toolsFor({ ...all, fixed }).map(({ name }) => name)
  const held = shown({ '*': { receiving_counterparty_id: 'sup_1' } })
  expect(held).toContain('trace_finexio_invoice')
  expect(held).not.toContain('reconcile_finexio_drawdown')
  const narrowed = shown({
    '*': { receiving_counterparty_id: 'sup_1' },
    list_all_finexio_payments: { tracking_id: 't' },
  })
  expect(narrowed).not.toContain('analyze_finexio_payables')
  expect(shown({ list_all_finexio_drawdowns: { buyer_ref_id: 'b' } })).not.toContain('trace_finexio_invoice')
})
