/** `get_finexio_remittance_advice`: what a payment was for, as its receiver needs it. */
import * as z from 'zod'
import { drawdownPayments } from '../../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../../schemas/drawdowns.ts'
import { id, number } from '../../../../schemas/fields.ts'
import { invoices } from '../../../../schemas/invoices.ts'
import { paymentImages } from '../../../../schemas/payment-images.ts'
import { payments } from '../../../../schemas/payments.ts'
import { decimalOf, dollars } from '../../../core/money.ts'
import { oneLine, quoted } from '../../../core/text.ts'
import { imageUrlOf, readOne } from '../../derived/get.ts'
import { noted } from '../../derived/list-answer.ts'
import { isPathId, type Row, toolName } from '../../derived/request.ts'
import { firstRows } from '../../present/present.ts'
import { hasNumber } from '../../reading/closest-number.ts'
import { partyNames } from '../../reading/parties.ts'
import { invoicesOf } from '../../reading/payment-life.ts'
import { isCheck, meansOf } from '../../reading/payment-means.ts'
import { isWhole, readRecent, readWhole } from '../../reading/read-list.ts'
import {
  askForOne,
  askForPage,
  failIfStopped,
  firstPageOnly,
  newReading,
  type Reading,
  stopWords,
} from '../../reading/reading.ts'
import { counted, fartherWords, report, reported, rows, tableOf } from '../../reading/report.ts'
import { Refusal } from '../../refusal.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { addressOf, cashedOf, invoiceRow, sendingOf, sumOf } from './advice.ts'

const MOST_REQUESTS = 80
/** Invoices of one payment of which the record is read; a request each. */
const MOST_RECORDS = 60
const MOST_BYTES = 70_000
const IMAGES = toolName(paymentImages, 'get')

const input = z.object({
  id: id.optional().describe('Payment id.'),
  number: number().optional().describe('Check or trace.'),
})

/** Pages of the payment list that are looked through for a number, the newest: Finexio cannot be asked for one. */
const MOST_PAGES = 15
const MOST_NAMED = 10

/** `farther`: said where others may have the number that it was found by; null: they were looked through, or it was given by its id. */
type Meant = { id: string; farther: string | null }

/** @throws Refusal where no payment, or more than one, has the number */
const idByNumber = async (reading: Reading, wanted: string): Promise<Meant> => {
  const whole = await readRecent(reading, payments, MOST_PAGES)
  const found = whole.rows.filter((row) => hasNumber(row, wanted))
  const [only, ...others] = found
  if (others.length > 0)
    throw new Refusal(
      `number: ${found.length} payments have ${quoted(wanted)}; give the id of one: ${found
        .slice(0, MOST_NAMED)
        .map((row) => `${oneLine(row.id)} (${dollars(row.amount_cents)}, ${oneLine(row.created, 10)})`)
        .join(', ')}.`,
    )
  if (only && isPathId(only.id)) return { id: only.id, farther: fartherWords(whole, 'payment') }
  failIfStopped(reading)
  const read = isWhole(whole) ? 'of all' : 'of the newest'
  throw new Refusal(
    `number: none ${read} ${counted(whole.rows.length, 'payment')} has ${quoted(wanted)}. list_all_finexio_payments shows ids.`,
  )
}

/** @throws Refusal where not just one of the two is given */
const paymentIdOf = async (args: z.infer<typeof input>, reading: Reading): Promise<Meant> => {
  if ((args.id === undefined) === (args.number === undefined))
    throw new Refusal('Give id or number, one of the two.')
  return args.id === undefined ? idByNumber(reading, args.number!) : { id: args.id, farther: null }
}

/** The payment as its drawdown lists it, with where it was sent; null where no drawdown of it is found. */
const fundedOf = async (reading: Reading, { id: payment, tracking_id }: Row): Promise<Row | null> => {
  if (typeof tracking_id !== 'string' || tracking_id === '') return null
  const page = await askForPage(reading, drawdowns, { tracking_id })
  firstPageOnly(reading, page)
  for (const { processor_request_id: drawdown } of page?.rows ?? []) {
    if (!isPathId(drawdown)) continue
    const { rows: all } = await readWhole(reading, drawdownPayments, {}, null, {
      processor_request_id: drawdown,
    })
    const found = all.find((row) => row.id === payment)
    if (found) return found
  }
  return null
}

/** Whether the deposited check was scanned; null where it is no check, or this server shows no images. */
const depositedOf = async (reading: Reading, payment: Row): Promise<boolean | null> => {
  if (!isCheck(payment) || !reading.context.sees(IMAGES)) return null
  const image = await askForOne(reading, paymentImages, {
    payment_id: payment.id,
    checkImageType: 'Deposited',
  })
  return image && imageUrlOf(image) !== null
}

