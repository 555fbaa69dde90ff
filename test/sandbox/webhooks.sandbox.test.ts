import { expect, test } from 'vitest'
import { basic, invoice, REQUIRED, send, tenant } from './support.ts'

const WEBHOOK = {
  event: 'payment.changed',
  url: 'https://hooks.made-up-logistics.example/finexio',
  username: 'hook-user',
  password: 'not-a-real-password',
}
const me = tenant('webhooks')

test('created, read, listed, replaced, changed and deleted', async () => {
  const made = await me.post('/webhooks/', { ...WEBHOOK, invoice_ids: true })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({
    ...WEBHOOK,
    content_type: 'application/json',
    invoice_ids: true,
    payment_status: false,
  })
  const path = `/webhooks/${made.body.id}/`
  expect(made.body.subscription).toBe(`http://127.0.0.1/v2${path}`)
  expect((await me.get(path)).body).toEqual(made.body)
  expect((await me.put(path, { ...WEBHOOK, username: 'other' })).body).toMatchObject({
    username: 'other',
    invoice_ids: false,
  })
  expect((await me.put(path, { event: 'payment.changed' })).body).toEqual({
    url: REQUIRED,
    username: REQUIRED,
    password: REQUIRED,
  })
  expect((await me.patch(path, { refund_reason: true })).body).toMatchObject({
    username: 'other',
    refund_reason: true,
  })
  expect((await me.get('/webhooks/')).body.count).toBe(1)
  const gone = await me.call('DELETE', path)
  expect([gone.status, gone.text]).toEqual([204, ''])
  expect((await me.get(path)).status).toBe(404)
  expect((await me.call('DELETE', path)).status).toBe(404)
})

test('both bases act on the same subscriptions, unless webhookBase says otherwise', async () => {
  const one = tenant('bases')
  const headers = { authorization: basic('bases'), 'content-type': 'application/json' }
  const atRoot = await send('/webhooks/', { method: 'POST', headers, body: JSON.stringify(WEBHOOK) })
  expect(atRoot.body.subscription).toBe(`http://127.0.0.1/webhooks/${atRoot.body.id}/`)
  expect((await one.get(`/webhooks/${atRoot.body.id}/`)).status).toBe(200)
  const reach = async () => [
    (await send('/webhooks/', { headers })).status,
    (await one.get('/webhooks/')).status,
  ]
  await one.set({ webhookBase: 'root' })
  expect(await reach()).toEqual([200, 404])
  await one.set({ webhookBase: 'v2' })
  expect(await reach()).toEqual([404, 200])
  expect((await send('/payments/', { headers })).status).toBe(404)
})

test.each([
  'hooks.example/x',
  'https://onelabel/x',
  'https://UPPER.example/x',
  'https://a.example:1/x',
  'https://a.example/with blank',
  'ftp://a.example/x',
])('the address %s is refused', async (url) => {
  expect((await me.post('/webhooks/', { ...WEBHOOK, url })).body).toEqual({ url: [expect.any(String)] })
})

test.each([
  'http://localhost:8080/x',
  'http://127.0.0.1:8080',
  'http://[::1]:8080/x',
  'https://user:pw@hooks.example.org/x?a=1#b',
])('the address %s is accepted', async (url) => {
  expect((await me.post('/webhooks/', { ...WEBHOOK, url })).status).toBe(201)
})

test('events: the documented one, or those of the article as well', async () => {
  const wanted = { ...WEBHOOK, event: 'invoice.created' }
  expect((await me.post('/webhooks/', wanted)).body).toEqual({ event: [expect.any(String)] })
  await me.set({ webhookEvents: 'article' })
  expect((await me.post('/webhooks/', wanted)).status).toBe(201)
  expect((await me.post('/webhooks/', { ...WEBHOOK, event: 'payment.completed' })).status).toBe(201)
  expect((await me.post('/webhooks/', { ...WEBHOOK, event: 'payment.lost' })).status).toBe(400)
  await me.set({ webhookEvents: null })
})

test('the password can be kept back, bodies can be left out, codes follow statusCodes', async () => {
  const one = tenant('quiet-hooks')
  await one.set({ webhookEchoPassword: false })
  const { body } = await one.post('/webhooks/', WEBHOOK)
  expect(body).not.toHaveProperty('password')
  await one.set({ emptyWriteBodies: true, statusCodes: 'declared' })
  const silent = await one.post('/webhooks/', WEBHOOK)
  expect([silent.status, silent.text]).toEqual([201, ''])
  const changed = await one.patch(`/webhooks/${body.id}/`, { payment_status: true })
  expect([changed.status, changed.text]).toEqual([201, ''])
  expect((await one.get(`/webhooks/${body.id}/`)).body.payment_status).toBe(true)
  const supplier = await one.patch('/counterparties/suppliers/sup_123/', { notes: 'x' })
  expect(supplier.body.notes).toBe('x')
})

test('nothing is sent beyond loopback, and the log says so', async () => {
  const one = tenant('far-hooks')
  await one.post('/webhooks/', WEBHOOK)
  await one.post('/invoices/batch/', [invoice()])
  await one.advance(61)
  const { body } = await one.control('GET', 'deliveries')
  expect(body.length).toBeGreaterThan(0)
  expect(body[0]).toMatchObject({
    url: WEBHOOK.url,
    status: null,
    problem: expect.stringContaining('Not sent'),
    payload: { object_type: 'payment', event: 'payment.changed' },
  })
  expect(JSON.stringify(body)).not.toContain(WEBHOOK.password)
})
