/**
 * The life of a payment as columns: out of the events that Finexio sends with it, whose list of codes is not published.
 * So statuses and names of events are read, never codes, and what cannot be known is null. Pure.
 */
import { isBlank } from '../../core/mask.ts'
import { oneLine, quoted, textOrNull } from '../../core/text.ts'
import { DAY_MS } from '../../core/time.ts'
import { timeOf } from '../../finexio/pages.ts'
import { type Row, wordOf } from '../derived/request.ts'
import { STOPPED } from './tally.ts'

export type PaymentLife = {
  /** What happened last, in Finexio's words. */
  last_event: string | null
  /** Of a failed or canceled payment, what Finexio says of its end. */
  failure_reason: string | null
  /** Of a check; the last time where it was printed twice. As Finexio writes it, as are all times here. */
  printed_at: string | null
  /** When the money arrived; null while it is under way, and where no event tells. */
  settled_at: string | null
  /** When it settled, failed or was canceled. */
  ended_at: string | null
  refunded_at: string | null
  /** Whether its supplier was to be paid another way. */
  reissued: boolean
}

/** Names of columns that `paymentLife` derives. */
export const LIFE_COLUMNS = [
  'last_event',
  'failure_reason',
  'printed_at',
  'settled_at',
  'ended_at',
  'refunded_at',
  'reissued',
] as const satisfies readonly (keyof PaymentLife)[]

/** For answers that show reissued payments. */
export const NO_REPLACEMENT =
  'Of a reissue Finexio tells time, reason and new method, but not which payment replaced this one: none can be looked up by it. Ask Finexio before paying such a bill again.'

/** Where a payment ends well. */
export const ARRIVED: ReadonlySet<string> = new Set(['settled', 'complete', 'paid'])

/** Events before the end, by name: none of them says that the money arrived. */
const EARLY: ReadonlySet<string> = new Set([
  'requested',
  'confirmed',
  'received',
  'printed',
  'mailed',
  'sent',
  'issued',
])

/** What an event says. Finexio begins the events of a payment with one of its invoices. */
export const inWords = (event: Row | undefined): string | null => {
  const words =
    textOrNull(event?.description) ?? textOrNull(event?.event_name) ?? textOrNull(event?.event_code)
  return words === 'Invoices Created' ? 'Payment created from its invoices' : words
}

/** Events of a payment that say something, the earliest first. */
export const eventsOf = ({ events }: Row): Row[] =>
  (Array.isArray(events) ? events : [])
    .filter((event): event is Row => typeof event === 'object' && event !== null)
    .filter((event) => Object.values(event).some((value) => !isBlank(value)))
    .sort((a, b) => (timeOf(a.timestamp) ?? 0) - (timeOf(b.timestamp) ?? 0))

const says = (event: Row, words: ReadonlySet<string>): boolean =>
  words.has(wordOf(event.status)) || words.has(wordOf(event.event_name))

/** The event by which it ended as its status says; an event of an unknown kind can only be the last one. */
const endOf = (events: readonly Row[], status: string): Row | undefined => {
  const words = [ARRIVED, STOPPED].find((set) => set.has(status))
  if (!words) return undefined
  const last = events.at(-1)
  return (
    events.findLast((event) => says(event, words)) ??
    (last && !EARLY.has(wordOf(last.event_name)) ? last : undefined)
  )
}

/** Finexio publishes no list of events: by these parts of their words money came back. */
const CAME_BACK = /\b(return|revers|reject|fail|cancel|void|bounc|charge ?back)/i

/** The last event of a settled payment where it came after the settlement and says that the money came back; null where none does. */
export const lateReturn = (payment: Row): Row | null => {
  const events = eventsOf(payment)
  const end = endOf(events, wordOf(payment.status))
  const last = events.at(-1)
  if (!ARRIVED.has(wordOf(payment.status)) || !last || !end) return null
  const words = [last.event_name, last.status, last.description].map((one) => String(one ?? ''))
  return words.some((one) => CAME_BACK.test(one)) ? last : null
}

/** Of a payment that is settled by its status, although its last event says that it failed or came back; null of any other. */
export const setbackWords = (payment: Row): string | null => {
  const last = lateReturn(payment)
  return (
    last &&
    `but its last event says ${quoted(inWords(last) ?? '')}${isBlank(last.timestamp) ? '' : ` on ${oneLine(last.timestamp, 10).slice(0, 10)}`}: ask Finexio whether the money arrived`
  )
}

/** Columns of which one is filled once a payment was reissued. */
export const REISSUE = ['reissue_timestamp', 'reissue_payment_method', 'reissue_reason', 'reissue_user']

/** Whether its supplier was to be paid another way. */
export const isReissued = (payment: Row): boolean => REISSUE.some((name) => !isBlank(payment[name]))

/** @param payment as the payment list reads it, with its events */
export const paymentLife = (payment: Row): PaymentLife => {
  const events = eventsOf(payment)
  const status = wordOf(payment.status)
  const end = endOf(events, status)
  const printed = events.findLast(({ event_name }) => wordOf(event_name) === 'printed')
  return {
    last_event: inWords(events.at(-1)),
    failure_reason: STOPPED.has(status) ? inWords(end) : null,
    printed_at: textOrNull(printed?.timestamp),
    settled_at: ARRIVED.has(status) ? textOrNull(end?.timestamp) : null,
    ended_at: textOrNull(end?.timestamp),
    refunded_at: textOrNull(payment.refund_timestamp),
    reissued: isReissued(payment),
  }
}

/** Whole days of the calendar (UTC) from one of Finexio's dates or times to another; null where one cannot be read. */
export const daysBetween = (from: unknown, to: unknown): number | null => {
  const [start, end] = [timeOf(from), timeOf(to)]
  return start === null || end === null ? null : Math.floor(end / DAY_MS) - Math.floor(start / DAY_MS)
}

/** The invoices that a payment lists. */
export const invoicesOf = ({ invoices }: Row): Row[] => (Array.isArray(invoices) ? (invoices as Row[]) : [])