const recordsOf = (reading: Reading, parts: readonly Row[]): Promise<(Row | null)[]> =>
  Promise.all(
    parts.map(({ id: invoice }, at) =>
      at < MOST_RECORDS && isPathId(invoice) ? askForOne(reading, invoices, { id: invoice }) : null,
    ),
  )

const nameIn = (names: ReadonlyMap<unknown, string>, party: unknown, other: unknown): string | null => {
  const name = names.get(party) ?? (typeof other === 'string' && other !== '' ? other : null)
  return name === null ? null : oneLine(name)
}

type Parties = { paid_by: string | null; paid_to: string | null }

const partiesOf = async (reading: Reading, payment: Row, funded: Row | null): Promise<Parties> => {
  const { originating_counterparty_id: buyer, receiving_counterparty_id: supplier } = payment
  const names = await partyNames(reading, [buyer, supplier])
  return { paid_by: nameIn(names, buyer, null), paid_to: nameIn(names, supplier, funded?.supplier_name) }
}

const paymentFields = (payment: Row, asked: string) => ({
  payment_id: payment.id ?? asked,
  amount_cents: payment.amount_cents ?? null,
  amount: decimalOf(payment.amount_cents),
  means: meansOf(payment),
  tracking_id: payment.tracking_id == null ? null : oneLine(payment.tracking_id),
  created: payment.created ?? null,
  delivery_method: payment.delivery_method ?? null,
})

const paidWords = (
  { payment_id, amount_cents, means }: ReturnType<typeof paymentFields>,
  { paid_by, paid_to }: Parties,
) =>
  `Payment ${oneLine(payment_id)}: ${dollars(amount_cents)} from ${paid_by ?? 'a buyer'} to ${paid_to ?? 'a supplier'} by ${means}.`

const missingWords = (parts: number, all: number, shown: number) => [
  parts > MOST_RECORDS && `Gross and discount of the first ${MOST_RECORDS} of ${parts} invoices were read.`,
  shown < all && `${shown} of ${all} invoices are listed.`,
]

const run = async (args: z.infer<typeof input>, context: ToolContext): Promise<ToolAnswer> => {
  const reading = newReading(context, MOST_REQUESTS)
  const { id: paymentId, farther } = await paymentIdOf(args, reading)
  const payment = await reading.ask(() => readOne(payments, { id: paymentId }, context))
  failIfStopped(reading)
  if (!payment) throw new Refusal('No payment was read.').by('unread')
  const parts = invoicesOf(payment)
  const [funded, deposited, records] = await Promise.all([
    fundedOf(reading, payment),
    depositedOf(reading, payment),
    recordsOf(reading, parts),
  ])
  const parties = await partiesOf(reading, payment, funded)
  const ofFunded = new Map(invoicesOf(funded ?? {}).map((row) => [row.id, row]))
  const all = parts.map((part, at) => invoiceRow(part, records[at] ?? null, ofFunded.get(part.id) ?? null))
  const shown = firstRows(all, MOST_BYTES)
  const [sum, cashed, to] = [sumOf(payment, all), cashedOf(payment, deposited), addressOf(payment, funded)]
  const sending = sendingOf(payment, to)
  const fields = paymentFields(payment, paymentId)
  const missing = [farther, ...missingWords(parts.length, all.length, shown.length)]
  const structured = {
    ...fields,
    ...parties,
    sent: sending.sent,
    address: to,
    cashed: cashed.cashed,
    cashed_at: cashed.cashed ? cashed.at : null,
    invoices: shown,
    invoices_cents: sum.cents,
    adds_up: sum.agrees,
    requests: reading.requests,
    is_partial_response: stopWords(reading) !== null || missing.some(Boolean),
    ...noted([stopWords(reading), ...missing]),
  }
  const head = [paidWords(fields, parties), sending.words, cashed.words, sum.words].join(' ')
  return report(head, [tableOf('Invoices', shown)], structured, context)
}

export const remittanceAdvice = defineTool({
  name: 'get_finexio_remittance_advice',
  title: 'Get a remittance advice',
  description:
    'What a payment was for: who paid, how, whether and where it was sent, each invoice (gross, discount, net, references), and whether it was cashed.',
  resource: 'payments',
  method: 'remittance',
  effect: 'read',
  needs: [
    toolName(payments, 'get'),
    toolName(payments, 'list'),
    toolName(invoices, 'get'),
    toolName(drawdowns, 'list'),
    toolName(drawdownPayments, 'list'),
  ],
  input,
  output: reported({ invoices: rows, adds_up: z.boolean().nullable(), cashed: z.boolean().nullable() }),
  run,
})
