/** CSV that people open in a spreadsheet (RFC 4180). What a model reads is written elsewhere. */

/** Excel takes a file without it for its own old encoding. */
const BYTE_ORDER_MARK = '\ufeff'

const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/
/** What a spreadsheet takes for the beginning of a formula, wide signs of East Asia included. */
const FORMULA = /^[\s"]*[=+\-@＝＋－＠]/
/** Where a spreadsheet may end a cell: which of them it does hangs on its country. */
const SEPARATORS = /([,;\t|\r\n])/

/** Each part that a spreadsheet might take for a cell, with an apostrophe where it would be a formula. */
const defused = (text: string): string =>
  PLAIN_NUMBER.test(text)
    ? text
    : text
        .split(SEPARATORS)
        .map((part) => (FORMULA.test(part) ? `'${part}` : part))
        .join('')

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(textOf).join(' ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** One cell: quoted, and no formula, whether commas, semicolons or tabs end a cell. Numbers stay numbers, lists are words. */
const csvCell = (value: unknown): string => {
  const text = textOf(value)
  return text === '' ? '' : `"${defused(text).replaceAll('"', '""')}"`
}

/** One line, its end included. */
export const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** The first line of a file. */
export const csvHead = (columns: readonly string[]): string => BYTE_ORDER_MARK + csvLine(columns)
