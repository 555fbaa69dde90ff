/** Under which origin clients reach this deployment. */

const LOOPBACK = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/

/** Whether a host is this very machine (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3). @param hostname as `URL` gives it */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname)

/**
 * Origin of the URLs that are handed out: https, except on loopback.
 * @param url of the request
 * @param publicUrl the setting PUBLIC_URL, for requests that arrive under another origin
 * @returns null when PUBLIC_URL is not a valid URL
 */
export const publicOrigin = (url: string, publicUrl: string | undefined): string | null => {
  const address = publicUrl || url
  if (!URL.canParse(address)) return null
  const { protocol, hostname, host, origin } = new URL(address)
  return protocol === 'http:' && !isLoopback(hostname) ? `https://${host}` : origin
}

/**
 * An address that the operator configured, to which we send: https, and without credentials, which fetch refuses.
 * @param local the setting LOCAL_DEVELOPMENT, which allows plain http to this very machine
 * @returns null for what is not usable, or not set
 */
export const outgoingUrl = (text: string | undefined, local: string | undefined): string | null => {
  const url = text && URL.canParse(text) ? new URL(text) : null
  if (!url || url.username || url.password) return null
  const loopback = local === 'true' && url.protocol === 'http:' && isLoopback(url.hostname)
  return url.protocol === 'https:' || loopback ? url.href : null
}
