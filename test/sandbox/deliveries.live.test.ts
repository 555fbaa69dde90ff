import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LocalWorker, startWorker } from '../../scripts/local/worker.ts'
import { builtStack } from '../support/stack.ts'

type Received = { path: string; headers: IncomingHttpHeaders; body: string }

/** Of every client: a subscription goes on while later tests run. */
let received: Received[] = []
/** Statuses for the next messages that hold `about`; every other message gets 204. */
let refusal: { about: string; statuses: number[] } = { about: '', statuses: [] }
const receiver = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const body = Buffer.concat(parts).toString()
    received.push({ path: request.url!, headers: request.headers, body })
    response.writeHead((body.includes(refusal.about) && refusal.statuses.shift()) || 204).end()
  })
})
let sandbox: LocalWorker
let hook: string

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  const config = join(import.meta.dirname, '../../sandbox/wrangler.toml')
  sandbox = await startWorker({
    config,
    built: builtStack().sandbox,
    bindings: { WEBHOOK_EVENTS: 'article' },
  })
})

afterAll(async () => {
  await sandbox.stop()
  receiver.closeAllConnections()
  receiver.close()
})

const as = (username: string) => {
  const headers = {
    authorization: `Basic ${btoa(`${username}:${username}`)}`,
    'content-type': 'application/json',
  }
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    return text ? JSON.parse(text) : null
  }
  const own = `${hook}/${username}`
  return {
    call,
    hook: own,
    /** Messages to this client, taken out. */
    taken: () => {
      const isOwn = ({ path }: Received) => own.endsWith(path)
      const mine = received.filter(isOwn)
      received = received.filter((one) => !isOwn(one))
      return mine
    },
    subscribe: (more: object = {}) =>
      call('POST', '/v2/webhooks/', {
        event: 'payment.changed',
        url: own,
        username: 'hook',
        password: 'pass',
        ...more,
      }),
    submit: (number = crypto.randomUUID()) =>
      call('POST', '/v2/invoices/batch/', [
        {
          amount_cents: 5_000,
          invoice_date: new Date().toISOString().slice(0, 10),
          invoice_number: number,
          originating_counterparty_id: 'buy_111',
          receiving_counterparty_id: 'sup_999',
        },
      ]),
    control: (method: string, name: string, body?: unknown) =>
      call(method, `/__sandbox/${name}?username=${username}`, body),
    advance: (seconds: number) =>
      call('POST', `/__sandbox/clock?username=${username}`, { advance_seconds: seconds }),
  }
}

type Client = ReturnType<typeof as>

/** Messages about one invoice and its payment, taken out; seeded payments move on as well and are left aside. */
const takenAbout = async (one: Client, { id }: { id: string }) => {
  const { payment_id } = await one.call('GET', `/v2/invoices/${id}/`)
  return one
    .taken()
    .map(({ headers, body }) => ({ headers, body: JSON.parse(body) }))
    .filter(({ body }) => [id, payment_id].includes(body.object_id))
}

test('every step of a payment is delivered with Basic credentials, flags add their keys, the log keeps all', async () => {
  const one = as('hooked')
  await one.subscribe({ invoice_ids: true, payment_status: true, instrument_number: true })
  const [invoice] = await one.submit()
  await one.advance(61)
  await one.advance(300)
  await one.advance(3 * 86_400)
  const messages = await takenAbout(one, invoice)
  expect(messages.map(({ body }) => body.payment_status)).toEqual([
    'pending',
    'in-progress',
    'in-progress',
    'in-progress',
    'in-progress',
    'settled',
  ])
  expect(messages[0]!.headers).toMatchObject({
    authorization: `Basic ${btoa('hook:pass')}`,
    'content-type': 'application/json',
  })
  expect(messages[0]!.body).toEqual({
    object_type: 'payment',
    object_id: expect.any(String),
    event: 'payment.changed',
    invoice_ids: [invoice.id],
    payment_status: 'pending',
  })
  expect(messages.at(-1)!.body.instrument_number).toMatch(/^\d{15}$/)
  const log = await one.control('GET', 'deliveries')
  expect(log[0]).toMatchObject({ username: 'hooked', url: one.hook, status: 204, attempt: 1, problem: null })
})

