/** How many rows of a list fit into one answer, the text and the structure alike: there its page ends. Pure. */
import { plural } from '../../core/words.ts'
import { bytesIn, csvLines, fitting, LONGEST_ANSWER } from '../present/present.ts'
import type { TextFormat } from './list-answer.ts'
import type { Row } from './request.ts'
import { firstOf, type Walked } from './walk.ts'

/** In which form the text shows rows; the structure is JSON either way. */
type Form = { columns: readonly string[]; format: TextFormat }

/** Lines of a table; none where the text is JSON as well. */
const linesOf = ({ columns, format }: Form, rows: readonly Row[]): readonly string[] =>
  format === 'csv' && rows.length > 0 ? csvLines(columns, rows) : []

/** @param json of all rows: one text is made faster than a hundred, and most answers fit and are not measured row by row */
const fittingRows = (rows: readonly Row[], json: string, lines: readonly string[]): number => {
  const whole = fitting([json]) === 1
  const inJson = whole ? rows.length : fitting(rows.map((row) => JSON.stringify(row)))
  return Math.min(inJson, lines.length > 0 ? fitting(lines) - 1 : rows.length)
}

/** The text that takes the place of a value which no answer has room for. */
const leftOut = (value: unknown) =>
  `[left out: ${bytesIn(JSON.stringify(value))} bytes; ask for this record by its id]`

/** A row that fits into an answer alone: without its longest values, which say so. */
const shortened = (row: Row, form: Form): Row => {
  if (fittingRows([row], JSON.stringify([row]), linesOf(form, [row])) === 1) return row
  const size = (name: string) => JSON.stringify(row[name] ?? null).length
  const [longest] = Object.keys(row).sort((a, b) => size(b) - size(a))
  const value = longest === undefined ? undefined : row[longest]
  if (longest === undefined || leftOut(value).length >= size(longest)) return row
  return shortened({ ...row, [longest]: leftOut(value) }, form)
}

const endNote = (shown: number) =>
  `This page ends after ${plural(shown, 'row')}, at ${LONGEST_ANSWER / 1_000} KB; next_cursor goes on there.`

/**
 * The rows of a page that fit, at least one, and the walk up to the last of them.
 * @param rows of the walk, ready to be shown
 * @returns `json`: of the rows in `result`
 */
export const pageOfRows = (walked: Walked, rows: readonly Row[], form: Form) => {
  const lines = linesOf(form, rows)
  const json = JSON.stringify(rows)
  const fits = fittingRows(rows, json, lines)
  if (fits === rows.length) return { walked, result: rows, lines, note: null, json }
  const shown = Math.max(fits, 1)
  const result = rows.slice(0, shown).map((row) => shortened(row, form))
  const cut = firstOf(walked, shown)
  return {
    walked: cut,
    result,
    lines: linesOf(form, result),
    note: cut.next === null ? null : endNote(shown),
    json: JSON.stringify(result),
  }
}
