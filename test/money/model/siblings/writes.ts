/** Answers to writes: statuses, receipts, likeness. */
import type { Fault } from '../../../../sandbox/wire/faults.ts'
import { BATCH, batch, cut, fresh, invoice, type Place, type Sibling, writesOf } from './types.ts'

const NOT_DONE =
  /not executed|was not (sent|carried out|done|created|stored)|nothing was (sent|submitted|stored|created)/i
const POST = { method: 'POST', applied: true }

/** @param fault what stands in place of the answer to a write that took effect */
const applied = (name: string, fault: object): Sibling[] => [
  {
    like: 'B30',
    input: `a batch that took effect, answered ${name}`,
    right: 'unknown (or done); a repeat under a new key does not leave',
    wrong: async (place) => {
      const same = batch(invoice())
      await place.fault({ ...POST, path: '/invoices/', ...fault })
      const first = await place.call(BATCH, same)
      if (NOT_DONE.test(first.text)) return `says not done: ${cut(first.text)}`
      if (!/unknown|succeeded/i.test(`${first.data?.outcome} ${first.text}`)) return cut(first.text)
      const second = await place.call(BATCH, { ...same, idempotency_key: `key-${fresh()}` })
      const left = writesOf(await place.sent()).length
      return left === 1 ? null : `${left} left; ${cut(second.text)}`
    },
  },
  {
    like: 'B13',
    input: `a contact that was made, answered ${name}`,
    right: 'unknown (or done); the same under a new key does not leave while unknown',
    wrong: async (place) => {
      const contact = {
        supplier_id: 'sup_123',
        external_reference_id: fresh(),
        name: 'Ann',
        email: 'ann@acme.example',
        primary: false,
      }
      await place.fault({ ...POST, ...fault })
      const first = await place.call('create_a_finexio_supplier_contact', contact)
      if (NOT_DONE.test(first.text)) return `says not done: ${cut(first.text)}`
      if (first.data?.outcome === 'succeeded' || !first.isError) return null
      const again = { ...contact, idempotency_key: `key-${fresh()}` }
      const second = await place.call('create_a_finexio_supplier_contact', again)
      const left = writesOf(await place.sent()).length
      return left === 1 ? null : `${left} left; ${cut(second.text)}`
    },
  },
]
const statuses: Record<string, object> = {
  '500': { status: 500 },
  '502 as HTML': { status: 502, body: '<html>Bad gateway</html>', content_type: 'text/html' },
  '520': { status: 520 },
  '503 without Retry-After': { status: 503 },
  '503 with Retry-After: 5': { status: 503, headers: { 'retry-after': '5' } },
  '403 with Retry-After and another text': {
    status: 403,
    headers: { 'retry-after': '9' },
    json: { detail: 'Blocked by the firewall.' },
  },
  '408': { status: 408 },
  '409': { status: 409, json: { detail: 'Conflict.' } },
  '410': { status: 410 },
  '413': { status: 413 },
  '422': { status: 422, json: { detail: 'Unprocessable.' } },
  '425': { status: 425 },
  '451': { status: 451 },
  '200 with HTML': { status: 200, body: '<html>Sign in</html>', content_type: 'text/html' },
  '200 with null': { status: 200, body: 'null' },
  '201 with an empty body': { status: 201, body: '' },
  '302 to a sign-in': { status: 302, headers: { location: '/login' } },
}

const receipt = (
  name: string,
  change: (row: ReturnType<typeof invoice>) => unknown,
  differs: boolean,
): Sibling => ({
  like: 'B16',
  input: `the answer to a batch: ${name}`,
  right: differs ? 'the difference is said first, not just "succeeded"' : 'no difference is claimed',
  wrong: async (place) => {
    const row = invoice()
    await place.fault({ ...POST, path: '/invoices/', status: 201, json: change(row) as Fault['json'] })
    const { text } = await place.call(BATCH, batch(row))
    const says =
      /differ|not what|does not match|other than|instead|mismatch|unknown|look the numbers up/i.test(text)
    return says === differs ? null : cut(text)
  },
})
const back = (row: object, more: object = {}) => ({ id: 'inv_1', ...row, ...more })

const likeness = (number: string, alike: boolean): Sibling => ({
  like: 'B21',
  input: `LK-00123 was submitted; dry run of "${number}" for the same amount`,
  right: alike ? 'a warning that names LK-00123' : 'no warning',
  wrong: async (place) => {
    await submitOnce(place)
    const row = invoice({ invoice_number: number })
    const { text } = await place.call(BATCH, { ...batch(row), dry_run: true })
    return text.includes('LK-00123') === alike ? null : cut(text)
  },
})
const submitted = new WeakSet<Place>()
const submitOnce = async (place: Place): Promise<void> => {
  if (submitted.has(place)) return
  submitted.add(place)
  await place.call(BATCH, batch(invoice({ invoice_number: 'LK-00123' })))
}

/** Numbers that look alike. */
export const likenesses: Sibling[] = [
  ...[
    'lk 00123',
    'LK123',
    'LK-123',
    'LK/00123',
    'LK(00123)',
    'lk.00123',
    'LK-00123.',
    'LK - 00123',
    '00123',
  ].map((one) => likeness(one, one !== '00123')),
  ...['LK-00124', 'LK-1230', 'MK-00123', 'LK-00132'].map((one) => likeness(one, false)),
]

/** What was not sent and comes back otherwise than it goes without saying: the design speaks of what was sent. */
export const unsaid: Sibling[] = [
  receipt('EUR', (row) => [back(row, { currency: 'EUR' })], true),
  receipt('a discount nobody gave', (row) => [back(row, { discount_amount_cents: 500 })], true),
]

export const writes: Sibling[] = [
  ...Object.entries(statuses).flatMap(([name, fault]) => applied(name, fault)),
  receipt('another supplier', (row) => [back(row, { receiving_counterparty_id: 'sup_999' })], true),
  receipt('another buyer', (row) => [back(row, { originating_counterparty_id: 'buy_111' })], true),
  receipt('a cent more', (row) => [back(row, { amount_cents: row.amount_cents + 1 })], true),
  receipt('another date', (row) => [back(row, { invoice_date: '2026-01-01' })], true),
  receipt('no row', () => [], true),
  receipt(
    'two rows for one',
    (row) => [back(row), back(row, { id: 'inv_2', invoice_number: 'EXTRA-1' })],
    true,
  ),
  receipt('the same twice', (row) => [back(row), back(row, { id: 'inv_2' })], true),
  receipt(
    'the number with a blank',
    (row) => [back(row, { invoice_number: `${row.invoice_number} X` })],
    true,
  ),
  receipt('the amount as text', (row) => [back(row, { amount_cents: String(row.amount_cents) })], false),
  receipt('more fields than were sent', (row) => [back(row, { status: 'submitted', note: null })], false),
]
