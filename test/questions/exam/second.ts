/** Second exam: a model saw nothing but the tool list. Its set had 22 questions; these are those that every tenant's data can ask. */
import type { Facts, Row } from '../facts.ts'
import type { Answers, Question } from '../questions.ts'
import * as kit from './kit.ts'

const { data, once } = kit

const month = (facts: Facts) => kit.closedMonth(facts)
const close = (facts: Facts) => kit.lastDay(month(facts))
const halfYear = (facts: Facts) => kit.closedMonths(facts, 6)
const recent = (facts: Facts) => kit.closedMonths(facts, 3)
const earlier = (facts: Facts) => kit.closedMonths(facts, 3, 3)
const span = (months: readonly string[]) => ({
  from: `${months.at(-1)}-01`,
  to: kit.lastDay(months[0]!),
})
const TABLES = { over: 'payments', net_of_refunds: true }
const analyze = (args: (facts: Facts) => object) => once('analyze_finexio_payables', args)
const groups = (answers: Answers, name: string) =>
  data(answers).result.map((row: Row) => [row[name], row.count, kit.dollars(row)])
const listed = (answers: Answers): Row[] => data(answers).listed

const garza = (facts: Facts) => kit.supplierNamed(facts, 'Garza Hermanos Produce')
const expired = (facts: Facts): Row => kit.pick(facts, (p) => Boolean(kit.eventDay(p, 'expired')))
const ach = (facts: Facts): Row =>
  kit.pick(facts, (p) => p.payment_method === 'ach' && kit.settledPlain(p) && p.invoices.length >= 3)
const openChecks = (facts: Facts): Row[] =>
  facts.payments.filter((p) => {
    const printed = kit.eventDay(p, 'printed')
    return (
      p.payment_method === 'check' &&
      printed !== null &&
      printed <= close(facts) &&
      kit.openAt(p, close(facts))
    )
  })

const checks = (facts: Facts) => {
  const at = (place: number) =>
    kit.pick(facts, (p) => p.payment_method === 'check' && kit.settledPlain(p), 20 + place)
  const [a, b, c, d] = [at(0), at(2), at(5), at(7)]
  return [
    [a.instrument_number, kit.payee(facts, a), a.amount_cents, 'agrees'],
    [b.instrument_number, kit.payee(facts, b), b.amount_cents + 90_000, 'wrong_amount'],
    [c.instrument_number, kit.payee(facts, d), c.amount_cents, 'wrong_payee'],
    ['100200', 'Vernon Capital Partners', 675_000, 'not_issued'],
    [`0${d.instrument_number}`, kit.payee(facts, d).toUpperCase(), d.amount_cents, 'agrees'],
  ] as const
}

const topFive = (facts: Facts, months: readonly string[]) => {
  const spent = kit.spentIn(facts, months)
  const top = kit.totalsBy(spent, (p) => p.receiving_counterparty_id).slice(0, 5)
  const cents = kit.sum(top.map((one) => one.cents))
  return {
    ids: top.map(({ key }) => key),
    total: kit.usd(cents),
    share: kit.percent(cents, kit.total(spent)),
  }
}

const discounted = (facts: Facts): Row[] =>
  kit
    .spentIn(facts, [month(facts)])
    .flatMap((p) => kit.billsOf(facts, p))
    .filter(({ discount_amount_cents: cents }) => cents > 0)

const BAD = ['error', 'canceled']
const badDrawdowns = (facts: Facts): Row[] =>
  facts.drawdowns.filter(
    (d) => BAD.includes(d.status) && kit.closedMonths(facts, 12).includes(d.created.slice(0, 7)),
  )

