/**
 * What each line of a statement is by what Finexio knows. A line is called paid only where its number and its amount are those of
 * one invoice of this supplier, and what was paid is known to the cent; everything else says what is in doubt. Pure.
 */
import { dollars, sumOf } from '../../../core/money.ts'
import { foldNumber, isOneSlip } from '../../../core/text.ts'
import { numberOf } from '../../../rules/duplicates.ts'
import { damageOf } from '../../pasted/identifiers.ts'
import { counted } from '../../reading/report.ts'
import { type SentInvoice, sentWords } from '../../writing/sent-invoices.ts'
import type { OwnRecord } from './own-records.ts'
import type { StatementLine } from './statement-lines.ts'

export const VERDICTS = [
  'paid',
  'under_way',
  'unpaid',
  'refunded',
  'canceled',
  'short',
  'differs',
  'unknown',
  'awaiting_approval',
  'sent',
  'someone_elses',
  'repeated',
  'credit',
  'payment',
  'undecided',
] as const
export type Verdict = (typeof VERDICTS)[number]

export type Judged = {
  line: StatementLine
  verdict: Verdict
  /** In a sentence without its end. */
  why: string
  /** The record that was meant; null where none is. */
  own: OwnRecord | null
  /** By how much less was paid than claimed, for `short`. */
  short: number | null
  /** Numbers of this supplier that may have been meant, for a number that is not there. */
  near: readonly OwnRecord[]
  /** Of what left through this MCP server and is not shown by Finexio. */
  sent?: SentInvoice
}

export type Known = {
  own: readonly OwnRecord[]
  /** Numbers of other suppliers, as Finexio compares them. */
  others: ReadonlySet<string>
  /** Whether every invoice of the account was read. */
  isWhole: boolean
  /** Numbers for which drawdowns were asked, as Finexio compares them: not there by as much as Finexio can be asked. */
  asked: ReadonlySet<string>
}

const key = (number: string) => numberOf({ number })
const MOST_NEAR = 3

const fits = ({ gross, net }: OwnRecord, cents: number | null): boolean =>
  cents !== null && (gross === cents || net === cents)

/** Of submissions of one bill the later counts once the earlier one came to nothing. */
const current = (records: readonly OwnRecord[]): OwnRecord[] => {
  const dead: readonly OwnRecord['state'][] = ['refunded', 'bounced', 'reissued', 'stopped', 'canceled']
  const latest = (one: OwnRecord) =>
    !records.some(
      (other) =>
        other !== one &&
        other.buyer === one.buyer &&
        String(other.invoice.created ?? '') > String(one.invoice.created ?? ''),
    )
  return records.filter((one) => latest(one) || !dead.includes(one.state))
}

/** Letters and figures of a number apart, without zeros in front: `INV-0042` and `inv 42`, but not `INV-04` and `2`. */
const partsOf = (number: string): string =>
  (number.toUpperCase().match(/[A-Z]+|\d+/g) ?? []).map((part) => part.replace(/^0+(?=\d)/, '')).join(' ')

const LEAST_END = 3
const LABEL = /^(?:INV|INVOICE|BILL|NO|NR|NUM|REF|DOC) $/

/** Whether one of two numbers is the other without the letters in front, such as `10578` of `INV-10578`; the supplier's own may only lack a label. */
const isEndOf = (claimed: string, own: string): boolean => {
  const front = (whole: string, end: string) =>
    /\d/.test(end[0] ?? '') && end.replace(/\D/g, '').length >= LEAST_END && whole.endsWith(` ${end}`)
      ? whole.slice(0, -end.length)
      : ''
  return /^[A-Z ]+$/.test(front(own, claimed)) || LABEL.test(front(claimed, own))
}

/** Records of the number, exactly or, where the amount agrees, as people write it differently. */
const meantBy = ({ numbers, cents }: StatementLine, { own }: Known): OwnRecord[] => {
  const keys = new Set(numbers.map(key))
  const exact = own.filter(({ number }) => keys.has(key(number)))
  if (exact.length > 0) return exact
  const spelled = numbers.map(partsOf)
  const fitting = own
    .filter((record) => fits(record, cents))
    .map((record) => [record, partsOf(record.number)] as const)
  const alike = fitting.filter(([, parts]) => spelled.includes(parts))
  const meant =
    alike.length > 0 ? alike : fitting.filter(([, parts]) => spelled.some((one) => isEndOf(one, parts)))
  return meant.map(([record]) => record)
}

