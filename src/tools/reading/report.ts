/** Answers with several tables: in text one sentence, then each table as CSV under its title. */
import * as z from 'zod'
import { visibleText } from '../../core/text.ts'
import type { Row } from '../derived/request.ts'
import { withoutEmpty } from '../present/present.ts'
import { bytesIn, csvLines, fitting, LONGEST_ANSWER } from '../present/text.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'

/** Rows whose columns the text names; what they mean is said where Finexio's own records are listed. */
export const rows = z.array(z.object({}))

/** Output of a tool that answers by `report`. @param fields those an answer turns on; more may come */
export const reported = (fields: z.ZodRawShape): z.ZodObject =>
  z.looseObject({ ...fields, is_partial_response: z.boolean(), note: z.string().optional() })

type Table = { title: string; columns: readonly string[]; rows: readonly Row[] }

const linesOf = ({ title, columns, rows }: Table): string[] =>
  rows.length === 0 ? [] : [`${title}:`, ...csvLines(columns, rows)]

/** As many lines as fit, and how many were left out. */
const cut = (lines: readonly string[]): string => {
  const fits = fitting(lines)
  const left = lines.length - fits
  return left === 0
    ? lines.join('\n')
    : `${lines.slice(0, fits).join('\n')}\nText cut: ${left} more lines; ask for a smaller limit.`
}

/** Sentences of ours quote words of Finexio. Rows are made fit to be shown by whoever makes them. */
const visible = (value: unknown): unknown => {
  if (typeof value === 'string') return visibleText(value)
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
    ? value.map(visibleText)
    : value
}

/**
 * @param head what the answer comes down to, in a sentence
 * @param answer the whole answer; its rows ready to be shown
 */
export const report = (
  head: string,
  tables: readonly Table[],
  answer: Row,
  { textFormat }: Pick<ToolContext, 'textFormat'>,
): ToolAnswer => {
  const structured = Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, visible(value)]))
  const note = typeof structured.note === 'string' ? ` ${structured.note}` : ''
  const more = structured.next_cursor ? ` More: next_cursor=${structured.next_cursor}` : ''
  const text = cut([`${visibleText(head)}${note}${more}`, ...tables.flatMap(linesOf)])
  if (textFormat === 'csv') return { structured, text }
  const json = JSON.stringify(withoutEmpty(structured))
  return { structured, text: bytesIn(json) <= LONGEST_ANSWER ? json : text }
}

/** A table with the columns of its first row. */
export const tableOf = (title: string, rows: readonly Row[]): Table => ({
  title,
  columns: Object.keys(rows[0] ?? {}),
  rows,
})
