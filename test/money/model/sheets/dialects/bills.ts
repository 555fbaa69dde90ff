/** What a sheet means, before anybody writes it down: bills, credits and what else an export holds. The data are invented. */
import type { Chance } from '../../../../tools/composites/pasted/chance.ts'

export type Party = { id: string; name: string; internal_id: string }
/** Names with what makes names hard: a comma, an accent, an ampersand, the word of a total, one that is part of another. */
export const SUPPLIERS: readonly Party[] = [
  { id: 'sup-acme', name: 'Acme Co.', internal_id: 'ACME-1' },
  { id: 'sup-total', name: 'Total Quality', internal_id: 'TQ' },
  { id: 'sup-baker', name: 'Bäckerei Grünwald', internal_id: 'BK-7' },
  { id: 'sup_123', name: 'Palisade Fencing', internal_id: 'VND-1056' },
  { id: 'sup-smith', name: 'Smith & Sons, Inc.', internal_id: 'SM' },
  { id: 'sup-north', name: 'Northgate Paper', internal_id: 'V00012' },
  { id: 'sup-north-2', name: 'Northgate Paper Supply', internal_id: 'V00021' },
]

export type State = 'open' | 'partly' | 'paid' | 'void' | 'draft' | 'held'
export type Kind = 'bill' | 'credit' | 'payment'
export type Bill = {
  number: string
  supplier: Party
  /** As written on the bill, without a sign. */
  cents: number
  /** What is still to be paid; 0 where nothing is. */
  open: number
  /** Days after 2026-01-01. */
  day: number
  due: number
  discount: number
  currency: 'USD' | 'EUR' | 'CAD' | 'MXN'
  kind: Kind
  state: State
  /** What its lines come to, one or more. */
  lines: readonly number[]
}

/** Each kind of trouble is in a sheet or it is not, so that a sheet can do without the column that tells it. */
export type Trouble = {
  states: readonly State[]
  kinds: readonly Kind[]
  currencies: readonly Bill['currency'][]
  hasLines: boolean
  hasDiscounts: boolean
  suppliers: readonly Party[]
}

/** 2026-11-23, the day on which the sheet is looked at. */
const TODAY = 326

const NUMBERS: readonly ((at: number) => string)[] = [
  (at) => `INV-${1000 + at * 7}`,
  (at) => String(70_000 + at * 13),
  (at) => `A/2026/${String(at + 1).padStart(3, '0')}`,
  (at) => String(at * 37 + 5).padStart(6, '0'),
  (at) => `${500 + at}-${at % 9}`,
  (at) => `11${String(at + 3).padStart(2, '0')}2026`,
  (at) => `Nov ${at + 1}`,
  (at) => `2026.${at + 10}`,
  (at) => `4500${String(at * 977).padStart(12, '1')}`,
]

export const troubleOf = (chance: Chance): Trouble => {
  const some = <Value>(usual: Value, others: readonly Value[], share: number): readonly Value[] =>
    chance.is(share) ? [usual, usual, ...others.filter(() => chance.is(0.6))] : [usual]
  const suppliers = SUPPLIERS.filter(() => chance.is(0.5))
  return {
    states: some<State>('open', ['partly', 'paid', 'void', 'draft', 'held'], 0.6),
    kinds: some<Kind>('bill', ['credit', 'payment'], 0.5),
    currencies: some<Bill['currency']>('USD', ['EUR', 'CAD', 'MXN'], 0.3),
    hasLines: chance.is(0.35),
    hasDiscounts: chance.is(0.2),
    suppliers: suppliers.length > 0 ? suppliers : [chance.pick(SUPPLIERS)],
  }
}

const centsOf = (chance: Chance): number => {
  const cents = chance.pick([99_99, 1_000_00, 9_999_99, 250_000_00, 5_000_000_00])
  const drawn = chance.between(1, cents)
  // Whole dollars and whole thousands are what separators are mistaken in.
  return chance.is(0.3) ? Math.ceil(drawn / 100) * 100 : drawn
}

const openOf = (state: State, cents: number, chance: Chance): number => {
  if (state === 'open' || state === 'held' || state === 'draft') return cents
  return state === 'partly' && cents > 2 ? chance.between(1, cents - 1) : 0
}

const linesOf = (cents: number, chance: Chance): number[] => {
  if (chance.is(0.5) || cents < 100) return [cents]
  const first = chance.between(1, cents - 1)
  const rest = cents - first
  if (chance.is(0.5) || rest < 2) return [first, rest]
  const second = chance.between(1, rest - 1)
  return [first, second, rest - second]
}

export const billsOf = (trouble: Trouble, chance: Chance): Bill[] => {
  const style = chance.pick(NUMBERS)
  const isEarly = chance.is(0.2)
  return Array.from({ length: chance.between(1, 9) }, (_, at): Bill => {
    const cents = centsOf(chance)
    const state = chance.pick(trouble.states)
    const kind = chance.pick(trouble.kinds)
    // A sheet of days up to the twelfth alone proves no order.
    const day = isEarly
      ? chance.pick([59, 90, 120, 151, 181]) + chance.between(0, 11)
      : chance.between(20, TODAY)
    return {
      number: style(at),
      supplier: chance.pick(trouble.suppliers),
      cents,
      open: openOf(state, cents, chance),
      day,
      due: day + chance.pick([0, 14, 30, 45]),
      discount: trouble.hasDiscounts && cents > 500 && chance.is(0.5) ? Math.floor(cents / 50) : 0,
      currency: chance.pick(trouble.currencies),
      kind,
      state,
      lines: trouble.hasLines ? linesOf(cents, chance) : [cents],
    }
  })
}

export const isPayable = ({ kind, state, currency, open }: Bill): boolean =>
  kind === 'bill' && (state === 'open' || state === 'partly') && currency === 'USD' && open > 0
