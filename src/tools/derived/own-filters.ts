/** Filters that lists have beside Finexio's: applied to the rows while they are read, newest first. */
import * as z from 'zod'
import { INVOICE_STATUSES, PAYMENT_TYPES } from '../../../schemas/enums.ts'
import { cents, named, number, timestamp } from '../../../schemas/fields.ts'
import { isBlank } from '../../core/mask.ts'
import { foldNumber } from '../../core/text.ts'
import { completeTimes, timeOf } from '../../finexio/pages.ts'
import { PARTY } from '../reading/parties.ts'
import { type Kept, keptName, keptWord } from './list-filters.ts'
import type { Row } from './request.ts'

type OwnFilter = { type: z.ZodType; kept(name: string, value: never): Kept }

const filter = <T>(type: z.ZodType<T>, kept: (name: string, value: T) => Kept): OwnFilter => ({ type, kept })

const fieldOf = (name: string) => name.replace(/_(start|end)$/, '')

/** Whether a value lies on the asked side of the range's end; null where there is none. */
const isWithin = (name: string, value: number | null, limit: number): boolean | null => {
  if (value === null) return null
  return name.endsWith('_start') ? value >= limit : value <= limit
}

const sideOf = (name: string) => `${fieldOf(name)} ${name.endsWith('_start') ? 'from' : 'to'}`

const amount = filter<number>(cents, (name, value) => ({
  words: `${sideOf(name)} ${value}`,
  fields: [fieldOf(name)],
  keep: (row) => {
    const own = row[fieldOf(name)]
    return isWithin(name, typeof own === 'number' ? own : null, value)
  },
}))

/** @param newest the field by which rows come newest first: behind the first row before the range none is in it */
const moment = (newest: string | null) =>
  filter<string>(timestamp, (name, value) => {
    const limit = timeOf(completeTimes({ [name]: value })[name]) ?? 0
    const field = fieldOf(name)
    const verdict = (row: Row) => isWithin(name, timeOf(row[field]), limit)
    const ends = name.endsWith('_start') && field === newest
    return {
      words: `${sideOf(name)} ${value}`,
      fields: [field],
      keep: verdict,
      ...(ends && { ends: (row: Row) => verdict(row) === false }),
    }
  })

const wordIn = <const Words extends readonly string[]>(words: Words) =>
  filter(z.enum(words), (name, value) => keptWord(name, String(value)))

const sameNumber = filter<string>(number(), (name, value) => ({
  words: `${name} ${value}`,
  fields: [name],
  keep: (row) => !isBlank(row[name]) && foldNumber(row[name]) === foldNumber(value),
}))

const namePart = filter<string>(named(), (_, value) => keptName(value))

const RANGES: Readonly<Record<string, OwnFilter>> = { amount_cents_start: amount, amount_cents_end: amount }

/** By resource, the arguments of its list in the order in which a tool shows them. */
const OWN: Readonly<Record<string, Readonly<Record<string, OwnFilter>>>> = {
  payments: {
    payment_method: wordIn(PAYMENT_TYPES),
    instrument_number: sameNumber,
    ...RANGES,
  },
  invoices: {
    invoice_number: sameNumber,
    status: wordIn(INVOICE_STATUSES),
    created_start: moment('created'),
    created_end: moment('created'),
    invoice_date_start: moment(null),
    invoice_date_end: moment(null),
    invoice_due_date_start: moment(null),
    invoice_due_date_end: moment(null),
    ...RANGES,
  },
  suppliers: { name: namePart },
  buyers: { name: namePart },
}

/** Which field names the supplier and the buyer of a row; a list that has it takes either by id or name. */
type PartyArgument = keyof typeof PARTY
const OF_PARTIES: Readonly<Record<string, readonly PartyArgument[]>> = {
  payments: ['supplier', 'buyer'],
  invoices: ['supplier', 'buyer'],
  drawdowns: ['buyer'],
}

const party = named().describe('Id or name.')

/** Arguments that the list of a resource takes besides Finexio's. */
export const ownFilterArguments = (resource: string): z.ZodRawShape =>
  Object.fromEntries([
    ...(OF_PARTIES[resource] ?? []).map((name) => [name, party.optional()]),
    ...Object.entries(OWN[resource] ?? {}).map(([name, { type }]) => [name, type.optional()]),
  ])

export type PartySought = { role: 'Supplier' | 'Buyer'; given: string; field: string }

/** The arguments of a list by who applies them: `rest` goes to Finexio, as far as that has words for it. */
export const ownFilters = (resource: string, args: Row) => {
  const own = OWN[resource] ?? {}
  const parties: PartySought[] = []
  const kept: Kept[] = []
  const rest: Row = {}
  for (const [name, value] of Object.entries(args)) {
    if (isBlank(value)) continue
    if (OF_PARTIES[resource]?.includes(name as PartyArgument))
      parties.push({
        role: name === 'supplier' ? 'Supplier' : 'Buyer',
        given: String(value),
        field: PARTY[name as PartyArgument],
      })
    else if (own[name]) kept.push(own[name].kept(name, value as never))
    else rest[name] = value
  }
  return { parties, kept, rest }
}
