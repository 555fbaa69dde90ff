/** Reading Basic credentials as leniently as Finexio's own sample needs: base64 without padding counts. */

export type Credentials = { username: string; password: string }

const NEVER_ACCEPTED: ReadonlySet<string> = new Set(['', 'wrong', 'bad', 'invalid'])
const LONGEST = 200

/** Username and password of an `Authorization` header, or null where it is not a readable Basic header. */
export const readBasic = (header: string | null): Credentials | null => {
  const encoded = /^Basic +([A-Za-z0-9+/]+)={0,2} *$/i.exec(header ?? '')?.[1]
  if (!encoded || encoded.length % 4 === 1) return null
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))
  const text = new TextDecoder().decode(bytes)
  const colon = text.indexOf(':')
  if (colon < 1 || colon > LONGEST) return null
  return { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** Passwords that make a test of bad credentials easy: refused for every username. */
export const isNeverAccepted = (password: string): boolean => NEVER_ACCEPTED.has(password)

/** What is stored of a password. */
export const passwordDigest = async ({ username, password }: Credentials): Promise<string> => {
  const bytes = new TextEncoder().encode(`${username}\0${password}`)
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
