/** One payment of a drawdown with its invoices below it. */
import { badge, type Child, h, name } from './dom.ts'
import { counted, label, money, toneOf } from './format.ts'
import { numberOf, type Row, rowsOf, sumOf, textOf } from './values.ts'

export type Look = {
  /** Whether invoices are in sight at once. */
  unfolded: boolean
  /** Opens a scan; null where the host opens no links. */
  open: ((url: string) => void) | null
}

const HTTPS = /^https:\/\//i

const scan = ({ scanned, check_image_url }: Row, { open }: Look): Child => {
  if (scanned === false) return badge('Not scanned', 'warn')
  if (scanned !== true) return null
  const url = textOf(check_image_url)
  if (!open || !HTTPS.test(url)) return badge('Scanned', 'plain')
  const press = (event: Event) => {
    event.preventDefault()
    open(url)
  }
  return h(
    'button',
    { type: 'button', class: 'link', click: press },
    'View scan',
    h('span', { 'aria-hidden': 'true' }, ' ↗'),
  )
}

const how = ({ payment_method, delivery_method, tracking_id }: Row): Child[] => [
  [label(payment_method), delivery_method && `by ${label(delivery_method).toLowerCase()}`]
    .filter(Boolean)
    .join(' '),
  Boolean(tracking_id) && ' · ',
  Boolean(tracking_id) && h('span', { class: 'id' }, textOf(tracking_id)),
]

/** Where a payment and its invoices part, in words; null where they agree or cannot be compared. */
const gap = (payment: Row, invoices: readonly Row[]): string | null => {
  const cents = numberOf(payment.amount_cents)
  // What Finexio lists may be before discounts: the server worked out what is net.
  const isNet = invoices.some(({ net_cents }) => numberOf(net_cents) !== null)
  const sum = sumOf(invoices, isNet ? 'net_cents' : 'payment_amount_cents')
  return cents === null || cents === sum
    ? null
    : `Its invoices come to ${money(sum)}, ${money(Math.abs(cents - sum))} apart.`
}

const leaf = ({ invoice_number, id, payment_amount_cents }: Row): HTMLElement =>
  h(
    'li',
    {},
    name(textOf(invoice_number) || textOf(id)),
    h('span', { class: 'amount' }, money(payment_amount_cents)),
  )

export const paymentBranch = (payment: Row, look: Look): HTMLElement => {
  const invoices = rowsOf(payment.invoices)
  const apart = gap(payment, invoices)
  const open = textOf(payment.open)
  return h(
    'li',
    { class: open || apart ? 'open' : '' },
    h(
      'div',
      { class: 'branch' },
      h('span', { class: 'who' }, name(textOf(payment.supplier_name) || textOf(payment.id))),
      h('span', { class: 'amount' }, money(payment.amount_cents)),
      h('span', { class: 'sub' }, ...how(payment)),
      h(
        'span',
        { class: 'marks' },
        badge(label(payment.status) || 'No status', toneOf(payment.status)),
        scan(payment, look),
      ),
    ),
    apart && h('p', { class: 'apart' }, apart),
    h(
      'details',
      { open: apart !== null || look.unfolded },
      h('summary', {}, counted(invoices.length, 'invoice')),
      h('ul', { class: 'leaves' }, ...invoices.map(leaf)),
    ),
  )
}
