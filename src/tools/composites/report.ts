/** The text of an answer with several tables: one sentence, then each table as CSV under its title. */
import { csvLines } from '../csv.ts'
import { LONGEST_ANSWER } from '../list-text.ts'
import { withoutEmpty } from '../present.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import type { Row } from '../walk.ts'

type Table = { title: string; columns: readonly string[]; rows: readonly Row[] }

const linesOf = ({ title, columns, rows }: Table): string[] =>
  rows.length === 0 ? [] : [`${title}:`, ...csvLines(columns, rows)]

/** As many lines as fit, and how many were left out. */
const cut = (lines: readonly string[]): string => {
  const kept: string[] = []
  let length = 0
  for (const line of lines) {
    length += line.length + 1
    if (length > LONGEST_ANSWER - 200) break
    kept.push(line)
  }
  const left = lines.length - kept.length
  return left === 0
    ? kept.join('\n')
    : `${kept.join('\n')}\nText cut: ${left} more lines; ask for a smaller limit.`
}

/**
 * @param head what the answer comes down to, in a sentence
 * @param structured the whole answer, ready to be shown
 */
export const report = (
  head: string,
  tables: readonly Table[],
  structured: Row,
  { textFormat }: Pick<ToolContext, 'textFormat'>,
): ToolAnswer => {
  const note = typeof structured.note === 'string' ? ` ${structured.note}` : ''
  const more = structured.next_cursor ? ` More: next_cursor=${structured.next_cursor}` : ''
  const text = cut([`${head}${note}${more}`, ...tables.flatMap(linesOf)])
  if (textFormat === 'csv') return { structured, text }
  const json = JSON.stringify(withoutEmpty(structured))
  return { structured, text: json.length <= LONGEST_ANSWER ? json : text }
}

/** A table with the columns of its first row. */
export const tableOf = (title: string, rows: readonly Row[]): Table => ({
  title,
  columns: Object.keys(rows[0] ?? {}),
  rows,
})
