/** What is refused before anything leaves, or understood: placeholders, bank numbers, spellings of ids, hidden characters, the key's header. */
import { BATCH, batch, cut, fresh, invoice, type Place, type Sibling, writesOf } from './types.ts'

type Write = [tool: string, args: (place: Place) => object]

const leftBy = async (place: Place, tool: string, args: object): Promise<string | null> => {
  const { isError, text } = await place.call(tool, args)
  const left = writesOf(await place.sent()).length
  if (left > 0) return `${left} write left; ${cut(text)}`
  return isError ? null : `accepted: ${cut(text)}`
}
const refused = (
  like: string,
  input: string,
  [tool, args]: Write,
  right = 'refused, nothing sent',
): Sibling => ({
  like,
  input: `${tool.replace('finexio_', '')}: ${input}`,
  right,
  wrong: (place) => leftBy(place, tool, args(place)),
})
const onInvoice = (like: string, more: object): Sibling =>
  refused(like, JSON.stringify(more), [BATCH, () => batch(invoice(more))])
const onSupplier = (like: string, more: object): Sibling =>
  refused(like, JSON.stringify(more), [
    'finexio_suppliers_partial_update',
    () => ({ id: 'sup_999', ...more }),
  ])
const onNew = (like: string, more: object): Sibling =>
  refused(like, JSON.stringify(more), [
    'create_a_finexio_supplier',
    () => ({ name: fresh(), external_reference_id: fresh(), payment_method: 'Check', ...more }),
  ])
const onRead = (tool: string, args: object): Sibling => ({
  like: 'B18',
  input: `${tool}: ${JSON.stringify(args)}`,
  right: 'refused: a placeholder is no id',
  wrong: async (place) => {
    const { isError, text } = await place.call(tool, args)
    if (!isError) return `answered: ${cut(text)}`
    return (await place.sent()).length === 0 ? null : `asked Finexio: ${cut(text)}`
  },
})

const placeholders: Sibling[] = [
  ...['N/A', 'undefined', 'NULL', 'None', 'NaN', 'n/a', ' null '].map((invoice_number) =>
    onInvoice('B17', { invoice_number }),
  ),
  onInvoice('B17', { receiving_counterparty_id: 'undefined' }),
  onInvoice('B17', { originating_counterparty_id: 'None' }),
  onInvoice('B17', { originating_counterparty_id: '   ' }),
  onInvoice('B17', { invoice_number: '  ' }),
  onSupplier('B17', { bank_account_number: 'N/A' }),
  onSupplier('B17', { bank_account_number: 'none', bank_routing_number: '021000021' }),
  onSupplier('B17', { bank_routing_number: 'null' }),
  onSupplier('B17', { bank_account_number: '12-345-678', bank_routing_number: '021000021' }),
  onSupplier('B17', { bank_account_number: '１２３４５６７８', bank_routing_number: '021000021' }),
  onSupplier('B17', { bank_account_number: '12345678', bank_routing_number: '123456789' }),
  onSupplier('B17', { bank_account_number: '12345678', bank_routing_number: '02100002' }),
  onSupplier('B17', { name: 'undefined' }),
  onSupplier('B17', { name: '   ' }),
  onSupplier('B17', { remit_email: 'null' }),
  onSupplier('B17', { bank_account_number: ' ' }),
  onNew('B17', { name: 'N/A' }),
  onNew('B17', { name: 'null' }),
  onNew('B17', { external_reference_id: 'None' }),
  onNew('B17', { payment_method: 'ACH', bank_account_number: 'NULL', bank_routing_number: '021000021' }),
  refused('B17', 'supplier_id "null"', [
    'create_a_finexio_supplier_contact',
    () => ({ supplier_id: 'null', name: 'Ann', email: 'ann@acme.example', primary: false }),
  ]),
  refused('B17', 'id "undefined"', [
    'finexio_suppliers_partial_update',
    () => ({ id: 'undefined', name: 'Acme' }),
  ]),
  onRead('get_single_finexio_payment_by_id', { id: 'undefined' }),
  onRead('get_single_finexio_supplier_by_id', { id: 'None' }),
  onRead('list_all_finexio_drawdowns', { invoice_number: 'N/A' }),
  onRead('trace_finexio_invoice', { invoice_number: 'NaN' }),
  onRead('list_all_finexio_payments', { tracking_id: 'undefined' }),
  onRead('check_finexio_supplier_readiness', { id: 'null' }),
  {
    like: 'B18',
    input: 'list_all_finexio_payments: {"tracking_id":null}',
    right: 'null means absent: the newest payments',
    wrong: async (place) => {
      const { isError, text, data } = await place.call('list_all_finexio_payments', {
        tracking_id: null,
        limit: 2,
      })
      return !isError && data?.result?.length === 2 ? null : cut(text)
    },
  },
]

