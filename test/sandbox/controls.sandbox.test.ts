import { SELF } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { basic, invoice, send, tenant } from './support.ts'

test('the request log shows what was sent, never the credentials', async () => {
  const one = tenant('logged')
  await one.get('/payments/?status=settled&status=pending&tracking_id=RC1')
  await one.post('/webhooks/', { event: 'x' })
  await send('/v2/webhooks/', { headers: { authorization: basic('logged', 'other'), 'x-mine': 'yes' } })
  const { body } = await one.control('GET', 'requests')
  expect(body).toHaveLength(3)
  expect(body[0]).toMatchObject({
    method: 'GET',
    path: '/v2/payments/',
    query: { status: ['settled', 'pending'], tracking_id: 'RC1' },
    authorization: true,
    username: 'logged',
    body: null,
    status: 200,
  })
  expect(body[1]).toMatchObject({ method: 'POST', body: { event: 'x' }, status: 400 })
  expect(body[2]).toMatchObject({ status: 403, headers: { 'x-mine': 'yes' } })
  expect(JSON.stringify(body)).not.toContain('Basic ')
  await one.control('DELETE', 'requests')
  expect((await one.control('GET', 'requests')).body).toEqual([])
})

test('a request without credentials is logged under no username', async () => {
  await send('/v2/payments/?probe=1')
  const { body } = await send('/__sandbox/requests')
  const found = body.filter(({ query }: { query: { probe?: string } }) => query.probe === '1')
  expect(found).toMatchObject([{ username: null, authorization: false, status: 403 }])
})

test('faults replace, delay and decorate the next answers, counted down', async () => {
  const one = tenant('faulty')
  await one.control('POST', 'faults', [
    { status: 503, headers: { 'Retry-After': '7' }, json: { detail: 'Down.' }, path: '/payments/', times: 2 },
    { status: 500, body: '<html>Oops</html>', content_type: 'text/html', path: '/invoices/' },
    { headers: { 'X-RateLimit-Remaining': '3' }, method: 'get', path: '/v2/webhooks/' },
  ])
  for (let round = 0; round < 2; round += 1) {
    const down = await one.get('/payments/')
    expect([down.status, down.headers.get('retry-after'), down.body]).toEqual([503, '7', { detail: 'Down.' }])
  }
  expect((await one.get('/payments/')).status).toBe(200)
  const html = await one.get('/invoices/')
  expect([html.status, html.text, html.headers.get('content-type')]).toEqual([
    500,
    '<html>Oops</html>',
    'text/html',
  ])
  const real = await one.get('/webhooks/')
  expect([real.status, real.body.count, real.headers.get('x-ratelimit-remaining')]).toEqual([200, 0, '3'])
  expect(
    (await one.control('GET', 'faults')).body.map(({ remaining }: { remaining: number }) => remaining),
  ).toEqual([0, 0, 0])
})

test('faults of one tenant leave others alone; PUT replaces, DELETE clears, times null stays', async () => {
  const [one, other] = [tenant('struck'), tenant('spared')]
  await one.control('PUT', 'faults', { status: 429, times: null })
  for (let round = 0; round < 3; round += 1) expect((await one.get('/webhooks/')).status).toBe(429)
  expect((await other.get('/webhooks/')).status).toBe(200)
  await one.control('PUT', 'faults', { status: 502 })
  expect([(await one.get('/webhooks/')).status, (await one.get('/webhooks/')).status]).toEqual([502, 200])
  await one.control('POST', 'faults', { status: 500, times: null })
  await one.control('DELETE', 'faults')
  expect((await one.get('/webhooks/')).status).toBe(200)
})

test('big answers have about the size asked for, and are JSON', async () => {
  const one = tenant('big')
  await one.control('POST', 'faults', { body_bytes: 10_000_000 })
  const { status, text, body } = await one.get('/payments/')
  expect([status, text.length, Object.keys(body)]).toEqual([200, 10_000_000, ['padding']])
})

test('an applied fault takes effect although its answer is replaced', async () => {
  const one = tenant('applied')
  const before = (await one.get('/invoices/')).body.count
  await one.control('POST', 'faults', { status: 504, applied: true })
  expect((await one.post('/invoices/batch/', [invoice()])).status).toBe(504)
  expect((await one.get('/invoices/')).body.count).toBe(before + 1)
})

test('delay_ms holds the answer back while others go on', async () => {
  const one = tenant('slow')
  await one.control('POST', 'faults', { delay_ms: 300, path: '/webhooks/' })
  const order: string[] = []
  await Promise.all([
    one.get('/webhooks/').then(({ status }) => order.push(`slow ${status}`)),
    one.get('/invoices/').then(({ status }) => order.push(`quick ${status}`)),
  ])
  expect(order).toEqual(['quick 200', 'slow 200'])
})

