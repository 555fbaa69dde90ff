/** `resolve_finexio_write`: what became of a write whose answer was lost, by looking at Finexio; settles it in the ledger. */
import * as z from 'zod'
import { reference } from '../../../../schemas/fields.ts'
import { invoices } from '../../../../schemas/invoices.ts'
import { isOpen, type Written } from '../../../account/tables/ledger/unsettled.ts'
import { hexOf } from '../../../core/bytes.ts'
import {
  type Judged,
  judge,
  type LastLook,
  lookWords,
  recordsIn,
  rowsIn,
  SHOWN_MS,
} from '../../../rules/unknown.ts'
import type { Kept, Settlement, WriteState } from '../../../rules/write-contract.ts'
import { toolName } from '../../derived/request.ts'
import { Refusal } from '../../refusal.ts'
import { defineTool, jsonAnswer, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { amountWords, confirmedIn, foundRows, otherAmounts, placesOf, rowsWords } from './known-rows.ts'
import { type Declared, declarationOf, type Look, lookFor, WRITES } from './look.ts'

const input = z.object({
  idempotency_key: reference(100).describe('Of the write.'),
})

const output = z.looseObject({ outcome: z.string() })

type Done = Extract<Judged, { kind: 'done' }>
type Opened = Extract<Judged, { kind: 'open' }>

const NOTES: Readonly<Record<WriteState, string>> = {
  claimed: 'It is under way: ask again in a minute.',
  succeeded: 'It was carried out. Do not repeat it.',
  rejected: 'It was not carried out: the same key may be used again.',
  not_sent: 'It never left: the same key may be used again.',
  unknown: 'Nobody knows yet whether it was carried out. Do not repeat it.',
}

const inPartNote = (notThere: string): string =>
  `It was carried out in part: ${placesOf(notThere.split(', '))} was not, and may be sent again in a write of its own. Do not repeat the rest.`

/** What Finexio knows is not asked again. A batch refused in part is: its rows may have been stored. */
const known = ({ key, tool, state, at, kept }: Written): ToolAnswer =>
  jsonAnswer({
    ...kept,
    idempotency_key: key,
    outcome: state,
    tool,
    at: new Date(at).toISOString(),
    note: kept?.incomplete === true ? inPartNote(String(kept.not_there ?? '')) : NOTES[state],
  })

const isoOf = (at: number) => new Date(at).toISOString()

const whenSettled = (absentSince: number | null, after: number | null): string =>
  absentSince === null || after === null
    ? ''
    : ` It counts as not carried out once a look from ${isoOf(absentSince + after)} on still does not find it, or when`

const openNote = (resolved: Opened, look: LastLook, { claimedAt }: Written, after: number | null): string => {
  const seen = lookWords(look, claimedAt)
  if (resolved.because === 'too_early')
    return `${seen} Not seen yet, but it may still appear: ask again after ${isoOf(claimedAt + SHOWN_MS)}. Do not repeat the write.`
  if (resolved.because === 'not_far_enough')
    return `${seen} Not seen, but not everything could be looked at. Look the records up with the list tool of the resource. Do not repeat the write before that: a person who approves can settle it at settle_url.`
  return `${seen} That proves nothing yet: Finexio may show it late. Its money stays reserved and its equals are held back. Do not repeat the write.${whenSettled(resolved.absentSince, after) || ' It is settled when'} a person who approves settles it at settle_url.`
}

const doneNote = ({ state, rows, kept }: Done): string => {
  if (state === 'rejected') return 'Not there: it was not carried out. It may be repeated.'
  return kept.incomplete === true
    ? `Partly there: what missing_rows names was not carried out and may be sent again in a write of its own (${rows.length}).`
    : 'There: it was carried out. Do not repeat it.'
}

const answerOf = (written: Written, look: Looked, resolved: Judged, note: string): ToolAnswer => {
  const refused = rowsIn(written.kept, 'refused_rows').filter((row) => resolved.rows.includes(row))
  return jsonAnswer({
    idempotency_key: written.key,
    outcome: resolved.kind === 'done' ? resolved.state : 'unknown',
    tool: written.tool,
    found_count: look.found.size,
    ...(resolved.kind === 'open' && look.there.length > 0 && { result: look.there }),
    ...(resolved.kind === 'done' && { ...resolved.kept }),
    ...(refused.length > 0 && { refused_rows: refused }),
    ...(resolved.rows.length > 0 && look.found.size > 0 && { missing_rows: resolved.rows }),
    looked_at: look.looked,
    requests: look.requests,
    note: [rowsWords(look.there, written, resolved), note].filter(Boolean).join(' '),
  })
}

/** What this server hides is not looked at for it. */
const checkSeen = ({ resource }: Declared, { sees }: ToolContext): void => {
  const looks = ['list', 'get']
    .filter((name) => name in resource.methods)
    .map((name) => toolName(resource, name))
  if (looks.some(sees)) return
  throw new Refusal(
    `resolve_finexio_write: this MCP server does not show ${looks.join(' or ')}, which it would take. Ask through a server that does.`,
  ).by('not_shown')
}

/** A look with what is known besides. */
type Looked = Look & { there: ReturnType<typeof foundRows>; others: ReturnType<typeof otherAmounts> }

const lookedFor = async (declared: Declared, written: Written, context: ToolContext): Promise<Looked> => {
  const subjects = written.subjects.map(hexOf)
  const wanted = { target: written.target, subjects, since: written.claimedAt }
  const looked = await lookFor(declared, wanted, context)
  const confirmed = confirmedIn(written)
  const others = otherAmounts(written, looked)
  for (const [row] of confirmed) others.delete(row)
  const found = new Map([...confirmed, ...looked.found].filter(([row]) => !others.has(row)))
  // What is there with another amount is not absent either.
  const whole = looked.whole && others.size === 0
  return { ...looked, found, whole, others, there: foundRows(found, written, looked) }
}

/** What differed when it was accepted still does. */
const keptOf = ({ kept, state }: Done, written: Written, { there }: Looked): Kept => ({
  ...(written.kept?.differs !== undefined && { differs: written.kept.differs }),
  ...kept,
  ...(state === 'succeeded' && kept.result !== undefined && { result: there }),
})

const resolve = async (written: Written, context: ToolContext): Promise<ToolAnswer> => {
  const declared = declarationOf(written.tool)
  if (!declared) return known(written)
  checkSeen(declared, context)
  const look = await lookedFor(declared, written, context)
  const seen = { ...look, expected: Math.max(1, written.subjects.length) }
  const { writes, now } = { writes: context.writes(), now: context.now() }
  const after = writes.settlesAfter()
  const isPartial = written.state === 'rejected'
  const refused = rowsIn(written.kept, 'refused_rows')
  const judged = judge(seen, { ...written, isPartial, refused, settlesAfter: after }, now)
  const resolved = judged.kind === 'done' ? { ...judged, kept: keptOf(judged, written, look) } : judged
  if (resolved.kind === 'done') {
    await writes.settle(settlementOf(written, resolved))
    return answerOf(written, look, resolved, doneNote(resolved))
  }
  const { found, expected, whole, looked, others } = seen
  const last = { at: now, found: found.size, expected, whole, looked }
  await writes.noteLook(written, last, resolved.absentSince)
  const note = others.size > 0 ? amountWords(others, written, seen) : openNote(resolved, last, written, after)
  const answer = answerOf(written, look, resolved, note)
  return jsonAnswer({ ...answer.structured, settle_url: writes.unknownUrl(written.key) })
}

const settlementOf = ({ key, requestId, subjects }: Written, { state, kept, rows }: Done): Settlement => {
  const made = recordsIn(kept).flatMap(({ index, id }) => {
    const digest = subjects[Number(index)]
    return digest ? [{ digest, id: typeof id === 'string' ? id : null }] : []
  })
  return { key, requestId, state, kept, made, absent: rows }
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
        'idempotency_key: no write with this key left through this MCP server, or it was settled more than 7 days ago. Take the key from the answer of the write.',
      )
    return isOpen(written) ? resolve(written, context) : known(written)
  },
})
