/** Proves that a target answers rightly, by as many upstream requests as the others, before its speed means anything. */
import { PAGE_ROWS, PAYMENT_ID } from '../load/payment.ts'
import type { Sent, Work } from '../load/requests.ts'
import { NAMES, type Started, type Target, type Upstream } from '../targets/targets.ts'
import { ROWS, type Row, rowName, sentTo, type Targets } from './rounds.ts'

type Json = Record<string, unknown>

/** A JSON body, or the one message of an SSE stream. */
const jsonOf = (text: string): Json => {
  const data = text.startsWith('{') ? text : /^data: (\{.*)$/m.exec(text)?.[1]
  if (!data) throw new Error(`neither JSON nor an event: ${text.slice(0, 200)}`)
  return JSON.parse(data) as Json
}

const resultOf = ({ result, error }: Json): Json => {
  if (error || !result) throw new Error(`JSON-RPC error: ${JSON.stringify(error)}`)
  const found = result as Json
  if (found.isError) throw new Error(`tool error: ${JSON.stringify(found.content)}`)
  return found
}

const rowsOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0)

const holds: Record<Work, (result: Json, tools: number) => boolean> = {
  'tools/list': (result, tools) => rowsOf(result.tools) === tools,
  'tools/call': (result) => (result.structuredContent as Json | undefined)?.id === PAYMENT_ID,
  'list payments': (result) => rowsOf((result.structuredContent as Json | undefined)?.result) === PAGE_ROWS,
}

const plainHolds = (body: Json): boolean =>
  body.ok === true || body.id === PAYMENT_ID || rowsOf(body.results) === PAGE_ROWS

const answerOf = async (url: string, { headers, body }: Sent): Promise<Json> => {
  const response = await fetch(url, { method: 'POST', headers, body })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${text.slice(0, 200)}`)
  return jsonOf(text)
}

/** The result of a tool call. @throws when it is an error */
export const toolResult = async (url: string, sent: Sent): Promise<Json> =>
  resultOf(await answerOf(url, sent))

const checkMcp = async (url: string, sent: Sent, work: Work, tools: number): Promise<void> => {
  const result = await toolResult(url, sent)
  if (!holds[work](result, tools)) throw new Error(`wrong result: ${JSON.stringify(result).slice(0, 300)}`)
}

const checkPlain = async (url: string, sent: Sent): Promise<void> => {
  const body = await answerOf(url, sent)
  if (!plainHolds(body)) throw new Error(`wrong body: ${JSON.stringify(body).slice(0, 300)}`)
}

/** What a row must cost upstream: a target that kept answers would win by not doing the work. */
const upstreamRequests = (name: Started, { work }: Row): number => {
  if (name === 'floor') return 0
  return name === 'proxy' || work !== 'tools/list' ? 1 : 0
}

/**
 * Sends one target one request of a row.
 * @param tools number of tools that an MCP target's list must have
 * @throws saying what was wrong with the answer
 */
export const checkAnswer = (
  { name, url }: Pick<Target, 'name' | 'url'>,
  row: Row,
  tools: number,
): Promise<void> => {
  const sent = sentTo(name, row)
  return name === 'floor' || name === 'proxy' ? checkPlain(url, sent) : checkMcp(url, sent, row.work, tools)
}

const checkRow = async (target: Target, row: Row, upstream: Upstream, tools: number): Promise<void> => {
  const before = await upstream.asked()
  await checkAnswer(target, row, tools)
  const asked = (await upstream.asked()) - before
  const right = upstreamRequests(target.name, row)
  if (asked !== right) throw new Error(`${asked} upstream requests instead of ${right}`)
}

/** @throws unless every target answers every row rightly, the second time as the first */
export const checkAll = async (targets: Targets, upstream: Upstream, tools: number): Promise<void> => {
  for (const row of [...ROWS, ...ROWS])
    for (const name of NAMES)
      try {
        await checkRow(targets[name], row, upstream, tools)
      } catch (cause) {
        throw new Error(`${name} does not do ${rowName(row)}`, { cause })
      }
}
