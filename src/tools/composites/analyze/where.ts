/** Conditions on columns: typed, few, and refused where they could not mean anything. Pure. */
import { sensitivityOf } from '../../../../schemas/sensitive.ts'
import { isBlank } from '../../../core/mask.ts'
import { readDollars } from '../../../core/money.ts'
import { cutShort, foldName, nearest } from '../../../core/text.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { folded, type Row } from '../../derived/request.ts'
import { PARTY } from '../../reading/parties.ts'
import { Refusal } from '../../refusal.ts'

/** `words`: a sentence of Finexio's, of which a part is enough. */
export type Kind = 'text' | 'words' | 'name' | 'date' | 'number' | 'dollars' | 'object'
/** The columns of a list, each with its kind. */
export type Columns = Readonly<Record<string, Kind>>

export type Condition = {
  column: string
  is?: string[] | undefined
  is_not?: string[] | undefined
  from?: string | undefined
  to?: string | undefined
  blank?: boolean | undefined
}

const partyId = (column: string): string | undefined => (PARTY as Record<string, string>)[column]

const fold = (kind: Kind) => (kind === 'name' ? foldName : folded)

/** Every text by which a row can be named in this column: a party by its id as well. */
const textsOf = (row: Row, column: string, kind: Kind): string[] => {
  if (kind === 'dollars') return [String(row[`${column}_cents`] ?? '')]
  const value = row[column]
  const values = Array.isArray(value) ? value : [value]
  const id = partyId(column)
  return [...values.map((one) => fold(kind)(one)), ...(id ? [fold(kind)(row[id])] : [])]
}

type Bounds = { from: number; to: number }

