/** Which columns a list can show, and what its tool takes and answers besides its filters. */
import * as z from 'zod'
import { nearest } from '../../core/text.ts'
import { Refusal } from '../refusal.ts'
import { amount, type ListMethod } from './list-answer.ts'
import { ownColumns } from './own-columns.ts'

const DEFAULT_LIMIT = 50
const MOST_ROWS = 500
/** How the text of a list is written; the structure is the same either way. */
const TEXT_FORMATS = ['csv', 'json'] as const

/** Arguments that every list takes besides its filters. */
export const listArguments = (resource: string, { list, gives }: ListMethod) => {
  const known = [...Object.keys(gives.shape), ...ownColumns(resource)]
  const others = known.filter((name) => !list.columns.includes(name))
  const more = others.length ? ` Also: ${others.join(', ')}.` : ''
  return {
    limit: z.int().min(1).max(MOST_ROWS).default(DEFAULT_LIMIT),
    next_cursor: z.string().optional(),
    fields: z.array(z.string()).optional().describe(`Columns; ["*"] for all.${more}`),
    format: z.enum(TEXT_FORMATS).optional(),
  }
}

/** What a column means is said once, by the tool that gets one record. */
const undescribed = (type: z.core.$ZodType): z.ZodType => z.clone(type as z.ZodType, type._zod.def)

/** Default columns, typed; further ones appear when asked for. */
export const listOutput = ({ list, gives }: ListMethod) => {
  const row = Object.fromEntries(
    columnsWithDecimal(list.columns).map((name) => [name, undescribed(gives.shape[name] ?? amount)]),
  )
  return z.object({
    result: z.array(z.looseObject(row)),
    next_cursor: z.string().nullable(),
    result_count: z.int(),
    has_more: z.boolean(),
    total_count: z.int().nullable(),
    is_partial_response: z.boolean(),
    note: z.string().optional(),
  })
}

const columnsWithDecimal = (columns: readonly string[]) =>
  columns.flatMap((name) => (name === 'amount_cents' ? [name, 'amount'] : [name]))

/** @throws Refusal naming the nearest column */
export const chosenColumns = (
  resource: string,
  { list, gives }: ListMethod,
  fields: readonly string[] | undefined,
): readonly string[] => {
  const declared = columnsWithDecimal(Object.keys(gives.shape))
  const known = [...declared, ...ownColumns(resource)]
  if (!fields?.length) return columnsWithDecimal(list.columns)
  const wrong = fields.find((name) => name !== '*' && !known.includes(name))
  if (wrong === undefined) return [...new Set(fields.flatMap((name) => (name === '*' ? declared : [name])))]
  const near = nearest(wrong, known)
  const advice = near ? `did you mean ${JSON.stringify(near)}?` : `known: ${known.join(', ')}.`
  throw new Refusal(`fields: unknown column ${JSON.stringify(wrong)}: ${advice}`)
}