type Said = Omit<Judged, 'line'>
const said = (
  verdict: Verdict,
  why: string,
  own: OwnRecord | null = null,
  more: Partial<Said> = {},
): Said => ({
  verdict,
  why,
  own,
  short: null,
  near: [],
  ...more,
})

const nearTo = ({ numbers, cents }: StatementLine, { own }: Known): OwnRecord[] => {
  const like = numbers.map(foldNumber).filter((one) => one.length > 2)
  const digits = like.map((one) => one.replace(/\D/g, '')).filter((one) => one.length >= 4)
  return own
    .filter((record) => {
      const theirs = foldNumber(record.number)
      const isNear = like.some((one) => one === theirs || isOneSlip(one, theirs))
      return isNear || (fits(record, cents) && digits.includes(theirs.replace(/\D/g, '')))
    })
    .toSorted((one, other) => Number(fits(other, cents)) - Number(fits(one, cents)))
    .slice(0, MOST_NEAR)
}

const missing = (line: StatementLine, known: Known): Said => {
  const keys = line.numbers.map(key)
  if (keys.length === 0) return said('undecided', 'the line has no number')
  if (keys.some((one) => known.others.has(one)))
    return said('someone_elses', 'the number is that of an invoice of another supplier')
  const near = nearTo(line, known)
  const damaged = line.numbers.find((number) => damageOf(number) !== null)
  if (damaged !== undefined && line.numbers.length === 1)
    return said('undecided', `its number ${damageOf(damaged)}`, null, { near })
  const isSure = known.isWhole || keys.every((one) => known.asked.has(one))
  return isSure
    ? said('unknown', 'Finexio has no invoice of this number from this supplier', null, { near })
    : said('undecided', 'not among the invoices that were read', null, { near })
}

const ofPaid = (record: OwnRecord, claimed: number): Said => {
  const { paid, gross, discount } = record
  if (paid === null) return said('undecided', 'it was paid, but how much of it Finexio does not say', record)
  const also = record.why === '' ? '' : `; ${record.why}`
  if (paid === claimed) return said('paid', `paid in full${also}`, record)
  const short = claimed - paid
  if (gross === claimed && short > 0)
    return short === discount
      ? said('short', `paid ${dollars(paid)}: a discount of ${dollars(discount)} was taken`, record, {
          short,
        })
      : said(
          'short',
          `paid ${dollars(paid)}, ${dollars(short)} less, which no discount explains; Finexio names one payment of an invoice, and another may have paid the rest`,
          record,
          {
            short,
          },
        )
  return said('undecided', `paid ${dollars(paid)} of an invoice of ${dollars(gross)}`, record)
}

/** Whether a claim is what an early payment took off an invoice. */
const isDiscount = ({ paid, gross, discount }: OwnRecord, cents: number): boolean =>
  cents === discount && cents > 0 && paid !== null && gross !== null && paid + cents === gross

const ofRecord = (record: OwnRecord, line: StatementLine): Said => {
  if (record.state === 'unclear' || record.state === 'reissued') return said('undecided', record.why, record)
  if (line.cents === null || record.gross === null)
    return said('undecided', line.problem ?? 'its amount cannot be read', record)
  if (!fits(record, line.cents)) {
    if (record.state === 'paid' && isDiscount(record, line.cents))
      return said(
        'short',
        `paid ${dollars(record.paid)} of ${dollars(record.gross)}: what is claimed is the discount of ${dollars(record.discount)} that was taken`,
        record,
        { short: line.cents },
      )
    const where =
      record.state === 'paid'
        ? [`paid ${dollars(record.paid)}`, record.why].filter(Boolean).join('; ')
        : record.why
    return said('differs', `the invoice that was received is of ${dollars(record.gross)}; ${where}`, record)
  }
  if (record.state === 'paid') return ofPaid(record, line.cents)
  const { state } = record
  const isSaid = state === 'refunded' || state === 'canceled' || state === 'under_way'
  return said(isSaid ? state : 'unpaid', record.why, record)
}

