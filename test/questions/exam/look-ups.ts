/** First exam: look-ups. */
import { INSTRUCTIONS } from '../../../src/mcp/content/instructions.ts'
import type { Facts, Row } from '../facts.ts'
import type { Question } from '../questions.ts'
import * as kit from './kit.ts'

const { data, once } = kit

const checkOfSeveral = (facts: Facts): Row =>
  kit.pick(facts, (p) => kit.settledPlain(p) && p.payment_method === 'check' && p.invoices.length >= 2, 3)

/** A supplier whose only money under way is a payment that stays pending. */
const waitingSupplier = (facts: Facts): string => {
  const young = kit.shifted(kit.newestDay(facts), -10)
  const pending = facts.payments.filter(({ status }) => status === 'pending')
  const lonely = pending.filter((p) =>
    facts.payments.every(
      (q) =>
        q.receiving_counterparty_id !== p.receiving_counterparty_id ||
        q.status === 'pending' ||
        kit.dayOf(q.created) < young,
    ),
  )
  return lonely.map(({ receiving_counterparty_id }) => receiving_counterparty_id).sort()[0]!
}

/** What a trace says of one invoice, as `kit.told` has it. */
const traced = (row: Row, payment: Row) => [
  row.supplier_name,
  kit.dollars(row),
  row.verdict,
  payment.payment_method,
  payment.instrument_number,
  row.since.slice(0, 10),
]
const expected = (told: ReturnType<typeof kit.told>) => [
  told.supplier,
  told.amount,
  'paid',
  told.method,
  told.instrument_number,
  told.ended,
]

const wire = (facts: Facts): Row =>
  kit.pick(facts, (p) => p.payment_method === 'wire' && kit.settledPlain(p), 1)

const changes = (facts: Facts, supplier: string, fits: (changes: Row) => boolean): Row[] => {
  const { id } = kit.supplierNamed(facts, supplier)
  return facts.history.filter(
    ({ object_id, changes, action }) => object_id === id && /^update/i.test(action) && fits(changes),
  )
}
const ofField = (answers: Parameters<Question['answer']>[0], field: RegExp) =>
  data(answers).result.filter((row: Row) => field.test(row.field))

