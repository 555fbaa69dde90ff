/**
 * Which drawdown, return or refund each line of a bank statement is. Only what identifies one is a match: a trace or id with the
 * exact amount; or the payee's name with an amount and a day that fit nothing else. Whatever only may be meant is a candidate. Pure.
 */
import { dollars, sumOf } from '../../../core/money.ts'
import {
  comesBack,
  type Drawdown,
  endingOn,
  type Index,
  indexOf,
  isOtherAccount,
  isOtherSeason,
  isStopped,
  type Known,
  keyOf,
  LEAST_END,
  LEAST_KEY,
  type Matched,
  MOST_CANDIDATES,
  namedBy,
  type Said,
  said,
  saysReturned,
  stoppedWords,
} from './bank-facts.ts'
import type { BankLine } from './bank-lines.ts'
import { byAmount } from './by-amount.ts'

const differs = (line: BankLine, one: Drawdown) =>
  line.cents === null || one.cents === null
    ? 'named by the line; an amount cannot be read'
    : `named by the line, but of ${dollars(one.cents)}: ${dollars(Math.abs(line.cents - one.cents))} apart`

const apart = (line: BankLine, one: Drawdown): Said =>
  said('amount_differs', 'the amount differs', [], [{ id: one.id, why: differs(line, one) }])

const farOff = (id: string): Said =>
  said('candidates', 'named, but months apart', [], [{ id, why: 'its day is months from that of the line' }])

/** What was debited for one drawdown that these lines name: at once, in parts, or more than once. */
const debits = (lines: readonly BankLine[], one: Drawdown): Said[] => {
  const sum = sumOf(lines)
  if (lines.length > 1 && sum === one.cents)
    return lines.map(() =>
      said('part', `${lines.length} lines together are its ${dollars(one.cents)}`, [one.id]),
    )
  let first: BankLine | null = null
  return lines.map((line) => {
    if (isOtherAccount(line, one))
      return said(
        'candidates',
        'named, but of another account',
        [],
        [{ id: one.id, why: `of the account ending ${one.account}` }],
      )
    if (line.cents !== one.cents || line.cents === null) return apart(line, one)
    if (isOtherSeason(line, one.at)) return farOff(one.id)
    if (first !== null)
      return said('repeated', `the same as line ${first.line}: listed, or debited, twice`, [one.id])
    first = line
    return said('drawdown', `trace or id and amount agree${stoppedWords(one)}`, [one.id])
  })
}

/** A plus by itself makes no return of what Finexio has received. */
const isReturn = (line: BankLine, { status }: Drawdown) =>
  !line.isBySign || saysReturned(line) || isStopped(status)

const returned = (line: BankLine, one: Drawdown): Said => {
  if (line.cents !== one.cents || line.cents === null) return apart(line, one)
  if (isOtherSeason(line, one.at)) return farOff(one.id)
  return isReturn(line, one)
    ? said('return', `trace or id and amount agree; Finexio says ${one.status || 'nothing'} of it`, [one.id])
    : said(
        'candidates',
        'named with a plus sign: a debit, or its return',
        [],
        [{ id: one.id, why: `of ${dollars(one.cents)}` }],
      )
}

/** One line for several drawdowns, all of which it names. */
const together = (line: BankLine, all: readonly Drawdown[]): Said => {
  const sum = all.reduce(
    (so: number | null, { cents }) => (so === null || cents === null ? null : so + cents),
    0,
  )
  return sum === line.cents && sum !== null
    ? said(
        'drawdown',
        `${all.length} drawdowns in one line, which names all of them`,
        all.map(({ id }) => id),
      )
    : said(
        'candidates',
        `the line names ${all.length} drawdowns`,
        [],
        all.slice(0, MOST_CANDIDATES).map((one) => ({ id: one.id, why: differs(line, one) })),
      )
}

