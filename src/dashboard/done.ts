/** What is said after something was done, on the next page. An address names only which message; names travel in a cookie, which nobody else can write. */
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { oneLine } from '../core/text.ts'
import { quoted } from '../rules/sentences/row.ts'
import type { C } from './app-type.ts'

/** Seconds: longer than it takes a browser to follow. */
const KEPT_S = 30

const isSecure = ({ req }: Context): boolean => new URL(req.url).protocol === 'https:'
const nameFor = (c: Context): string => `${isSecure(c) ? '__Host-' : ''}finexio_mcp_done`

/** @param word which message @param name what it is about, as it was called */
export const doneWith = (c: C, path: string, word: string, name: string): Response => {
  const options = {
    path: '/',
    httpOnly: true,
    secure: isSecure(c),
    sameSite: 'Strict',
    maxAge: KEPT_S,
  } as const
  setCookie(c, nameFor(c), `${word}:${name}`, options)
  return c.redirect(`${path}?done=${word}`, 303)
}

/** Messages by the word that an address may name; any other word shows nothing. `%`: what was done with it. */
const DONE: Readonly<Record<string, string>> = {
  saved: 'Saved.',
  unchanged: 'Nothing was changed, so nothing was saved.',
  connected: 'Connected. Finexio accepted the credentials, and they are stored encrypted.',
  renewed: 'New credentials are in use. Finexio accepted them; the old ones are erased.',
  verified: 'Finexio accepts the stored credentials.',
  deleted: 'Deleted%. Its credentials are erased and its URLs are dead; the audit trail is kept.',
  revoked: 'Revoked%. The next call with its URL is refused.',
  'person-removed': 'Removed%, with all API tokens and sessions of theirs.',
  'token-revoked': 'Revoked%. The next call with that API token is refused, and its sessions are over.',
  'grant-ended': 'Ended%. The next call of that client is refused.',
  stopped: 'Writes are stopped. Reads go on.',
  started: 'Writes may leave again.',
  'signed-out': 'You are signed out.',
  'secret-saved': 'Stored%, encrypted. Nobody can read it back; agents use it by its name.',
  'secret-deleted': 'Deleted%.',
}

/** The message for the word of the address; null for any other text. */
export const doneWords = (c: C): string | null => {
  const word = c.req.query('done')
  if (word === undefined || !Object.hasOwn(DONE, word)) return null
  const kept = getCookie(c, nameFor(c)) ?? ''
  const name = kept.startsWith(`${word}:`) ? oneLine(kept.slice(word.length + 1), 60) : ''
  return DONE[word]!.replace('%', () => (name === '' ? '' : ` ${quoted(name)}`))
}
