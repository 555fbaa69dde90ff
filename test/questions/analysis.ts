/**
 * Questions that nobody foresaw: asked of one tool, answered here by code that shares nothing with it. Plain loops over
 * what Finexio itself answers, days cut from its texts.
 */
import type { Facts, Row } from './facts.ts'
import type { Question } from './questions.ts'

const DAY = 86_400_000
const NOW = Date.now()
const dayAt = (offset: number) => new Date(NOW + offset * DAY).toISOString().slice(0, 10)
const dayNumber = (text: string) => Math.floor(Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / DAY)
const YEAR = new Date(NOW).getUTCFullYear()
const monthsAgo = (count: number) =>
  new Date(Date.UTC(YEAR, new Date(NOW).getUTCMonth() - count, 1)).toISOString().slice(0, 10)
const dayBefore = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) - DAY).toISOString().slice(0, 10)

const analyze =
  (over: string, args: object = {}): Question['route'] =>
  (answers) =>
    answers.length > 0 ? null : { tool: 'analyze_finexio_payables', args: { over, ...args } }

const cents = (rows: readonly Row[]): number => {
  let sum = 0
  for (const row of rows) sum += row.amount_cents
  return sum
}
const stayed = (row: Row) => row.status === 'settled' && !row.refund_timestamp
const stopped = (row: Row) => row.status === 'failed' || row.status === 'canceled'
const between = (row: Row, from: string, to: string) =>
  row.created.slice(0, 10) >= from && row.created.slice(0, 10) <= to
const settledOn = (row: Row): string | null => {
  if (row.status !== 'settled') return null
  for (const event of row.events) if (event.event_name === 'settled') return event.timestamp.slice(0, 10)
  return null
}
const result = (answers: Parameters<Question['answer']>[0]): Row[] => answers[0]!.data.result
const total = (answers: Parameters<Question['answer']>[0]): Row => answers[0]!.data.total
const listed = (answers: Parameters<Question['answer']>[0]): string[] =>
  answers[0]!.data.listed.map(({ id }: Row) => id).sort()
const sumsBy = (rows: readonly Row[], key: (row: Row) => string) => {
  const sums: Record<string, [number, number]> = {}
  for (const row of rows) {
    const [count, amount] = sums[key(row)] ?? [0, 0]
    sums[key(row)] = [count + 1, amount + row.amount_cents]
  }
  return sums
}
const told = (rows: readonly Row[], key: (row: Row) => string) =>
  Object.fromEntries(rows.map((row) => [key(row), [row.count, row.amount_cents]]))
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const weekdayOf = (text: string) => WEEKDAYS[new Date(`${text.slice(0, 10)}T12:00:00Z`).getUTCDay()]!
const halfUp = (sum: number, count: number) => Math.floor(sum / count + 0.5)
const tenths = (days: readonly number[]) =>
  halfUp(10 * days.reduce((sum, one) => sum + one, 0), days.length) / 10
const lastEvent = (row: Row): Row => row.events.at(-1)
const printedOn = (row: Row) => row.events.find(({ event_name }: Row) => event_name === 'printed')?.timestamp
const underWay = (row: Row) => row.status === 'pending' || row.status === 'in-progress'
const paidTo = (facts: Facts, id: string, from = '', to = '9') =>
  facts.payments.filter(
    (row) => row.receiving_counterparty_id === id && stayed(row) && between(row, from, to),
  )

const QUARTER = { from: monthsAgo(3), to: dayBefore(monthsAgo(0)) }

