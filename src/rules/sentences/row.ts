/** A row of the trail as sentences read it: whatever stands there, in whichever version it was written. Pure. */
import { oneLine } from '../../core/text.ts'
import { firstOf } from '../../core/words.ts'
import { ROOT_ID } from '../who/four-eyes.ts'

/** The members of a row, as stored or as the API shows them. */
export type Row = Readonly<Record<string, unknown>>

const LONGEST_NAME = 60

/** A member as text on one line, cleaned and cut; empty where there is none. */
export const textIn = (row: Row, key: string, most = LONGEST_NAME): string => {
  const value = row[key]
  return typeof value === 'string' || typeof value === 'number' ? oneLine(value, most) : ''
}

/** A member as a whole number from 0 on; null where there is none. */
export const numberIn = (row: Row, key: string): number | null => {
  const value = row[key]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** A list of names on one line: at most five, then how many more. */
export const listIn = (row: Row, key: string): string => {
  const value = row[key]
  const names = (Array.isArray(value) ? value : typeof value === 'string' ? [value] : []).map((one) =>
    oneLine(one, LONGEST_NAME),
  )
  return firstOf(names, 5)
}

export const isByRoot = (row: Row): boolean => row.actor_kind === 'root' || row.actor_id === ROOT_ID

/** Somebody in a sentence: who acted, as they were called then. */
export const actorIn = (row: Row): string => {
  if (row.actor_kind === 'unknown') return 'Somebody who is not known here'
  if (isByRoot(row)) return 'The admin key'
  return textIn(row, 'actor_name') || textIn(row, 'actor_id')
}

/** A name that somebody chose, so that none passes for words of ours. */
export const quoted = (name: string): string => `“${name.replaceAll(/[“”]/g, '"')}”`

/** The MCP server of a row, as it was called then: rows of version 0.1.0 about writes do not say it. */
export const serverIn = (row: Row): string => {
  const name = textIn(row, 'mcp_server_name')
  return name === '' ? 'an MCP server' : quoted(name)
}

/** The same with the person behind it, where a row says who that was. */
export const agentIn = (row: Row): string => {
  const person = textIn(row, 'person_name')
  return person === '' ? serverIn(row) : `${person}'s agent ${serverIn(row).replace(/^an /, '')}`
}

/** A supplier in a sentence: by name in quotation marks, so that none passes for words of ours; the id where no name was read. */
export const supplierIn = (row: Row): string => {
  const name = textIn(row, 'supplier_name')
  return name === '' ? `supplier ${textIn(row, 'supplier_id') || 'unknown'}` : `supplier ${quoted(name)}`
}
