/** Header families other than the `RateLimit` field, each read for itself: numbers of two families are never combined. */
import { binding } from './fields.ts'
import { type Clock, count, delaySeconds, MOST, type RateLimit, type Read, resetSeconds } from './values.ts'

type Names = {
  limit: readonly string[]
  remaining: string
  /** In order: the first present one is read. */
  reset: readonly string[]
  used?: readonly string[]
  /** A delay that beats `reset` when readable. */
  resetAfter?: string
}

/** Whether any of the three numbers was found. */
export const usable = (found: RateLimit | null): found is RateLimit =>
  found !== null && (found.limit !== null || found.remaining !== null || found.reset !== null)

const firstPresent = (read: Read, names: readonly string[] = []) =>
  names.map(read).find((text) => text !== undefined)

/** A used count replaces the number that is missing. */
const complete = (
  limit: number | null,
  remaining: number | null,
  used: number | null,
  remainingSent: boolean,
) => {
  if (limit === null && remaining !== null && used !== null)
    return { limit: used + remaining <= MOST ? used + remaining : null, remaining }
  if (!remainingSent && limit !== null && used !== null)
    return { limit, remaining: Math.max(0, limit - used) }
  return { limit, remaining }
}

const fromNames = (read: Read, clock: Clock, names: Names): RateLimit => {
  const limit = count(firstPresent(read, names.limit))
  const remaining = read(names.remaining)
  const used = count(firstPresent(read, names.used))
  const after = names.resetAfter ? delaySeconds(read(names.resetAfter)) : null
  return {
    ...complete(limit, count(remaining), used, remaining !== undefined),
    reset: after ?? resetSeconds(firstPresent(read, names.reset), clock),
  }
}

const prefixed = (prefix: string, more: Partial<Names> = {}): Names => ({
  limit: [`${prefix}-limit`],
  remaining: `${prefix}-remaining`,
  reset: [`${prefix}-reset`],
  ...more,
})

const COMMON: readonly Names[] = [
  prefixed('ratelimit', { used: ['ratelimit-used', 'ratelimit-observed'] }),
  prefixed('x-ratelimit', {
    reset: ['x-ratelimit-reset', 'x-ratelimit-next'],
    used: ['x-ratelimit-used', 'x-ratelimit-observed'],
    resetAfter: 'x-ratelimit-reset-after',
  }),
  prefixed('x-rate-limit', { limit: ['x-rate-limit-limit', 'x-rate-limit'], used: ['x-rate-limit-used'] }),
]

const suffixed = (suffix: string): Names => ({
  limit: [`x-ratelimit-limit-${suffix}`],
  remaining: `x-ratelimit-remaining-${suffix}`,
  reset: [`x-ratelimit-reset-${suffix}`],
})
const REQUESTS: readonly Names[] = [suffixed('requests'), prefixed('x-ratelimit-requests')]
const WINDOWS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'].map(suffixed)

const fromRequests = (read: Read, clock: Clock): RateLimit | null => {
  const names = REQUESTS.find(({ remaining }) => read(remaining) !== undefined)
  return names ? fromNames(read, clock, names) : null
}

const fromWindows = (read: Read, clock: Clock): RateLimit | null =>
  binding(WINDOWS.map((names) => fromNames(read, clock, names)).filter(({ remaining }) => remaining !== null))

const usedOf = (used: string | undefined, limit: string | undefined): RateLimit | null => {
  const [most, spent] = [count(limit), count(used)]
  return most === null || spent === null
    ? null
    : { limit: most, remaining: Math.max(0, most - spent), reset: null }
}

const fromShopify = (read: Read): RateLimit | null => {
  const match = /^(\d{1,15})\/(\d{1,15})$/.exec(read('x-shopify-shop-api-call-limit') ?? '')
  return match && usedOf(match[1], match[2])
}

const fromSalesforce = (read: Read): RateLimit | null => {
  const counters = (read('sforce-limit-info') ?? '').matchAll(
    /(?:^|[;,])\s*[\w-]{1,60}=(\d{1,15})\/(\d{1,15})(?![\d/])/g,
  )
  return binding([...counters].flatMap(([, used, limit]) => usedOf(used, limit) ?? []))
}

const VENDORS: readonly Names[] = [
  { limit: ['x-hubspot-ratelimit-max'], remaining: 'x-hubspot-ratelimit-remaining', reset: [] },
  prefixed('anthropic-ratelimit-requests'),
  prefixed('x-sib-ratelimit'),
]

const byNames = (names: Names) => (read: Read, clock: Clock) => fromNames(read, clock, names)

/** In the order in which they are tried. */
export const families: readonly ((read: Read, clock: Clock) => RateLimit | null)[] = [
  ...COMMON.map(byNames),
  fromRequests,
  fromWindows,
  fromShopify,
  fromSalesforce,
  ...VENDORS.map(byNames),
]
