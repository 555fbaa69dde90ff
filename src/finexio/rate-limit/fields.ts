/**
 * The `RateLimit` and `RateLimit-Policy` fields of draft-ietf-httpapi-ratelimit-headers: a dictionary in revision 07, lists
 * from 08 to 10. Read with a strict parser of structured fields (RFC 9651).
 */
import { type Item, parseDictionary, parseList } from 'structured-headers'
import { MOST, type RateLimit, type Read, wholeSeconds } from './values.ts'

type Parameters = ReadonlyMap<string, unknown>
type Named = { name: string; parameters: Parameters }

const whole = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST ? value : null

const attempt = <T>(work: () => T): T | null => {
  try {
    return work()
  } catch {
    return null
  }
}

/** null: no list (RFC 9651, section 3.1). `malformed`: a list with a member that is no String. */
const named = (text: string): Named[] | 'malformed' | null => {
  const list = attempt(() => parseList(text))
  if (!list) return null
  if (list.some(([value]) => typeof value !== 'string')) return 'malformed'
  return list.map(([value, parameters]) => ({ name: value as string, parameters }))
}

const policiesOf = (read: Read): Named[] => {
  const list = named(read('ratelimit-policy') ?? '')
  return Array.isArray(list) ? list : []
}

const countsRequests = (policy: Named | undefined) => {
  const unit = policy?.parameters.get('qu')
  return unit === undefined || String(unit) === 'requests'
}

const fromItem = ({ name, parameters }: Named, policies: readonly Named[]): RateLimit | null => {
  const remaining = whole(parameters.get('r'))
  const policy = policies.find((candidate) => candidate.name === name)
  if (remaining === null || !countsRequests(policy)) return null
  return { limit: whole(policy?.parameters.get('q')), remaining, reset: wholeSeconds(parameters.get('t')) }
}

/** Of several windows the one that is used up first: least remaining, on a tie the longest wait; null of none. */
export const binding = (windows: readonly RateLimit[]): RateLimit | null =>
  windows.toSorted(
    (a, b) => (a.remaining ?? MOST) - (b.remaining ?? MOST) || (b.reset ?? -1) - (a.reset ?? -1),
  )[0] ?? null

const fromDictionary = (text: string): RateLimit | null => {
  const dictionary = attempt(() => parseDictionary(text))
  if (!dictionary) return null
  const member = (name: string) => (dictionary.get(name) as Item | undefined)?.[0]
  const [limit, remaining] = [whole(member('limit')), whole(member('remaining'))]
  return limit === null && remaining === null
    ? null
    : { limit, remaining, reset: wholeSeconds(member('reset')) }
}

/** Null when the field is absent, malformed or holds nothing usable. */
export const fromRateLimitField = (read: Read): RateLimit | null => {
  const text = read('ratelimit')
  if (!text) return null
  const items = named(text)
  if (items === 'malformed') return null
  if (items === null) return fromDictionary(text)
  const policies = policiesOf(read)
  return binding(items.flatMap((item) => fromItem(item, policies) ?? []))
}
