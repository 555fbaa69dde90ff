/** Moments and days in somebody's time zone, by its IANA name. Pure; a name that is no zone is never taken. */

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Offsets such as +01:00 are no names: they know no summer time. */
const NAME = /^[A-Za-z][\w+-]*(?:\/[\w+-]+){0,2}$/
const LONGEST_NAME = 64

/** The zone as it is spelled officially (`europe/berlin` → `Europe/Berlin`); null for what is none. */
export const zoneNamed = (text: string): string | null => {
  if (text.length > LONGEST_NAME || !NAME.test(text)) return null
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    return null
  }
}

const formatOf = (zone: string) =>
  new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })

/** A page has many moments in one zone, and making a format costs more than all of them; a start that shows none makes none. */
let latest: { zone: string; format: Intl.DateTimeFormat } | undefined

type Clock = { year: string; month: number; day: number; time: string; seconds: string; name: string }

const clockAt = (zone: string, at: number): Clock => {
  if (latest?.zone !== zone) latest = { zone, format: formatOf(zone) }
  const parts = Object.fromEntries(latest.format.formatToParts(at).map(({ type, value }) => [type, value]))
  return {
    year: parts.year!,
    month: Number(parts.month),
    day: Number(parts.day),
    time: `${parts.hour}:${parts.minute}`,
    seconds: parts.second!,
    name: parts.timeZoneName!,
  }
}

type Detail = 'year' | 'seconds' | 'date'

/**
 * A moment as people read it, always with its zone: `28 Nov 2026, 19:50 GMT+1`.
 * @param zone a name that `zoneNamed` gave
 * @param iso ISO 8601
 * @param detail `seconds`: `28 Nov, 19:50:07 GMT+1`, where the year goes without saying; `date`: `28 Nov 2026`, of a day that is named whole
 * @returns the text itself where it is no time
 */
export const momentIn = (zone: string, iso: string, detail: Detail = 'year'): string => {
  const at = Date.parse(iso)
  if (Number.isNaN(at)) return iso
  const { year, month, day, time, seconds, name } = clockAt(zone, at)
  const date = `${day} ${MONTHS[month - 1]}`
  if (detail === 'date') return `${date} ${year}`
  return detail === 'seconds' ? `${date}, ${time}:${seconds} ${name}` : `${date} ${year}, ${time} ${name}`
}

/** `2026-11-28` → `28 Nov 2026`: a day by its name, whatever zone it was counted in. */
export const dayWords = (day: string): string => momentIn('UTC', `${day}T00:00:00Z`, 'date')

const QUOTED_OR_MOMENT = /"(?:[^"\\]|\\.)*"|\b\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)?(?![\w-])/g

/**
 * A sentence in which moments are days as people write them: `(back to 2026-05-19T10:12Z)` → `(back to 19 May 2026)`.
 * @param text what it quotes is somebody else's and stays, such as the number of an invoice; a day without a time is that day everywhere
 */
export const daysWithin = (zone: string, text: string): string =>
  text.replaceAll(QUOTED_OR_MOMENT, (found) => {
    if (found.startsWith('"')) return found
    return found.includes('T') ? momentIn(zone, found, 'date') : dayWords(found)
  })

const MOMENT_IN_UTC = /\b\d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC\b/g

/** A sentence of ours that says moments in UTC, such as `Ends 28 Feb 2027, 23:59 UTC.`, with the same moments there. */
export const momentsWithin = (zone: string, text: string): string =>
  text.replaceAll(MOMENT_IN_UTC, (found) => momentIn(zone, new Date(found).toISOString()))

/** `2026-11-28`: the day on which a moment falls there. @param at milliseconds since the epoch */
export const dayIn = (zone: string, at: number): string => {
  const { year, month, day } = clockAt(zone, at)
  return [year.padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-')
}

/** `2026-11-28T19:50:07`: what a clock there shows, as a field for a date and time takes it. @param at milliseconds since the epoch */
export const clockIn = (zone: string, at: number): string => {
  const { time, seconds } = clockAt(zone, at)
  return `${dayIn(zone, at)}T${time}:${seconds}`
}

const DAY = /^\d{4}-\d\d-\d\d$/
/** No zone is further from UTC. */
const FURTHEST_MS = 15 * 3_600_000

/** The first moment from which something there shows a text, or a later one. @param utc when UTC shows it */
const firstOf = (utc: number, wanted: string, shown: (at: number) => string): number => {
  let [before, from] = [utc - FURTHEST_MS, utc + FURTHEST_MS]
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2)
    if (shown(middle) < wanted) before = middle
    else from = middle
  }
  return from
}

/** The first moment of a day there: not every day has a midnight. @param utc when the day begins in UTC */
const beginning = (zone: string, utc: number): number =>
  firstOf(utc, new Date(utc).toISOString().slice(0, 'yyyy-mm-dd'.length), (at) => dayIn(zone, at))

/** `19:50:07`: what the clock shows there. @param at milliseconds since the epoch */
export const timeIn = (zone: string, at: number): string => {
  const { time, seconds } = clockAt(zone, at)
  return `${time}:${seconds}`
}

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/

/**
 * When a clock there shows a time, as ISO in UTC; null for what is no time or no day.
 * @param time `19:50` or `19:50:07`; one that the clock passes over is the next that it shows
 */
export const clockTime = (zone: string, day: string, time: string): string | null => {
  if (!TIME.test(time) || dayRange('UTC', day) === null) return null
  const wanted = `${day} ${time}`
  const shown = (at: number) => `${dayIn(zone, at)} ${timeIn(zone, at)}`
  return new Date(firstOf(Date.parse(`${day}T${time}Z`), wanted, shown)).toISOString()
}

/**
 * The moment at which a clock there shows this, as ISO time in UTC; of two, either; null where no clock ever does.
 * @param clock `2026-11-28T19:50:07`, with or without the seconds
 */
export const momentAt = (zone: string, clock: string): string | null => {
  const [day, time, more] = clock.split('T')
  const moment = more === undefined ? clockTime(zone, day!, time ?? '') : null
  return moment !== null && clockIn(zone, Date.parse(moment)).startsWith(clock) ? moment : null
}

/**
 * A whole day there, as ISO times in UTC; null for what is no day.
 * @param day `2026-11-28`
 * @returns `from` is its first moment, `before` that of the next day
 */
export const dayRange = (zone: string, day: string): { from: string; before: string } | null => {
  const utc = DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  const isDay = !Number.isNaN(utc) && new Date(utc).toISOString().startsWith(day)
  if (!isDay) return null
  const next = new Date(utc)
  next.setUTCDate(next.getUTCDate() + 1)
  const iso = (at: number) => new Date(beginning(zone, at)).toISOString()
  return { from: iso(utc), before: iso(next.getTime()) }
}