const refundOf = (line: BankLine, { refunds }: Known, { tokens }: Index): Said | null => {
  const named = refunds.filter(({ keys }) =>
    keys.some((key) => key.length >= LEAST_KEY && tokens.get(line)!.includes(keyOf(key))),
  )
  if (named.length === 0) return null
  const [one] = named
  if (named.length === 1 && isOtherSeason(line, one!.at)) return farOff(one!.id)
  if (named.length === 1 && one!.cents === line.cents)
    return said('refund', 'the payment it names was refunded', [one!.id])
  return said(
    'candidates',
    'the amount differs',
    [],
    named.slice(0, MOST_CANDIDATES).map(({ id, cents }) => ({ id, why: `refunded: ${dollars(cents)}` })),
  )
}

/** What a line says by itself; the drawdown that it debits, which other lines may debit as well; null: it names nothing. */
const alone = (line: BankLine, known: Known, index: Index): Said | Drawdown | null => {
  if (line.problem !== null) return said('undecided', line.problem)
  const refund = comesBack(line) ? refundOf(line, known, index) : null
  if (refund !== null) return refund
  const [first, ...more] = namedBy(line, known, index)
  if (!first) return null
  if (more.length > 0) return together(line, [first, ...more])
  return comesBack(line) ? returned(line, first) : first
}

/** Lines with the end of one trace that name nothing else and together are its amount. */
const inParts = (
  lines: readonly BankLine[],
  debited: ReadonlyMap<Drawdown, readonly BankLine[]>,
  known: Known,
): [Drawdown, BankLine[]][] => {
  const named = new Set([...debited.values()].flat())
  const ends = lines.flatMap((line) => {
    const [one, ...more] = named.has(line) || comesBack(line) ? [] : endingOn(line, known, LEAST_END)
    return one && more.length === 0 && !debited.has(one) ? [{ line, one }] : []
  })
  return [...Map.groupBy(ends, ({ one }) => one)]
    .map(([one, all]): [Drawdown, BankLine[]] => [one, all.map(({ line }) => line)])
    .filter(([one, all]) => all.reduce((sum, { cents }) => sum + (cents ?? Number.NaN), 0) === one.cents)
}

/** Lines that name a drawdown or a refunded payment. */
const byKey = (lines: readonly BankLine[], known: Known, index: Index): Map<BankLine, Said> => {
  const out = new Map<BankLine, Said>()
  const debited = new Map<Drawdown, BankLine[]>()
  for (const line of lines) {
    const found = alone(line, known, index)
    if (found === null) continue
    if ('verdict' in found) out.set(line, found)
    else debited.set(found, [...(debited.get(found) ?? []), line])
  }
  for (const [one, all] of inParts(
    lines.filter((line) => !out.has(line)),
    debited,
    known,
  ))
    debited.set(one, all)
  for (const [one, all] of debited) {
    const verdicts = debits(all, one)
    for (const [at, line] of all.entries()) out.set(line, verdicts[at]!)
  }
  return out
}

/** Money comes back once: a second line that names the same return or refund repeats it. */
const onceBack = (lines: readonly BankLine[], keyed: Map<BankLine, Said>): void => {
  const first = new Map<string, BankLine>()
  for (const line of lines) {
    const { verdict, ids } = keyed.get(line) ?? {}
    if (verdict !== 'return' && verdict !== 'refund') continue
    const before = first.get(ids!.join())
    if (before === undefined) first.set(ids!.join(), line)
    else keyed.set(line, said('repeated', `the same as line ${before.line}: listed, or credited, twice`, ids))
  }
}

/** @returns one verdict for each line, in order */
export const matchLines = (lines: readonly BankLine[], known: Known): Matched[] => {
  const index = indexOf(lines, known)
  const keyed = byKey(lines, known, index)
  onceBack(lines, keyed)
  // What a line that names it may be is taken as well: it is not there for debits that name nothing.
  const idsOf = (isMeant: (line: BankLine) => boolean) =>
    new Set(
      [...keyed]
        .filter(([line]) => isMeant(line))
        .flatMap(([, { ids, candidates }]) => [...ids, ...candidates.map(({ id }) => id)]),
    )
  const rest = byAmount(
    lines.filter((line) => !keyed.has(line)),
    known,
    { debited: idsOf((line) => !comesBack(line)), back: idsOf(comesBack) },
  )
  return lines.map((line) => ({ line, ...(keyed.get(line) ?? rest.get(line)!) }))
}
