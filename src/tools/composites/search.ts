/** `search` and `fetch`: the pair that ChatGPT's deep research and company knowledge ask for, always JSON. */
import * as z from 'zod'
import { invoices } from '../../../schemas/invoices.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { readOne } from '../get.ts'
import { inputJsonSchema, outputJsonSchema } from '../json-schema.ts'
import { pageOf } from '../list.ts'
import type { Filters } from '../list-filters.ts'
import type { ListMethod } from '../list-shape.ts'
import { present, withoutEmpty } from '../present.ts'
import { Refusal } from '../refusal.ts'
import type { ReadTool, ToolAnswer, ToolContext } from '../tool.ts'
import type { Row } from '../walk.ts'
import { failIfStopped, newReading, partOf, type Reading } from './reading.ts'
import { getOf, idOf, KINDS, type Kind, listOf, pathOf, readId, titleOf } from './search-shape.ts'
import { readWhole } from './whole-list.ts'

const MOST_REQUESTS = 14
const MOST_INVOICE_REQUESTS = 5
const MOST_RESULTS = 25
const LONGEST_QUERY = 200

const answered = (structured: Row): ToolAnswer => ({ structured, text: JSON.stringify(structured) })

const plain = (value: unknown) =>
  String(value ?? '')
    .trim()
    .toLowerCase()

/** Filters of Finexio that a word may be meant for. */
const QUESTIONS: readonly { kind: Kind; filters(query: string): Filters }[] = [
  { kind: 'payment', filters: (query) => ({ tracking_id: query }) },
  { kind: 'drawdown', filters: (query) => ({ invoice_number: query }) },
  { kind: 'drawdown', filters: (query) => ({ tracking_id: query }) },
  { kind: 'counterparty', filters: (query) => ({ name: query }) },
  { kind: 'counterparty', filters: (query) => ({ internal_id: [query, query.toUpperCase()] }) },
]

type Found = { kind: Kind; row: Row }

const asked = async (
  reading: Reading,
  { kind, filters }: (typeof QUESTIONS)[number],
  query: string,
): Promise<Found[]> => {
  const { method, tool } = listOf(kind)
  if (!reading.context.sees(tool)) return []
  const page = await reading.ask(() => pageOf(method as ListMethod, reading.context, filters(query))(1))
  return (page?.rows ?? []).map((row) => ({ kind, row }))
}

/** A record whose id was given. That there is none is an answer. */
const named = async (reading: Reading, kind: Kind, query: string): Promise<Found[]> => {
  const { method, tool } = getOf(kind)
  if (!reading.context.sees(tool) || /\s/.test(query)) return []
  const row = await reading.ask(async () => {
    try {
      return await readOne(method, { id: query }, reading.context)
    } catch (failure) {
      if (failure instanceof FinexioFailure && failure.kind === 'not_found') return null
      throw failure
    }
  })
  return row ? [{ kind, row }] : []
}

/** Invoices cannot be asked for a number: the first pages are looked through. */
const invoicesWith = async (reading: Reading, query: string): Promise<Found[]> => {
  if (!reading.context.sees(listOf('invoice').tool)) return []
  const { rows } = await readWhole(partOf(reading, MOST_INVOICE_REQUESTS), invoices, {})
  return rows
    .filter((row) => plain(row.invoice_number) === plain(query))
    .map((row) => ({ kind: 'invoice', row }))
}

const resultOf = ({ kind, row }: Found, { recordUrl }: ToolContext) => {
  const id = idOf(kind, row)
  const at = id === null ? null : readId(id)
  return at && { id: id!, title: titleOf(kind, present(row)), url: recordUrl(pathOf(at.kind, at.id)) }
}

const runSearch = async (raw: Row, context: ToolContext): Promise<ToolAnswer> => {
  const query = String(raw.query).trim()
  const reading = newReading(context, MOST_REQUESTS)
  const found = await Promise.all([
    ...QUESTIONS.map((question) => asked(reading, question, query)),
    ...KINDS.map((kind) => named(reading, kind, query)),
    invoicesWith(reading, query),
  ])
  const results = found.flat().flatMap((one) => resultOf(one, context) ?? [])
  if (results.length === 0) failIfStopped(reading)
  const once = [...new Map(results.map((result) => [result.id, result])).values()]
  return answered({ results: once.slice(0, MOST_RESULTS) })
}

const runFetch = async (raw: Row, context: ToolContext): Promise<ToolAnswer> => {
  const at = readId(String(raw.id))
  if (!at || !context.sees(getOf(at.kind).tool))
    throw new Refusal(
      `id: must be one that search answered, such as payment:<id>; kinds are ${KINDS.join(', ')}.`,
    )
  const record = present(await readOne(getOf(at.kind).method, { id: at.id }, context))
  return answered({
    id: String(raw.id),
    title: titleOf(at.kind, record),
    text: JSON.stringify(withoutEmpty(record)),
    url: context.recordUrl(pathOf(at.kind, at.id)),
    metadata: { kind: at.kind },
  })
}

type Declared = Pick<ReadTool, 'name' | 'title' | 'method' | 'input' | 'output' | 'covers' | 'run'> & {
  says: string
}

const tool = ({ says, ...declared }: Declared): ReadTool => ({
  ...declared,
  description: says,
  resource: 'search',
  effect: 'read',
  tags: [],
  inputSchema: inputJsonSchema(declared.input),
  outputSchema: outputJsonSchema(declared.output),
})

const result = z.object({ id: z.string(), title: z.string(), url: z.string() })

export const search = tool({
  name: 'search',
  title: 'Search',
  says: 'Finds payments, invoices, drawdowns and counterparties by tracking id, invoice number, name, internal id or id.',
  method: 'search',
  covers: KINDS.map((kind) => listOf(kind).tool),
  input: z.object({ query: z.string().trim().min(1).max(LONGEST_QUERY) }),
  output: z.object({ results: z.array(result) }),
  run: runSearch,
})

export const fetchRecord = tool({
  name: 'fetch',
  title: 'Fetch',
  says: 'One record that search found.',
  method: 'fetch',
  covers: KINDS.map((kind) => getOf(kind).tool),
  input: z.object({ id: z.string().min(1).max(LONGEST_QUERY).describe('From search.') }),
  output: result.extend({ text: z.string(), metadata: z.looseObject({}).optional() }),
  run: runFetch,
})
