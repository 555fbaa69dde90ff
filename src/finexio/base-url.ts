/** Which Finexio hosts an account may use: exactly those that the deployment names. */
import { isLoopback } from '../core/public-url.ts'

/** Origin and path without trailing slash; null for anything but a plain base URL. */
const plain = (text: string, local: boolean): string | null => {
  const url = URL.parse(text.trim())
  if (!url || url.username || url.password || url.search || url.hash) return null
  const loopback = isLoopback(url.hostname)
  if (loopback ? !local : url.protocol !== 'https:') return null
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** The bases of a deployment, normalised. @param list FINEXIO_BASE_URLS, separated by commas */
export const knownBases = (list: string, local: boolean): string[] =>
  list
    .split(',')
    .map((entry) => plain(entry, local))
    .filter((base) => base !== null)

/**
 * The normalised base when it equals one the deployment names, else null.
 * @param local true only in local development: permits loopback hosts, and http there
 */
export const allowedBase = (text: string, list: string, local: boolean): string | null => {
  const base = plain(text, local)
  return base !== null && knownBases(list, local).includes(base) ? base : null
}

/** Finexio's sources disagree whether `/webhooks/` is below the version path (`same`) or at the host's root (`root`). */
export const webhookBaseOf = (base: string, place: 'same' | 'root'): string =>
  place === 'same' ? base : new URL(base).origin
