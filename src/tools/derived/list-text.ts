/** The text form of a list: one summary line, then CSV (or the same as JSON). */
import { csvLines } from '../present/csv.ts'
import { withoutEmpty } from '../present/present.ts'
import { fitting } from '../present/text-cap.ts'

export type TextFormat = 'csv' | 'json'

type List = {
  result: readonly Record<string, unknown>[]
  next_cursor: string | null
  result_count: number
  /** Over all pages; null where Finexio's count would mislead. */
  total_count: number | null
  is_partial_response: boolean
  note?: string
}

const cutNote = (rows: number) => `Text cut: ${rows} more rows; ask for a smaller limit or fewer fields.`

const asJson = (list: List): string => {
  const fits = fitting(list.result.map((row) => JSON.stringify(row)))
  const left = list.result.length - fits
  const note = left > 0 ? [list.note, cutNote(left)].filter(Boolean).join(' ') : list.note
  return JSON.stringify(withoutEmpty({ ...list, result: list.result.slice(0, fits), note }))
}

const asCsv = (columns: readonly string[], rows: List['result']): string[] => {
  const lines = csvLines(columns, rows)
  const fits = fitting(lines)
  return fits === lines.length ? lines : [...lines.slice(0, fits), cutNote(lines.length - fits)]
}

const summary = (noun: string, list: List): string => {
  const words = noun.replaceAll('_', ' ')
  const total = list.total_count
  const of = total !== null && total > list.result_count ? ` of ${total}` : ''
  const more = list.next_cursor ? ` More: next_cursor=${list.next_cursor}` : ' No more pages.'
  return `${list.result_count}${of} ${words}.${more}${list.note ? ` ${list.note}` : ''}`
}

export const listText = (
  noun: string,
  columns: readonly string[],
  list: List,
  format: TextFormat,
): string => {
  if (format === 'json') return asJson(list)
  const head = summary(noun, list)
  return list.result_count === 0 ? head : [head, ...asCsv(columns, list.result)].join('\n')
}
