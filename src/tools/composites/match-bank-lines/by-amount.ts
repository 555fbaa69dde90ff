/** Lines that name no trace, id or payment: by amount and day, and only where both fit exactly one thing and one line. Pure. */
import { dollars } from '../../../core/money.ts'
import {
  comesBack,
  DAYS,
  type Drawdown,
  endingOn,
  isNamed,
  isNear,
  isOtherAccount,
  isStopped,
  type Known,
  keyOf,
  LEAST_DOUBT,
  LEAST_KEY,
  MOST_CANDIDATES,
  type Said,
  said,
  stoppedWords,
} from './bank-facts.ts'
import type { BankLine } from './bank-lines.ts'

/** The line shows another number where the drawdown's trace would stand. */
const contradicts = ({ text }: BankLine, { trace }: Drawdown): boolean => {
  const key = keyOf(trace)
  const [least, most] = [key.length - 1, (trace ?? '').length + 1]
  return (
    key.length >= LEAST_KEY &&
    (text.match(/\d+/g) ?? []).some(({ length }) => length >= least && length <= most)
  )
}

type Possible = { id: string; verdict: 'drawdown' | 'return' | 'refund'; why: string; isSure: boolean }

const asDebit = (line: BankLine, one: Drawdown): Possible[] => {
  if (!isNear(line, one.at, DAYS.before, DAYS.after)) return []
  const other = contradicts(line, one)
  const why = other ? 'amount and day fit, another trace stands on the line' : 'amount and day fit'
  return [{ id: one.id, verdict: 'drawdown', why, isSure: !other && line.direction === 'out' }]
}

const asReturn = (line: BankLine, one: Drawdown): Possible[] =>
  isStopped(one.status) && isNear(line, one.at, 0, DAYS.refund)
    ? [
        {
          id: one.id,
          verdict: 'return',
          why: `amount fits; the drawdown is ${one.status}`,
          isSure: !contradicts(line, one) && comesBack(line),
        },
      ]
    : []

/** What other lines name: the drawdowns they debit, and what they bring back. */
export type Taken = { debited: ReadonlySet<string>; back: ReadonlySet<string> }

const possible = (line: BankLine, known: Known, { debited, back }: Taken): Possible[] => {
  const same = known.drawdowns.filter((one) => one.cents === line.cents && !isOtherAccount(line, one))
  const debits =
    line.direction === 'in'
      ? []
      : same.filter(({ id }) => !debited.has(id)).flatMap((one) => asDebit(line, one))
  if (line.direction === 'out') return debits
  const refunds = known.refunds
    .filter(({ id, cents, at }) => cents === line.cents && !back.has(id) && isNear(line, at, 1, DAYS.refund))
    .map(
      ({ id }): Possible => ({
        id,
        verdict: 'refund',
        why: 'amount and day of a refund fit',
        isSure: comesBack(line),
      }),
    )
  const returns = same.filter(({ id }) => !back.has(id)).flatMap((one) => asReturn(line, one))
  return [...debits, ...returns, ...refunds]
}

const figures = (cents: number) => [...String(cents)].toSorted().join('')

/** For a line that names Finexio and fits nothing: amounts that nearly are it. */
const nearAmounts = (line: BankLine, { drawdowns }: Known, { debited }: Taken): Said['candidates'] =>
  drawdowns
    .filter((one) => !isOtherAccount(line, one))
    .filter(
      ({ id, cents, at }) =>
        cents !== null &&
        !debited.has(id) &&
        isNear(line, at, DAYS.before, DAYS.after) &&
        (figures(cents) === figures(line.cents!) ||
          Math.abs(cents - line.cents!) <= Math.max(5_000, cents / 100)),
    )
    .slice(0, MOST_CANDIDATES)
    .map(({ id, cents }) => ({
      id,
      why: `of ${dollars(cents)}: ${dollars(Math.abs(cents! - line.cents!))} apart`,
    }))

const unfitting = (line: BankLine, known: Known, taken: Taken): Said => {
  const ends = endingOn(line, known, LEAST_DOUBT).slice(0, MOST_CANDIDATES)
  if (ends.length > 0)
    return said(
      'candidates',
      'a number on the line is the end of a trace; the amount differs',
      [],
      ends.map(({ id, cents }) => ({ id, why: `of ${dollars(cents)}` })),
    )
  const near =
    isNamed(line) && line.cents !== null && line.date !== null ? nearAmounts(line, known, taken) : []
  if (near.length > 0) return said('candidates', 'names Finexio; only amounts near it are there', [], near)
  if (!known.isWhole) return said('undecided', 'fits nothing that was read, and not all was read')
  if (line.date === null) return said('undecided', 'has no date that can be read')
  return isNamed(line)
    ? said('undecided', 'names Finexio, and no drawdown, return or refund that is left fits it')
    : said('none', 'fits nothing of Finexio')
}

const keyOfClaim = ({ id, verdict }: Possible) => `${verdict} ${id}`

/** Lines that name nothing: by amount and day, and only where both fit exactly one thing and one line. */
export const byAmount = (lines: readonly BankLine[], known: Known, taken: Taken): Map<BankLine, Said> => {
  const all = new Map(lines.map((line) => [line, possible(line, known, taken)]))
  const claims = Map.groupBy([...all.values()].flat(), keyOfClaim)
  return new Map(
    lines.map((line): [BankLine, Said] => {
      const fits = all.get(line)!
      const [only] = fits
      if (!only) return [line, unfitting(line, known, taken)]
      if (
        fits.length === 1 &&
        only.isSure &&
        isNamed(line) &&
        known.isWhole &&
        claims.get(keyOfClaim(only))!.length === 1
      ) {
        const debited = only.verdict === 'drawdown' && known.drawdowns.find(({ id }) => id === only.id)
        const why = `names Finexio; amount and day fit nothing else${debited ? stoppedWords(debited) : ''}`
        return [line, said(only.verdict, why, [only.id])]
      }
      const rivals = claims.get(keyOfClaim(only))!.length - 1
      const why =
        fits.length > 1
          ? `${fits.length} fit`
          : rivals > 0
            ? `${rivals + 1} lines fit it`
            : 'amount and day fit, nothing names it'
      return [line, said('candidates', why, [], fits.slice(0, MOST_CANDIDATES))]
    }),
  )
}