export const ANALYSES: readonly Question[] = [
  {
    asks: 'What really reached suppliers in the last three whole months, net of refunds and failures?',
    route: analyze('payments', { ...QUARTER, where: [{ column: 'money', is: ['stayed'] }] }),
    answer: (answers) => [total(answers).count, total(answers).amount_cents],
    truth: ({ payments }) => {
      const rows = payments.filter((row) => stayed(row) && between(row, QUARTER.from, QUARTER.to))
      return [rows.length, cents(rows)]
    },
  },
  {
    asks: 'How does last month compare with the month before, by method?',
    route: analyze('payments', {
      from: monthsAgo(1),
      to: dayBefore(monthsAgo(0)),
      compare: 'period_before',
      by: ['method'],
    }),
    answer: (answers) =>
      Object.fromEntries(
        result(answers).map((row) => [
          row.method,
          [row.amount_cents, row.amount_cents_before, row.amount_change_cents],
        ]),
      ),
    truth: ({ payments }) => {
      const now = sumsBy(
        payments.filter((row) => between(row, monthsAgo(1), dayBefore(monthsAgo(0)))),
        (row) => row.payment_method,
      )
      const before = sumsBy(
        payments.filter((row) => between(row, monthsAgo(2), dayBefore(monthsAgo(1)))),
        (row) => row.payment_method,
      )
      return Object.fromEntries(
        [...new Set([...Object.keys(now), ...Object.keys(before)])].map((method) => {
          const [a, b] = [now[method]?.[1] ?? 0, before[method]?.[1] ?? 0]
          return [method, [a, b, a - b]]
        }),
      )
    },
  },
  {
    asks: 'On which weekday do we pay most?',
    route: analyze('payments', { by: ['weekday'] }),
    answer: (answers) => [
      result(answers).map(({ weekday }) => weekday),
      told(result(answers), ({ weekday }) => weekday),
    ],
    truth: ({ payments }) => {
      const sums = sumsBy(payments, ({ created }) => weekdayOf(created))
      return [[...WEEKDAYS.slice(1), 'Sunday'].filter((name) => name in sums), sums]
    },
  },
  {
    asks: 'Payments by quarter, in order?',
    route: analyze('payments', { by: ['quarter'] }),
    answer: (answers) => result(answers).map((row) => [row.quarter, row.count, row.amount_cents]),
    truth: ({ payments }) =>
      Object.entries(
        sumsBy(payments, ({ created }) => {
          const month = Number(created.slice(5, 7))
          return `${created.slice(0, 4)}-Q${month <= 3 ? 1 : month <= 6 ? 2 : month <= 9 ? 3 : 4}`
        }),
      )
        .sort()
        .map(([quarter, sums]) => [quarter, ...sums]),
  },
  {
    asks: 'What share of our payments goes by check?',
    route: analyze('payments', { by: ['method'], measure: ['share'] }),
    answer: (answers) => {
      const row = result(answers).find(({ method }) => method === 'check')
      return [row.share_of_count, row.share_of_amount]
    },
    truth: ({ payments }) => {
      const checks = payments.filter(({ payment_method }) => payment_method === 'check')
      const share = (part: number, whole: number) => (halfUp(part * 1_000, whole) / 10).toFixed(1)
      return [share(checks.length, payments.length), share(cents(checks), cents(payments))]
    },
  },
  {
    asks: 'Average, median, smallest and largest payment, by method?',
    route: analyze('payments', { by: ['method'], measure: ['average', 'median', 'min', 'max'] }),
    answer: (answers) =>
      Object.fromEntries(
        result(answers).map((row) => [
          row.method,
          [row.average_cents, row.median_cents, row.min_cents, row.max_cents],
        ]),
      ),
    truth: ({ payments }) => {
      const truths: Record<string, number[]> = {}
      for (const method of new Set(payments.map((row) => row.payment_method))) {
        const all = payments.filter((row) => row.payment_method === method).map((row) => row.amount_cents)
        all.sort((a, b) => a - b)
        const half = Math.floor(all.length / 2)
        const median = all.length % 2 ? all[half] : halfUp(all[half - 1] + all[half], 2)
        const sum = all.reduce((a: number, b: number) => a + b, 0)
        truths[method] = [halfUp(sum, all.length), median, all[0], all.at(-1)]
      }
      return truths
    },
  },
  {
    asks: 'How many days until a payment settles, by method?',
    route: analyze('payments', { by: ['method'], measure: ['days_to_pay'] }),
    answer: (answers) =>
      Object.fromEntries(
        result(answers).map((row) => [row.method, [row.days_to_pay_average, row.days_to_pay_of]]),
      ),
    truth: ({ payments }) => {
      const truths: Record<string, number[]> = {}
      for (const method of new Set(payments.map((row) => row.payment_method))) {
        const days = payments
          .filter((row) => row.payment_method === method && settledOn(row))
          .map((row) => dayNumber(settledOn(row)!) - dayNumber(row.created))
        truths[method] = [tenths(days), days.length]
      }
      return truths
    },
  },
  {
    asks: 'Why did payments fail, and how often each?',
    route: analyze('payments', { by: ['failure_reason'], where: [{ column: 'money', is: ['bounced'] }] }),
    answer: (answers) => told(result(answers), ({ failure_reason }) => failure_reason),
    truth: ({ payments }) =>
      sumsBy(
        payments.filter((row) => stopped(row) && !row.refund_timestamp),
        (row) => lastEvent(row).description,
      ),
  },
  {
    asks: 'Which checks were printed 30 days ago or more and never cashed?',
    route: analyze('payments', {
      where: [{ column: 'flag', is: ['uncashed_check'] }],
      flag_after_days: 30,
      list: 200,
    }),
    answer: listed,
    truth: ({ payments }) =>
      payments
        .filter(
          (row) =>
            row.payment_method === 'check' &&
            underWay(row) &&
            printedOn(row) &&
            dayNumber(dayAt(0)) - dayNumber(printedOn(row)) >= 30,
        )
        .map(({ id }) => id)
        .sort(),
  },
  {
    asks: 'Which checks should have been printed long ago?',
    route: analyze('payments', { where: [{ column: 'flag', is: ['unprinted_check'] }], list: 200 }),
    answer: listed,
    truth: ({ payments }) =>
      payments
        .filter(
          (row) =>
            row.payment_method === 'check' &&
            underWay(row) &&
            !printedOn(row) &&
            dayNumber(dayAt(0)) - dayNumber(row.created) >= 10,
        )
        .map(({ id }) => id)
        .sort(),
  },
  {
    asks: 'Which payments failed and were never replaced?',
    route: analyze('payments', { where: [{ column: 'flag', is: ['not_replaced'] }], list: 200 }),
    answer: (answers) => [total(answers).count, listed(answers).length],
    truth: ({ payments }) => {
      const covers = (later: Row, bill: Row, row: Row) =>
        later.created > row.created &&
        !stopped(later) &&
        later.invoices.some(
          (one: Row) =>
            one.id === bill.id ||
            (one.invoice_number === bill.invoice_number &&
              later.receiving_counterparty_id === row.receiving_counterparty_id &&
              later.originating_counterparty_id === row.originating_counterparty_id),
        )
      const left = payments.filter(
        (row) =>
          stopped(row) &&
          !row.reissue_timestamp &&
          !row.invoices.every((bill: Row) => payments.some((later) => covers(later, bill, row))),
      )
      return [left.length, Math.min(200, left.length)]
    },
  },
  {
    asks: 'Which suppliers were never paid?',
    route: analyze('suppliers', { where: [{ column: 'flag', is: ['no_payments'] }], list: 200 }),
    answer: (answers) => [total(answers).count, listed(answers)],
    truth: (facts) => {
      const idle = facts.suppliers.filter(({ id }) => paidTo(facts, id).length === 0).map(({ id }) => id)
      return [idle.length, idle.sort()]
    },
  },
  {
    asks: 'Which suppliers are disabled though they were paid?',
    route: analyze('suppliers', { where: [{ column: 'flag', is: ['disabled_but_paid'] }], list: 200 }),
    answer: listed,
    truth: (facts) =>
      facts.suppliers
        .filter(({ id, enabled }) => enabled === false && paidTo(facts, id).length > 0)
        .map(({ id }) => id)
        .sort(),
  },
  {
    asks: 'Which suppliers get checks though we could pay them by ACH or card?',
    route: analyze('suppliers', {
      where: [{ column: 'flag', is: ['check_could_be_ach', 'check_could_be_card'] }],
      list: 200,
    }),
    answer: listed,
    truth: ({ suppliers }) =>
      suppliers
        .filter(
          (row) =>
            row.payment_method === 'Check' &&
            row.enabled !== false &&
            row.ineligible_for_conversion !== true &&
            ((row.bank_account_number && row.bank_routing_number) || row.remit_email),
        )
        .map(({ id }) => id)
        .sort(),
  },
  {
    asks: 'Who may need a form 1099 for this year, and whose tax id is missing?',
    route: analyze('suppliers', {
      from: `${YEAR}-01-01`,
      to: `${YEAR}-12-31`,
      where: [{ column: 'flag', is: ['form_1099_candidate'] }],
      threshold: 400,
      list: 200,
    }),
    answer: (answers) => [
      listed(answers),
      answers[0]!.data.listed.filter(({ flag }: Row) => flag.includes('tax_id_missing')).length,
    ],
    truth: (facts) => {
      const found = facts.suppliers.filter(
        ({ id, payee_type }) =>
          payee_type === 'Individual' &&
          cents(
            paidTo(facts, id, `${YEAR}-01-01`, `${YEAR}-12-31`).filter(
              ({ payment_method }) => payment_method !== 'card',
            ),
          ) >= 40_000,
      )
      return [found.map(({ id }) => id).sort(), found.filter(({ tax_id }) => !tax_id).length]
    },
  },
  {
    asks: 'Payments from $10,000 to $20,000 by ACH, how many?',
    route: analyze('payments', {
      where: [
        { column: 'amount', from: '10000', to: '20000' },
        { column: 'method', is: ['ACH'] },
      ],
    }),
    answer: (answers) => [total(answers).count, total(answers).amount_cents],
    truth: ({ payments }) => {
      const rows = payments.filter(
        (row) =>
          row.payment_method === 'ach' && row.amount_cents >= 1_000_000 && row.amount_cents <= 2_000_000,
      )
      return [rows.length, cents(rows)]
    },
  },
  {
    asks: 'What is overdue if what is in the mail counts as unpaid, by bucket?',
    route: analyze('invoices', { by: ['aging'], unpaid_means: 'not_settled' }),
    answer: (answers) =>
      told(
        result(answers).filter(({ aging }) => aging.startsWith('overdue')),
        ({ aging }) => aging,
      ),
    truth: ({ invoices }) => {
      const late = (row: Row) => dayNumber(dayAt(0)) - dayNumber(row.invoice_due_date)
      const open = invoices.filter(
        (row) =>
          (row.status !== 'complete' || row.can_be_resubmitted === true) &&
          row.invoice_due_date !== null &&
          late(row) > 0,
      )
      return sumsBy(open, (row) => {
        const days = late(row)
        if (days > 90) return 'overdue_over_90'
        return days > 60 ? 'overdue_61_90' : days > 30 ? 'overdue_31_60' : 'overdue_1_30'
      })
    },
  },
  {
    asks: 'How long after the invoice date are invoices paid, by supplier, slowest first?',
    route: analyze('invoices', { by: ['supplier'], measure: ['days_to_pay'], top: 200 }),
    answer: (answers) => {
      const averages = result(answers).map((row) => row.days_to_pay_average)
      return [
        averages.every((days, at) => at === 0 || (days ?? -1) <= (averages[at - 1] ?? -1)),
        Object.fromEntries(
          result(answers).map((row) => [row.receiving_counterparty_id, row.days_to_pay_average]),
        ),
      ]
    },
    truth: ({ invoices, payments }) => {
      const days: Record<string, number[]> = {}
      for (const row of invoices) {
        const payment = payments.find(({ id }) => id === row.payment_id)
        const paid = payment && settledOn(payment)
        days[row.receiving_counterparty_id] ??= []
        if (paid) days[row.receiving_counterparty_id]!.push(dayNumber(paid) - dayNumber(row.invoice_date))
      }
      const average = (all: number[]) => (all.length > 0 ? tenths(all) : null)
      return [true, Object.fromEntries(Object.entries(days).map(([id, all]) => [id, average(all)]))]
    },
  },
  {
    asks: 'What did buyers fund by drawdowns, month by month and by status?',
    route: analyze('drawdowns', { by: ['month', 'status'] }),
    answer: (answers) => told(result(answers), ({ month, status }) => `${month} ${status}`),
    truth: ({ drawdowns }) => sumsBy(drawdowns, ({ created, status }) => `${created.slice(0, 7)} ${status}`),
  },
  {
    asks: 'Our three biggest suppliers by what stayed with them, and what all others got?',
    route: analyze('payments', {
      by: ['supplier'],
      measure: ['sum'],
      where: [{ column: 'money', is: ['stayed'] }],
      top: 3,
    }),
    answer: (answers) =>
      result(answers).map((row) => [row.receiving_counterparty_id ?? row.supplier, row.amount_cents]),
    truth: ({ payments }) => {
      const sums = Object.entries(sumsBy(payments.filter(stayed), (row) => row.receiving_counterparty_id))
        .map(([id, [, amount]]): [string, number] => [id, amount])
        .sort((a, b) => b[1] - a[1])
      const rest = sums.slice(3).reduce((sum, [, amount]) => sum + amount, 0)
      return [...sums.slice(0, 3), [`(${sums.length - 3} others)`, rest]]
    },
  },
  {
    asks: 'What settled in the last 30 days, whenever it was created?',
    route: analyze('payments', { date: 'settled_at', from: dayAt(-30), to: dayAt(0) }),
    answer: (answers) => [total(answers).count, total(answers).amount_cents],
    truth: ({ payments }) => {
      const rows = payments.filter((row) => {
        const on = settledOn(row)
        return on !== null && on >= dayAt(-30) && on <= dayAt(0)
      })
      return [rows.length, cents(rows)]
    },
  },
]
