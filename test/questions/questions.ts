/** What people in accounts payable ask, the shortest way to an answer, and the truth worked out from Finexio's own data. */
import type { Facts, Row } from './facts.ts'

/** One tool call of a route. */
export type Step = { tool: string; args: object }
/** What the calls so far answered: `data` of the last one first. */
export type Answers = { data: Row; text: string; isError: boolean }[]

export type Question = {
  asks: string
  /** The next call, given what came before; null when the answer is known. */
  route(answers: Answers, facts: Facts): Step | null
  answer(answers: Answers): unknown
  truth(facts: Facts): unknown | Promise<unknown>
}

const DAY = 86_400_000
const NOW = Date.now()
const dayAt = (offset: number) => new Date(NOW + offset * DAY).toISOString().slice(0, 10)
const month = (offset: number): string => {
  const now = new Date(NOW)
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)).toISOString().slice(0, 7)
}
const lastDay = (text: string) => {
  const [year, of] = text.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, of, 0)).toISOString().slice(0, 10)
}

const sum = (rows: readonly Row[]): number =>
  rows.reduce((cents: number, row: Row) => cents + (row.amount_cents ?? 0), 0)
const by = (rows: readonly Row[], key: string, value: unknown) =>
  rows.filter((row: Row) => row[key] === value)
const sorted = (values: readonly unknown[]) => [...values].map(String).sort()
const ids = (rows: readonly Row[]) => sorted(rows.map(({ id }: Row) => id))
const first = (answers: Answers): Row => answers[0]!.data
const last = (answers: Answers): Row => answers.at(-1)!.data

const once =
  (tool: string, args: object | ((facts: Facts) => object)): Question['route'] =>
  (answers, facts) =>
    answers.length > 0 ? null : { tool, args: typeof args === 'function' ? args(facts) : args }

const newest = (rows: readonly Row[], key = 'created') =>
  [...rows].sort((a: Row, b: Row) => String(b[key]).localeCompare(String(a[key])))

const groupSum = (data: Row, key: string) =>
  Object.fromEntries(data.result.map((row: Row) => [row[key], [row.count, row.amount_cents]]))
const truthSum = (rows: readonly Row[], key: (row: Row) => string) =>
  Object.fromEntries([...Map.groupBy(rows, key)].map(([name, of]) => [name, [of.length, sum(of)]]))

const settledWithOneInvoice = (facts: Facts): Row =>
  newest(facts.payments).find(
    ({ status, invoices, refund_timestamp }: Row) =>
      status === 'settled' &&
      invoices.length === 1 &&
      // Two suppliers have it.
      invoices[0].invoice_number !== 'SHARED-77' &&
      !refund_timestamp,
  )
const scannedCheck = (facts: Facts): Row =>
  newest(facts.payments).find(
    ({ status, payment_method }: Row) => status === 'settled' && payment_method === 'check',
  )
const pendingCheck = (facts: Facts): Row =>
  newest(facts.payments).find(
    ({ status, payment_method }: Row) => status !== 'settled' && payment_method === 'check',
  )
const failedPayment = (facts: Facts): Row => newest(by(facts.payments, 'status', 'failed'))[0]
const biggestDrawdown = (facts: Facts): Row =>
  by(facts.drawdowns, 'status', 'received').reduce((most: Row, one: Row) =>
    one.amount_cents > most.amount_cents ? one : most,
  )
const northgate = (facts: Facts): Row => facts.suppliers.find(({ id }: Row) => id === 'sup_123')
/** A buyer whose id is a UUID, as all ids of Finexio are: `buy_111` of the examples is no id that a sheet may give. */
const withUuid = (facts: Facts): Row =>
  facts.buyers.find(({ external_reference_id }: Row) => external_reference_id === 'Example1')

const trace = (args: (facts: Facts) => object): Question['route'] => once('trace_finexio_invoice', args)
const analyze = (over: string, args: object = {}): Question['route'] =>
  once('analyze_finexio_payables', { over, ...args })
const payments = (args: object = {}): Question['route'] => analyze('payments', args)
const total = (answers: Answers) => [first(answers).total.count, first(answers).total.amount_cents]
const inMonth = (facts: Facts, offset: number) =>
  facts.payments.filter(({ created }: Row) => created.startsWith(month(offset)))
/** What was refunded is not paid. */
const isUnpaid = ({ status, can_be_resubmitted }: Row) =>
  !['sent', 'complete'].includes(status) || can_be_resubmitted === true
