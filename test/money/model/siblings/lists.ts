/** Lists that cannot be read whole: who reads them says so. */
import { BATCH, batch, cut, invoice, type Place, type Sibling } from './types.ts'

const row = (number: string) => ({
  id: `inv_${number}`,
  invoice_number: number,
  amount_cents: 100,
  currency: 'USD',
  status: 'submitted',
  created: '2026-11-20T10:00:00',
})
const rows = [row('L-1'), row('L-2')]
const answers: Record<string, object> = {
  'an object without a list': { json: { detail: 'maintenance' } },
  'results: null': { json: { count: 3, next: null, results: null } },
  'results: {}': { json: { count: 3, next: null, results: {} } },
  'rows under another name': { json: { count: 2, next: null, data: rows } },
  'HTML with 200': { body: '<html><body>Sign in</body></html>', content_type: 'text/html' },
  'JSON cut in the middle': { body: '{"count": 2, "next": null, "results": [{"id": "inv_1"' },
  false: { body: 'false' },
  '0': { body: '0' },
  'a list of text': { json: ['L-1', 'L-2'] },
  'a list with null in it': { json: [null, rows[0]] },
  'count above the rows': { json: { count: 5, next: null, results: rows } },
  'count as text, above the rows': { json: { count: '5', next: null, results: rows } },
  'count -1': { json: { count: -1, next: null, results: rows } },
  'next: "page 2"': { json: { count: 4, next: 'page 2', results: rows } },
  'next: true': { json: { count: 4, next: true, results: rows } },
  'next on another host': {
    json: { count: 4, next: 'https://evil.example/v2/invoices/?page=2', results: rows },
  },
  'next on file:': { json: { count: 4, next: 'file:///etc/passwd', results: rows } },
  'status 204': { status: 204, body: '' },
  'status 202 without a body': { status: 202, body: '' },
}
const over = (path: string, answer: object) => ({ status: 200, path, method: 'GET', times: null, ...answer })
const whole = /no more pages|compared with all|all \d+ invoices/i

const reads: [string, string, object][] = [
  ['list_all_finexio_invoices', '/invoices/', {}],
  ['summarize_finexio_invoices', '/invoices/', {}],
  ['list_all_finexio_suppliers', '/counterparties/suppliers', {}],
]
const saysWhole = async (place: Place, tool: string, args: object): Promise<string | null> => {
  const { isError, text, data } = await place.call(tool, args)
  if (isError || data?.is_partial_response === true) return null
  return `partial: ${data?.is_partial_response}; ${cut(text)}`
}
const read = ([tool, path, args]: (typeof reads)[number], name: string): Sibling => ({
  like: 'B9',
  input: `${tool}, the list answers ${name}`,
  right: 'an error, or partial',
  wrong: async (place) => {
    await place.fault(over(path, answers[name]!))
    return saysWhole(place, tool, args)
  },
})
const guard = (name: string): Sibling => ({
  like: 'B8',
  input: `dry run of a batch, the list of invoices answers ${name}`,
  right: 'never "compared with all"; it says what was not compared',
  wrong: async (place) => {
    await place.fault(over('/invoices/', answers[name]!))
    const { text } = await place.call(BATCH, { ...batch(invoice()), dry_run: true })
    return whole.test(text) || !/not |could|unread|only|part/i.test(text)
      ? cut(whole.exec(text)?.[0] ?? text)
      : null
  },
})
const waits = (name: string): Sibling => ({
  like: 'B8',
  input: `a batch where first_payment asks for a person and changed_supplier refuses; every list answers ${name}`,
  right: 'nothing leaves',
  wrong: async (place) => {
    const call = await place.serve({
      methods: ['read', 'write'],
      first_payment: 'approve',
      changed_supplier: { days: 30, action: 'refuse' },
    })
    for (const path of ['/invoices/', '/reconciliation/drawdown', '/counterparties/history'])
      await place.fault(over(path, answers[name]!))
    const { text } = await call(BATCH, batch(invoice()))
    const left = (await place.sent()).filter(({ method }) => method === 'POST').length
    return left === 0 ? null : `left; ${cut(text)}`
  },
})
const counted = (count: unknown): Sibling => ({
  like: 'B24',
  input: `count: ${JSON.stringify(count)} in a list of two rows with a next`,
  right: 'at most 60 requests, and not whole',
  wrong: async (place) => {
    const next = 'https://finexio.test/v2/invoices/?page=2'
    await place.fault(over('/invoices/', { json: { count, next, results: rows } }))
    const failed = await saysWhole(place, 'summarize_finexio_invoices', {})
    const sent = (await place.sent()).length
    return sent > 60 ? `${sent} requests` : failed
  },
})

const names = Object.keys(answers)
export const lists: Sibling[] = [
  ...names.flatMap((name) => reads.map((one) => read(one, name))),
  ...names.map(guard),
  ...[
    'an object without a list',
    'results: null',
    'HTML with 200',
    'a list of text',
    'count above the rows',
  ].map(waits),
  ...[1e12, '1e9', 2.5, 300_000].map(counted),
]
