/** First exam: pasted statements, bank lines and sheets. */
import type { Facts, Row } from '../facts.ts'
import type { Question } from '../questions.ts'
import * as kit from './kit.ts'

const { data, once } = kit

/** The vendor of a refunded payment sends a statement with every usual mistake. */
const statement = (facts: Facts) => {
  const refunded = kit.pick(facts, (p) => p.refund_timestamp !== null && p.status === 'settled')
  const vendor = refunded.receiving_counterparty_id
  const own = kit.paidBills(facts, vendor, kit.settledPlain)
  const foreign = kit.billsOf(
    facts,
    kit.pick(facts, (p) => kit.settledPlain(p) && p.receiving_counterparty_id !== vendor, 9),
  )[0]!
  const back = kit.billsOf(facts, refunded)[0]!
  const bare = (invoice: Row) => invoice.invoice_number.replace('INV-', '')
  const lines: [text: string, amount: number, invoice: Row | null, verdict: string][] = [
    [own[0]!.invoice_number, own[0]!.amount_cents, own[0]!, 'paid'],
    [bare(own[1]!), own[1]!.amount_cents, own[1]!, 'paid'],
    [own[2]!.invoice_number, own[2]!.amount_cents + 900, own[2]!, 'differs'],
    [`inv ${bare(own[3]!)}`, own[3]!.amount_cents, own[3]!, 'paid'],
    [foreign.invoice_number, foreign.amount_cents, foreign, 'someone_elses'],
    [back.invoice_number, back.amount_cents, back, 'refunded'],
    ['KB-99812', 118_450, null, 'unknown'],
  ]
  return { vendor: kit.nameOf(facts, vendor), lines }
}

/** Debits of the company's bank account beside the drawdowns that they are. */
const bankLines = (facts: Facts) => {
  const months = kit.closedMonths(facts, 2)
  const received = facts.drawdowns
    .filter(
      (d) =>
        d.status === 'received' &&
        months.includes(d.created.slice(0, 7)) &&
        !d.processor_request_id.startsWith('req_'),
    )
    .sort((a, b) => b.created.localeCompare(a.created))
  const traced = received.filter(({ trace_id }) => trace_id)
  const plain = received.filter(({ trace_id }) => !trace_id)
  const swapped = (cents: number): number => {
    const text = String(cents)
    const at = [...text].findIndex(
      (digit, place) => place > 0 && digit !== text[place + 1] && place < text.length - 1,
    )
    return Number(text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2))
  }
  const line = (d: Row, name: string, after: number, cents = Number(d.amount_cents)) =>
    `${kit.american(kit.shifted(kit.dayOf(d.funding_complete_date), after))}  ${name}  acct …${d.bank_account_last_four}  -${kit.usd(cents).slice(1)}`
  return [
    {
      text: line(traced[0]!, `ACH DEBIT FINEXIO TRN ${traced[0]!.trace_id}`, 1),
      is: traced[0]!,
      verdict: 'drawdown',
    },
    {
      text: line(plain[0]!, 'ACH DEBIT FINEXIO INC', 1),
      is: plain[0]!,
      verdict: 'drawdown',
    },
    {
      text: line(
        traced[1]!,
        `FINEXIO PMT ${traced[1]!.trace_id}`,
        0,
        swapped(Number(traced[1]!.amount_cents)),
      ),
      is: traced[1]!,
      verdict: 'amount_differs',
    },
    {
      text: `${kit.american(kit.dayOf(plain[1]!.created))}  ADP PAYROLL 7781  acct …0042  -48,210.77`,
      is: null,
      verdict: 'none',
    },
    { text: line(plain[1]!, 'FINEXIO FUNDING', 2), is: plain[1]!, verdict: 'drawdown' },
  ]
}