/** A plain date at the end means that whole day. */
const endOfDay = (text: string) => (/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59.999999` : text)

const boundOf = (given: string, kind: Kind, isEnd: boolean): number | null => {
  const text = given.trim()
  if (kind === 'date') return timeOf(isEnd ? endOfDay(text) : text)
  if (kind === 'dollars') {
    const cents = readDollars(text.replace(/^-/, '').replace(/^\$/, ''))
    return cents === null ? null : text.startsWith('-') ? -cents : cents
  }
  return /^-?\d{1,15}$/.test(text) ? Number(text) : null
}

const HOW: Readonly<Partial<Record<Kind, string>>> = {
  date: 'a date such as 2026-03-01',
  dollars: 'US dollars such as 1250.50',
  number: 'a whole number (of cents where the name ends in _cents)',
}

const checked = (given: string, name: 'from' | 'to', { column }: Condition, kind: Kind): number => {
  const how = HOW[kind]
  if (how === undefined)
    throw new Refusal(
      `where: ${column} has no order, so from and to cannot be used; use is, is_not or blank.`,
    )
  const bound = boundOf(given, kind, name === 'to')
  if (bound === null) throw new Refusal(`where: ${name} of ${column} must be ${how}, not ${quoted(given)}.`)
  return bound
}

const boundsOf = (condition: Condition, kind: Kind): Bounds | null => {
  const { from, to, column } = condition
  if (from === undefined && to === undefined) return null
  const bounds = {
    from: from === undefined ? Number.NEGATIVE_INFINITY : checked(from, 'from', condition, kind),
    to: to === undefined ? Number.POSITIVE_INFINITY : checked(to, 'to', condition, kind),
  }
  if (bounds.from > bounds.to)
    throw new Refusal(`where: from of ${column} (${from}) is above to (${to}): swap the two.`)
  return bounds
}

const orderOf = (row: Row, column: string, kind: Kind): number | null => {
  const value = row[kind === 'dollars' ? `${column}_cents` : column]
  return kind === 'date' ? timeOf(value) : typeof value === 'number' ? value : null
}

const isEmpty = (value: unknown) => isBlank(value) || (Array.isArray(value) && value.length === 0)

/** What is asked of a number that answers only show masked would tell the number, guess by guess. */
const checkUse = (condition: Condition, kind: Kind) => {
  const { column, is, is_not, from, to, blank } = condition
  const asksValue = [is, is_not, from, to].some((part) => part !== undefined)
  if (!asksValue && blank === undefined)
    throw new Refusal(`where: ${column} needs is, is_not, from, to or blank.`)
  if (asksValue && sensitivityOf(column) !== 'plain')
    throw new Refusal(`where: ${column} is shown masked only, so nothing but blank can be asked of it.`)
  if (asksValue && kind === 'object')
    throw new Refusal(`where: ${column} holds a record, so nothing but blank can be asked of it.`)
}

/** @param argument that names the column @throws Refusal naming the nearest column */
export const kindOf = (column: string, columns: Columns, argument = 'where'): Kind => {
  if (Object.hasOwn(columns, column)) return columns[column]!
  const near = nearest(column, Object.keys(columns))
  throw new Refusal(
    `${argument}: no column ${quoted(column)} here: ${near ? `did you mean ${JSON.stringify(near)}? ` : ''}Columns: ${Object.keys(columns).join(', ')}.`,
  )
}

/** An amount in another form must not look like one that no row has. */
const checkMoney = ({ column, is = [], is_not = [] }: Condition, kind: Kind) => {
  const odd = kind === 'dollars' && [...is, ...is_not].find((one) => boundOf(one, kind, false) === null)
  if (typeof odd === 'string')
    throw new Refusal(`where: is and is_not of ${column} must be ${HOW.dollars}, not ${quoted(odd)}.`)
}

/** Whether a text is one of those given, or holds one where a part is enough. */
const holdsOneOf = (given: readonly string[], kind: Kind): ((text: string) => boolean) => {
  const all = new Set(
    given.map((one) => (kind === 'dollars' ? String(boundOf(one, kind, false)) : fold(kind)(one))),
  )
  return kind === 'words'
    ? (text) => [...all].some((part) => (part === '' ? text === '' : text.includes(part)))
    : (text) => all.has(text)
}

/**
 * Whether a row meets a condition.
 * @throws Refusal where the condition cannot mean anything
 */
const testOf = (condition: Condition, columns: Columns): ((row: Row) => boolean) => {
  const { column, is, is_not, blank } = condition
  const kind = kindOf(column, columns)
  checkUse(condition, kind)
  const bounds = boundsOf(condition, kind)
  checkMoney(condition, kind)
  const [wanted, unwanted] = [is, is_not].map((list) => list && holdsOneOf(list, kind))
  return (row) => {
    if (blank !== undefined && isEmpty(row[column]) !== blank) return false
    if (wanted && !textsOf(row, column, kind).some(wanted)) return false
    if (unwanted && textsOf(row, column, kind).some(unwanted)) return false
    const at = bounds && orderOf(row, column, kind)
    return bounds === null || (at !== null && at >= bounds.from && at <= bounds.to)
  }
}

/** Whether a row meets all conditions. @throws Refusal */
export const conditionsOf = (where: readonly Condition[], columns: Columns): ((row: Row) => boolean) => {
  const tests = where.map((condition) => testOf(condition, columns))
  return (row) => tests.every((test) => test(row))
}

const MOST_SEEN = 12

/**
 * Values asked for that no row has, each with what there is: a misspelt word must not look like an answer of zero.
 * @param rows all that were read, before any condition
 */
export const strangersIn = (where: readonly Condition[], columns: Columns, rows: readonly Row[]): string[] =>
  where.flatMap((condition) => {
    const { column, is = [], is_not = [] } = condition
    const kind = columns[column]!
    const known = [...new Set(rows.flatMap((row) => textsOf(row, column, kind)))]
    const strange = [...is, ...is_not].filter((value) => !known.some(holdsOneOf([value], kind)))
    if (strange.length === 0 || rows.length === 0) return []
    return [`No row has ${column} ${strange.map(quoted).join(', ')}${thereAre(strange, column, kind, rows)}.`]
  })

/** Third-party text within a sentence. */
const quoted = (value: unknown) => JSON.stringify(cutShort(String(value), 80))

const thereAre = (strange: readonly string[], column: string, kind: Kind, rows: readonly Row[]): string => {
  const id = partyId(column)
  const shown = new Map<string, string>()
  for (const row of rows)
    for (const one of [row[column]].flat())
      if (!isBlank(one)) shown.set(String(one), `${quoted(one)}${id ? ` (${String(row[id])})` : ''}`)
  if (kind === 'name') {
    const near = [...shown].filter(([name]) => strange.some((one) => isNear(name, one)))
    return near.length > 0
      ? `; near: ${near
          .slice(0, MOST_SEEN)
          .map(([, text]) => text)
          .join(', ')}`
      : ''
  }
  return shown.size > 0 && shown.size <= MOST_SEEN ? `; there are ${[...shown.values()].join(', ')}` : ''
}

const isNear = (name: string, given: string): boolean => {
  const [whole, part] = [foldName(name), foldName(given)]
  return (part !== '' && (whole.includes(part) || part.includes(whole))) || nearest(given, [name]) !== null
}
