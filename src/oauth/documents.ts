/** Clients that are known by a metadata document at their own address (OAuth Client ID Metadata Document): what is asked, and what is not. */
import { within } from '../core/time.ts'
import { isInternetHost } from '../rules/webhook-url.ts'

const WAIT_MS = 5_000
/** As the library reads them. */
const MOST_BYTES = 5 * 1024

/** Looks at the text alone, before any connection is made. */
const isPublicUrl = (text: string): boolean => {
  if (!/^https:\/\/[\x21-\x7e]+$/i.test(text) || /[\\#]/.test(text) || !URL.canParse(text)) return false
  const { username, password, hostname } = new URL(text)
  return username === '' && password === '' && isInternetHost(hostname)
}

/** Whether a client is named by an address. */
export const isDocumentUrl = (clientId: string): boolean =>
  /^https:\/\//i.test(clientId) && URL.canParse(clientId)

/** `gone`: there is none, or it is elsewhere, or may not be asked for. `unreachable`: nobody knows just now. */
export type DocumentState = 'there' | 'gone' | 'unreachable'

const DOT_SEGMENT = /(^|\/)(\.|%2e){1,2}(\/|$)/i

const mayAsk = (clientId: string, own: string): boolean => {
  if (!isPublicUrl(clientId)) return false
  const { origin } = new URL(clientId)
  const path = /^https:\/\/[^/?]+(\/[^?]*)/i.exec(clientId)?.[1]
  return origin !== own && path !== undefined && !DOT_SEGMENT.test(path)
}

/** Null for more bytes than a document may have. */
const boundedText = async ({ body }: Response): Promise<string | null> => {
  const decoder = new TextDecoder()
  let [text, size] = ['', 0]
  // Leaving the loop early cancels the stream.
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > MOST_BYTES) return null
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

const namesKeysInside = (text: string): boolean => {
  try {
    const { jwks_uri } = JSON.parse(text)
    return jwks_uri !== undefined && !(typeof jwks_uri === 'string' && isPublicUrl(jwks_uri))
  } catch {
    return false
  }
}

/** 404, 410 and a redirect are the client's own answer; any other refusal may be a fault or a wall on the way. */
const stateOf = async (response: Response): Promise<DocumentState> => {
  if (response.ok) {
    const text = await boundedText(response)
    return text === null || namesKeysInside(text) ? 'gone' : 'there'
  }
  await response.body?.cancel()
  const { status } = response
  return [404, 410].includes(status) || (status >= 300 && status < 400) ? 'gone' : 'unreachable'
}

/**
 * Looks at a client's metadata document before the library fetches it. The library follows redirects, and a client that
 * is known by its domain must not be described by a page somewhere else that its domain merely forwards to.
 * @param own origin of this deployment, which describes no clients: an address below it could hold a token
 * @returns `there` as well for clients without a document
 */
export const lookAtDocument = async (clientId: string, own: string): Promise<DocumentState> => {
  if (!isDocumentUrl(clientId)) return 'there'
  if (!mayAsk(clientId, own)) return 'gone'
  try {
    return await within(WAIT_MS, async (signal) =>
      stateOf(await fetch(clientId, { redirect: 'manual', headers: { accept: 'application/json' }, signal })),
    )
  } catch {
    return 'unreachable'
  }
}

const OUTAGE = /timed out|HTTP (408|425|429|5\d\d)|connection|network|fetch failed|internal error|dns/i

/** Whether the library gave up on a client because a host did not answer. @param detail as it reports a refusal */
export const isOutage = (detail: unknown): boolean => {
  const { message = '', reason = '' } = (detail ?? {}) as { message?: string; reason?: string }
  return reason === 'jwks_fetch_failed' || OUTAGE.test(message)
}
