/** Which lines of a sheet are bills, and which are totals, repeated headings or the name of a group. */
import { type DecimalMark, isFigure, signedCentsOf } from '../pasted/amounts.ts'
import { squashed } from '../pasted/headings.ts'
import { isTotalWord } from '../pasted/totals.ts'
import { isBlank, type SheetRow, type Table } from './table.ts'

const textsIn = (cells: readonly unknown[]): { at: number; text: string }[] =>
  cells.flatMap((cell, at) => (isBlank(cell) ? [] : [{ at, text: String(cell).trim() }]))

const MONEY_AT_END = /\d[.,]\d\d\)?$|\$\s*\d[\d,]*$/

/** @param at positions of the columns that every bill fills */
const isTotal = (cells: readonly unknown[], at: { number: number; date: number }): boolean => {
  const texts = textsIn(cells)
  const said = texts.filter(({ text }) => isTotalWord(text))
  // A total has a figure; a line of words alone may name a supplier.
  const hasFigure = texts.some(({ text }) => (isTotalWord(text) ? MONEY_AT_END : /\d/).test(text))
  if (said.length === 0 || !hasFigure) return false
  return said.some((one) => one.at === at.number) || isBlank(cells[at.number]) || isBlank(cells[at.date])
}

const isHeading = (cells: readonly unknown[], headings: readonly string[]): boolean =>
  headings.length > 1 &&
  headings.every((heading, at) => squashed(String(cells[at] ?? '')) === squashed(heading))

/**
 * The only cell of a line, in its first column and no number: how reports of accounting programs head a supplier's bills. Words
 * alone in the first columns are such a cell that came apart at the comma of a name: `Smith & Sons, Inc.`
 */
const groupOf = (cells: readonly unknown[], headings: readonly string[]): string | null => {
  const texts = textsIn(cells)
  const [only] = texts
  if (!only || headings.length < 2 || texts.some((one, at) => one.at !== at)) return null
  if (texts.length === 1) return isFigure(only.text) ? null : only.text
  const areWords =
    texts.length <= 3 && texts.length < cells.length && !texts.some(({ text }) => /\d/.test(text))
  return areWords ? texts.map(({ text }) => text).join(', ') : null
}

export const ONE_CELL = 'has one cell only'

export type Sorted = {
  bills: (SheetRow & { group: string | null })[]
  totals: SheetRow[]
  /** Lines that are no bill, and why. */
  others: {
    row: SheetRow
    why: string
    /** Bills stand below it, and nothing else between. */
    heads?: boolean
  }[]
  hasGroups: boolean
}

const isRule = (cells: readonly unknown[]): boolean =>
  !textsIn(cells).some(({ text }) => /[\p{L}\p{N}]/u.test(text))

/** Why a line says nothing of a bill, a total or a group. */
const emptyWords = (cells: readonly unknown[], headings: readonly string[]): string | null => {
  if (isHeading(cells, headings)) return 'repeats the headings'
  return isRule(cells) ? 'is a rule' : null
}

/** Below its total a group has no more bills. */
const endsGroup = (cells: readonly unknown[], group: string | null): boolean =>
  group !== null && textsIn(cells).some(({ text }) => text.includes(group))

/** @param at positions of the columns that every bill fills; -1 where there is none */
export const sortRows = ({ headings, rows }: Table, at: { number: number; date: number }): Sorted => {
  const sorted: Sorted = { bills: [], totals: [], others: [], hasGroups: false }
  let group: string | null = null
  let head: Sorted['others'][number] | null = null
  for (const row of rows) {
    const name = groupOf(row.cells, headings)
    const why = emptyWords(row.cells, headings)
    if (isTotal(row.cells, at)) {
      sorted.totals.push(row)
      if (endsGroup(row.cells, group)) group = null
    } else if (why !== null) sorted.others.push({ row, why })
    else if (name !== null) {
      group = name
      head = { row, why: ONE_CELL }
      sorted.others.push(head)
    } else {
      if (head !== null) head.heads = true
      sorted.bills.push({ ...row, group })
    }
  }
  sorted.hasGroups = sorted.bills.length > 0 && sorted.bills.every((bill) => bill.group !== null)
  return sorted
}

/** As a sum needs it: credits below zero. Null: no amount. */
export const signedCents = (cell: unknown, mark: DecimalMark): number | null => {
  if (isBlank(cell)) return 0
  const read = signedCentsOf(String(cell), typeof cell === 'string' ? mark : '.')
  if ('problem' in read) return null
  const { cents, isMinus, word } = read.value
  return isMinus || word === 'cr' ? -cents : cents
}
