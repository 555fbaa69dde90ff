/// <reference types="@cloudflare/vitest-plugin/types" />
/** A client of the sandbox that runs beside it in workerd: one tenant per test file. */
import { SELF } from 'cloudflare:test'

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at freely in tests
export type Reply = { status: number; body: any; headers: Headers; text: string }

export const ORIGIN = 'http://127.0.0.1'

const reply = async (response: Response): Promise<Reply> => {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : null,
  }
}

export const basic = (username: string, password = username): string =>
  `Basic ${btoa(`${username}:${password}`)}`

/** A raw request, without credentials unless given. */
export const send = async (path: string, init: RequestInit = {}): Promise<Reply> =>
  reply(await SELF.fetch(`${ORIGIN}${path}`, init))

/** Calls of one tenant; paths are below `/v2`. */
export const tenant = (username: string) => {
  const call = (method: string, path: string, body?: unknown): Promise<Reply> =>
    send(`/v2${path}`, {
      method,
      headers: { authorization: basic(username), 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  const control = (method: string, name: string, body?: unknown): Promise<Reply> =>
    send(`/__sandbox/${name}?username=${username}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  return {
    username,
    call,
    control,
    get: (path: string) => call('GET', path),
    post: (path: string, body: unknown) => call('POST', path, body),
    put: (path: string, body: unknown) => call('PUT', path, body),
    patch: (path: string, body: unknown) => call('PATCH', path, body),
    set: (settings: Record<string, unknown>) => control('PATCH', 'settings', settings),
    advance: (seconds: number) => control('POST', 'clock', { advance_seconds: seconds }),
  }
}

export const DAY = 86_400

/** Today, shifted by some days, as invoices spell it. */
export const dateIn = (days: number): string =>
  new Date(Date.now() + days * DAY * 1000).toISOString().slice(0, 10)

let numbers = 0
/** An invoice that the sandbox accepts, between the parties of the example prompts. */
export const invoice = (own: Record<string, unknown> = {}): Record<string, unknown> => {
  numbers += 1
  return {
    amount_cents: 125_000,
    invoice_date: dateIn(-2),
    invoice_number: `FAKE-${numbers}`,
    originating_counterparty_id: 'buy_456',
    receiving_counterparty_id: 'sup_123',
    ...own,
  }
}

export const REQUIRED = ['This field is required.']