/** Which record a line means; a sentence where several may be meant. */
const oneOf = (line: StatementLine, known: Known): OwnRecord | string | null => {
  const all = current(meantBy(line, known))
  if (all.length <= 1) return all[0] ?? null
  const fitting = all.filter((record) => fits(record, line.cents))
  if (fitting.length === 1) return fitting[0]!
  return `${counted(all.length, 'invoice')} may be meant: ${all
    .slice(0, MOST_NEAR)
    .map(({ invoice }) => String(invoice.id))
    .join(', ')}`
}

const judgeOne = (line: StatementLine, known: Known): Said => {
  if (line.kind === 'credit')
    return said('credit', 'Finexio holds no credits: compare it with your own books')
  if (line.kind === 'payment') return said('payment', 'a payment that the supplier has booked')
  if (line.kind === 'charge') return said('unknown', 'a charge without a number: Finexio holds only invoices')
  const meant = oneOf(line, known)
  if (meant === null) return missing(line, known)
  return typeof meant === 'string' ? said('undecided', meant) : ofRecord(meant, line)
}

const PARTS = (lines: readonly number[], own: OwnRecord) =>
  `lines ${lines.join(', ')} together are the invoice of ${dollars(own.gross)}`

/** Lines of one invoice: its parts where they add up to it, one line repeated where the amounts are the same. */
const several = (lines: readonly StatementLine[], known: Known): Said[] => {
  const each = lines.map((line) => judgeOne(line, known))
  const [first] = each
  const own = first!.own
  if (own === null || each.some((one) => one.own !== own)) return each
  const sum = sumOf(lines)
  if (fits(own, sum)) {
    const whole = ofRecord(own, { ...lines[0]!, cents: sum })
    const why = `${whole.why}; ${PARTS(
      lines.map(({ line }) => line),
      own,
    )}`
    return lines.map((_, at) => ({ ...whole, why, short: at === lines.length - 1 ? whole.short : null }))
  }
  return each.map((one, at) => {
    const before = lines.findIndex(({ cents }) => cents === lines[at]!.cents)
    return before < at
      ? said('repeated', `the same number and amount as line ${lines[before]!.line}`, own)
      : one
  })
}

/** What this MCP server itself knows of numbers that Finexio lacks; each null or false where it knows nothing. */
export type Here = {
  waits(numbers: readonly string[]): boolean
  sent(numbers: readonly string[]): SentInvoice | null
  /** Whether it was not looked up if they were sent. */
  uncompared(numbers: readonly string[]): boolean
}

const judgedHere = ({ line: { numbers } }: Judged, { waits, sent, uncompared }: Here): Partial<Judged> => {
  if (waits(numbers))
    return { verdict: 'awaiting_approval', why: 'waits here for an approval: Finexio does not know it yet' }
  const left = sent(numbers)
  if (left) return { verdict: 'sent', why: sentWords(left), sent: left }
  return uncompared(numbers)
    ? { verdict: 'undecided', why: 'Finexio does not show it; whether it was sent lately was not looked up' }
    : {}
}

/** Of a number that Finexio lacks: whether it waits here, or was sent and is not shown yet. */
export const judgeHere = (judged: readonly Judged[], here: Here): Judged[] =>
  judged.map((one) => {
    const known = one.verdict === 'unknown' ? judgedHere(one, here) : {}
    return known.verdict === undefined ? one : { ...one, ...known, near: [] }
  })

/** @returns one verdict for each line, in order */
export const judgeLines = (lines: readonly StatementLine[], known: Known): Judged[] => {
  const groups = Map.groupBy(lines, (line) =>
    line.kind === 'invoice' && line.numbers.length > 0
      ? line.numbers.map(foldNumber).join(' ')
      : `line ${line.line}`,
  )
  const verdicts = new Map(
    [...groups.values()].flatMap((group) => {
      const all = group.length === 1 ? [judgeOne(group[0]!, known)] : several(group, known)
      return group.map((line, at) => [line, all[at]!] as const)
    }),
  )
  return lines.map((line) => ({ line, ...verdicts.get(line)! }))
}
