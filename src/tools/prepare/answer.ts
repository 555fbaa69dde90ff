/** What a preparation says: what is ready, what is wrong with which row, and how far was looked. */
import * as z from 'zod'
import { decimalOf } from '../../core/money.ts'
import type { Row } from '../derived/request.ts'
import { withoutEmpty } from '../present/present.ts'
import { bytesIn, csvLines, LONGEST_ANSWER } from '../present/text.ts'
import type { ToolAnswer } from '../tool.ts'
import type { Checked } from './check.ts'
import type { Problem } from './drafts.ts'

export const PreparedInvoices = z.object({
  body: z.array(z.looseObject({})),
  ready_count: z.int(),
  row_count: z.int(),
  total_cents: z.int(),
  total: z.string(),
  problems: z.array(z.object({ row: z.int(), field: z.string(), problem: z.string() })),
  columns: z.looseObject({}),
  ignored_columns: z.array(z.string()),
  is_partial_response: z.boolean(),
  note: z.string(),
})

/** Text is not shortened inside the body: half a batch looks like a whole one. */
const bodyText = (body: readonly Row[], room: number): string => {
  const text = JSON.stringify(body)
  return bytesIn(text) <= room
    ? `body: ${text}`
    : `body: too long for text (${text.length} characters); it stands whole in structuredContent. For text give fewer rows a call.`
}

const problemsText = (problems: readonly Problem[]): string[] =>
  problems.length === 0 ? [] : ['problems:', ...csvLines(['row', 'field', 'problem'], problems)]

const leftOut = (ready: number, rows: number): string =>
  ready === rows ? '' : ` ${rows - ready} rows have problems and are left out of body.`

const summary = (ready: number, rows: number, total: string): string =>
  `${ready} of ${rows} invoices are ready, ${total} USD in all.${leftOut(ready, rows)} Nothing was submitted.`

const asText = (structured: z.infer<typeof PreparedInvoices>, format: 'csv' | 'json'): string => {
  const { body, problems, ready_count, row_count, total, note, ignored_columns: ignored } = structured
  const json = JSON.stringify(withoutEmpty(structured))
  if (format === 'json' && bytesIn(json) <= LONGEST_ANSWER) return json
  const unread = ignored.length > 0 ? [`Columns not used: ${ignored.join(', ')}.`] : []
  const head = [summary(ready_count, row_count, total), note, ...unread, ...problemsText(problems)].join('\n')
  return [head, ...(body.length > 0 ? [bodyText(body, LONGEST_ANSWER - bytesIn(head) - 100)] : [])].join('\n')
}

export type Summary = {
  rows: number
  columns: Readonly<Record<string, string>>
  ignored: string[]
  note: string
  partial: boolean
}

export const answerOf = ({ body, problems }: Checked, about: Summary, format: 'csv' | 'json'): ToolAnswer => {
  const cents = body.reduce((sum, { amount_cents }) => sum + Number(amount_cents), 0)
  const structured = {
    body,
    ready_count: body.length,
    row_count: about.rows,
    total_cents: cents,
    total: decimalOf(cents)!,
    problems,
    columns: about.columns,
    ignored_columns: about.ignored,
    is_partial_response: about.partial,
    note: about.note,
  }
  return { structured, text: asText(structured, format) }
}
