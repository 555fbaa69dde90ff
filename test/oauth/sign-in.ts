/** Signing in as a client and a person do it, over any `fetch`: no browser, so each header is the test's to choose. */
import type { OAuthClientProvider } from '@modelcontextprotocol/client'
import { expect } from 'vitest'

export type Http = (url: string, init?: RequestInit) => Promise<Response>

export const REDIRECT = 'https://client.example/callback'

export type Kept = {
  client?: unknown
  tokens?: unknown
  verifier?: string
  discovered?: unknown
  asked?: URL
}

/** A program that keeps what it gets in memory and would open a browser. */
export const program = (kept: Kept) => {
  const provider = {
    redirectUrl: 'http://127.0.0.1:33418/callback',
    clientMetadata: {
      client_name: 'SDK client',
      redirect_uris: ['http://127.0.0.1:33418/callback'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
    state: () => 'the-state',
    clientInformation: () => kept.client,
    saveClientInformation: (client: unknown) => {
      kept.client = client
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens: unknown) => {
      kept.tokens = tokens
    },
    invalidateCredentials: (which: string) => {
      if (which === 'all' || which === 'tokens') kept.tokens = undefined
      if (which === 'all' || which === 'client') kept.client = undefined
    },
    redirectToAuthorization: (url: URL) => {
      kept.asked = url
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier
    },
    codeVerifier: () => kept.verifier!,
    saveDiscoveryState: (state: unknown) => {
      kept.discovered = state
    },
    discoveryState: () => kept.discovered,
  }
  return provider as unknown as OAuthClientProvider
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

export type Proof = { verifier: string; challenge: string }

export const newProof = async (): Promise<Proof> => {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return { verifier, challenge: base64url(new Uint8Array(digest)) }
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by assertions
type Json = { status: number; headers: Headers; body: any }

const jsonOf = async (response: Response): Promise<Json> => {
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** A page as a browser shows it: text is decoded, the form's handle and the cookie that binds it are kept. */
export type Page = {
  status: number
  headers: Headers
  html: string
  text: string
  handle: string
  cookie: string
  /** Where the page sends the browser by itself. */
  next: URL | null
}

const decoded = (html: string): string =>
  html.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<')

const pageOf = async (response: Response): Promise<Page> => {
  const html = await response.text()
  const next = /<meta http-equiv="refresh" content="0;url=([^"]+)"/.exec(html)?.[1]
  const cookies = response.headers.getSetCookie().map((one) => one.split(';')[0]!)
  return {
    status: response.status,
    headers: response.headers,
    html,
    text: decoded(html.replaceAll(/<[^>]+>/g, ' ')).replaceAll(/\s+/g, ' '),
    handle: /name="handle" value="([^"]+)"/.exec(html)?.[1] ?? '',
    cookie: cookies.filter((one) => !one.endsWith('=')).join('; '),
    next: next === undefined ? null : new URL(decoded(next)),
  }
}

/** @param base origin of the product */
export const signInAt = (http: Http, base: string) => {
  const register = async (metadata: object = {}): Promise<Json> =>
    jsonOf(
      await http(`${base}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          client_name: 'Ledger Bot',
          redirect_uris: [REDIRECT],
          token_endpoint_auth_method: 'none',
          ...metadata,
        }),
      }),
    )

  const known = new Map<string | undefined, string>()
  /** One public client for all tests of a file, since registrations are counted; files have storage of their own. */
  const publicClient = async (): Promise<string> => {
    const file = expect.getState().testPath
    const client = known.get(file) ?? ((await register()).body.client_id as string)
    known.set(file, client)
    return client
  }

  /** Parameters that are undefined are left out. */
  const open = async (params: Record<string, string | undefined>): Promise<Page> => {
    const url = new URL(`${base}/oauth/authorize`)
    const all = { response_type: 'code', redirect_uri: REDIRECT, state: 'state-1', ...params }
    for (const [name, value] of Object.entries(all))
      if (value !== undefined) url.searchParams.set(name, value)
    return pageOf(await http(url.href, { redirect: 'manual' }))
  }

  const submit = async (
    page: Pick<Page, 'handle' | 'cookie'>,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Page> => {
    const body = new URLSearchParams({ handle: page.handle, decision: 'allow', ...fields })
    const sent = { ...FORM, origin: base, cookie: page.cookie, ...headers }
    return pageOf(
      await http(`${base}/oauth/authorize`, { method: 'POST', headers: sent, body: body.toString() }),
    )
  }

  /** What the person does in the browser that a client opened; answers where the browser ends up. */
  const agree = async (asked: URL, fields: Record<string, string>): Promise<URL> => {
    const page = await open(Object.fromEntries(asked.searchParams))
    return (await submit(page, fields)).next!
  }

  const fetchTokens = async (fields: Record<string, string>): Promise<Json> =>
    jsonOf(
      await http(`${base}/oauth/token`, {
        method: 'POST',
        headers: FORM,
        body: new URLSearchParams(fields).toString(),
      }),
    )

  /** The whole way to a code. */
  const codeFor = async (
    { resource, apiToken, ...fields }: { resource: string; apiToken: string; write?: string },
    params: Record<string, string> = {},
  ) => {
    const clientId = params.client_id ?? (await publicClient())
    const proof = await newProof()
    const page = await open({
      client_id: clientId,
      resource,
      scope: 'mcp:read',
      code_challenge: proof.challenge,
      code_challenge_method: 'S256',
      ...params,
    })
    const left = await submit(page, { api_token: apiToken, ...fields })
    const code = left.next?.searchParams.get('code') ?? ''
    const exchange = (more: Record<string, string> = {}) =>
      fetchTokens({
        grant_type: 'authorization_code',
        code,
        client_id: clientId,
        redirect_uri: REDIRECT,
        code_verifier: proof.verifier,
        resource,
        ...more,
      })
    return { clientId, proof, page, left, code, exchange }
  }

  const refresh = (clientId: string, token: string, more: Record<string, string> = {}) =>
    fetchTokens({ grant_type: 'refresh_token', refresh_token: token, client_id: clientId, ...more })

  /** One JSON-RPC message to an MCP endpoint. */
  const rpc = async (url: string, bearer: string | null, method: string, params?: object): Promise<Json> =>
    jsonOf(
      await http(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      }),
    )

  return { register, publicClient, open, submit, agree, fetchTokens, codeFor, refresh, rpc }
}
