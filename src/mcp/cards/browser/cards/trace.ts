/** Was it paid: one invoice step by step, or several with a word each. */
import { type Given, startCard } from '../card.ts'
import { badge, type Child, h, name, note, verdict } from '../dom.ts'
import { counted, day, label, methodOf, moment, money, type Tone, toneOf } from '../format.ts'
import { item, listing } from '../list.ts'
import { type Open, opener, scan } from '../scan.ts'
import { fieldsOf, type Row, rowsOf, textOf, wordsOf } from '../values.ts'

const FIRST = 10

const VERDICTS = wordsOf<readonly [string, Tone]>({
  paid: ['Paid', 'good'],
  in_progress: ['Under way', 'busy'],
  not_paid: ['Not paid', 'warn'],
  failed: ['Failed', 'bad'],
  unknown: ['State unknown', 'warn'],
})

const said = (word: unknown): readonly [string, Tone] =>
  VERDICTS(word) ?? [label(word) || 'Not found', 'plain']

/** How its dot looks. */
type State = 'done' | 'wrong' | 'todo' | ''
type Step = { words: Child; at?: unknown; state?: State }

/** Finexio's own words of what went wrong, the latest. */
const reasonOf = ({ verdict: is, events }: Row): string => {
  const failed = rowsOf(events).find(({ status }) => ['failed', 'canceled'].includes(textOf(status)))
  return is === 'failed' && failed ? textOf(failed.description) : ''
}

const eventStep = ({ description, event_name, timestamp, status }: Row): Step => {
  const tone = toneOf(status)
  return {
    words: name(textOf(description) || label(event_name) || 'An event without a name'),
    at: timestamp,
    state: tone === 'good' ? 'done' : tone === 'busy' || tone === 'plain' ? '' : 'wrong',
  }
}

const afterwards = (payment: Row): Step[] => [
  ...(payment.refund_timestamp
    ? [
        {
          words: h('span', 'Refunded ', name(textOf(payment.refund_reason))),
          at: payment.refund_timestamp,
          state: 'wrong' as const,
        },
      ]
    : []),
  ...(payment.reissue_timestamp
    ? [
        {
          words: h('span', 'Reissued ', name(textOf(payment.reissue_reason))),
          at: payment.reissue_timestamp,
        },
      ]
    : []),
]

/** What is still to come. A payment that is not part of the answer may be there all the same, unless all was read. */
const ahead = ({ verdict: is, payment, is_partial_response }: Row): Step[] => {
  const unpaid = is === 'not_paid' && payment === null && is_partial_response !== true
  return [
    ...(unpaid ? [{ words: 'Payment', state: 'todo' as const }] : []),
    ...(unpaid || is === 'in_progress' ? [{ words: 'With the supplier', state: 'todo' as const }] : []),
  ]
}

const stepsOf = (data: Row): Step[] => {
  const invoice = fieldsOf(data.invoice)
  return [
    ...(invoice.created ? [{ words: 'Invoice received', at: invoice.created }] : []),
    ...rowsOf(data.events).reverse().map(eventStep),
    ...afterwards(fieldsOf(data.payment)),
    ...ahead(data),
  ]
}

const stepItem = ({ words, at, state = '' }: Step, timeZone: string | undefined): HTMLElement =>
  h(
    'li',
    { class: state },
    h(
      'div.entry',
      h('span.who', words),
      h('span.sub.when', state === 'todo' ? 'not yet' : moment(at, timeZone)),
    ),
  )

const fact = (title: string, ...text: readonly Child[]): Child =>
  text.some(Boolean) && h('div.change', h('dt', title), h('dd', ...text))