export const SECOND: readonly Question[] = [
  {
    asks: 'Exam 2.4: month by month, what did we pay this vendor in half a year?',
    route: analyze((facts) => ({
      ...TABLES,
      by: ['month'],
      where: [{ column: 'supplier', is: [garza(facts).id] }],
      ...span(halfYear(facts)),
    })),
    answer: (answers) => groups(answers, 'month'),
    truth: (facts) =>
      halfYear(facts)
        .toReversed()
        .map((one) => {
          const paid = kit
            .spentIn(facts, [one])
            .filter((p) => p.receiving_counterparty_id === garza(facts).id)
          return [one, paid.length, kit.usd(kit.total(paid))]
        })
        .filter(([, count]) => count !== 0),
  },
  {
    asks: 'Exam 2.5: they never got this amount: what went wrong, on what day, which invoices?',
    route: once('list_all_finexio_payments', (facts) => ({
      supplier: expired(facts).receiving_counterparty_id,
      amount_cents_start: expired(facts).amount_cents,
      amount_cents_end: expired(facts).amount_cents,
      fields: ['id', 'status', 'failure_reason', 'ended_at', 'invoices'],
    })),
    answer: (answers) => {
      const [row] = data(answers).result
      return [
        row.id,
        row.status,
        kit.dayOf(row.ended_at),
        row.invoices.map(({ invoice_number }: Row) => invoice_number),
      ]
    },
    truth: (facts) => {
      const { id, status, invoices } = expired(facts)
      const day = kit.eventDay(expired(facts), 'expired')
      return [id, status, day, invoices.map(({ invoice_number }: Row) => invoice_number)]
    },
  },
  {
    // Recorded first, and answered 0; two more calls found them by the day of printing.
    asks: 'Exam 2.6: outstanding checks at the close of a month: how many, how much, the three largest',
    route: analyze((facts) => ({
      over: 'payments',
      where: [{ column: 'flag', is: ['uncashed_check'] }],
      as_of: close(facts),
      list: 200,
      fields: ['supplier_name', 'amount', 'instrument_number'],
    })),
    answer: (answers) => [
      data(answers).total.count,
      kit.dollars(data(answers).total),
      listed(answers)
        .slice(0, 3)
        .map((row) => [row.instrument_number, kit.dollars(row)]),
    ],
    truth: (facts) => {
      const open = openChecks(facts)
      const largest = open.sort((a, b) => b.amount_cents - a.amount_cents).slice(0, 3)
      return [
        open.length,
        kit.usd(kit.total(open)),
        largest.map((p) => [p.instrument_number, kit.dollars(p)]),
      ]
    },
  },
  {
    asks: 'Exam 2.8: which pulls of funds ended in an error or were canceled within a year, and the total of each?',
    route: analyze((facts) => ({
      over: 'drawdowns',
      by: ['status'],
      where: [{ column: 'status', is: BAD }],
      ...span(kit.closedMonths(facts, 12)),
      list: 50,
    })),
    answer: (answers) => [
      groups(answers, 'status').sort(),
      listed(answers)
        .map((row) => [row.processor_request_id, kit.dollars(row)])
        .sort(),
    ],
    truth: (facts) => {
      const rows = badDrawdowns(facts).map((d) => ({ ...d, amount_cents: Number(d.amount_cents) }))
      return [
        kit
          .totalsBy(rows, ({ status }) => status)
          .map(({ key, count, cents }) => [key, count, kit.usd(cents)])
          .sort(),
        rows.map((d) => [d.processor_request_id, kit.dollars(d)]).sort(),
      ]
    },
  },
  {
    // Recorded first, and refused; three more calls, and fourteen numbers added by hand.
    asks: "Exam 2.10: how much early-payment discount on invoices of a month's payments, on how many?",
    route: analyze((facts) => ({
      over: 'invoices',
      measure: ['count', 'discount'],
      where: [{ column: 'discount', from: '0.01' }],
      date: 'payment_created',
      ...span([month(facts)]),
      net_of_refunds: true,
    })),
    answer: (answers) => [data(answers).total.count, kit.usd(data(answers).total.discount_cents)],
    truth: (facts) => [
      discounted(facts).length,
      kit.usd(kit.sum(discounted(facts).map(({ discount_amount_cents: cents }) => cents))),
    ],
  },
  {
    // Recorded with a search before both, which found the supplier only.
    asks: "Exam 2.11: they can't apply this ACH payment: trace, each invoice with amount, discount and what was paid",
    route: (answers, facts) => {
      const { receiving_counterparty_id, amount_cents } = ach(facts)
      if (answers.length === 0)
        return {
          tool: 'list_all_finexio_payments',
          args: {
            supplier: receiving_counterparty_id,
            amount_cents_start: amount_cents,
            amount_cents_end: amount_cents,
          },
        }
      return answers.length === 1
        ? { tool: 'get_finexio_remittance_advice', args: { id: data(answers).result[0].id } }
        : null
    },
    answer: (answers) => [
      data(answers, 1).means,
      data(answers, 1)
        .invoices.map((row: Row) => [row.invoice_number, row.gross_cents, row.discount_cents, row.net_cents])
        .sort(),
    ],
    truth: (facts) => [
      `ACH trace ${ach(facts).instrument_number}`,
      kit
        .billsOf(facts, ach(facts))
        .map(({ invoice_number, amount_cents: gross, discount_amount_cents: off }) => [
          invoice_number,
          gross,
          off,
          gross - off,
        ])
        .sort(),
    ],
  },
  {
    // Recorded with a second call to be sure that all are there.
    asks: 'Exam 2.12: which vendors are switched off, and what were they paid in three months?',
    route: analyze((facts) => ({
      over: 'suppliers',
      where: [{ column: 'enabled', is: ['false'] }],
      ...span(recent(facts)),
      net_of_refunds: true,
      list: 50,
    })),
    answer: (answers) =>
      listed(answers)
        .map((row) => [row.id, row.payments_count, kit.dollars(row)])
        .sort(),
    truth: (facts) =>
      facts.suppliers
        .filter(({ enabled }) => !enabled)
        .map(({ id }) => {
          const paid = kit
            .spentIn(facts, recent(facts))
            .filter((p) => p.receiving_counterparty_id === id && p.status === 'settled')
          return [id, paid.length, kit.usd(kit.total(paid))]
        })
        .sort(),
  },
  {
    asks: 'Exam 2.14: which payments were lost in the mail and reissued within a year, and how?',
    route: analyze((facts) => ({
      over: 'payments',
      where: [{ column: 'flag', is: ['reissued'] }],
      ...span(kit.closedMonths(facts, 12)),
      list: 50,
      fields: ['id', 'supplier', 'amount', 'reissue_ticket_number', 'reissue_payment_method'],
    })),
    answer: (answers) =>
      listed(answers)
        .map((row) => [row.id, kit.dollars(row), row.reissue_ticket_number, row.reissue_payment_method])
        .sort(),
    truth: (facts) =>
      kit
        .madeIn(facts, kit.closedMonths(facts, 12))
        .filter((p) => p.reissue_timestamp)
        .map((p) => [p.id, kit.dollars(p), p.reissue_ticket_number, p.reissue_payment_method])
        .sort(),
  },
  {
    asks: 'Exam 2.17: which payments are still pending? How many, how much, for whom?',
    route: analyze(() => ({
      over: 'payments',
      by: ['supplier'],
      where: [{ column: 'status', is: ['pending'] }],
      list: 50,
    })),
    answer: (answers) => [data(answers).total.count, groups(answers, 'receiving_counterparty_id').sort()],
    truth: (facts) => {
      const pending = facts.payments.filter(({ status }) => status === 'pending')
      return [
        pending.length,
        kit
          .totalsBy(pending, (p) => p.receiving_counterparty_id)
          .map(({ key, count, cents }) => [key, count, kit.usd(cents)])
          .sort(),
      ]
    },
  },
  {
    // Recorded first, and refused for want of dates; a second call and a comparison by hand.
    asks: 'Exam 2.18: positive pay: do these checks agree with what we issued?',
    route: once('match_finexio_bank_lines', (facts) => ({
      lines: `Check no.\tPayee\tAmount\n${checks(facts)
        .map(([number, name, cents]) => `${number}\t${name}\t${kit.usd(cents)}`)
        .join('\n')}`,
    })),
    answer: (answers) => data(answers).lines.map((row: Row) => [row.check, row.verdict]),
    truth: (facts) => checks(facts).map(([number, , , verdict]) => [number, verdict]),
  },
  {
    asks: 'Exam 2.19: split what we spent in a month by our entities, with percentages',
    route: analyze((facts) => ({
      ...TABLES,
      measure: ['count', 'sum', 'share'],
      by: ['buyer'],
      ...span([kit.closedMonth(facts, 1)]),
    })),
    answer: (answers) =>
      data(answers)
        .result.map((row: Row) => [
          row.originating_counterparty_id,
          kit.dollars(row),
          Number(row.share_of_amount),
        ])
        .sort(),
    truth: (facts) => {
      const spent = kit.spentIn(facts, [kit.closedMonth(facts, 1)])
      return kit
        .totalsBy(spent, (p) => p.originating_counterparty_id)
        .map(({ key, cents }) => [key, kit.usd(cents), kit.percent(cents, kit.total(spent))])
        .sort()
    },
  },
  {
    // Recorded with three more calls to see who is disabled or marked, and the ties put in order by hand.
    asks: 'Exam 2.20: which vendors got the most checks in half a year, equal counts by amount?',
    route: analyze((facts) => ({
      ...TABLES,
      by: ['supplier'],
      where: [{ column: 'method', is: ['check'] }],
      ...span(halfYear(facts)),
      top: 15,
    })),
    answer: (answers) => groups(answers, 'receiving_counterparty_id').slice(0, 5),
    truth: (facts) =>
      kit
        .totalsBy(
          kit.spentIn(facts, halfYear(facts)).filter((p) => p.payment_method === 'check'),
          (p) => p.receiving_counterparty_id,
        )
        .sort((a, b) => b.count - a.count || b.cents - a.cents)
        .slice(0, 5)
        .map(({ key, count, cents }) => [key, count, kit.usd(cents)]),
  },
  {
    // Recorded with two more calls, one for each period: the first was by count, and said nothing of the largest before.
    asks: 'Exam 2.21: share of our top five in three months and the three before, and who is new among them?',
    route: analyze((facts) => ({
      ...TABLES,
      measure: ['sum', 'share'],
      by: ['supplier'],
      ...span(recent(facts)),
      compare: 'period_before',
      top: 5,
    })),
    answer: (answers) => {
      const { result, top_together, top_before } = data(answers)
      const now = result.filter((row: Row) => row.receiving_counterparty_id)
      const [before, sum] = [top_before.slice(0, -1), top_before.at(-1)]
      const ids = (rows: Row[]) => rows.map((row) => row.receiving_counterparty_id)
      return [
        { ids: ids(now), total: kit.dollars(top_together), share: Number(top_together.share_of_amount) },
        { ids: ids(before), total: kit.dollars(sum), share: Number(sum.share_of_amount) },
        ids(now.filter((row: Row) => row.rank_before === null || row.rank_before > 5)),
      ]
    },
    truth: (facts) => {
      const [now, before] = [topFive(facts, recent(facts)), topFive(facts, earlier(facts))]
      return [now, before, now.ids.filter((id) => !before.ids.includes(id))]
    },
  },
]
