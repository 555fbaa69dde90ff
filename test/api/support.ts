/** The management API in workerd, with a Finexio that is a function. */
import { env as workerEnv } from 'cloudflare:workers'
import { vi } from 'vitest'
import { app } from '../../src/app.ts'
import type { Env } from '../../src/core/env.ts'

export const BASE = 'https://finexio.test/v2'

export const env = {
  ...(workerEnv as unknown as Env),
  ADMIN_API_KEY: 'the-root-of-all-tests-4f8Kq2Zx7-Lm',
  FINEXIO_BASE_URLS: `${BASE}, https://other.test/v2`,
  LOCAL_DEVELOPMENT: undefined,
} satisfies Env as Env

const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by assertions
type Answer = { status: number; headers: Headers; body: any; text: string }

export type Sent = { body?: unknown; raw?: BodyInit; key?: string | null; headers?: Record<string, string> }

/** One request to the Worker; a body is sent as JSON. */
export const call = async (
  method: string,
  path: string,
  sent: Sent = {},
  settings = env,
): Promise<Answer> => {
  const key = sent.key === undefined ? 'the-root-of-all-tests-4f8Kq2Zx7-Lm' : sent.key
  const request = new Request(new URL(path, 'https://mcp.test'), {
    method,
    headers: { ...(key !== null && { authorization: `Bearer ${key}` }), ...sent.headers },
    body: sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body)),
  })
  const response = await app.fetch(request, settings, ctx)
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : null }
}

/** Replaces every outgoing request until `vi.unstubAllGlobals`; returns what was sent. */
export const fakeFinexio = (
  answer: (url: string) => Response | Promise<Response> = () => Response.json([]),
): { url: string; authorization: string | null }[] => {
  const seen: { url: string; authorization: string | null }[] = []
  vi.stubGlobal('fetch', async (input: RequestInfo, init?: RequestInit) => {
    const request = new Request(input, init)
    seen.push({ url: request.url, authorization: request.headers.get('authorization') })
    return answer(request.url)
  })
  return seen
}

export const credentials = { username: 'ap-user', password: 'correct horse battery' }

/** @returns its id */
export const connect = async (name = 'Acme'): Promise<string> =>
  (await call('POST', '/integrated-account', { body: { name, credentials } })).body.id
