/** Rows as CSV (RFC 4180), the cheapest text form for a model. Columns in which every cell is empty are left out. */
import { plainTime } from '../../core/time.ts'

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

const cell = (value: unknown): string => {
  if (isEmpty(value)) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(plainTime(value))
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Lines of CSV, header first. Every row is one line: line breaks inside a cell become blanks. */
export const csvLines = (columns: readonly string[], rows: readonly Record<string, unknown>[]): string[] => {
  const used = columns.filter((column) => rows.some((row) => !isEmpty(row[column])))
  return [
    used.join(','),
    ...rows.map((row) => used.map((column) => cell(row[column]).replace(/[\r\n]+/g, ' ')).join(',')),
  ]
}
