import { expect, test } from 'vitest'
import { basic, send, tenant } from './support.ts'

const REFUSED = { detail: 'Invalid username/password.' }
const me = tenant('transport')

test.each([
  ['no header', undefined],
  ['another scheme', 'Bearer abc'],
  ['nothing after the scheme', 'Basic '],
  ['no colon', `Basic ${btoa('nocolon')}`],
  ['no username', basic('', 'secret')],
  ['not base64', 'Basic ***'],
  ['demo with another password', basic('demo', 'other')],
  ['password "wrong"', basic('fresh', 'wrong')],
  ['password "bad"', basic('fresh', 'bad')],
  ['password "invalid"', basic('fresh', 'invalid')],
  ['an empty password', basic('fresh', '')],
])('403 with the documented body: %s', async (_, authorization) => {
  const headers: Record<string, string> = authorization ? { authorization } : {}
  for (const path of ['/v2/payments/', '/v2/no/such/path', '/']) {
    const { status, body, headers: answered } = await send(path, { headers })
    expect([status, body]).toEqual([403, REFUSED])
    expect(answered.get('content-type')).toBe('application/json')
    expect(answered.has('www-authenticate')).toBe(false)
  }
})

test('the first password of a username stays its password', async () => {
  expect(
    (await send('/v2/webhooks/', { headers: { authorization: basic('keeps-its-first', 'one') } })).status,
  ).toBe(200)
  expect(
    (await send('/v2/webhooks/', { headers: { authorization: basic('keeps-its-first', 'two') } })).status,
  ).toBe(403)
  expect(
    (await send('/v2/webhooks/', { headers: { authorization: basic('keeps-its-first', 'one') } })).status,
  ).toBe(200)
})

test('base64 without padding is accepted, and passwords may hold colons and letters beyond ASCII', async () => {
  expect(
    (await send('/v2/webhooks/', { headers: { authorization: 'Basic dGVzdDpwYXNzd29yZA' } })).status,
  ).toBe(200)
  const bytes = String.fromCharCode(...new TextEncoder().encode('olga:p:ä'))
  expect((await send('/v2/webhooks/', { headers: { authorization: `Basic ${btoa(bytes)}` } })).status).toBe(
    200,
  )
})

const SPELLED: readonly (readonly [string, string])[] = [
  ['/counterparties/', '/counterparties'],
  ['/counterparties/sup_123/', '/counterparties/sup_123'],
  ['/counterparties/history', '/counterparties/history/'],
  ['/counterparties/suppliers', '/counterparties/suppliers/'],
  ['/counterparties/suppliers/sup_123/', '/counterparties/suppliers/sup_123'],
  ['/counterparties/suppliers/sup_123/contacts', '/counterparties/suppliers/sup_123/contacts/'],
  ['/counterparties/buyers', '/counterparties/buyers/'],
  ['/counterparties/buyers/buy_456/', '/counterparties/buyers/buy_456'],
  ['/counterparties/buyers/buy_456/contacts', '/counterparties/buyers/buy_456/contacts/'],
  ['/invoices/', '/invoices'],
  ['/payments/', '/payments'],
  ['/payments/pay_555777/', '/payments/pay_555777'],
  ['/payments/pay_555777/images', '/payments/pay_555777/images/'],
  ['/webhooks/', '/webhooks'],
  ['/reconciliation/drawdown?status=received', '/reconciliation/drawdown/?status=received'],
  ['/reconciliation/drawdown/req_987654', '/reconciliation/drawdown/req_987654/'],
  ['/reconciliation/drawdown/req_987654/payments', '/reconciliation/drawdown/req_987654/payments/'],
]

test.each(SPELLED)('the slash of %s counts, unless slashMode is lenient', async (right, wrong) => {
  const one = tenant('slashes')
  expect((await one.get(right)).status).toBe(200)
  expect(await one.get(wrong)).toMatchObject({ status: 404, body: { detail: 'Not found.' } })
  await one.set({ slashMode: 'lenient' })
  expect([(await one.get(right)).status, (await one.get(wrong)).status]).toEqual([200, 200])
  await one.set({ slashMode: null })
})

test('unknown path 404, wrong method 405, unreadable JSON 400, another media type 415', async () => {
  expect(await me.get('/nowhere/')).toMatchObject({ status: 404, body: { detail: 'Not found.' } })
  expect(await me.call('DELETE', '/payments/')).toMatchObject({
    status: 405,
    body: { detail: 'Method "DELETE" not allowed.' },
  })
  const headers = { authorization: basic('transport'), 'content-type': 'application/json' }
  expect(await send('/v2/webhooks/', { method: 'POST', headers, body: '{"event":' })).toMatchObject({
    status: 400,
    body: { detail: 'JSON parse error' },
  })
  const xml = { ...headers, 'content-type': 'text/xml' }
  expect((await send('/v2/webhooks/', { method: 'POST', headers: xml, body: '<a/>' })).status).toBe(415)
})

test('errorStyle=problem gives ProblemDetails for 404 and 400', async () => {
  const one = tenant('problems')
  await one.set({ errorStyle: 'problem' })
  expect((await one.get('/payments/none/')).body).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: 'Not found.',
    instance: '/v2/payments/none/',
  })
  expect(await one.post('/counterparties/', {})).toMatchObject({
    status: 400,
    body: {
      title: 'Bad Request',
      status: 400,
      detail: expect.stringContaining('name: This field is required.'),
    },
  })
})

test('forms are read as JSON is', async () => {
  const authorization = basic('transport')
  const fields = { event: 'payment.changed', url: 'http://localhost:9999/x', username: 'u', password: 'p' }
  const form = new URLSearchParams({ ...fields, invoice_ids: 'true' })
  const urlencoded = await send('/v2/webhooks/', { method: 'POST', headers: { authorization }, body: form })
  expect(urlencoded).toMatchObject({ status: 201, body: { invoice_ids: true, username: 'u' } })
  const multipart = new FormData()
  for (const [name, value] of Object.entries(fields)) multipart.set(name, value)
  const parts = await send('/v2/webhooks/', { method: 'POST', headers: { authorization }, body: multipart })
  expect(parts).toMatchObject({ status: 201, body: { url: fields.url } })
})