const sheet = (facts: Facts) => {
  const day = kit.american(kit.shifted(kit.newestDay(facts), -5))
  const old = kit.american(kit.shifted(kit.newestDay(facts), -1100))
  const known = kit.billsOf(
    facts,
    kit.pick(facts, (p) => kit.settledPlain(p) && p.originating_counterparty_id === 'buy_456', 4),
  )[0]!
  const off = facts.suppliers
    .filter(({ enabled }) => !enabled)
    .map(({ name }) => name)
    .sort()[0]!
  const own = (name: string): string => kit.supplierNamed(facts, name).name
  const rows: [vendor: string, number: string, date: string, amount: string][] = [
    [own('Harbor Pine Linen'), 'HPL-7781', day, '$1,250.00'],
    [
      own('Alder & Finch Stationers').replace('&', 'and'),
      'AF-2093',
      kit.shifted(kit.newestDay(facts), -6),
      '318.4',
    ],
    [kit.nameOf(facts, known.receiving_counterparty_id), known.invoice_number, day, '77.10'],
    [own('Oakum Rope & Rigging'), 'OR#5512', day, '940.00'],
    [own('Saltmarsh Ice Company').replace('Company', 'Co'), 'SI-100', old, '612.35'],
    [own('Harbor Pine Linen'), 'HPL-7781', day, '$1,250.00'],
    ['Zephyr Tarpaulin Ltd', 'ZT-4', day, '88.00'],
    [own('Cedar Notch Timber'), 'CNT-88', day, '0.00'],
    [off, 'LC-31', day, '205.00'],
    [own('Coppergate Electric'), 'CM-7', day, '(125.00)'],
  ]
  return rows
}

export const PASTED: readonly Question[] = [
  {
    asks: 'Exam 1.3: a statement that says all of it is unpaid, line by line',
    route: once('reconcile_finexio_supplier_statement', (facts) => ({
      supplier: statement(facts).vendor,
      statement: `Invoice\tAmount due\n${statement(facts)
        .lines.map(([text, cents]) => `${text}\t${kit.usd(cents)}`)
        .join('\n')}`,
    })),
    answer: (answers) =>
      data(answers).lines.map(({ number, verdict, since, payment_id, why }: Row) => [
        number,
        verdict,
        ['paid', 'differs'].includes(verdict) ? [since.slice(0, 10), payment_id] : null,
        /Duplicate payment/.test(why),
      ]),
    truth: (facts) =>
      statement(facts).lines.map(([text, , invoice, verdict]) => {
        const told = invoice && kit.told(facts, invoice)
        const isPaid = told !== null && (verdict === 'paid' || verdict === 'differs')
        const reason = told && facts.payments.find(({ id }) => id === told.payment_id).refund_reason
        return [
          text,
          verdict,
          isPaid ? [told.ended, told.payment_id] : null,
          verdict === 'refunded' && reason === 'Duplicate payment',
        ]
      }),
  },
  {
    // Recorded with a needless second call.
    asks: 'Exam 1.9: which drawdown is each of these debits, and which does not agree?',
    route: once('match_finexio_bank_lines', (facts) => ({
      lines: bankLines(facts)
        .map(({ text }) => text)
        .join('\n'),
    })),
    answer: (answers) =>
      data(answers).lines.map(({ verdict, ids, candidates }: Row) => [
        verdict,
        ids[0] ?? (verdict === 'amount_differs' ? candidates[0].split(':')[0] : null),
      ]),
    truth: (facts) => bankLines(facts).map(({ is, verdict }) => [verdict, is?.processor_request_id ?? null]),
  },
  {
    // Recorded as three calls: rows put right were tried again, and a disabled supplier was ready.
    asks: 'Exam 1.15: is this sheet ready, and what is wrong with which row?',
    route: once('prepare_finexio_invoices', (facts) => ({
      buyer: kit.buyerNamed(facts, 'Kestrel Manufacturing Group').name,
      csv: `Vendor\tInv #\tInv date\tAmount\n${sheet(facts)
        .map((row) => row.slice(0, 4).join('\t'))
        .join('\n')}`,
    })),
    answer: (answers) => {
      const { problems } = data(answers)
      return SAID.map((words, at) => {
        const own = problems.filter(({ row }: Row) => row === at + 1)
        const said = own.map(({ problem }: Row) => problem).join(' ')
        return [
          at + 1,
          own.length === 0 ? 'ok' : words.every((part) => said.includes(part)),
          /required|Too small/.test(said),
        ]
      })
    },
    truth: () => SAID.map((words, at) => [at + 1, words.length === 0 ? 'ok' : true, false]),
  },
]

/** What has to be said of each row of the sheet; nothing: it is ready. */
const SAID: readonly (readonly string[])[] = [
  [],
  ['Alder & Finch Stationers'],
  ['already submitted'],
  ['must be 1 to 49 letters'],
  ['Saltmarsh Ice Company', 'within 365 days'],
  ['the same as row 1'],
  ['no supplier has this id'],
  ['at least one cent'],
  ['Finexio has this supplier disabled'],
  ['negative'],
]