const isOverdue = (row: Row) => isUnpaid(row) && row.invoice_due_date && row.invoice_due_date < dayAt(0)
const changesIn = (facts: Facts, days: number) =>
  facts.history.filter(({ timestamp }: Row) => Date.parse(`${timestamp}Z`) >= NOW - days * DAY)

export const QUESTIONS: readonly Question[] = [
  {
    asks: 'Did this invoice get paid? (by its number)',
    route: trace((facts) => ({ invoice_number: settledWithOneInvoice(facts).invoices[0].invoice_number })),
    answer: (answers) => [first(answers).verdict, first(answers).payment.id],
    truth: (facts) => ['paid', settledWithOneInvoice(facts).id],
  },
  {
    asks: 'Since when is it paid?',
    route: trace((facts) => ({ id: settledWithOneInvoice(facts).invoices[0].id })),
    answer: (answers) => first(answers).since.slice(0, 19),
    truth: (facts) => newest(settledWithOneInvoice(facts).events, 'timestamp')[0].timestamp.slice(0, 19),
  },
  {
    asks: 'Which check paid it, and where is the scan?',
    route: trace((facts) => ({ id: scannedCheck(facts).invoices[0].id })),
    answer: (answers) => [
      first(answers).payment.instrument_number ?? null,
      first(answers).check.check_image_url,
    ],
    truth: async (facts) => [
      scannedCheck(facts).instrument_number,
      await facts.imageOf(scannedCheck(facts).id),
    ],
  },
  {
    asks: 'Was the invoice of the failed payment paid?',
    route: trace((facts) => ({ id: failedPayment(facts).invoices[0].id })),
    answer: (answers) => first(answers).verdict,
    truth: () => 'failed',
  },
  {
    asks: 'Did invoice NO-SUCH-NUMBER get paid?',
    route: trace(() => ({ invoice_number: 'NO-SUCH-NUMBER' })),
    answer: (answers) => [first(answers).matches_count, first(answers).matches],
    truth: () => [0, []],
  },
  {
    asks: 'Two suppliers use invoice number SHARED-77: which ones?',
    route: trace(() => ({ invoice_number: 'SHARED-77' })),
    answer: (answers) => ids(first(answers).matches),
    truth: (facts) => ids(by(facts.invoices, 'invoice_number', 'SHARED-77')),
  },
  {
    asks: "Did Northgate's SHARED-77 get paid?",
    route: trace((facts) => ({ invoice_number: 'SHARED-77', supplier_name: northgate(facts).name })),
    answer: (answers) => first(answers).invoice.id,
    truth: (facts) =>
      by(facts.invoices, 'invoice_number', 'SHARED-77').find(
        (row: Row) => row.receiving_counterparty_id === 'sup_123',
      ).id,
  },
  {
    asks: 'What is the status of payment pay_555777?',
    route: once('get_single_finexio_payment_by_id', { id: 'pay_555777' }),
    answer: (answers) => first(answers).status,
    truth: (facts) => facts.payments.find(({ id }: Row) => id === 'pay_555777').status,
  },
  {
    asks: 'What happened to payment pay_nothing?',
    route: once('get_single_finexio_payment_by_id', { id: 'pay_nothing' }),
    answer: (answers) => [answers[0]!.isError, /no record with this id/.test(answers[0]!.text)],
    truth: () => [true, true],
  },
  {
    asks: 'Find the payment with this tracking id.',
    route: once('list_all_finexio_payments', (facts) => ({ tracking_id: facts.payments[40].tracking_id })),
    answer: (answers) => ids(first(answers).result),
    truth: (facts) => ids(by(facts.payments, 'tracking_id', facts.payments[40].tracking_id)),
  },
  {
    asks: 'Is there a scan of a check that was not cashed yet?',
    route: once('get_single_finexio_payment_image_by_id', (facts) => ({
      payment_id: pendingCheck(facts).id,
    })),
    answer: (answers) => [first(answers).scanned, first(answers).check_image_url],
    truth: async (facts) => {
      const image = await facts.imageOf(pendingCheck(facts).id)
      return [image !== null, image]
    },
  },
  {
    asks: 'How many payments are there in all, and what do they come to?',
    route: payments(),
    answer: total,
    truth: (facts) => [facts.payments.length, sum(facts.payments)],
  },
  {
    asks: 'Payments by status, all of them?',
    route: payments({ by: ['status'] }),
    answer: (answers) => groupSum(first(answers), 'status'),
    truth: (facts) => truthSum(facts.payments, ({ status }) => status),
  },
  {
    asks: 'Payments by method, all of them?',
    route: payments({ by: ['method'] }),
    answer: (answers) => groupSum(first(answers), 'method'),
    truth: (facts) => truthSum(facts.payments, ({ payment_method }) => payment_method),
  },
  {
    asks: 'What did we pay last month?',
    route: payments({ from: `${month(-1)}-01`, to: lastDay(month(-1)) }),
    answer: total,
    truth: (facts) => [inMonth(facts, -1).length, sum(inMonth(facts, -1))],
  },
  {
    asks: 'Month by month over half a year?',
    route: payments({ from: `${month(-6)}-01`, to: lastDay(month(-1)), by: ['month'] }),
    answer: (answers) => groupSum(first(answers), 'month'),
    truth: (facts) =>
      truthSum(
        facts.payments.filter(
          ({ created }: Row) => created >= `${month(-6)}-01` && created < `${month(0)}-01`,
        ),
        ({ created }) => created.slice(0, 7),
      ),
  },
  {
    asks: 'Who are our five biggest suppliers by payments?',
    route: payments({ by: ['supplier'], measure: ['sum'], top: 5 }),
    answer: (answers) =>
      first(answers)
        .result.slice(0, 5)
        .map((row: Row) => [row.receiving_counterparty_id, row.amount_cents]),
    truth: (facts) =>
      Object.entries(truthSum(facts.payments, (row) => row.receiving_counterparty_id))
        .map(([id, [, cents]]) => [id, cents])
        .sort((a, b) => Number(b[1]) - Number(a[1]))
        .slice(0, 5),
  },
  {
    asks: 'How much did each buyer pay?',
    route: payments({ by: ['buyer'] }),
    answer: (answers) => groupSum(first(answers), 'originating_counterparty_id'),
    truth: (facts) => truthSum(facts.payments, (row) => row.originating_counterparty_id),
  },
  {
    asks: 'What did Northgate get?',
    route: payments({ receiving_counterparty_id: 'sup_123' }),
    answer: total,
    truth: (facts) => {
      const rows = by(facts.payments, 'receiving_counterparty_id', 'sup_123')
      return [rows.length, sum(rows)]
    },
  },
  {
    asks: 'How many payments failed, were canceled, or refunded?',
    route: payments({ where: [{ column: 'flag', is: ['failed', 'canceled', 'refunded'] }] }),
    answer: (answers) => first(answers).total.count,
    truth: (facts) =>
      facts.payments.filter(
        ({ status, refund_timestamp }: Row) =>
          ['failed', 'canceled', 'cancelled'].includes(status) || refund_timestamp,
      ).length,
  },
  {
    asks: 'Which payments were refunded?',
    route: payments({ where: [{ column: 'money', is: ['refunded'] }], list: 200 }),
    answer: (answers) => ids(first(answers).listed),
    truth: (facts) => ids(facts.payments.filter(({ refund_timestamp }: Row) => refund_timestamp)),
  },
  {
    asks: 'List every payment that ever failed.',
    route: (answers) => {
      const next_cursor = answers.length > 0 ? last(answers).next_cursor : undefined
      if (next_cursor === null) return null
      const args = { status: 'failed', limit: 500, created_start: '2000-01-01' }
      return { tool: 'list_all_finexio_payments', args: { ...args, ...(next_cursor && { next_cursor }) } }
    },
    answer: (answers) => ids(answers.flatMap(({ data }) => data.result)),
    truth: (facts) => ids(by(facts.payments, 'status', 'failed')),
  },
  {
    asks: 'Payments of a day on which there were none?',
    route: payments({ from: '1999-01-01', to: '1999-01-02', by: ['status'] }),
    answer: (answers) => [...total(answers), first(answers).result],
    truth: () => [0, 0, []],
  },
  {
    asks: 'The newest five payments?',
    route: once('list_all_finexio_payments', { limit: 5 }),
    answer: (answers) => first(answers).result.map(({ id }: Row) => id),
    truth: (facts) =>
      newest(facts.payments)
        .slice(0, 5)
        .map(({ id }: Row) => id),
  },
  {
    asks: 'Does the biggest drawdown add up?',
    route: once('reconcile_finexio_drawdown', (facts) => ({
      id: biggestDrawdown(facts).processor_request_id,
    })),
    answer: (answers) => [
      first(answers).amount_cents,
      first(answers).payments_cents,
      first(answers).differences.length > 0,
    ],
    truth: async (facts) => {
      const drawdown = biggestDrawdown(facts)
      const rows = await facts.paymentsOf(drawdown.processor_request_id)
      const invoices = rows
        .flatMap((row) => row.invoices)
        .reduce((cents: number, row: Row) => cents + row.payment_amount_cents, 0)
      return [drawdown.amount_cents, sum(rows), drawdown.amount_cents !== sum(rows) || sum(rows) !== invoices]
    },
  },
  {
    asks: 'Which checks of drawdown req_987654 are not scanned?',
    route: once('reconcile_finexio_drawdown', { id: 'req_987654' }),
    answer: (answers) => ids(first(answers).payments.filter(({ scanned }: Row) => scanned === false)),
    truth: async (facts) => {
      const checks = (await facts.paymentsOf('req_987654')).filter(
        ({ payment_method }) => payment_method.toLowerCase() === 'check',
      )
      const images = await Promise.all(checks.map(({ id }) => facts.imageOf(id)))
      return ids(checks.filter((_, at) => images[at] === null))
    },
  },
  {
    asks: 'Which invoices did drawdown req_009988 pay?',
    route: once('reconcile_finexio_drawdown', { id: 'req_009988', images: false }),
    answer: (answers) => ids(first(answers).payments.flatMap(({ invoices }: Row) => invoices)),
    truth: async (facts) => ids((await facts.paymentsOf('req_009988')).flatMap(({ invoices }) => invoices)),
  },
  {
    asks: 'Which payments of drawdown req_009988 are still open?',
    route: once('reconcile_finexio_drawdown', { id: 'req_009988', images: false }),
    answer: (answers) => ids(first(answers).payments.filter(({ open }: Row) => open)),
    truth: async (facts) =>
      ids(
        (await facts.paymentsOf('req_009988')).filter(({ status }) => /^(pending|in-progress)$/.test(status)),
      ),
  },
  {
    asks: 'Which drawdown holds this invoice?',
    route: once('list_all_finexio_drawdowns', (facts) => ({
      invoice_number: settledWithOneInvoice(facts).invoices[0].invoice_number,
    })),
    answer: (answers) => first(answers).result.length,
    truth: () => 1,
  },
  {
    asks: 'Which drawdowns ended in an error?',
    route: once('list_all_finexio_drawdowns', { status: 'error', limit: 100 }),
    answer: (answers) => sorted(first(answers).result.map((row: Row) => row.processor_request_id)),
    truth: (facts) =>
      sorted(by(facts.drawdowns, 'status', 'error').map((row: Row) => row.processor_request_id)),
  },
  {
    asks: 'Reconcile drawdown req_nothing.',
    route: once('reconcile_finexio_drawdown', { id: 'req_nothing' }),
    answer: (answers) => answers[0]!.isError,
    truth: () => true,
  },
  {
    asks: 'How many invoices are unpaid, and what do they come to?',
    route: analyze('invoices'),
    answer: (answers) => [first(answers).unpaid.count, first(answers).unpaid.amount_cents],
    truth: (facts) => [facts.invoices.filter(isUnpaid).length, sum(facts.invoices.filter(isUnpaid))],
  },
  {
    asks: 'How much is overdue?',
    route: analyze('invoices'),
    answer: (answers) => [first(answers).overdue.count, first(answers).overdue.amount_cents],
    truth: (facts) => [facts.invoices.filter(isOverdue).length, sum(facts.invoices.filter(isOverdue))],
  },
  {
    asks: 'Invoices by status?',
    route: analyze('invoices', { by: ['status'] }),
    answer: (answers) => groupSum(first(answers), 'status'),
    truth: (facts) => truthSum(facts.invoices, ({ status }) => status),
  },
  {
    asks: 'What is overdue for more than 90 days?',
    route: analyze('invoices', { by: ['aging'] }),
    answer: (answers) =>
      first(answers)
        .result.filter(({ aging }: Row) => aging === 'overdue_over_90')
        .reduce((count: number, row: Row) => count + row.count, 0),
    truth: (facts) =>
      facts.invoices.filter((row: Row) => isOverdue(row) && row.invoice_due_date < dayAt(-90)).length,
  },
  {
    asks: 'What do we owe Northgate?',
    route: analyze('invoices', { receiving_counterparty_id: 'sup_123' }),
    answer: (answers) => [first(answers).unpaid.count, first(answers).unpaid.amount_cents],
    truth: (facts) => {
      const rows = by(facts.invoices, 'receiving_counterparty_id', 'sup_123').filter(isUnpaid)
      return [rows.length, sum(rows)]
    },
  },
  {
    asks: 'Did we get the same invoice twice?',
    route: once('find_possible_duplicate_finexio_invoices', {}),
    answer: (answers) =>
      first(answers).result.map((row: Row) => sorted([row.invoice_number, row.earlier_number])),
    truth: () => [['TWICE-100', 'TWICE100']],
  },
  {
    asks: 'Which suppliers cannot be paid yet?',
    route: once('check_finexio_supplier_readiness', { limit: 200 }),
    answer: (answers) => ids(first(answers).result.filter(({ missing }: Row) => missing.includes('enabled'))),
    truth: (facts) => ids(by(facts.suppliers, 'enabled', false)),
  },
  {
    asks: 'Can Northgate be paid?',
    route: once('check_finexio_supplier_readiness', { id: 'sup_123' }),
    answer: (answers) => first(answers).result[0].ready,
    truth: (facts) => northgate(facts).enabled,
  },
  {
    asks: 'Can the supplier with our reference nobody be paid?',
    route: once('check_finexio_supplier_readiness', { external_reference_id: 'nobody' }),
    answer: (answers) => first(answers).result,
    truth: () => [],
  },
  {
    asks: 'Who changed what on Northgate?',
    route: once('audit_finexio_counterparty_changes', {
      object_id: 'sup_123',
      include_created: true,
      limit: 500,
    }),
    answer: (answers) =>
      new Set(first(answers).result.map(({ timestamp }: Row) => timestamp.slice(0, 19))).size,
    truth: (facts) =>
      new Set(by(facts.history, 'object_id', 'sup_123').map(({ timestamp }: Row) => timestamp.slice(0, 19)))
        .size,
  },
  {
    asks: 'Whose bank account was changed in the last 90 days?',
    route: once('audit_finexio_counterparty_changes', {
      field: 'bank_account',
      changed_start: dayAt(-90),
      limit: 500,
    }),
    answer: (answers) => sorted([...new Set(first(answers).result.map((row: Row) => row.object_id))]),
    truth: (facts) =>
      sorted([
        ...new Set(
          changesIn(facts, 90)
            .filter(
              ({ action, changes }: Row) =>
                action !== 'Created' &&
                Object.keys(changes ?? {}).some((name) => /bank_(account|routing)/.test(name)),
            )
            .map((row: Row) => row.object_id),
        ),
      ]),
  },
  {
    asks: 'Who holds the supplier reference vendor_alpha?',
    route: once('check_finexio_supplier_readiness', { external_reference_id: 'vendor_alpha' }),
    answer: (answers) => ids(first(answers).result),
    truth: (facts) => ids(by(facts.suppliers, 'external_reference_id', 'VENDOR_ALPHA')),
  },
  {
    asks: 'What is the remit address of VENDOR_ALPHA?',
    route: (answers) => {
      if (answers.length === 0)
        return { tool: 'list_all_finexio_suppliers', args: { external_reference_id: 'VENDOR_ALPHA' } }
      return answers.length === 1
        ? { tool: 'get_single_finexio_supplier_by_id', args: { id: first(answers).result[0].id } }
        : null
    },
    answer: (answers) => [last(answers).remit_address_1, last(answers).remit_city],
    truth: (facts) => {
      const [one] = by(facts.suppliers, 'external_reference_id', 'VENDOR_ALPHA')
      return [one.remit_address_1, one.remit_city]
    },
  },
  {
    asks: 'Which buyers do we have?',
    route: once('list_all_finexio_buyers', {}),
    answer: (answers) => ids(first(answers).result),
    truth: (facts) => ids(facts.buyers),
  },
  {
    asks: 'Which webhooks are set up?',
    route: once('list_all_finexio_webhooks', {}),
    answer: (answers) => first(answers).result.map(({ url }: Row) => url),
    truth: (facts) => facts.webhooks.map(({ url }: Row) => url),
  },
  {
    asks: 'Search: anything about this tracking id?',
    route: once('search', (facts) => ({ query: facts.payments[7].tracking_id })),
    answer: (answers) => first(answers).results.some(({ id }: Row) => id.startsWith('payment:')),
    truth: () => true,
  },
  {
    asks: 'Is this sheet ready to be submitted, and what does it come to?',
    route: once('prepare_finexio_invoices', (facts) => ({
      csv: `Vendor,Invoice #,Amount,Date\n"${northgate(facts).name}",SHEET-1,"$1,250.50",${dayAt(-1)}\n"${northgate(facts).name}",SHEET-2,$0.10,${dayAt(-1)}\n`,
      buyer: withUuid(facts).id,
    })),
    answer: (answers) => [first(answers).body.length, first(answers).total_cents],
    truth: () => [2, 125_060],
  },
]
