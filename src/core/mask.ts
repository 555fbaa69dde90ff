/** How a value is shown that must not be shown whole. */
import { cleanText, tailOf } from './text.ts'

/** Null, not there, or an empty text. */
export const isBlank = (value: unknown) => value === null || value === undefined || value === ''

/** The same, or a list of nothing: such a cell of a table shows nothing. */
export const isEmptyCell = (value: unknown) => isBlank(value) || (Array.isArray(value) && value.length === 0)

/** All but the last four characters; four or fewer disclose nothing. */
export const masked = (value: unknown): unknown => {
  if (isBlank(value)) return value
  const text = cleanText(String(value))
  return text.length > 4 ? `****${tailOf(text, 4)}` : '****'
}

/** All but the last four of every long number in a text, also where it is written in groups. */
export const withoutNumbers = (text: string) =>
  text.replace(/\d(?:[\s.-]*\d){4,}/g, (number) => String(masked(number)))
