/** Which filters Finexio applies, and which are applied here, page by page, because it cannot. */
import type { Listing } from '../../../schemas/define.ts'
import type { Row } from '../reading/walk.ts'
import { Refusal } from '../refusal.ts'
import type { ListMethod } from './list-shape.ts'

export type Filters = Record<string, string | number | boolean | readonly string[] | undefined>
/** `kept`: words that Finexio cannot filter by. */
export type Split = { path: Row; sent: Filters; kept: Record<string, string> }

const isBlank = (value: unknown) => value === undefined || value === null || value === ''

/** Separates what Finexio filters by from what is filtered here, page by page. */
export const split = (method: ListMethod, args: Row): Split => {
  const path: Row = {}
  const sent: Filters = {}
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(args)) {
    if (isBlank(value)) continue
    if (method.path && name in method.path.shape) path[name] = value
    else if (method.list.scans?.[name]?.includes(String(value))) kept[name] = String(value)
    else sent[name] = bothSpellings(method.list, name, value as string)
  }
  return { path, sent, kept }
}

const bothSpellings = (list: Listing, name: string, value: string): string | string[] =>
  list.eitherCase?.includes(name) && value !== value.toUpperCase() ? [value, value.toUpperCase()] : value

/** Finexio refuses some lists without a filter; a scan for a status it cannot filter by needs one that lets all pass. */
export const withRequiredFilter = (method: ListMethod, { sent, kept }: Split): Filters => {
  if (!method.list.needsFilter || Object.keys(sent).length > 0) return sent
  if (Object.keys(kept).length > 0) return { ...sent, created_start: '1970-01-01' }
  const filters = Object.keys(method.query?.shape ?? {}).filter((name) => name !== 'page')
  throw new Refusal(
    `At least one filter is needed: ${filters.join(', ')}. A created_start date is the usual one.`,
  )
}

const sameWord = (a: unknown, b: string) =>
  String(a ?? '')
    .toLowerCase()
    .replace('cancelled', 'canceled') === b.toLowerCase()

/** Whether a row has the words that Finexio could not filter by. */
export const isKept = (kept: Split['kept'], row: Row): boolean =>
  Object.entries(kept).every(([field, value]) => sameWord(row[field], value))
