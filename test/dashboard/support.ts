/** A browser without a screen: keeps cookies, fills forms, follows nothing by itself. */
import { expect } from 'vitest'
import { app } from '../../src/app.ts'
import type { Env } from '../../src/core/env.ts'
import { env as apiEnv } from '../api/support.ts'

export const ORIGIN = 'https://mcp.test'

const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext

export type Shown = { status: number; headers: Headers; text: string; location: string | null }

type Sent = {
  form?: Record<string, string | string[]>
  headers?: Record<string, string>
}

type Fetcher = { fetch(request: Request, env: Env, ctx: ExecutionContext): Response | Promise<Response> }

const encoded = (form: Record<string, string | string[]>) =>
  new URLSearchParams(
    Object.entries(form).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
  ).toString()

/** @param env settings of the deployment; @param server answers instead of the Worker's own app */
export const browser = (env: Env = apiEnv, origin = ORIGIN, server: Fetcher = app) => {
  const jar = new Map<string, string>()

  const keep = (headers: Headers) => {
    for (const line of headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      if (/max-age=0/i.test(line)) jar.delete(name!)
      else jar.set(name!, value!)
    }
  }

  const send = async (method: string, path: string, { form, headers }: Sent = {}): Promise<Shown> => {
    const request = new Request(new URL(path, origin), {
      method,
      headers: {
        ...(jar.size > 0 && { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(method === 'POST' && { origin, 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      body: form && encoded(form),
    })
    const response = await server.fetch(request, env, ctx)
    keep(response.headers)
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      location: response.headers.get('location'),
    }
  }

  const get = (path: string) => send('GET', path)
  const csrf = async (from = '/dashboard/accounts'): Promise<string> =>
    /name="csrf" value="([^"]+)"/.exec((await get(from)).text)?.[1] ?? ''

  return {
    jar,
    send,
    get,
    csrf,
    /** Sends a form of this session. */
    post: async (path: string, form: Record<string, string | string[]> = {}) =>
      send('POST', path, { form: { csrf: await csrf(), ...form } }),
    signIn: async (key = 'the-root-of-all-tests-4f8Kq2Zx7-Lm') => {
      const answer = await send('POST', '/dashboard/sign-in', { form: { key } })
      expect(answer.status, answer.text).toBe(303)
      return answer
    },
  }
}
