/** Webhook messages: made when they are due, sent for real, every attempt kept. */
import type { Scope } from '../payments/advance.ts'
import { paymentState } from '../payments/lifecycle.ts'
import { factsOf, findPayment, instrumentNumber, invoicesOf, paymentView } from '../payments/payments.ts'
import { type Micros, timestampText } from '../tenants/micros.ts'
import { type Db, insertRow, rows } from '../tenants/tables.ts'
import type { Fields } from '../wire/validation.ts'
import type { MessageEvent } from './outbox.ts'
import type { WebhookRow } from './webhooks.ts'

const TIMEOUT = 10_000

export type Message = {
  tenant: number
  webhook: string
  url: string
  authorization: string
  contentType: string
  payload: Fields
}

export type Delivery = {
  webhook_id: string
  url: string
  payload: Fields
  attempt: number
  time: string
  /** Status of the receiver's answer; null where there was none. */
  status: number | null
  /** Why nothing was sent or answered; null otherwise. */
  problem: string | null
}

type Waiting = { id: number; event: MessageEvent; object_id: string; at: Micros }

/** The keys that the subscription's flags add, as of the moment the message tells about. */
const details = (scope: Scope, doc: Fields, message: Waiting): Fields => {
  const row = findPayment(scope, message.object_id)
  if (!row) return {}
  const then = { ...scope, now: message.at }
  const invoices = invoicesOf(then, [row.id]).get(row.id) ?? []
  const view = paymentView(row, invoices, then)
  const all: Fields = {
    invoice_ids: invoices.map(({ id }) => id),
    payment_status: view.status,
    payment_events: view.events,
    refund_reason: view.refund_reason,
    instrument_number: instrumentNumber(row, paymentState(factsOf(row), message.at)),
  }
  const chosen = Object.entries(all).filter(([flag, value]) => doc[flag] === true && value !== null)
  return { ...Object.fromEntries(chosen), ...(doc.all_payment_details === true ? { payment: view } : {}) }
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

const messageFor = (scope: Scope, webhook: WebhookRow, doc: Fields, waiting: Waiting): Message => ({
  tenant: scope.tenant.id,
  webhook: webhook.id,
  url: String(doc.url),
  authorization: `Basic ${base64(`${doc.username}:${doc.password}`)}`,
  contentType: String(doc.content_type ?? 'application/json'),
  payload: {
    object_type: waiting.event.split('.')[0],
    object_id: waiting.object_id,
    event: waiting.event,
    ...(waiting.event === 'invoice.created' ? {} : details(scope, doc, waiting)),
  },
})

/** Takes what is due out of the outbox: one message per subscription to its event, oldest first. */
export const takeMessages = (scope: Scope): Message[] => {
  const { db, tenant, now } = scope
  const waiting = rows<Waiting>(
    db,
    'SELECT * FROM outbox WHERE tenant = ? AND due <= ? ORDER BY at, id',
    tenant.id,
    now,
  )
  if (waiting.length === 0) return []
  db.exec('DELETE FROM outbox WHERE tenant = ? AND due <= ?', tenant.id, now)
  const webhooks = rows<WebhookRow>(
    db,
    'SELECT * FROM webhooks WHERE tenant = ? ORDER BY created, id',
    tenant.id,
  ).map((row) => ({ row, doc: JSON.parse(row.doc) as Fields }))
  return waiting.flatMap((one) =>
    webhooks
      .filter(({ doc }) => doc.event === one.event)
      .map(({ row, doc }) => messageFor(scope, row, doc, one)),
  )
}

/** Loopback hosts and those explicitly allowed. */
export const mayReach = (url: string, allowed: readonly string[]): boolean => {
  if (!URL.canParse(url)) return false
  const { hostname, protocol } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname) || allowed.includes(hostname)
}

const encoded = ({ contentType, payload }: Message): string => {
  if (contentType === 'application/json') return JSON.stringify(payload)
  const texts = Object.entries(payload).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return new URLSearchParams(Object.fromEntries(texts)).toString()
}

const attempt = async (message: Message): Promise<Pick<Delivery, 'status' | 'problem'>> => {
  try {
    const response = await fetch(message.url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
      headers: { 'Content-Type': message.contentType, Authorization: message.authorization },
      body: encoded(message),
    })
    await response.body?.cancel()
    return { status: response.status, problem: null }
  } catch {
    return { status: null, problem: 'The receiver gave no answer.' }
  }
}

const keep = (
  db: Db,
  message: Message,
  attemptNumber: number,
  now: Micros,
  result: Pick<Delivery, 'status' | 'problem'>,
) => {
  const { webhook: webhook_id, url, payload } = message
  const doc = { webhook_id, url, payload, attempt: attemptNumber, time: timestampText(now), ...result }
  insertRow(db, 'deliveries', { tenant: message.tenant, doc: JSON.stringify(doc) })
}

const deliver = async (scope: Scope, message: Message, allowed: readonly string[]): Promise<void> => {
  const { db, settings, now } = scope
  if (!mayReach(message.url, allowed)) {
    keep(db, message, 1, now, {
      status: null,
      problem: 'Not sent: the sandbox calls loopback and allowed hosts only.',
    })
    return
  }
  for (let number = 1; number <= settings.webhookRetries + 1; number += 1) {
    const result = await attempt(message)
    keep(db, message, number, now, result)
    if (result.status !== null && result.status >= 200 && result.status < 300) return
  }
}

/** Sends messages, in order for each subscription, and keeps every attempt. */
export const sendMessages = async (
  scope: Scope,
  messages: readonly Message[],
  allowed: readonly string[],
): Promise<void> => {
  const queues = Map.groupBy(messages, ({ webhook }) => webhook)
  await Promise.all(
    [...queues.values()].map(async (queue) => {
      for (const message of queue) await deliver(scope, message, allowed)
    }),
  )
}

/** Kept attempts, oldest first: of one tenant, or (username null) of all. */
export const listDeliveries = (db: Db, username: string | null): (Delivery & { username: string })[] =>
  rows<{ username: string; doc: string }>(
    db,
    `SELECT username, doc FROM deliveries JOIN tenants ON tenants.id = deliveries.tenant
      WHERE ? IS NULL OR username = ? ORDER BY deliveries.id`,
    username,
    username,
  ).map((row) => ({ username: row.username, ...JSON.parse(row.doc) }))

export const clearDeliveries = (db: Db, username: string | null): void => {
  db.exec(
    'DELETE FROM deliveries WHERE tenant IN (SELECT id FROM tenants WHERE ? IS NULL OR username = ?)',
    username,
    username,
  )
}
