/** `resolve_finexio_write`: what became of a write whose answer was lost, by looking at Finexio; settles it in the ledger. */
import * as z from 'zod'
import { reference } from '../../../../schemas/fields.ts'
import { invoices } from '../../../../schemas/invoices.ts'
import type { Written } from '../../../account/tables/ledger.ts'
import { hexOf } from '../../../core/bytes.ts'
import type { Kept, Settlement, WriteState } from '../../../rules/write-contract.ts'
import { toolName } from '../../derived/request.ts'
import { Refusal } from '../../refusal.ts'
import { defineTool, jsonAnswer, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { type Declared, declarationOf, type Look, lookFor, WRITES } from './look.ts'

// What a look at Finexio says of a write whose outcome is unknown. Pure.

/** A request that Finexio took may take so long to show in its lists: only after this is silence an answer. */
export const SETTLED_MS = 60_000

type Seen = {
  /** Ids by position among what was to be there. */
  found: ReadonlyMap<number, string | null>
  /** How much was to be there; 1 for a deletion. */
  expected: number
  /** Whoever was not found is not there. */
  whole: boolean
}

/** `rows`: positions of what is not there. */
type Resolved =
  | { kind: 'done'; state: Settlement['state']; kept: Kept; rows: number[] }
  | { kind: 'open'; rows: number[]; because: 'too_early' | 'not_far_enough' }

const absent = ({ found, expected }: Seen): number[] =>
  Array.from({ length: expected }, (_, index) => index).filter((index) => !found.has(index))

/**
 * What is there was done. What is not there was not done, once it had time to show.
 * @param age milliseconds since it left
 */
export const judge = (seen: Seen, age: number): Resolved => {
  const rows = absent(seen)
  const ids = [...seen.found].sort(([a], [b]) => a - b).map(([index, id]) => ({ index, id }))
  if (rows.length === 0)
    return { kind: 'done', state: 'succeeded', kept: { resolved: true, result: ids }, rows }
  if (!seen.whole) return { kind: 'open', rows, because: 'not_far_enough' }
  if (age < SETTLED_MS) return { kind: 'open', rows, because: 'too_early' }
  if (seen.found.size === 0) return { kind: 'done', state: 'rejected', kept: { resolved: true }, rows }
  const kept = { resolved: true, incomplete: true, result: ids, not_there: rows.join(', ') }
  return { kind: 'done', state: 'succeeded', kept, rows }
}

const input = z.object({
  idempotency_key: reference(100).describe('Of the write.'),
})

const output = z.looseObject({ outcome: z.string() })

const NOTES: Readonly<Record<WriteState, string>> = {
  claimed: 'It is under way: ask again in a minute.',
  succeeded: 'It was carried out. Do not repeat it.',
  rejected: 'It was not carried out: the same key may be used again.',
  not_sent: 'It never left: the same key may be used again.',
  unknown: 'Nobody knows yet whether it was carried out. Do not repeat it.',
}

/** What Finexio knows is not asked again. A batch refused in part is: its rows may have been stored. */
const isOpen = ({ state, kept }: Written): boolean =>
  state === 'unknown' || (state === 'rejected' && kept?.partial === true)

const known = ({ key, tool, state, at, kept }: Written): ToolAnswer =>
  jsonAnswer({
    ...kept,
    idempotency_key: key,
    outcome: state,
    tool,
    at: new Date(at).toISOString(),
    note: NOTES[state],
  })

const openNote = (resolved: Extract<Resolved, { kind: 'open' }>, { claimedAt }: Written): string =>
  resolved.because === 'too_early'
    ? `Not seen yet, but it may still appear: ask again after ${new Date(claimedAt + SETTLED_MS).toISOString()}. Do not repeat the write.`
    : 'Not seen, but not everything could be looked at. Look the records up with the list tool of the resource. Do not repeat the write before that.'

const doneNote = ({ state, rows, kept }: Extract<Resolved, { kind: 'done' }>): string => {
  if (state === 'rejected') return 'Not there: it was not carried out. It may be repeated.'
  return kept.incomplete === true
    ? `Partly there: what missing_rows names was not carried out and may be sent again in a write of its own (${rows.length}).`
    : 'There: it was carried out. Do not repeat it.'
}

const answerOf = (written: Written, look: Look, resolved: Resolved): ToolAnswer =>
  jsonAnswer({
    idempotency_key: written.key,
    outcome: resolved.kind === 'done' ? resolved.state : 'unknown',
    tool: written.tool,
    found_count: look.found.size,
    ...(resolved.kind === 'done' && { ...resolved.kept }),
    ...(resolved.rows.length > 0 && look.found.size > 0 && { missing_rows: resolved.rows }),
    looked_at: look.looked,
    requests: look.requests,
    note: resolved.kind === 'done' ? doneNote(resolved) : openNote(resolved, written),
  })

/** What this server hides is not looked at for it. */
const checkSeen = ({ resource }: Declared, { sees }: ToolContext): void => {
  const looks = ['list', 'get']
    .filter((name) => name in resource.methods)
    .map((name) => toolName(resource, name))
  if (looks.some(sees)) return
  throw new Refusal(
    `resolve_finexio_write: this MCP server does not show ${looks.join(' or ')}, which it would take. Ask through a server that does.`,
  )
}

const resolve = async (written: Written, context: ToolContext): Promise<ToolAnswer> => {
  const declared = declarationOf(written.tool)
  if (!declared) return known(written)
  checkSeen(declared, context)
  const subjects = written.subjects.map(hexOf)
  const wanted = { target: written.target, subjects, since: written.claimedAt }
  const look = await lookFor(declared, wanted, context)
  const expected = Math.max(1, subjects.length)
  const resolved = judge({ ...look, expected }, context.now() - written.claimedAt)
  if (resolved.kind === 'done') await context.writes().settle(settlementOf(written, resolved))
  return answerOf(written, look, resolved)
}

const settlementOf = (
  { key, subjects }: Written,
  { state, kept, rows }: Extract<Resolved, { kind: 'done' }>,
): Settlement => {
  const result = Array.isArray(kept.result) ? kept.result : []
  const made = result.flatMap(({ index, id }) => {
    const digest = subjects[Number(index)]
    return digest ? [{ digest, id: typeof id === 'string' ? id : null }] : []
  })
  return { key, state, kept, made, absent: rows }
}

export const resolveWrite = defineTool({
  name: 'resolve_finexio_write',
  title: 'Find out what became of a write',
  resource: 'writes',
  method: 'resolve',
  effect: 'read',
  covers: [toolName(invoices, 'list')],
  follows: WRITES,
  description:
    'What became of a write whose outcome is unknown: looks at Finexio and settles it. For use before a write is repeated.',
  input,
  output,
  run: async ({ idempotency_key }, context) => {
    const written = await context.writes().readWrite(idempotency_key)
    if (!written)
      throw new Refusal(
        'idempotency_key: no write with this key left in the last 7 days through this MCP server. Take the key from the answer of the write.',
      )
    return isOpen(written) ? resolve(written, context) : known(written)
  },
})
