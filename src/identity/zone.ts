/**
 * The time zone in which a page shows its times. The script says in a cookie which one the browser is in; what a reader chose on the
 * page “Times” comes first. Both are cookies of the browser: an admin key has no person to whom a setting could belong.
 */
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { parse } from 'hono/utils/cookie'
import { zoneNamed } from '../core/zone.ts'

/** Set by the script: it names the zone of the browser. */
export const BROWSER_ZONE = 'finexio_zone'
/** Set by the page “Times”; absent: the zone of the browser. */
const CHOSEN_ZONE = 'finexio_times'
/** Where pages show times: those of the dashboard, and the one that lets a client in. */
export const ZONE_PATHS = ['/dashboard', '/oauth'] as const
const YEAR_S = 365 * 24 * 3600

const zoneIn = (c: Context, cookie: string): string | null => zoneNamed(getCookie(c, cookie) ?? '')

/** The zone of the browser as its script said; null: it said none, or none that there is. */
export const browserZone = (c: Context): string | null => zoneIn(c, BROWSER_ZONE)

/** The zone that was chosen; null: that of the browser. */
export const chosenZone = (c: Context): string | null => zoneIn(c, CHOSEN_ZONE)

/** The zone of every time on the page; UTC where nothing is known. */
export const zoneOf = (c: Context): string => chosenZone(c) ?? browserZone(c) ?? 'UTC'

/**
 * The same of a request outside the dashboard; where no cookie names a zone, the one that Cloudflare finds for the reader's address.
 * @param isLocal no such place is known then
 */
export const zoneOfRequest = (request: Request, isLocal: boolean): string => {
  const cookies = parse(request.headers.get('cookie') ?? '')
  const names = [cookies[CHOSEN_ZONE], cookies[BROWSER_ZONE], isLocal ? null : request.cf?.timezone]
  const zones = names.map((name) => (typeof name === 'string' ? zoneNamed(name) : null))
  return zones.find((zone) => zone !== null) ?? 'UTC'
}

/** @param zone a name that `zoneNamed` gave; null: that of the browser, from now on */
export const chooseZone = (c: Context, zone: string | null): void => {
  const secure = new URL(c.req.url).protocol === 'https:'
  for (const path of ZONE_PATHS)
    setCookie(c, CHOSEN_ZONE, zone ?? '', {
      path,
      httpOnly: true,
      secure,
      sameSite: 'Lax',
      maxAge: zone === null ? 0 : YEAR_S,
    })
}
