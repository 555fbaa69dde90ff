/** What someone should look at, in fixed words: payments that went wrong or hang, suppliers that need upkeep. Pure. */
import { isBlank } from '../../../core/mask.ts'
import { isPathId, type Row, wordOf } from '../../derived/request.ts'
import { eventsOf, type PaymentLife } from '../../reading/payment-life.ts'
import { isCheck } from '../../reading/payment-means.ts'
import { LEFT, STOPPED, UNDER_WAY } from '../../reading/tally.ts'
import { daysSince } from './aging.ts'
import { mayNeedForm } from './form-1099.ts'

export const PAYMENT_FLAGS = [
  'failed',
  'canceled',
  'not_replaced',
  'refunded',
  'reissued',
  'under_way_long',
  'uncashed_check',
  'unprinted_check',
  'unknown_status',
] as const

export const SUPPLIER_FLAGS = [
  'no_payments',
  'disabled_but_paid',
  'check_could_be_ach',
  'check_could_be_card',
  'possible_duplicate',
  'form_1099_candidate',
  'tax_id_missing',
] as const

const invoicesOf = ({ invoices }: Row): Row[] =>
  (Array.isArray(invoices) ? (invoices as unknown[]) : []).filter(
    (one): one is Row => typeof one === 'object' && one !== null,
  )

/** An invoice that is submitted again gets another id and keeps its number. */
const keysOf = (payment: Row): string[][] =>
  invoicesOf(payment).map(({ id, invoice_number }) => [
    ...(isPathId(id) ? [`id ${id}`] : []),
    ...(isBlank(invoice_number)
      ? []
      : [
          `number ${JSON.stringify([payment.originating_counterparty_id, payment.receiving_counterparty_id, invoice_number])}`,
        ]),
  ])

/**
 * Ids of stopped payments whose invoices all went into a later payment that did not stop.
 * @param payments all that there are: a replacement among those not read is not seen
 */
export const replacedAmong = (payments: readonly Row[]): Set<unknown> => {
  const latest = new Map<string, string>()
  for (const payment of payments.filter(({ status }) => !STOPPED.has(wordOf(status))))
    for (const key of keysOf(payment).flat()) {
      const created = String(payment.created ?? '')
      if (created > (latest.get(key) ?? '')) latest.set(key, created)
    }
  const isReplaced = (payment: Row) => {
    const invoices = keysOf(payment)
    const since = String(payment.created ?? '')
    return (
      invoices.length > 0 && invoices.every((keys) => keys.some((key) => (latest.get(key) ?? '') > since))
    )
  }
  return new Set(
    payments.filter((one) => STOPPED.has(wordOf(one.status)) && isReplaced(one)).map(({ id }) => id),
  )
}

/** Days that a payment has waited since its last known step, while it is under way; else null. */
export const waitingDays = (payment: Row, { printed_at }: PaymentLife, now: number): number | null => {
  const status = wordOf(payment.status)
  return UNDER_WAY.has(status) || status === 'sent' ? daysSince(printed_at ?? payment.created, now) : null
}

const checkFlag = (payment: Row, { printed_at }: PaymentLife): string[] => {
  if (!isCheck(payment)) return []
  if (printed_at !== null) return ['uncashed_check']
  return eventsOf(payment).length > 0 ? ['unprinted_check'] : []
}

/** Flags of payments that have waited for some days. */
const WAITING = ['under_way_long', 'uncashed_check', 'unprinted_check']

const CAN_BE = 'paid by check, enabled, not marked ineligible_for_conversion, and Finexio holds'
const NEEDS: Readonly<Record<string, string>> = {
  check_could_be_ach: `check_could_be_ach: ${CAN_BE} an account and a routing number.`,
  check_could_be_card: `check_could_be_card: ${CAN_BE} a remit_email.`,
  disabled_but_paid:
    'disabled_but_paid: disabled now, with a payment settled and not refunded in the period.',
  possible_duplicate:
    'possible_duplicate: another supplier has its name (case, accents, punctuation and Inc., LLC and the like aside), tax id or bank account.',
  not_replaced:
    'not_replaced: failed or canceled, not reissued, and not all of its invoices are in a later payment.',
}

/** What flags that were asked for require, so that none found does not read as none there. */
export const flagWords = (flags: readonly string[], after: number, asOf: string | null): string[] => [
  ...(flags.some((flag) => WAITING.includes(flag))
    ? [
        `${flags.filter((flag) => WAITING.includes(flag)).join(', ')}: under way${asOf === null ? '' : ` at the end of ${asOf}`}, for at least ${after} days since the printing, or else the creation (flag_after_days)${after > 0 ? '; younger ones are not counted' : ''}.`,
      ]
    : []),
  ...flags.flatMap((flag) => NEEDS[flag] ?? []),
]

/**
 * @param life what is known by `now`
 * @param after days of waiting from which on a payment is flagged
 * @param replaced as `replacedAmong` gives it
 * @param now milliseconds since the epoch
 */
export const paymentFlags = (
  payment: Row,
  life: PaymentLife,
  { after, replaced, now }: { after: number; replaced: ReadonlySet<unknown>; now: number },
): string[] => {
  const status = wordOf(payment.status)
  const isKnown = [UNDER_WAY, STOPPED, LEFT].some((words) => words.has(status))
  const waits = (waitingDays(payment, life, now) ?? -1) >= after
  return [
    ...(STOPPED.has(status) ? [status] : []),
    ...(STOPPED.has(status) && !life.reissued && !replaced.has(payment.id) ? ['not_replaced'] : []),
    ...(isBlank(life.refunded_at) ? [] : ['refunded']),
    ...(life.reissued ? ['reissued'] : []),
    ...(waits ? ['under_way_long', ...checkFlag(payment, life)] : []),
    ...(isKnown ? [] : ['unknown_status']),
  ]
}

export type SupplierPaid = {
  payments_count: number
  /** Settled and not refunded. */
  amount_cents: number
  /** The same without cards. */
  without_cards_cents: number
  last_paid_at: string | null
}

const canBe = (supplier: Row): string[] => {
  if (!isCheck(supplier) || supplier.enabled === false || supplier.ineligible_for_conversion === true)
    return []
  const hasBank = !isBlank(supplier.bank_account_number) && !isBlank(supplier.bank_routing_number)
  return [
    ...(hasBank ? ['check_could_be_ach'] : []),
    ...(isBlank(supplier.remit_email) ? [] : ['check_could_be_card']),
  ]
}

/**
 * @param year the calendar year in which everything of `paid` was paid; null when it spans several
 * @param threshold from which amount on form 1099 is asked about, in cents; `twins` as `twinsAmong` gives them
 */
export const supplierFlags = (
  supplier: Row,
  paid: SupplierPaid,
  { year, threshold, twins }: { year: number | null; threshold: number; twins: ReadonlySet<unknown> },
): string[] => {
  const isCandidate = year !== null && mayNeedForm(supplier) && paid.without_cards_cents >= threshold
  return [
    ...(paid.payments_count === 0 ? ['no_payments'] : []),
    ...(supplier.enabled === false && paid.payments_count > 0 ? ['disabled_but_paid'] : []),
    ...canBe(supplier),
    ...(twins.has(supplier.id) ? ['possible_duplicate'] : []),
    ...(isCandidate ? ['form_1099_candidate'] : []),
    ...(isBlank(supplier.tax_id) ? ['tax_id_missing'] : []),
  ]
}