export const LOOK_UPS: readonly Question[] = [
  {
    // Recorded with a second call for the check number and the share, which the trace has now.
    asks: "Exam 1.1: has it been paid, how much of the check was for it, and what's the check number?",
    route: once('trace_finexio_invoice', (facts) => ({
      invoice_number: checkOfSeveral(facts).invoices[0].invoice_number,
    })),
    answer: (answers) => {
      const { verdict, since, invoice, payment } = data(answers)
      return [...traced({ ...invoice, verdict, since }, payment), kit.usd(payment.share_cents), payment.id]
    },
    truth: (facts) => {
      const payment = checkOfSeveral(facts)
      const told = kit.told(facts, kit.billsOf(facts, payment)[0]!)
      return [...expected(told), kit.usd(payment.invoices[0].payment_amount_cents), payment.id]
    },
  },
  {
    // Recorded with a second call to tell what is under way from what failed.
    asks: "Exam 1.2: what's handed to Finexio and hasn't landed with this vendor, which invoices, how much?",
    route: once('analyze_finexio_payables', (facts) => ({
      over: 'invoices',
      where: [
        { column: 'supplier', is: [kit.nameOf(facts, waitingSupplier(facts))] },
        { column: 'unpaid', is: ['true'] },
      ],
      unpaid_means: 'not_settled',
      list: 50,
    })),
    answer: (answers) => [
      data(answers)
        .listed.filter(({ status }: Row) => ['pending', 'in-progress'].includes(status))
        .map(({ invoice_number }: Row) => invoice_number)
        .sort(),
      kit.dollars(data(answers).not_sent),
    ],
    truth: (facts) => {
      const open = facts.payments.filter(
        (p) =>
          p.receiving_counterparty_id === waitingSupplier(facts) &&
          ['pending', 'in-progress'].includes(p.status),
      )
      return [
        open.flatMap(({ invoices }) => invoices.map((i: Row) => i.invoice_number)).sort(),
        kit.usd(kit.total(open)),
      ]
    },
  },
  {
    // Recorded with a third call, for the reason why there is no scan.
    asks: 'Exam 1.4: the check images of pay_555778 and of pay_555777',
    route: (answers) => {
      const payment_id = ['pay_555778', 'pay_555777'][answers.length]
      return payment_id ? { tool: 'get_single_finexio_payment_image_by_id', args: { payment_id } } : null
    },
    answer: (answers) => [
      data(answers).check_image_url,
      data(answers, 1).check_image_url,
      /was not printed yet/.test(data(answers, 1).note),
    ],
    truth: async (facts) => {
      const { events } = facts.payments.find(({ id }) => id === 'pay_555777')
      const isPrinted = events.some(({ event_name }: Row) => event_name === 'printed')
      return [await facts.imageOf('pay_555778'), await facts.imageOf('pay_555777'), !isPrinted]
    },
  },
  {
    // Recorded with a second call for the day; the list of matches has it now.
    asks: 'Exam 1.6: when was SHARED-77 over $456.00 paid, is it theirs, is the amount right?',
    route: once('trace_finexio_invoice', { invoice_number: 'SHARED-77' }),
    answer: (answers) =>
      data(answers)
        .matches.map((row: Row) => traced(row, row))
        .sort(),
    truth: (facts) =>
      facts.invoices
        .filter(({ invoice_number }) => invoice_number === 'SHARED-77')
        .map((invoice) => expected(kit.told(facts, invoice)))
        .sort(),
  },
  {
    // Recorded with a call before it, for the id.
    asks: 'Exam 1.10: who last changed the remit-to email, when, and what was it before?',
    route: once('audit_finexio_counterparty_changes', { name: 'Pinwheel', field: 'email' }),
    answer: (answers) => {
      const [row] = ofField(answers, /email/)
      return [row.actor, row.timestamp, row.before, row.after]
    },
    truth: (facts) => {
      const [entry] = changes(facts, 'Pinwheel Toy Wholesale', ({ remit_email }) => remit_email).sort(
        (a, b) => b.timestamp.localeCompare(a.timestamp),
      )
      return [entry.actor, entry.timestamp, ...entry.changes.remit_email]
    },
  },
  {
    // Recorded with a call before it, for the id.
    asks: 'Exam 1.11: when from checks to ACH, who entered it, and did anybody touch the address before?',
    route: once('audit_finexio_counterparty_changes', { name: 'Alpha Fabrication' }),
    answer: (answers) =>
      ofField(answers, /^(payment_method|address_1)$/)
        .map(({ actor, timestamp, field, before, after }: Row) => [actor, timestamp, field, before, after])
        .sort(),
    truth: (facts) =>
      changes(
        facts,
        'Alpha Fabrication Works',
        ({ payment_method, address_1 }) => payment_method || address_1,
      )
        .flatMap(({ actor, timestamp, changes }) =>
          ['payment_method', 'address_1'].flatMap((field) =>
            changes[field] ? [[actor, timestamp, field, ...changes[field]]] : [],
          ),
        )
        .sort(),
  },
  {
    // Recorded with a second call, for the columns that are shown by default now.
    asks: 'Exam 1.13: does Finexio call our systems when a payment changes, where to, with what?',
    route: once('list_all_finexio_webhooks', {}),
    answer: (answers) =>
      data(answers)
        .result.map(({ url, event, ...flags }: Row) => [
          url,
          event,
          ...Object.keys(flags)
            .filter((key) => flags[key] === true)
            .sort(),
        ])
        .sort(),
    truth: ({ webhooks }) =>
      webhooks
        .map(({ url, event, ...flags }) => [
          url,
          event,
          ...Object.keys(flags)
            .filter((key) => flags[key] === true)
            .sort(),
        ])
        .sort(),
  },
  {
    // Recorded after a call that the readiness of the supplier did not answer.
    asks: 'Exam 1.16: phone and email of our contact, how do we pay them, on which terms?',
    route: once('list_all_finexio_counterparties', {
      name: 'cafe lumiere',
      fields: [
        ...['id', 'name', 'primary_contact_name', 'primary_contact_email', 'primary_contact_phone'],
        ...['payment_method', 'payment_terms', 'remit_email'],
      ],
    }),
    answer: (answers) => {
      const [row] = data(answers).result
      return [
        row.primary_contact_name,
        row.primary_contact_email,
        row.primary_contact_phone,
        row.payment_method.replace('Printed', ''),
        Number(row.payment_terms),
      ]
    },
    truth: (facts) => {
      const supplier = kit.supplierNamed(facts, 'Café Lumière Catering')
      const { name, email, phone } = supplier.contacts.find(({ primary }: Row) => primary)
      return [name, email, phone, supplier.payment_method, supplier.payment_terms]
    },
  },
  {
    // The instructions say that Finexio holds no approvers; the examinee looked the wire up all the same.
    asks: 'Exam 1.17: who in our company approved this wire?',
    route: once('search', (facts) => ({ query: wire(facts).tracking_id })),
    answer: (answers) => [
      data(answers).results.length > 0,
      /approve[rd]/i.test(JSON.stringify(data(answers))),
      /holds no approvers/.test(INSTRUCTIONS),
    ],
    truth: (facts) => [
      wire(facts).tracking_id !== undefined,
      facts.payments.some((payment) => Object.keys(payment).some((name) => /approve/i.test(name))),
      true,
    ],
  },
  {
    asks: 'Exam 1.19: which vendors and invoices were in req_987654, and does it add up?',
    route: once('reconcile_finexio_drawdown', { id: 'req_987654', images: false }),
    answer: (answers) => [
      data(answers)
        .payments.map((row: Row) => `${row.supplier_name} ${kit.dollars(row)} ${row.status}`)
        .sort(),
      data(answers).payments.reduce((sum: number, { invoices }: Row) => sum + invoices.length, 0),
      data(answers).reconciled,
    ],
    truth: async (facts) => {
      const drawdown = facts.drawdowns.find((d) => d.processor_request_id === 'req_987654')
      const payments = await facts.paymentsOf('req_987654')
      return [
        payments.map((p) => `${p.supplier_name} ${kit.usd(Number(p.amount_cents))} ${p.status}`).sort(),
        kit.sum(payments.map(({ invoices }) => invoices.length)),
        kit.sum(payments.map((p) => Number(p.amount_cents))) === Number(drawdown.amount_cents),
      ]
    },
  },
]
