/** One payment of a drawdown with its invoices below it. */
import { badge, type Child, h, name } from './dom.ts'
import { counted, day, label, methodOf, money, toneOf } from './format.ts'
import { item } from './list.ts'
import { type Open, scan } from './scan.ts'
import { numberOf, type Row, rowsOf, sumOf, textOf } from './values.ts'

export type Look = {
  /** Whether invoices are in sight at once. */
  unfolded: boolean
  open: Open
}

const how = (payment: Row): Child[] => [
  methodOf(payment),
  Boolean(payment.tracking_id) && ' · ',
  Boolean(payment.tracking_id) && h('span.id', textOf(payment.tracking_id)),
]

/** Where a payment and its invoices part, in words; null where they agree or cannot be compared: what is missing is not zero. */
const gap = (payment: Row, invoices: readonly Row[]): string | null => {
  const cents = numberOf(payment.amount_cents)
  if (cents === null) return null
  if (invoices.length === 0) return 'It lists no invoices.'
  // What Finexio lists may be before discounts: the server worked out what is net.
  const field = invoices.some(({ net_cents }) => numberOf(net_cents) !== null)
    ? 'net_cents'
    : 'payment_amount_cents'
  const sum = sumOf(invoices, field)
  return cents === sum || invoices.some((invoice) => numberOf(invoice[field]) === null)
    ? null
    : `Its invoices come to ${money(sum)}, ${money(Math.abs(cents - sum))} apart.`
}

const leaf = ({ invoice_number, id, payment_amount_cents }: Row): HTMLElement =>
  h('li', name(textOf(invoice_number) || textOf(id)), h('span.amount', money(payment_amount_cents)))

export const paymentBranch = (payment: Row, look: Look): HTMLElement => {
  const invoices = rowsOf(payment.invoices)
  const apart = gap(payment, invoices)
  const open = textOf(payment.open)
  return item(
    {
      who: name(textOf(payment.supplier_name) || textOf(payment.id)),
      cents: payment.amount_cents ?? null,
      sub: how(payment),
      marks: [
        badge(label(payment.status) || 'No status', toneOf(payment.status)),
        Boolean(payment.refunded_at) && badge(`Refunded ${day(payment.refunded_at)}`, 'warn'),
        scan(payment, look.open),
      ],
      open: Boolean(open || apart),
    },
    apart && h('p.apart', apart),
    h(
      'details',
      { open: apart !== null || look.unfolded },
      h('summary', counted(invoices.length, 'invoice')),
      h('ul.leaves', ...invoices.map(leaf)),
    ),
  )
}
