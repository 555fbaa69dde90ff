/** Requests to the identity provider: bounded in time and size; its metadata is kept for ten minutes. */
import * as oauth from 'oauth4webapi'
import { isLoopback } from '../../core/public-url.ts'
import { within } from '../../core/time.ts'
import { Refused } from './refusal.ts'
import { isSafe } from './settings.ts'

const MOST_BYTES = 256 * 1024
const KEPT_MS = 10 * 60_000

/** A provider's metadata and the cache of its keys. */
export type Source = {
  server: oauth.AuthorizationServer
  keys: oauth.JWKSCacheInput
  timeMs: number
}

const bounded = async ({ body }: Response): Promise<Blob> => {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  // Leaving the loop early cancels the stream.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    size += chunk.byteLength
    if (size > MOST_BYTES) throw new Refused('unreadable')
    chunks.push(chunk)
  }
  return new Blob(chunks)
}

const unlessUnreachable = (error: unknown): Refused =>
  error instanceof Refused ? error : new Refused('unavailable')

/** Only its media type goes on: the body is decoded already, and challenges say no more than the error code does. */
const copyOf = async (response: Response): Promise<Response> => {
  const headers = { 'content-type': response.headers.get('content-type') ?? '' }
  return new Response(await bounded(response), { status: response.status, headers })
}

/** @throws Refused when the provider cannot be reached, is slow, overloaded or faulty, or sends too much */
const boundedFetch =
  (timeMs: number) =>
  async (url: string, init: RequestInit): Promise<Response> => {
    if (!isSafe(new URL(url))) throw new Refused('misconfigured')
    try {
      return await within(timeMs, async (signal) => {
        const response = await fetch(url, { ...init, signal })
        if (response.status >= 500 || response.status === 429) throw new Refused('unavailable')
        return await copyOf(response)
      })
    } catch (error) {
      throw unlessUnreachable(error)
    }
  }

/** Options of every request. Plain http is for a provider on this very machine alone. */
export const optionsFor = (issuer: string, timeMs: number) =>
  ({
    [oauth.customFetch]: boundedFetch(timeMs) as typeof fetch,
    [oauth.allowInsecureRequests]: isLoopback(new URL(issuer).hostname),
  }) as const

/** By issuer: it belongs to the deployment, not to a tenant. */
const known = new Map<string, { source: Omit<Source, 'timeMs'>; until: number }>()

const discovered = async (issuer: URL, timeMs: number): Promise<oauth.AuthorizationServer> => {
  const response = await oauth.discoveryRequest(issuer, optionsFor(issuer.href, timeMs))
  if (response.status !== 200) throw new Refused('misconfigured')
  return oauth.processDiscoveryResponse(issuer, response)
}

/**
 * The provider's metadata (OpenID Connect Discovery 1.0, section 4).
 * @throws Refused, or the library's error, when it cannot be read or names another issuer
 */
export const sourceOf = async ({ issuer, timeMs }: { issuer: URL; timeMs: number }): Promise<Source> => {
  const kept = known.get(issuer.href)
  if (kept && Date.now() < kept.until) return { ...kept.source, timeMs }
  const source = { server: await discovered(issuer, timeMs), keys: {} }
  known.set(issuer.href, { source, until: Date.now() + KEPT_MS })
  return { ...source, timeMs }
}
