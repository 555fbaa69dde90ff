/** What a list takes besides its filters, and which columns it answers. */
import * as z from 'zod'
import type { Listing, Method } from '../../../schemas/define.ts'
import { nearest } from '../../core/nearest.ts'
import { Refusal } from '../refusal.ts'

const DEFAULT_LIMIT = 50
const MOST_ROWS = 500
/** How the text of a list is written; the structure is the same either way. */
const TEXT_FORMATS = ['csv', 'json'] as const

export type ListMethod = Method & { list: Listing; gives: z.ZodObject }

/** Arguments that every list takes besides its filters. */
export const listArguments = ({ list, gives }: ListMethod) => {
  const others = Object.keys(gives.shape).filter((name) => !list.columns.includes(name))
  const more = others.length ? ` Also: ${others.join(', ')}.` : ''
  return {
    limit: z.int().min(1).max(MOST_ROWS).default(DEFAULT_LIMIT),
    next_cursor: z.string().optional().describe('From the last answer.'),
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

export const amount = z.string().nullable().optional()

const columnsWithDecimal = (columns: readonly string[]) =>
  columns.flatMap((name) => (name === 'amount_cents' ? [name, 'amount'] : [name]))

/** @throws Refusal naming the nearest column */
export const chosenColumns = (
  { list, gives }: ListMethod,
  fields: readonly string[] | undefined,
): readonly string[] => {
  const known = columnsWithDecimal(Object.keys(gives.shape))
  if (!fields?.length) return columnsWithDecimal(list.columns)
  if (fields.includes('*')) return known
  const wrong = fields.find((name) => !known.includes(name))
  if (wrong === undefined) return fields
  const near = nearest(wrong, known)
  const advice = near ? `did you mean ${JSON.stringify(near)}?` : `known: ${known.join(', ')}.`
  throw new Refusal(`fields: unknown column ${JSON.stringify(wrong)}: ${advice}`)
}
