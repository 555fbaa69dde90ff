/**
 * Dates in headers. `Date.parse` is not used here: it accepts free text, and reads the asctime form as local time.
 */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAY = '(?:mon|tue|wed|thu|fri|sat|sun)'
const MONTH = `(?<month>${MONTHS.join('|')})`
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)'

const IMF_FIXDATE = new RegExp(`^${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} gmt$`, 'i')
const RFC850 = new RegExp(
  `^(?:mon|tues|wednes|thurs|fri|satur|sun)day, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} gmt$`,
  'i',
)
const ASCTIME = new RegExp(`^${DAY} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`, 'i')
const RFC3339 =
  /^(?<year>\d{4})-(?<number>\d\d)-(?<day>\d\d)[Tt ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?<fraction>\.\d{1,9})?)?(?:[Zz]|(?<offset>[+-]\d\d:\d\d))$/
const JAVASCRIPT = new RegExp(
  `^${DAY} ${MONTH} (?<day>\\d\\d) (?<year>\\d{4}) ${TIME} gmt(?<offset>[+-]\\d{4})(?: \\([^()]{1,60}\\))?$`,
  'i',
)

type Groups = Record<string, string | undefined>

/** A two-digit year more than 50 years ahead belongs to the previous century (RFC 9110, section 5.6.7). */
const yearOf = (text: string, now: number): number => {
  if (text.length === 4) return Number(text)
  const present = new Date(now).getUTCFullYear()
  const year = Math.floor(present / 100) * 100 + Number(text)
  return year > present + 50 ? year - 100 : year
}

const offsetMs = (text: string | undefined): number => {
  if (!text) return 0
  const [hours, minutes] = [text.slice(1, 3), text.slice(-2)].map(Number) as [number, number]
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

const monthOf = ({ month, number }: Groups) =>
  month ? MONTHS.indexOf(month.toLowerCase()) : Number(number) - 1

/** Milliseconds since the epoch; null where day, hour or minute is on no calendar or clock. */
const instant = (groups: Groups, now: number): number | null => {
  const [month, day, hour] = [monthOf(groups), Number(groups.day), Number(groups.hour)]
  const [minute, second] = [Number(groups.minute), Number(groups.second ?? 0)]
  if (hour > 23 || minute > 59 || second > 60) return null
  const at = new Date(Date.UTC(2000, month, day, hour, minute, second))
  at.setUTCFullYear(yearOf(groups.year!, now), month, day)
  if (at.getUTCMonth() !== month && second < 60) return null
  const ms = at.getTime() + Number(groups.fraction ?? 0) * 1_000 - offsetMs(groups.offset)
  return Number.isFinite(ms) ? ms : null
}

const first = (text: string, grammars: readonly RegExp[], now: number): number | null => {
  if (text.length > 100) return null
  for (const grammar of grammars) {
    const groups = grammar.exec(text)?.groups
    if (groups) return instant(groups, now)
  }
  return null
}

/**
 * An HTTP-date (RFC 9110, section 5.6.7) in any of its three forms.
 * @param now milliseconds since the epoch, needed for two-digit years
 * @returns milliseconds since the epoch, or null
 */
export const httpDate = (text: string, now: number): number | null =>
  first(text.trim(), [IMF_FIXDATE, RFC850, ASCTIME], now)

/** The same, and RFC 3339 (zone mandatory, seconds optional), and the text of JavaScript's `Date.prototype.toString`. */
export const anyDate = (text: string, now: number): number | null =>
  first(text.trim(), [IMF_FIXDATE, RFC850, ASCTIME, RFC3339, JAVASCRIPT], now)