test('a rate limit counts for real, in the dialect asked for, and ends with its window', async () => {
  const one = tenant('limited')
  await one.set({ rateLimit: { limit: 2, window: 30, dialect: 'x-delay' } })
  const remaining = async () => {
    const { status, headers } = await one.get('/webhooks/')
    return [
      status,
      headers.get('x-ratelimit-limit'),
      headers.get('x-ratelimit-remaining'),
      headers.has('retry-after'),
    ]
  }
  expect(await remaining()).toEqual([200, '2', '1', false])
  expect(await remaining()).toEqual([200, '2', '0', false])
  expect(await remaining()).toEqual([429, '2', '0', true])
  expect((await tenant('unlimited').get('/webhooks/')).status).toBe(200)
  await one.advance(31)
  expect(await remaining()).toEqual([200, '2', '1', false])
})

test('settings: unknown names and values are refused, null goes back, everyone or one tenant', async () => {
  const [one, other] = [tenant('set-one'), tenant('set-other')]
  for (const wrong of [{ colour: 'red' }, { pageSize: 0 }, { rateLimit: { limit: 1, dialect: 'klingon' } }])
    expect(await one.set(wrong)).toMatchObject({ status: 400, body: { error: expect.any(String) } })
  expect((await one.set({ imagesShape: 'array' })).body).toMatchObject({
    imagesShape: 'array',
    pageSize: 100,
  })
  expect((await other.control('GET', 'settings')).body.imagesShape).toBe('object')
  expect((await one.set({ imagesShape: null })).body.imagesShape).toBe('object')
  await one.set({ historyShape: 'guide' })
  await send('/__sandbox/settings', { method: 'PATCH', body: JSON.stringify({ historyShape: 'openapi' }) })
  expect((await one.control('GET', 'settings')).body.historyShape).toBe('openapi')
  await send('/__sandbox/settings', { method: 'PATCH', body: JSON.stringify({ historyShape: null }) })
  expect((await other.control('GET', 'settings')).body.historyShape).toBe('guide')
})

test('the clock starts now, moves for one tenant alone, and never backwards', async () => {
  const one = tenant('clocked')
  const now = async (who: ReturnType<typeof tenant>) =>
    Date.parse(`${(await who.control('GET', 'clock')).body.now.slice(0, 23)}Z`)
  const before = Date.now()
  const first = await now(one)
  expect([first >= before - 1, first <= Date.now() + 1]).toEqual([true, true])
  expect((await one.advance(3_600)).body.advanced_seconds).toBe(3_600)
  expect((await now(one)) - (await now(tenant('unclocked')))).toBeGreaterThan(3_590_000)
  expect((await one.advance(-1)).status).toBe(400)
})

test('reset brings one tenant back to its seeds and leaves others', async () => {
  const [one, other] = [tenant('reset-me'), tenant('keep-me')]
  for (const who of [one, other]) await who.post('/invoices/batch/', [invoice()])
  const [changed, kept] = [
    (await one.get('/invoices/')).body.count,
    (await other.get('/invoices/')).body.count,
  ]
  await one.set({ pageSize: 5 })
  await one.advance(3_600)
  expect((await one.control('POST', 'reset')).status).toBe(204)
  expect((await one.get('/invoices/')).body).toMatchObject({ count: changed - 1 })
  expect((await one.get('/invoices/')).body.results).toHaveLength(100)
  expect((await one.control('GET', 'clock')).body.advanced_seconds).toBe(0)
  expect((await other.get('/invoices/')).body.count).toBe(kept)
  expect(
    (await send('/v2/webhooks/', { headers: { authorization: basic('reset-me', 'other') } })).status,
  ).toBe(403)
})

test('controls refuse names that are not loopback, wrong methods, wrong JSON and unknown controls', async () => {
  const far = await SELF.fetch('http://rebound.example/__sandbox/requests')
  expect(far.status).toBe(403)
  for (const host of ['localhost:8788', '[::1]:8788', '127.0.0.2'])
    expect((await SELF.fetch(`http://${host}/__sandbox/clock`)).status).toBe(200)
  expect((await send('/__sandbox/clock', { method: 'DELETE' })).status).toBe(405)
  expect((await send('/__sandbox/clock', { method: 'POST', body: '{' })).status).toBe(400)
  expect((await send('/__sandbox/nothing')).status).toBe(404)
  expect((await send('/__sandbox/payments/x/dance', { method: 'POST' })).status).toBe(404)
  expect((await send('/__sandbox/payments/x/refund?username=nobody', { method: 'POST' })).status).toBe(404)
})

test.each([
  ['a header name with a blank', { headers: { 'bad name': 'x' } }],
  ['a header value with a line break', { headers: { 'X-Rate': 'a\r\nb' } }],
  ['an unknown field', { statsu: 500 }],
  ['an impossible status', { status: 99 }],
  ['a delay beyond five minutes', { delay_ms: 300_001 }],
])('a fault with %s is refused', async (_, fault) => {
  const one = tenant('wrong-faults')
  expect((await one.control('POST', 'faults', fault)).status).toBe(400)
  expect((await one.control('GET', 'faults')).body).toEqual([])
})

test('bodies beyond 32 MB are refused', async () => {
  const headers = { authorization: basic('huge'), 'content-type': 'application/json' }
  const body = `"${'x'.repeat(33 * 1024 * 1024)}"`
  expect((await send('/v2/invoices/batch/', { method: 'POST', headers, body })).status).toBe(413)
})
