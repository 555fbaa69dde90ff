/** Get tools: one record, its fields at the top, as Finexio names them. */

import * as z from 'zod'
import type { Method, Resource } from '../../../schemas/define.ts'
import { drawdownPayments } from '../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../schemas/drawdowns.ts'
import { paymentImages } from '../../../schemas/payment-images.ts'
import { payments } from '../../../schemas/payments.ts'
import { cleanText } from '../../core/text.ts'
import { plural } from '../../core/words.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { shortfall } from '../../finexio/pages.ts'
import { present, withoutEmpty } from '../present/present.ts'
import { isReissued, NO_REPLACEMENT } from '../reading/payment-life.ts'
import { unscannedWords } from '../reading/payment-means.ts'
import { jsonAnswer, type ToolAnswer, type ToolContext } from '../tool.ts'
import { pageOf } from './list.ts'
import { amount, flawWords } from './list-answer.ts'
import { fillPath, type Row, readRecord, routeOf, toolName } from './request.ts'

type GetMethod = Method & { gives: z.ZodObject }

/** The record's own fields, and the decimal form of its amount. */
export const recordOutput = ({ methods }: Resource): z.ZodObject => {
  const { gives } = methods.get as GetMethod
  return 'amount_cents' in gives.shape ? z.object({ ...gives.shape, amount }) : gives
}

const queryOf = (method: Method, args: Row) =>
  Object.fromEntries(
    Object.entries(args).filter(
      ([name, value]) => name in (method.query?.shape ?? {}) && value !== undefined,
    ),
  ) as Record<string, string>

/** Asks Finexio for one record. @throws FinexioFailure, also when the answer holds no record */
export const readOne = async (
  resource: Resource,
  args: Row,
  { finexio, notice }: Pick<ToolContext, 'finexio' | 'notice'>,
): Promise<Row> => {
  const method = resource.methods.get as GetMethod
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
  if (record) {
    notice?.(resource.name, () => [record])
    return record
  }
  throw new FinexioFailure({
    kind: 'upstream_fault',
    status: reply.status,
    message: 'Finexio answered with something that is not the record asked for',
    rate: reply.rate,
    sent: true,
  })
}

const recordAnswer = (record: Row): ToolAnswer => {
  const structured = present(record)
  return { structured, text: JSON.stringify(withoutEmpty(structured)) }
}

/** A reissued payment names no other one: whoever looks for that searches in vain. */
const withNote = ({ name }: Resource, record: Row): Row =>
  name === payments.name && isReissued(record)
    ? { ...record, note: [record.note, NO_REPLACEMENT].filter(Boolean).join(' ') }
    : record

/** Gets one record. @throws FinexioFailure */
export const runGet =
  (resource: Resource) =>
  async (args: Row, context: ToolContext): Promise<ToolAnswer> =>
    recordAnswer(withNote(resource, await readOne(resource, args, context)))

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

/** Address of the scan in an image record; null where there is none. */
export const imageUrlOf = ({ check_image_url: url }: Row): string | null =>
  typeof url === 'string' && url !== '' ? cleanText(url) : null

/** The reason is that of the payment; where that is not shown, or was not read, the reasons that there may be. */
const whyUnscanned = async ({ payment_id: id }: Row, context: ToolContext): Promise<string> => {
  if (!context.sees(toolName(payments, 'get'))) return NOT_SCANNED
  try {
    return unscannedWords(await readOne(payments, { id }, context))
  } catch (failure) {
    if (failure instanceof FinexioFailure) return NOT_SCANNED
    throw failure
  }
}

/** A missing image is a result, not a failure. @throws FinexioFailure */
export const runImage = async (args: Row, context: ToolContext): Promise<ToolAnswer> => {
  const image = await readOne(paymentImages, args, context)
  const { more_check_image_urls: more } = image
  const url = imageUrlOf(image)
  const why = url === null ? await whyUnscanned(args, context) : null
  return jsonAnswer({
    payment_id: String(args.payment_id),
    scanned: url !== null,
    check_image_url: url,
    ...(Array.isArray(more) && { more_check_image_urls: more.map(cleanText) }),
    ...(why !== null && { note: why }),
  })
}

// `get_single_finexio_drawdown_by_id`: two reads, one object. If the second fails the tool fails as a whole.

export const drawdownOutput = recordOutput(drawdowns).extend({
  payments_count: z.int().nullable(),
  payments_next_page: z.int().nullable().describe('More: list_all_finexio_drawdown_payments.'),
  // Their fields are declared once, by the tool that lists them: every name is paid for in every chat.
  payments: z.array(z.looseObject({})),
  note: z.string().optional(),
})

/** The drawdown's own fields at the top, then the first page (100) of its payments. */
export const runDrawdown = async (args: Row, context: ToolContext): Promise<ToolAnswer> => {
  const drawdown = await readOne(drawdowns, args, context)
  const page = pageOf(drawdownPayments, context, {}, { processor_request_id: args.id })
  const { rows, next, count, unreadable = 0, flaw } = await page(1)
  const lost = flaw ?? (next === null ? shortfall(rows.length + unreadable, count) : null)
  const notes = [
    unreadable > 0 &&
      `${plural(unreadable, 'payment')} could not be read and ${unreadable === 1 ? 'is' : 'are'} missing.`,
    lost != null && `Partial: ${flawWords(lost)}`,
  ].filter(Boolean)
  return recordAnswer({
    ...drawdown,
    payments_count: count ?? rows.length + unreadable,
    payments_next_page: next,
    payments: rows.map(present),
    ...(notes.length > 0 && { is_partial_response: true, note: notes.join(' ') }),
  })
}
