import { expect, test } from 'vitest'
import { ORIGIN, tenant } from './support.ts'

const me = tenant('lists')
const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)

test('pages hold 100 rows, whatever the caller asks for', async () => {
  for (const query of ['', '?limit=5', '?page_size=5', '?per_page=5']) {
    const { body } = await me.get(`/payments/${query}`)
    expect(body.results).toHaveLength(100)
    expect(body.count).toBeGreaterThanOrEqual(1_200)
  }
})

test('next and previous are absolute, repeat the filters, and end in null', async () => {
  const first = await me.get('/payments/?status=settled&status=pending&refunded=false')
  expect(first.body.previous).toBeNull()
  expect(first.body.next).toBe(`${ORIGIN}/v2/payments/?status=settled&status=pending&refunded=false&page=2`)
  const seen = new Set<string>(idsOf(first.body.results))
  let { next } = first.body
  let last = first.body
  while (next) {
    last = (await me.get(next.slice(`${ORIGIN}/v2`.length))).body
    for (const id of idsOf(last.results)) seen.add(id)
    next = last.next
  }
  expect(seen.size).toBe(first.body.count)
  expect(last.previous).toContain('status=settled&status=pending&refunded=false&page=')
})

test.each(['0', '-1', 'x', '1.5', '9999', '99999999999'])('page=%s is 404', async (page) => {
  expect(await me.get(`/invoices/?page=${page}`)).toMatchObject({
    status: 404,
    body: { detail: 'Invalid page.' },
  })
})

test('page 1 of an empty list is 200', async () => {
  const empty = { count: 0, next: null, previous: null, results: [] }
  expect(await me.get('/webhooks/')).toMatchObject({ status: 200, body: empty })
  expect(await me.get('/webhooks/?page=1')).toMatchObject({ status: 200, body: empty })
  expect((await me.get('/webhooks/?page=2')).status).toBe(404)
})

test('filters combine with AND, repeats of one with OR, unknown ones are ignored', async () => {
  const count = async (query: string) => (await me.get(`/counterparties/?${query}`)).body.count
  expect(await count('internal_id=VENDOR_ALPHA')).toBe(1)
  expect(await count('internal_id=vendor_alpha')).toBe(0)
  expect(await count('internal_id=vendor_alpha&internal_id=VENDOR_ALPHA&internal_id=Example1')).toBe(2)
  expect(await count('internal_id=VENDOR_ALPHA&type=Buyer')).toBe(0)
  expect(await count('internal_id=VENDOR_ALPHA&colour=red')).toBe(1)
  expect(await count('name=fabrication')).toBe(1)
  expect(await count('name=%25')).toBe(0)
  expect(await count('type=buyer')).toBe(4)
  expect(await count('type=Buyer&type=Supplier')).toBe(await count(''))
})

test.each([
  ['/payments/?status=failed', 'status'],
  ['/payments/?status=canceled', 'status'],
  ['/payments/?created_start=yesterday', 'created_start'],
  ['/payments/?updated_end=2026-13-01', 'updated_end'],
  ['/payments/?refunded=maybe', 'refunded'],
  ['/counterparties/?type=Both', 'type'],
  ['/counterparties/?updated_after=2026-02-30', 'updated_after'],
  ['/counterparties/suppliers?enabled=yes', 'enabled'],
  ['/reconciliation/drawdown?status=canceled', 'status'],
  ['/reconciliation/drawdown?amount_cents_start=1.5', 'amount_cents_start'],
  ['/payments/pay_555777/images?checkImageType=Both', 'checkImageType'],
])('an unreadable filter value is a field map: %s', async (path, field) => {
  const { status, body } = await me.get(path)
  expect(status).toBe(400)
  expect(Object.keys(body)).toEqual([field])
  expect(body[field]).toEqual([expect.any(String)])
})

test('booleans and moments are read in every spelling', async () => {
  const count = async (query: string) => (await me.get(`/payments/?${query}`)).body.count
  const [refunded, other] = [await count('refunded=true'), await count('refunded=0')]
  expect(refunded).toBeGreaterThan(5)
  expect([await count('refunded=True'), await count('refunded=1')]).toEqual([refunded, refunded])
  expect([await count('refunded=False'), await count('refunded=false')]).toEqual([other, other])
  const { created } = (await me.get('/payments/?page=3')).body.results[0]
  const since = await count(`created_start=${created}`)
  expect(since).toBeGreaterThan(200)
  expect(await count(`created_start=${created}Z`)).toBe(since)
  expect(await count(`created_start=${encodeURIComponent(`${created}+00:00`)}`)).toBe(since)
  const total = await count('')
  const upTo = await count(`created_end=${created}`)
  const at = await count(`created_start=${created}&created_end=${created}`)
  expect(since + upTo - at).toBe(total)
})

test('newest first by default, oldest or unsorted on demand, pages never overlapping', async () => {
  const one = tenant('orders')
  const walk = async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => one.get(`/invoices/?page=${page}`)))
    return pages.flatMap(({ body }) => body.results as { id: string; created: string }[])
  }
  const times = (rows: { created: string }[]) => rows.map(({ created }) => created)
  const newest = await walk()
  expect(times(newest)).toEqual(times(newest).sort().reverse())
  await one.set({ listOrder: 'oldest' })
  const oldest = await walk()
  expect(times(oldest)).toEqual(times(oldest).sort())
  await one.set({ listOrder: 'random' })
  const unsorted = await walk()
  expect(times(unsorted)).not.toEqual(times(unsorted).sort())
  expect(times(unsorted)).not.toEqual(times(unsorted).sort().reverse())
  expect(new Set(idsOf(unsorted)).size).toBe(300)
})

test('pageSize can be lowered', async () => {
  const one = tenant('small-pages')
  await one.set({ pageSize: 7 })
  const { body } = await one.get('/payments/?page=2')
  expect(body.results).toHaveLength(7)
  expect(body.next).toContain('page=3')
})

test.each([
  ['mixed', 200],
  ['declared', 201],
  ['rest', 200],
])('statusCodes=%s: the three party lists answer %i', async (mode, code) => {
  const one = tenant(`codes-${mode}`)
  await one.set({ statusCodes: mode })
  for (const path of ['/counterparties/', '/counterparties/suppliers', '/counterparties/buyers'])
    expect((await one.get(path)).status).toBe(code)
  expect((await one.get('/payments/')).status).toBe(200)
})
