/**
 * Rows of the trail as OTLP/HTTP JSON logs: `ExportLogsServiceRequest` of opentelemetry-proto 1.x in its JSON form, where ids are
 * hexadecimal and 64-bit numbers are texts. Pure.
 */
import { isObject } from '../core/json.ts'
import { VERSION } from '../core/version.ts'
import { type Meaning, meaningOf } from './sentences/meaning.ts'
import { sentenceOf } from './sentences/sentence.ts'
import { traceOf } from './traceparent.ts'

type Value =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: Value[] } }
  | { kvlistValue: { values: Attribute[] } }
type Attribute = { key: string; value: Value }

/** SeverityNumber and its name: INFO, WARN, ERROR. */
const INFO = [9, 'INFO'] as const
const WARN = [13, 'WARN'] as const
const ERROR = [17, 'ERROR'] as const

const SEVERITY: Readonly<Record<Meaning, readonly [number, string]>> = {
  done: INFO,
  waits: INFO,
  approved: INFO,
  rejected: INFO,
  note: INFO,
  refused: WARN,
  open: WARN,
  failed: ERROR,
}

const anyValue = (value: unknown): Value => {
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.filter(isSaid).map(anyValue) } }
  if (isObject(value)) return { kvlistValue: { values: attributesOf(value as Record<string, unknown>) } }
  return { stringValue: String(value) }
}

const isSaid = (value: unknown): boolean => value !== null && value !== undefined

const attributesOf = (fields: Readonly<Record<string, unknown>>, prefix = ''): Attribute[] =>
  Object.entries(fields)
    .filter(([, value]) => isSaid(value))
    .map(([key, value]) => ({ key: `${prefix}${key}`, value: anyValue(value) }))

const PREFIX = 'finexio_mcp.'

/** A row of the trail. `chain`: the account's id, or `deployment`. `at`: milliseconds since the epoch. `fields`: the entry, `type` included. */
export type PushedRow = {
  chain: string
  seq: number
  at: number
  hash: string | null
  fields: Readonly<Record<string, unknown>>
}

const nanoseconds = (at: number): string => `${at}000000`

/** One `LogRecord` as text. The same row is always the same text, whenever it is sent. */
export const logRecord = ({ chain, seq, at, hash, fields }: PushedRow): string => {
  const { traceparent, ...said } = fields
  const [severityNumber, severityText] = SEVERITY[meaningOf(fields).meaning]
  const trace = traceOf(traceparent)
  return JSON.stringify({
    timeUnixNano: nanoseconds(at),
    observedTimeUnixNano: nanoseconds(at),
    severityNumber,
    severityText,
    eventName: `${PREFIX}${String(fields.type)}`,
    body: { stringValue: sentenceOf(fields, chain === 'deployment') },
    attributes: attributesOf({ chain, seq, hash, ...said }, PREFIX),
    ...trace,
  })
}

/** Says in place of rows that they are not sent. `from`, `to`: numbers, both included. */
export const gapRecord = (gap: { chain: string; from: number; to: number; at: number }): string => {
  const { chain, from, to, at } = gap
  const rows = from === to ? `Row ${from}` : `Rows ${from} to ${to}`
  return JSON.stringify({
    timeUnixNano: nanoseconds(at),
    observedTimeUnixNano: nanoseconds(at),
    severityNumber: ERROR[0],
    severityText: ERROR[1],
    eventName: `${PREFIX}not_sent`,
    body: {
      stringValue: `${rows} of this trail ${from === to ? 'is' : 'are'} not here: deleted before they could be sent, or refused by the collector`,
    },
    attributes: attributesOf({ chain, from, to }, PREFIX),
  })
}

const RESOURCE = JSON.stringify({
  attributes: attributesOf({ 'service.name': 'finexio-mcp', 'service.version': VERSION }),
})
const SCOPE = JSON.stringify({ name: 'finexio-mcp/audit', version: VERSION })

/** The body of one request. @param records texts of `LogRecord`s, in order */
export const exportRequest = (records: readonly string[]): string =>
  `{"resourceLogs":[{"resource":${RESOURCE},"scopeLogs":[{"scope":${SCOPE},"logRecords":[${records.join(',')}]}]}]}`
