/** Get tools: one record, its fields at the top, as Finexio names them. */
import * as z from 'zod'
import type { Method } from '../../../schemas/define.ts'
import { drawdownPayments } from '../../../schemas/drawdown-payments.ts'
import { cleanText } from '../../core/text.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { readPage } from '../../finexio/pages.ts'
import { present, withoutEmpty } from '../present/present.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import { amount, type ListMethod } from './list-answer.ts'
import { fillPath, readRecord, readRecords, routeOf } from './request.ts'

export type GetMethod = Method & { gives: z.ZodObject }

/** The record's own fields, and the decimal form of its amount. */
export const recordOutput = (gives: z.ZodObject): z.ZodObject =>
  'amount_cents' in gives.shape ? z.object({ ...gives.shape, amount }) : gives

const queryOf = (method: Method, args: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(args).filter(
      ([name, value]) => name in (method.query?.shape ?? {}) && value !== undefined,
    ),
  ) as Record<string, string>

/** Asks Finexio for one record. @throws FinexioFailure, also when the answer holds no record */
export const readOne = async (
  method: GetMethod,
  args: Record<string, unknown>,
  { finexio }: Pick<ToolContext, 'finexio'>,
) => {
  const { verb, template } = routeOf(method)
  const path = fillPath(template, args)
  const reply = await finexio.send({
    verb,
    template,
    path,
    query: queryOf(method, args),
    effect: 'read',
  })
  const record = readRecord(method, reply.body)
  if (record) return record
  throw new FinexioFailure({
    kind: 'upstream_fault',
    status: reply.status,
    message: 'Finexio answered with something that is not the record asked for',
    rate: reply.rate,
    sent: true,
  })
}

const recordAnswer = (record: Record<string, unknown>): ToolAnswer => {
  const structured = present(record)
  return { structured, text: JSON.stringify(withoutEmpty(structured)) }
}

export const runGet =
  (method: GetMethod) =>
  async (args: Record<string, unknown>, context: ToolContext): Promise<ToolAnswer> =>
    recordAnswer(await readOne(method, args, context))

// `get_single_finexio_payment_image_by_id`: says plainly when nothing was scanned.

export const imageOutput = z.object({
  payment_id: z.string(),
  scanned: z.boolean(),
  check_image_url: z.string().nullable(),
  more_check_image_urls: z.array(z.string()).optional(),
  note: z.string().optional(),
})

const NOT_SCANNED =
  'Finexio has no check image for this payment: it is not a printed check, or the check was not printed or scanned yet.'

export const runImage =
  (method: GetMethod) =>
  async (args: Record<string, unknown>, context: ToolContext): Promise<ToolAnswer> => {
    const { check_image_url, more_check_image_urls } = await readOne(method, args, context)
    const url =
      typeof check_image_url === 'string' && check_image_url !== '' ? cleanText(check_image_url) : null
    const structured = {
      payment_id: String(args.payment_id),
      scanned: url !== null,
      check_image_url: url,
      ...(Array.isArray(more_check_image_urls) && {
        more_check_image_urls: more_check_image_urls.map(cleanText),
      }),
      ...(url === null && { note: NOT_SCANNED }),
    }
    return { structured, text: JSON.stringify(structured) }
  }

// `get_single_finexio_drawdown_by_id`: two reads, one object. If the second fails the tool fails as a whole.

const paymentsMethod = drawdownPayments.methods.list as ListMethod

export const drawdownOutput = ({ gives }: GetMethod) =>
  recordOutput(gives).extend({
    payments_count: z.int().nullable(),
    payments_next_page: z.int().nullable().describe('More: list_all_finexio_drawdown_payments.'),
    // Their fields are declared once, by the tool that lists them: every name is paid for in every chat.
    payments: z.array(z.looseObject({})),
    note: z.string().optional(),
  })

/** The drawdown's own fields at the top, then the first page (100) of its payments. */
export const runDrawdown =
  (method: GetMethod) =>
  async (args: Record<string, unknown>, context: ToolContext): Promise<ToolAnswer> => {
    const drawdown = await readOne(method, args, context)
    const { verb, template } = routeOf(paymentsMethod)
    const path = fillPath(template, { processor_request_id: args.id })
    const reply = await context.finexio.send({ verb, template, path, effect: 'read' })
    const { rows, next, count } = readPage(reply.body)
    const { records, unreadable } = readRecords(paymentsMethod, rows)
    return recordAnswer({
      ...drawdown,
      payments_count: count ?? rows.length,
      payments_next_page: next,
      payments: records.map(present),
      ...(unreadable > 0 && { note: `${unreadable} payments could not be read and are missing.` }),
    })
  }
