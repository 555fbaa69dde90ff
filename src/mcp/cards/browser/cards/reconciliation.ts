/** A drawdown as a tree: what was drawn, the payments it funded, the invoices they settle; and where sums part. */
import { ask, newAsker } from '../ask.ts'
import { type Given, startCard } from '../card.ts'
import { cardTool } from '../declared.ts'
import { badge, button, type Child, fill, h, note, verdict } from '../dom.ts'
import { counted, day, label, money, type Tone, toneOf } from '../format.ts'
import { type Look, paymentBranch } from '../payment-branch.ts'
import { opener } from '../scan.ts'
import { numberOf, type Row, rowsOf, textOf } from '../values.ts'

const FIRST_PAYMENTS = 10
/** Up to this many invoices are shown unfolded. */
const MOST_UNFOLDED = 12

type Level = { name: string; title: string; cents: unknown }

const levelsOf = ({
  amount_cents,
  payments_cents,
  payments_count,
  invoices_cents,
  invoices_count,
}: Row): Level[] => [
  { name: 'Drawdown', title: 'Drawdown', cents: amount_cents },
  { name: 'Payments', title: counted(payments_count, 'payment'), cents: payments_cents },
  { name: 'Invoices', title: counted(invoices_count, 'invoice'), cents: invoices_cents },
]

/** Between two sums: equal, unequal, or not known. */
const relation = (a: unknown, b: unknown, compared: boolean): HTMLElement => {
  const known = compared && numberOf(a) !== null && numberOf(b) !== null
  const [sign, tone, says] = !known
    ? ['?', 'warn', 'not compared with']
    : a === b
      ? ['=', 'good', 'equal to']
      : ['≠', 'bad', 'different from']
  return h(
    'li',
    { class: `relation ${tone}` },
    h('span', { 'aria-hidden': 'true' }, sign),
    h('span.hidden', says),
  )
}

const sums = (data: Row, compared: boolean): HTMLElement =>
  h(
    'ol.sums',
    ...levelsOf(data).flatMap(({ title, cents }, at, all) => [
      at > 0 && relation(all[at - 1]!.cents, cents, compared),
      h('li', h('span.sub', title), h('strong', money(cents))),
    ]),
  )

/** Each pair of neighbouring sums that part. */
const partings = (data: Row): string[] =>
  levelsOf(data).flatMap(({ name, cents }, at, all) => {
    const above = all[at - 1]
    const [a, b] = [numberOf(above?.cents), numberOf(cents)]
    if (!above || a === null || b === null || a === b) return []
    return [`${above.name} and ${name.toLowerCase()} differ by ${money(Math.abs(a - b))}.`]
  })

const isOpen = ({ open }: Row): boolean => textOf(open) !== ''

/** Money that is not with its supplier, though nothing of it is open. */
const cameBack = (data: Row): string => {
  const back = rowsOf(data.by_money).filter(({ money }) => money === 'bounced' || money === 'refunded')
  const counts = back.map(
    ({ money, count }) => `${textOf(count)} ${money === 'refunded' ? 'refunded' : 'failed or canceled'}.`,
  )
  return back.length === 0 ? '' : [...counts, textOf(data.not_paid)].filter(Boolean).join(' ')
}

/** What the drawdown itself leaves open; its money is Finexio's to pay out only once it was received. */
const notReceived = ({ status }: Row): string =>
  textOf(status).toLowerCase() === 'received' ? '' : `The drawdown itself is not received.`

const SAME = 'drawdown, payments and invoices'

/** What the sums say, and how that is coloured. Nothing adds up while a refund may be missing from it. */
const sumsOf = (data: Row): [string, Tone] => {
  const apart = partings(data)
  if (typeof data.reconciled !== 'boolean')
    return numberOf(data.amount_cents) === null && data.is_partial_response !== true
      ? ['The drawdown comes without an amount, so it is not compared.', 'warn']
      : ['Not everything was read, so sums are not compared.', 'warn']
  if (apart.length > 0) return [apart.join(' '), 'bad']
  if (!data.reconciled)
    return [`The sums of ${SAME} agree, single payments differ from their invoices.`, 'bad']
  return data.refunds_known === false
    ? [`The sums of ${SAME} agree, but refunds are not known.`, 'warn']
    : [`Drawdown, payments and invoices add up.`, 'good']
}

const verdictOf = (data: Row, payments: readonly Row[]): HTMLElement => {
  const [said, tone] = sumsOf(data)
  const open = payments.filter(isOpen).length
  const back = cameBack(data) || notReceived(data)
  const whole = payments.length === data.payments_count && data.refunds_known !== false
  const among = whole ? '' : ` among the ${counted(payments.length, 'payment')} listed`
  const nothing = back ? '' : `Nothing is open${among}.`
  const still = open === 0 ? nothing : `${counted(open, 'payment')} still open${among}.`
  const rest = open > 0 ? 'busy' : back || !whole ? 'warn' : tone
  return verdict([said, still, back].filter(Boolean).join(' '), tone === 'good' ? rest : tone)
}

const heading = (data: Row): HTMLElement =>
  h(
    'header',
    h(
      'h1',
      'Drawdown ',
      h('span.id', textOf(data.processor_request_id)),
      ' ',
      badge(label(data.status) || 'No status', toneOf(data.status)),
    ),
    h(
      'p.sub',
      h('bdi', textOf(data.buyer_name)),
      data.created ? ` · requested ${day(data.created)}` : '',
      data.funding_complete_date ? ` · funded ${day(data.funding_complete_date)}` : '',
    ),
  )

/** Open ones first: they are what someone has to act on. */
const openFirst = (payments: readonly Row[]): Row[] =>
  [...payments].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)))

/** What a further call found out, in place of what was known before. */
const renewed = (payments: readonly Row[], later: unknown): Row[] => {
  const fresh = new Map(rowsOf(later).map((payment) => [payment.id, payment]))
  return openFirst(payments.map((payment) => fresh.get(payment.id) ?? payment))
}

const draw = (given: Given): readonly Child[] => {
  const { data, bridge } = given
  const compared = typeof data.reconciled === 'boolean'
  let payments = openFirst(rowsOf(data.payments))
  let { next_cursor: cursor, note: said } = data
  let shown = FIRST_PAYMENTS
  const [outcome, list, foot] = [h('div'), h('div'), h('footer')]
  const look: Look = {
    unfolded: (numberOf(data.invoices_count) ?? 0) <= MOST_UNFOLDED,
    open: opener(bridge),
  }
  const asker = newAsker('Asking Finexio…', () => update())
  const lookForScans = async (): Promise<void> => {
    const later = await ask(given, cardTool, { ...given.input, next_cursor: cursor })
    payments = renewed(payments, later.payments)
    cursor = later.next_cursor
    said = later.next_cursor ? later.note : ''
  }
  const showAll = (): void => {
    shown = payments.length
    update()
  }
  const update = (): void => {
    const branches = payments.slice(0, shown).map((payment) => paymentBranch(payment, look))
    fill(outcome, verdictOf(data, payments))
    fill(list, h('ul.tree', ...branches), note(textOf(said)), note(asker.problem()))
    fill(
      foot,
      payments.length > shown && button(`Show all ${payments.length} payments`, showAll),
      Boolean(cursor) &&
        bridge.offers('serverTools') &&
        asker.button('Look for the other scans', lookForScans),
    )
  }
  update()
  return [heading(data), sums(data, compared), outcome, list, foot]
}

startCard(draw)