const facts = (data: Row, open: Open): HTMLElement => {
  const [invoice, payment, drawdown] = [data.invoice, data.payment, data.drawdown].map(fieldsOf)
  const number = textOf(payment!.instrument_number)
  return h(
    'dl',
    fact('Due', invoice!.invoice_due_date ? day(invoice!.invoice_due_date) : null),
    data.payment
      ? fact('Payment', methodOf(payment!), number && ` no. ${number}`, `, ${money(payment!.amount_cents)}`)
      : null,
    fact('Tracking', textOf(payment!.tracking_id) && h('span.id', textOf(payment!.tracking_id))),
    fact('Check', scan(fieldsOf(data.check), open)),
    data.drawdown
      ? fact(
          'Drawdown',
          h('span.id', textOf(drawdown!.processor_request_id)),
          ` ${money(drawdown!.amount_cents)}, ${label(drawdown!.status).toLowerCase() || 'no status'}`,
        )
      : null,
  )
}

/** Nothing happened yet to what has no payment: its time is that of its submission, which is the first step. */
const verdictOf = (data: Row, timeZone: string | undefined): HTMLElement => {
  const [word, tone] = said(data.verdict)
  const since = data.since && data.payment ? ` since ${moment(data.since, timeZone)}` : ''
  const reason = reasonOf(data)
  return verdict(`${word}${since}: ${textOf(data.why)}.${reason ? ` ${reason}` : ''}`, tone)
}

const one = ({ data, bridge, timeZone }: Given): readonly Child[] => {
  const invoice = fieldsOf(data.invoice)
  return [
    h(
      'header',
      h('h1', 'Invoice ', name(textOf(invoice.invoice_number) || textOf(invoice.id))),
      h('p.total', money(invoice.amount_cents)),
      h('p.sub', name(textOf(invoice.supplier_name) || textOf(invoice.receiving_counterparty_id))),
    ),
    verdictOf(data, timeZone),
    h('ol.timeline', ...stepsOf(data).map((step) => stepItem(step, timeZone))),
    facts(data, opener(bridge)),
    note(textOf(data.note)),
  ]
}

/** Several numbers come with a verdict each; several that fit one question with the status of the invoice. */
const matchItem =
  (timeZone: string | undefined) =>
  (row: Row): HTMLElement => {
    const [word, tone] = 'verdict' in row ? said(row.verdict) : [label(row.status), toneOf(row.status)]
    const when = row.since ? moment(row.since, timeZone) : row.invoice_date ? day(row.invoice_date) : ''
    return item({
      who: name(textOf(row.invoice_number) || textOf(row.asked) || textOf(row.id)),
      cents: row.amount_cents ?? null,
      sub: [
        name(
          [
            textOf(row.supplier_name) || textOf(row.receiving_counterparty_id),
            ...[methodOf(row), textOf(row.instrument_number), when, textOf(row.why)],
          ]
            .filter(Boolean)
            .join(' · '),
        ),
      ],
      marks: [badge(word || 'No status', tone)],
      open: tone === 'bad',
    })
  }

const several = ({ data, timeZone }: Given): readonly Child[] => {
  const others = rowsOf(data.of_other_suppliers)
  const rows = [...rowsOf(data.matches), ...others]
  const isAsked = rows.some((row) => 'asked' in row)
  const words =
    rows.length === 0
      ? 'No invoice was found.'
      : others.length > 0
        ? 'No such invoice of this supplier; these are of others.'
        : 'Several fit, and none was picked.'
  return [
    h(
      'header',
      h('h1', isAsked ? 'Invoices traced' : 'Invoices'),
      h('p.sub', `${counted(data.matches_count, 'invoice')} found`),
    ),
    !isAsked && verdict(words, 'warn'),
    ...listing({
      rows,
      by: isAsked ? 'verdict' : 'status',
      say: (word) => (isAsked ? said(word)[0] : label(word) || 'No status'),
      first: FIRST,
      noun: 'invoice',
      draw: (all) => h('ul.tree', ...all.map(matchItem(timeZone))),
    }),
    note(textOf(data.note)),
  ]
}

startCard((given) => (Object.keys(fieldsOf(given.data.invoice)).length > 0 ? one(given) : several(given)))
