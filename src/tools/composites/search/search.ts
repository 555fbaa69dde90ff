/** `search` and `fetch`: the pair that ChatGPT's deep research and company knowledge ask for, always JSON. */
import * as z from 'zod'
import * as fields from '../../../../schemas/fields.ts'
import { pasted } from '../../../../schemas/meaning.ts'
import type { NumberFit } from '../../../core/text.ts'
import { readOne } from '../../derived/get.ts'
import { noted } from '../../derived/list-answer.ts'
import { holdsName, nearNames } from '../../derived/names.ts'
import { isPathId, type Row } from '../../derived/request.ts'
import { capped, present, withoutEmpty } from '../../present/present.ts'
import { closest, hasNumber } from '../../reading/closest-number.ts'
import { type Names, partyNames } from '../../reading/parties.ts'
import { readRecent } from '../../reading/read-list.ts'
import {
  askForOne,
  askForPage,
  failIfStopped,
  firstPageOnly,
  newReading,
  type Reading,
  stopWords,
} from '../../reading/reading.ts'
import { fartherWords } from '../../reading/report.ts'
import { Refusal } from '../../refusal.ts'
import { defineTool, jsonAnswer, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { waitingNote } from '../../writing/waiting-invoices.ts'
import { BY_NAME, OF_NUMBERS, OF_SENTENCES, type Question, type Terms, termsOf } from './questions.ts'
import {
  getTool,
  idOf,
  KINDS,
  type Kind,
  listTool,
  pathOf,
  pluralsOf,
  reachOf,
  readId,
  SHAPES,
  titleOf,
} from './shape.ts'

const MOST_REQUESTS = 40
const MOST_INVOICE_PAGES = 5
const MOST_PAYMENT_PAGES = 8
const MOST_PARTY_PAGES = 8
const MOST_RESULTS = 25
const LONGEST_QUERY = 200
/** A record as text is in the answer twice, as JSON within JSON: escaped it may be twice as long. */
const LONGEST_RECORD = 40_000

/** `nearly`: what makes it not what was asked for, but near it, in words. */
type Found = { kind: Kind; row: Row; nearly?: string | undefined }

/** `farther`: lists that were not looked through to their end, in sentences. */
type Searching = { reading: Reading; farther: Set<string> }

const NEAR_NUMBER: Readonly<Partial<Record<NumberFit, string>>> = {
  near: ' (its number is near, with O for 0 or I for 1)',
  end: ' (its number ends alike)',
}
const NEAR_NAME = ' (a name that is near)'

const finds = ({ context }: Reading, kind: Kind): boolean => reachOf(context.sees).listed.includes(kind)

const asked = async (
  reading: Reading,
  { kind, filters, fits }: Question,
  query: string,
): Promise<Found[]> => {
  if (!finds(reading, kind)) return []
  for (const filter of filters(query)) {
    const page = await askForPage(reading, SHAPES[kind].resource, filter)
    firstPageOnly(reading, page)
    const found = (page?.rows ?? []).filter((row) => fits(row, query)).map((row) => ({ kind, row }))
    if (found.length > 0) return found
  }
  return []
}

/** The record with the given id, if there is one; a missing record is not a failure. */
const named = async (reading: Reading, kind: Kind, query: string): Promise<Found[]> => {
  if (!reachOf(reading.context.sees).got.includes(kind) || /\s/.test(query) || !isPathId(query)) return []
  const row = await askForOne(reading, SHAPES[kind].resource, { id: query })
  return row ? [{ kind, row }] : []
}

/** The newest records of a kind. Of a list that was begun and did not end here that is told; why another failed, the reading tells. */
const newest = async ({ reading, farther }: Searching, kind: Kind, pages: number): Promise<Row[]> => {
  const whole = await readRecent(reading, SHAPES[kind].resource, pages)
  const words = whole.rows.length > 0 && fartherWords(whole, kind)
  if (words) farther.add(words)
  return whole.rows
}

/** Invoices cannot be asked for a number: the newest pages are looked through. */
const invoicesWith = async (searching: Searching, numbers: readonly string[]): Promise<Found[]> => {
  if (!finds(searching.reading, 'invoice')) return []
  const rows = await newest(searching, 'invoice', MOST_INVOICE_PAGES)
  return numbers.flatMap((number) => {
    const { rows: meant, fit } = closest(rows, number)
    return meant.map((row): Found => ({ kind: 'invoice', row, nearly: NEAR_NUMBER[fit] }))
  })
}

/** Nor can payments be asked for the number of a check, a trace number of a bank or the last digits of a card. */
const paymentsWith = async (searching: Searching, numbers: readonly string[]): Promise<Found[]> => {
  if (numbers.length === 0 || !finds(searching.reading, 'payment')) return []
  const rows = await newest(searching, 'payment', MOST_PAYMENT_PAGES)
  return rows
    .filter((row) => numbers.some((number) => hasNumber(row, number)))
    .map((row) => ({ kind: 'payment', row }))
}

/** Whom Finexio's own filter does not find: by the name in any spelling, by a word of it, or whose name is nearly that. */
const partiesNearly = async (searching: Searching, { whole, names }: Terms): Promise<Found[]> => {
  if (!/\p{L}{3}/u.test(whole) || !finds(searching.reading, 'counterparty')) return []
  const rows = await newest(searching, 'counterparty', MOST_PARTY_PAGES)
  const held = [[whole], names].map((texts) =>
    rows.filter(({ name }) => texts.some((text) => holdsName(name, text))),
  )
  const found = held.find((some) => some.length > 0)
  const near = found ?? nearNames(rows, whole)
  return near.map((row) => ({ kind: 'counterparty', row, nearly: found ? undefined : NEAR_NAME }))
}

const resultOf = ({ kind, row, nearly }: Found, names: Names, { recordUrl }: ToolContext) => {
  const id = idOf(kind, row)
  const at = id === null ? null : readId(id)
  return (
    at && {
      id: id!,
      title: `${titleOf(kind, present(row), names.get(row.receiving_counterparty_id))}${nearly ?? ''}`,
      url: recordUrl(pathOf(at.kind, at.id)),
    }
  )
}

/** The text as it was given first, then what in it looks like a number, then names. */
const everyWay = (searching: Searching, { whole, numbers, names }: Terms): Promise<Found[]>[] => {
  const { reading } = searching
  const single = !/\s/.test(whole)
  const ids = single ? [whole] : numbers
  return [
    ...(single ? [...OF_NUMBERS, BY_NAME] : OF_SENTENCES).map((question) => asked(reading, question, whole)),
    ...(single
      ? []
      : numbers.flatMap((number) => OF_NUMBERS.map((question) => asked(reading, question, number)))),
    ...ids.flatMap((id) => KINDS.map((kind) => named(reading, kind, id))),
    ...names.map((name) => asked(reading, BY_NAME, name)),
    invoicesWith(searching, [whole, ...numbers]),
  ]
}

/** What Finexio has no filter for, where its own ones found nothing. */
const lookedThrough = async (searching: Searching, terms: Terms): Promise<Found[]> => {
  const { whole, numbers } = terms
  const ids = [...new Set([...(/\s/.test(whole) ? [] : [whole]), ...numbers])].filter((word) =>
    /\d/.test(word),
  )
  const found = await Promise.all([paymentsWith(searching, ids), partiesNearly(searching, terms)])
  return found.flat()
}

const runSearch = async (args: { query: string }, context: ToolContext): Promise<ToolAnswer> => {
  const query = args.query.trim()
  const reading = newReading(context, MOST_REQUESTS)
  const searching = { reading, farther: new Set<string>() }
  const terms = termsOf(query)
  const direct = (await Promise.all(everyWay(searching, terms))).flat()
  const found = direct.some(({ nearly }) => !nearly)
    ? direct
    : [...(await lookedThrough(searching, terms)), ...direct]
  const names = await partyNames(
    reading,
    found.slice(0, MOST_RESULTS).map(({ row }) => row.receiving_counterparty_id),
  )
  const results = found.flatMap((one) => resultOf(one, names, context) ?? [])
  if (results.length === 0) failIfStopped(reading)
  const once = [...new Map(results.map((result) => [result.id, result])).values()]
  const waiting = once.length === 0 ? await waitingNote([query], null, context) : null
  const { note } = noted([
    stopWords(reading),
    ...searching.farther,
    once.length > MOST_RESULTS && `${MOST_RESULTS} of ${once.length} results are listed.`,
  ])
  return jsonAnswer({
    results: once.slice(0, MOST_RESULTS),
    ...(note !== undefined && { is_partial_response: true, note: [waiting, note].filter(Boolean).join(' ') }),
    ...(note === undefined && waiting !== null && { note: waiting }),
  })
}

const runFetch = async ({ id }: { id: string }, context: ToolContext): Promise<ToolAnswer> => {
  const at = readId(id)
  const kinds = reachOf(context.sees).fetched
  if (!at || !kinds.includes(at.kind))
    throw new Refusal(
      `id: must be one that search answered, such as ${kinds[0]}:<id>; ${kinds.length > 1 ? 'kinds are' : 'the kind is'} ${kinds.join(', ')}.${context.sees('search') ? ' Call search for it.' : ''}`,
    )
  const record = present(await readOne(SHAPES[at.kind].resource, { id: at.id }, context))
  return jsonAnswer({
    id,
    title: titleOf(at.kind, record),
    text: capped(JSON.stringify(withoutEmpty(record)), LONGEST_RECORD, `${getTool(at.kind)} gives the whole`),
    url: context.recordUrl(pathOf(at.kind, at.id)),
    metadata: { kind: at.kind },
  })
}

const result = z.object({ id: z.string(), title: z.string(), url: z.string() })

/** By what records of each kind are found, the kind that the words are best for first. */
const WAYS: readonly (readonly [string, ...Kind[]])[] = [
  ['tracking id', 'payment', 'drawdown'],
  ['check or trace number', 'payment'],
  ['invoice number or its end', 'invoice'],
  ['name', 'counterparty'],
  ['internal id', 'counterparty'],
]

const searchWords = (sees: ToolContext['sees']): string => {
  const { listed, got, found } = reachOf(sees)
  const ways = WAYS.flatMap(([way, ...of]) => (of.some((kind) => listed.includes(kind)) ? [way] : []))
  const number = listed.includes('drawdown') && !listed.includes('invoice') ? ['invoice number'] : []
  const all = [...ways, ...number, ...(got.length > 0 ? ['id'] : [])]
  return `Finds ${pluralsOf(found)} by ${all.join(', ').replace(/, ([^,]*)$/, ' or $1')}.`
}

const fetchWords = (sees: ToolContext['sees']): string =>
  sees('search')
    ? `One record of ${pluralsOf(reachOf(sees).fetched)} that search found.`
    : `One record of ${pluralsOf(reachOf(sees).fetched)}.`

const idWords = ([kind]: readonly Kind[]): string => `Kind and id, such as ${kind}:<id>.`

const EVERYTHING = () => true

export const search = defineTool({
  name: 'search',
  title: 'Search',
  description: searchWords(EVERYTHING),
  wordsWith: (sees) => ({ description: searchWords(sees) }),
  resource: 'search',
  method: 'search',
  effect: 'read',
  covers: KINDS.map(listTool),
  input: z.object({ query: pasted(fields.named(LONGEST_QUERY)) }),
  output: z.object({
    results: z.array(result),
    is_partial_response: z.boolean().optional(),
    note: z.string().optional(),
  }),
  run: runSearch,
})

export const fetchRecord = defineTool({
  name: 'fetch',
  title: 'Fetch',
  description: fetchWords(EVERYTHING),
  wordsWith: (sees) => ({
    description: fetchWords(sees),
    arguments: { id: idWords(reachOf(sees).fetched) },
  }),
  resource: 'search',
  method: 'fetch',
  effect: 'read',
  covers: KINDS.map(getTool),
  input: z.object({ id: fields.named(LONGEST_QUERY).describe(idWords(KINDS)) }),
  output: result.extend({ text: z.string(), metadata: z.looseObject({}).optional() }),
  run: runFetch,
})
