/** What must be said beside the rows: how far was looked, why it stopped, what is missing. */
import { explain } from '../../finexio/explain.ts'
import type { Walked } from '../reading/walk.ts'
import type { Split } from './list-filters.ts'
import type { ListMethod } from './list-shape.ts'

const PARTIAL_REASONS = {
  bound: 'stopped at the bound of one call',
  time: 'stopped because time for one call ran out',
}

const scanNote = (kept: Split['kept'], walked: Walked, newest: string | null): string | null => {
  const words = Object.entries(kept).map(([name, value]) => `${name} ${value}`)
  if (words.length === 0) return null
  const back = newest && walked.lastSeen?.[newest] ? ` back to ${walked.lastSeen[newest]}` : ''
  const whole = walked.next ? 'older rows were not looked at yet' : 'that is the whole list'
  return `Finexio has no filter for ${words.join(', ')}: ${walked.looked} rows were read${back}; ${whole}.`
}

const orderNote = (newest: string | null, { order, rows }: Walked) =>
  newest && order === 'unknown' && rows.length > 1
    ? "The order is Finexio's own and could not be recognised: these rows need not be the newest."
    : null

const stopNote = ({ stopped, requests, next }: Walked): string | null => {
  if (!stopped) return null
  const why = typeof stopped === 'string' ? `${PARTIAL_REASONS[stopped]}.` : `stopped: ${explain(stopped)}`
  return `Partial: ${requests} requests, ${why}${next ? ' Continue with next_cursor.' : ''}`
}

const unreadableNote = ({ unreadable }: Walked) =>
  unreadable > 0 ? `${unreadable} rows of Finexio could not be read and are missing.` : null

/** One text, or nothing when all is as one would expect. */
export const notesOf = (method: ListMethod, { kept }: Split, walked: Walked): { note?: string } => {
  const { newest } = method.list
  const notes = [
    scanNote(kept, walked, newest),
    orderNote(newest, walked),
    stopNote(walked),
    unreadableNote(walked),
  ]
  const note = notes.filter((text) => text !== null).join(' ')
  return note ? { note } : {}
}