const spellings: [string, (id: string) => string][] = [
  ['upper case', (id) => id.toUpperCase()],
  ['no hyphens', (id) => id.replaceAll('-', '')],
  ['in braces', (id) => `{${id}}`],
  ['urn:uuid:', (id) => `urn:uuid:${id}`],
  ['mixed case and a blank', (id) => ` ${id.slice(0, 9).toUpperCase()}${id.slice(9)} `],
  ['upper case without hyphens', (id) => id.replaceAll('-', '').toUpperCase()],
]
const ids: Sibling[] = spellings.flatMap(([name, spell]) => [
  {
    like: 'B6',
    input: `the second invoice of the day to one supplier, its id ${name}, where per_supplier_day is 1`,
    right: 'held by the limit: one supplier',
    wrong: async (place: Place) => {
      const call = await place.serve({
        methods: ['read', 'write'],
        limits: { per_supplier_day: { count: 1 } },
      })
      const to = (receiving_counterparty_id: string) => batch(invoice({ receiving_counterparty_id }))
      await call(BATCH, to(place.uuid))
      const second = await call(BATCH, to(spell(place.uuid)))
      const left = writesOf(await place.sent()).length
      return left <= 1 ? null : `${left} batches left; ${cut(second.text)}`
    },
  },
  {
    like: 'B6',
    input: `invoice to a supplier whose id is written ${name}`,
    right: 'sent in the canonical form, or refused',
    wrong: async (place: Place) => {
      const { isError } = await place.call(
        BATCH,
        batch(invoice({ receiving_counterparty_id: spell(place.uuid) })),
      )
      const [write] = writesOf(await place.sent())
      if (!write) return isError ? null : 'nothing left, and no error'
      const text = typeof write.body === 'string' ? write.body : JSON.stringify(write.body)
      return text.includes(place.uuid) ? null : `sent as ${cut(text)}`
    },
  },
])

const hidden = (
  name: string,
  mark: string,
  where: 'note' | 'reconciliation_id' | 'invoice_number',
): Sibling => ({
  ...onInvoice('B33', { [where]: `paid${mark}1001` }),
  input: `${where} with ${name}`,
})
const header = (input: string, right: string, wrong: Sibling['wrong']): Sibling => ({
  like: 'B25',
  input,
  right,
  wrong,
})
const headers: Sibling[] = [
  header('Idempotency-Key alone, the same invoice twice', 'the second is a replay', async (place) => {
    const [same, key] = [batch(invoice()), { 'idempotency-key': `key-${fresh()}` }]
    await place.call(BATCH, same, key)
    const { data, text } = await place.call(BATCH, same, key)
    return data?.replayed === true ? null : cut(text)
  }),
  header('Idempotency-Key alone, two different invoices', 'the second is refused', async (place) => {
    const key = { 'idempotency-key': `key-${fresh()}` }
    await place.call(BATCH, batch(invoice()), key)
    const { isError, text } = await place.call(BATCH, batch(invoice()), key)
    return isError && writesOf(await place.sent()).length === 1 ? null : cut(text)
  }),
  header('Idempotency-Key beside another idempotency_key', 'refused, nothing sent', async (place) =>
    place
      .call(
        BATCH,
        { ...batch(invoice()), idempotency_key: `key-${fresh()}` },
        { 'idempotency-key': `other-${fresh()}` },
      )
      .then(async ({ isError, text }) =>
        isError && writesOf(await place.sent()).length === 0 ? null : cut(text),
      ),
  ),
  header('Idempotency-Key too short for a key', 'refused, nothing sent', async (place) => {
    const { isError, text } = await place.call(BATCH, batch(invoice()), { 'idempotency-key': 'abc' })
    return isError && writesOf(await place.sent()).length === 0 ? null : cut(text)
  }),
  header(
    'Idempotency-Key in quotes, then the same without',
    'one key, or the quotes refused',
    async (place) => {
      const [same, key] = [batch(invoice()), `key-${fresh()}`]
      await place.call(BATCH, same, { 'idempotency-key': `"${key}"` })
      await place.call(BATCH, same, { 'idempotency-key': key })
      const left = writesOf(await place.sent()).length
      return left <= 1 ? null : `${left} left`
    },
  ),
  header('Idempotency-Key on a read', 'ignored', async (place) => {
    const { isError, text } = await place.call(
      'list_all_finexio_buyers',
      {},
      { 'idempotency-key': `key-${fresh()}` },
    )
    return isError ? cut(text) : null
  }),
]

export const inputs: Sibling[] = [
  ...placeholders,
  ...ids,
  hidden('U+202E', '\u202e', 'note'),
  hidden('U+2066', '\u2066', 'note'),
  hidden('U+200B', '\u200b', 'reconciliation_id'),
  hidden('U+FEFF', '\ufeff', 'note'),
  hidden('a tag character', '\u{e0041}', 'note'),
  hidden('NUL', '\u0000', 'note'),
  hidden('U+200B', '\u200b', 'invoice_number'),
  { ...onSupplier('B33', { name: 'Acme\u202eoc' }), input: 'supplier name with U+202E' },
  { ...onSupplier('B33', { remit_email: 'pay\u200b@acme.example' }), input: 'remit_email with U+200B' },
  ...headers,
]
