/** The filters of a list by who applies them: Finexio, or this server while it reads page by page. Pure. */
import type { Listing } from '../../../schemas/define.ts'
import { isBlank } from '../../core/mask.ts'
import { quoted } from '../../core/text.ts'
import { completeTimes, timeOf } from '../../finexio/pages.ts'
import { Refusal } from '../refusal.ts'
import type { Filters, ListMethod } from './list-answer.ts'
import { holdsName } from './names.ts'
import { type Row, wordOf } from './request.ts'

/** A filter that Finexio does not have. */
export type Kept = {
  /** What it asks for, as a part of a sentence. */
  words: string
  /** Fields of a row that it looks at. */
  fields: readonly string[]
  /** Whether a row is asked for; null: the row does not tell. */
  keep(row: Row): boolean | null
  /** Whether no row after this one can be asked for, where rows come newest first. */
  ends?(row: Row): boolean
}

export type Split = { path: Row; sent: Filters; kept: readonly Kept[] }

/** Finexio's words, whatever their case. */
export const keptWord = (field: string, value: string): Kept => ({
  words: `${field} ${value}`,
  fields: [field],
  keep: (row) => wordOf(row[field]) === wordOf(value),
})

/** Separates what Finexio filters by from its own words that it does not filter by. */
export const split = (method: ListMethod, args: Row): Split => {
  const path: Row = {}
  const sent: Filters = {}
  const kept: Kept[] = []
  for (const [name, value] of Object.entries(args)) {
    if (isBlank(value)) continue
    if (method.path && name in method.path.shape) path[name] = value
    else if (method.list.scans?.[name]?.includes(String(value))) kept.push(keptWord(name, String(value)))
    else sent[name] = value as string
  }
  return { path, sent, kept }
}

/** The filters as given and, where Finexio may have stored one in upper case, so: what it declares takes one value a request. */
export const spellings = ({ eitherCase = [] }: Listing, parts: Split): [Split, ...Split[]] => {
  const upper = Object.entries(parts.sent).map(([name, value]) =>
    eitherCase.includes(name) ? [name, String(value).toUpperCase()] : [name, value],
  )
  const differs = upper.some(([name, value]) => parts.sent[String(name)] !== value)
  return differs ? [parts, { ...parts, sent: Object.fromEntries(upper) }] : [parts]
}

/** A part of a name, as two people may write it. */
export const keptName = (name: string): Kept => ({
  words: `the name ${quoted(name)} in any spelling`,
  fields: ['name'],
  keep: (row) => holdsName(row.name, name),
})

/** Finexio compares names letter by letter: whom it does not find so is looked for in the whole list, without accents and the like. */
export const alsoFolded = (ways: [Split, ...Split[]]): [Split, ...Split[]] => {
  const [{ path, sent, kept }] = ways
  const { name, ...others } = sent
  if (typeof name !== 'string') return ways
  return [...ways, { path, sent: others, kept: [...kept, keptName(name)] }]
}

/** Finexio refuses some lists without a filter; what it cannot filter by needs one that lets all pass. */
export const withRequiredFilter = (method: ListMethod, { sent, kept }: Split): Filters => {
  if (!method.list.needsFilter || Object.keys(sent).length > 0) return sent
  if (kept.length > 0) return { ...sent, created_start: '1970-01-01' }
  const filters = Object.keys(method.query?.shape ?? {}).filter((name) => name !== 'page')
  throw new Refusal(
    `At least one filter is needed: ${filters.join(', ')}. A created_start date is the usual one.`,
  )
}

/** Whether a row has all that Finexio could not filter by; null: it does not tell. */
export const isKept = (kept: Split['kept'], row: Row): boolean | null => {
  const verdicts = kept.map(({ keep }) => keep(row))
  if (verdicts.includes(false)) return false
  return verdicts.includes(null) ? null : true
}

/** The ranges among these arguments, by the field that each is of. */
const rangesIn = (args: Row): [field: string, start: unknown, end: unknown][] => {
  const names = Object.keys(args).filter((name) => /_(start|end|after)$/.test(name) && !isBlank(args[name]))
  const fields = [...new Set(names.map((name) => name.replace(/_(start|end|after)$/, '')))]
  return fields.map((field) => [
    field,
    args[`${field}_start`] ?? args[`${field}_after`],
    args[`${field}_end`],
  ])
}

const orderable = (value: unknown): number | null => (typeof value === 'number' ? value : timeOf(value))

/** @throws Refusal on a range that ends before it begins: it would hold nothing, as an empty list does */
export const checkRanges = (args: Row): void => {
  const whole = completeTimes(args as Filters)
  for (const [field, start, end] of rangesIn(whole as Row)) {
    const [from, to] = [orderable(start), orderable(end)]
    if (from !== null && to !== null && from > to)
      throw new Refusal(
        `${field}_start (${args[`${field}_start`]}) is after ${field}_end (${args[`${field}_end`]}): swap the two.`,
      )
  }
}

/** The ranges of time that were applied, where a plain date stood for a whole day; null where none did. */
export const rangeNote = (args: Row): string | null => {
  const plain = Object.entries(args).filter(([, value]) => /^\d{4}-\d\d-\d\d$/.test(String(value)))
  if (!plain.some(([name]) => /_(start|end|after)$/.test(name))) return null
  const dates = Object.fromEntries(Object.entries(args).filter(([, value]) => typeof value === 'string'))
  const words = rangesIn(completeTimes(dates as Filters) as Row).map(([field, start, end]) =>
    [field, start && `from ${start}`, end && `to ${end}`].filter(Boolean).join(' '),
  )
  return `Range: ${words.join('; ')}.`
}
