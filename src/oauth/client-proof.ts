/**
 * How a client proves itself at the token endpoint (RFC 6749, section 2.3.1). Some clients, the official Python SDK among
 * them, send Basic and repeat `client_id` in the form: one credential that comes twice is one.
 */
import { base64Of } from '../core/bytes.ts'

/** `secret` null: none was sent. */
export type ClientProof = { id: string; secret: string | null }

const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

/** undefined: no Basic credentials; null: none that can be read. */
const basicIn = (headers: Headers): ClientProof | null | undefined => {
  const header = headers.get('authorization') ?? ''
  if (!/^basic\b/i.test(header)) return undefined
  try {
    const [, id, secret] = /^([^:]+):(.*)$/s.exec(atob(header.slice('basic'.length).trim())) ?? []
    return id === undefined ? null : { id: decoded(id), secret: decoded(secret!) || null }
  } catch {
    return null
  }
}

const differ = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && one !== other

/** The credential of a request, wherever it comes; null: two that differ, or one that cannot be read. */
export const clientProofIn = (headers: Headers, form: URLSearchParams): ClientProof | null => {
  const basic = basicIn(headers)
  const [id, secret] = [form.get('client_id') || null, form.get('client_secret') || null]
  if (basic === undefined) return { id: id ?? '', secret }
  if (!basic || differ(basic.id, id) || differ(basic.secret, secret)) return null
  return { id: basic.id, secret: basic.secret ?? secret }
}

const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+')

/**
 * The same request with its credential in the one place where this client registered to send it.
 * @param method `token_endpoint_auth_method` of the client
 */
export const placedProof = (
  given: { headers: Headers; form: URLSearchParams },
  { id, secret }: ClientProof,
  method: string | undefined,
): { headers: Headers; form: URLSearchParams } => {
  const [headers, form] = [new Headers(given.headers), new URLSearchParams(given.form)]
  for (const name of ['client_id', 'client_secret']) form.delete(name)
  headers.delete('authorization')
  if (secret !== null && method === 'client_secret_basic') {
    headers.set(
      'authorization',
      `Basic ${base64Of(new TextEncoder().encode(`${encoded(id)}:${encoded(secret)}`))}`,
    )
    return { headers, form }
  }
  form.set('client_id', id)
  if (secret !== null) form.set('client_secret', secret)
  return { headers, form }
}
