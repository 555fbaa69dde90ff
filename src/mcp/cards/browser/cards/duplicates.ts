/** What seems to have been entered or paid twice: each beside the earlier one that it resembles. */
import { startCard } from '../card.ts'
import { badge, type Child, h, name, note, verdict } from '../dom.ts'
import { counted, day, label, money, type Tone, toneOf } from '../format.ts'
import { item, listing } from '../list.ts'
import { pair, pairList, quiet } from '../pairs.ts'
import { numberOf, type Row, rowsOf, textOf, wordsOf } from '../values.ts'

const FIRST = 10

const PAID = wordsOf<readonly [string, Tone]>({
  'one of the two': ['One of the two paid', 'bad'],
  both: ['Both paid', 'bad'],
  'both, and money came back': ['Both paid, money came back', 'warn'],
  neither: ['Neither paid', 'warn'],
})
const paidOf = (word: unknown): readonly [string, Tone] =>
  PAID(word) ?? [label(word) || 'Not known whether paid', 'plain']

type Bill = { number: unknown; cents: unknown; status: unknown; date: unknown; back: unknown }

const bill = ({ number, cents, status, date, back }: Bill): Child[] => [
  h('span.who', name(textOf(number) || '–')),
  h('span.amount', money(cents)),
  badge(label(status) || 'No status', toneOf(status)),
  Boolean(back) && badge('Refunded', 'warn'),
  quiet(Boolean(date) && day(date)),
]

/** Payments have no numbers, and one amount for both. */
const isPayment = (row: Row): boolean => !('earlier_number' in row)

const later = (row: Row): Bill => ({
  number: isPayment(row) ? row.id : (row.invoice_number ?? row.id),
  cents: row.amount_cents,
  status: row.status,
  date: row.invoice_date ?? row.created,
  back: row.refund_timestamp,
})

const earlier = (row: Row): Bill => ({
  number: isPayment(row) ? row.earlier_id : (row.earlier_number ?? row.earlier_id),
  cents: isPayment(row) && row.reason === 'same_amount' ? row.amount_cents : row.earlier_amount_cents,
  status: row.earlier_status,
  date: row.earlier_created,
  back: row.earlier_refund_timestamp,
})

const repeat = (row: Row): HTMLElement => {
  const [word, tone] = paidOf(row.paid)
  const apart = row.days_apart === 0 ? 'on the same day' : `${counted(row.days_apart, 'day')} apart`
  return item(
    {
      who: name(textOf(row.supplier) || textOf(row.receiving_counterparty_id) || 'No supplier'),
      sub: [`${label(row.reason) || 'No reason given'}, ${apart}`],
      marks: [badge(word, tone)],
      open: tone === 'bad',
    },
    pair({ title: 'Later', lines: bill(later(row)) }, { title: 'Earlier', lines: bill(earlier(row)) }),
  )
}

const verdictOf = ({ possible_duplicates_count, is_partial_response }: Row): HTMLElement => {
  const found = numberOf(possible_duplicates_count)
  const part = is_partial_response === true ? 'Not everything was read. ' : ''
  if (found === null) return verdict(`${part}How many there are is not known.`, 'warn')
  return found === 0
    ? verdict(`${part}Nothing looks entered twice.`, part ? 'warn' : 'good')
    : verdict(`${part}${counted(found, 'possible duplicate')}: judge each by its reason.`, 'warn')
}

startCard(({ data }): readonly Child[] => [
  h('header', h('h1', 'Possible duplicates'), h('p.sub', `${counted(data.compared, 'record')} compared`)),
  verdictOf(data),
  ...listing({
    rows: rowsOf(data.result),
    by: 'paid',
    say: (word) => paidOf(word)[0],
    first: FIRST,
    noun: 'possible duplicate',
    draw: (all) => (all.length > 0 ? pairList('Later', 'Earlier', all.map(repeat)) : h('div')),
  }),
  note(textOf(data.note)),
])