test('with all flags off the message has its three keys, all_payment_details adds the payment', async () => {
  const one = as('plain')
  const { id } = await one.subscribe()
  const [invoice] = await one.submit()
  await one.advance(60.1)
  expect(Object.keys((await takenAbout(one, invoice))[0]!.body)).toEqual([
    'object_type',
    'object_id',
    'event',
  ])
  await one.call('PATCH', `/v2/webhooks/${id}/`, { all_payment_details: true })
  await one.advance(300)
  const [message] = await takenAbout(one, invoice)
  expect(message!.body.payment).toMatchObject({ id: message!.body.object_id, status: 'in-progress' })
})

test('form subscriptions receive a form', async () => {
  const one = as('forms')
  await one.subscribe({ content_type: 'application/x-www-form-urlencoded', invoice_ids: true })
  const [{ id }] = await one.submit()
  await one.advance(60.1)
  const forms = one.taken().map(({ headers, body }) => ({ headers, form: new URLSearchParams(body) }))
  const ours = forms.filter(({ form }) => form.get('invoice_ids')?.includes(id))
  expect(ours).not.toEqual([])
  for (const { headers, form } of ours) {
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(form.get('event')).toBe('payment.changed')
    expect(JSON.parse(form.get('invoice_ids')!)).toEqual([id])
  }
})

test('a refused message is tried again only as often as webhookRetries says', async () => {
  const one = as('retries')
  await one.subscribe({ invoice_ids: true })
  const tries = async (statuses: number[], seconds: number) => {
    const [{ id }] = await one.submit()
    refusal = { about: id, statuses }
    await one.advance(seconds)
    const log: { payload: unknown; status: number; attempt: number }[] = await one.control(
      'GET',
      'deliveries',
    )
    return log
      .filter(({ payload }) => JSON.stringify(payload).includes(id))
      .map(({ status, attempt }) => [status, attempt])
  }
  expect(await tries([500], 60.1)).toEqual([[500, 1]])
  await one.control('PATCH', 'settings', { webhookRetries: 2 })
  expect(await tries([503, 500], 60.1)).toEqual([
    [503, 1],
    [500, 2],
    [204, 3],
  ])
})

test('hourly mode merges the steps of a payment into one message, when the hour is full', async () => {
  const one = as('hourly')
  await one.control('PATCH', 'settings', { webhookMode: 'hourly' })
  await one.subscribe()
  const [invoice] = await one.submit()
  await one.advance(3_600)
  await one.advance(3_600)
  expect(await takenAbout(one, invoice)).toHaveLength(1)
})

test('the events of the article are delivered to those who asked for them', async () => {
  const one = as('article')
  await one.subscribe({ event: 'invoice.created' })
  await one.subscribe({ event: 'payment.completed' })
  const [invoice] = await one.submit()
  await one.advance(4 * 86_400)
  const messages = await takenAbout(one, invoice)
  expect(messages.map(({ body }) => [body.object_type, body.event, body.object_id === invoice.id])).toEqual([
    ['invoice', 'invoice.created', true],
    ['payment', 'payment.completed', false],
  ])
})

test('due steps are announced without anybody asking', async () => {
  const one = as('alarmed')
  await one.subscribe({ invoice_ids: true })
  const [invoice] = await one.submit()
  const { now } = await one.control('GET', 'clock')
  // Seconds are left, since a busy machine may need one to hear of the clock.
  await one.advance(56 - (Date.parse(now) - Date.parse(invoice.created)) / 1_000)
  const isAbout = ({ body }: Received) => body.includes(invoice.id)
  expect(received.filter(isAbout)).toEqual([])
  const deadline = Date.now() + 20_000
  while (!received.some(isAbout) && Date.now() < deadline) await new Promise((go) => setTimeout(go, 100))
  expect(JSON.parse(received.find(isAbout)!.body).event).toBe('payment.changed')
})
