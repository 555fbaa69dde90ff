/** What both histories answer alike: the moment, how far back the trail reaches, and changes with who made them. */

import * as z from 'zod'
import type { Past, PastChange } from '../../account/audit/history.ts'
import { DAY_MS } from '../../core/time.ts'
import { plural } from '../../core/words.ts'
import type { Source } from '../../rules/history/imposed.ts'
import { count, isoOf, maybeText, time } from '../answers.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Milliseconds by which the clock of whoever asks may be ahead of ours: their now is no future. */
const AHEAD_MS = 60_000

/** Whether a moment, or the first moment of a day, is still to come. */
const isToCome = (at: string): boolean => Date.parse(at) > Date.now() + AHEAD_MS

const NOT_YET = { error: 'has not come yet: the past is asked about' }

/** A moment, or a whole day in UTC. What is to come is refused: an answer about now would pass for one about then. */
export const AtInput = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: 'must be a date such as 2026-03-09, or an ISO date and time with zone',
  })
  .refine((at) => !isToCome(at), NOT_YET)
  .optional()
  .describe(
    'A date (its end, in UTC; of today: now) or an ISO time with zone, not in the future; left out: now.',
  )

/** From which moment on what ended is asked about as well. */
export const SinceInput = z.iso
  .datetime({ offset: true })
  .refine((since) => !isToCome(since), NOT_YET)
  .optional()

/** Milliseconds since the epoch; a day that is not over ends now. */
export const momentOf = (at: string | undefined, now: number): number => {
  if (at === undefined) return now
  return Math.min(DAY.test(at) ? Date.parse(at) + DAY_MS - 1 : Date.parse(at), now)
}

/** Where what is asked about begins, in milliseconds since the epoch: a day with its first moment; null: it is a moment. */
export const sinceOf = (at: string | undefined, since: string | undefined): number | null => {
  if (since !== undefined) return Date.parse(since)
  return at !== undefined && DAY.test(at) ? Date.parse(at) : null
}

/** Whether the trail keeps what was in force at a moment. @param upTo as of `readUpTo` */
export const keeps = ({ kept_since }: Past, upTo: number): boolean =>
  kept_since !== null && kept_since <= upTo

/** Whose a setting is. */
export const source = z.enum(['server', 'account', 'deployment']).describe('Whose it is.')

/**
 * Up to where the trail is read for a moment. Of the present everything counts: a row that a clock which was ahead dated after now is in force.
 */
export const readUpTo = (at: number, now: number): number => (at >= now ? Number.MAX_SAFE_INTEGER : at)

const Change = z
  .object({
    at: time.describe('When it was changed.'),
    made: z.enum(['created', 'changed', 'removed']).describe('What was done.'),
    target: z.object({ kind: z.string(), id: z.string(), name: maybeText }).describe('What was changed.'),
    changes: z
      .array(z.object({ key: z.string(), before: z.unknown(), after: z.unknown() }))
      .describe('Each setting with what stood there before and after.'),
    source: source
      .optional()
      .describe('In the history of an MCP server: whose setting was changed, its own or one that bound it.'),
    actor: z.object({ id: z.string(), name: z.string(), kind: z.string() }).describe('Who changed it.'),
    agreed_by: z.object({ id: z.string(), name: z.string() }).nullable().describe('The second person.'),
    reason: maybeText.describe('Why the second person agreed, in their words.'),
    settings_draft_id: maybeText.describe(
      'The change of settings that waited before it acted; null: none did.',
    ),
    action: z.string().describe('The call by which it was changed.'),
    request_id: z.string().describe('Id of that call.'),
    seq: count.describe('Number of the row in the trail.'),
  })
  .meta({ id: 'SettingsChange' })

const shownChange = ({
  seq,
  at,
  target,
  made,
  changes,
  by,
  source,
}: PastChange & { source?: Source }): z.infer<typeof Change> => ({
  at: isoOf(at),
  ...(source && { source }),
  made,
  target,
  changes,
  actor: { id: by.actor_id, name: by.actor_name, kind: by.actor_kind },
  agreed_by:
    by.agreed_by === undefined ? null : { id: by.agreed_by, name: by.agreed_by_name ?? by.agreed_by },
  reason: by.agreed_reason ?? null,
  settings_draft_id: by.settings_draft_id ?? null,
  action: by.action,
  request_id: by.request_id,
  seq,
})

export const Whole = {
  at: time.describe('The moment that this is about.'),
  whole: z.boolean().describe('false: something is missing, and `missing` says what.'),
  missing: z.array(z.string()).describe('What is missing, in sentences.'),
  kept_since: time.nullable().describe('Since when settings can be read back; null: not at all.'),
}

export const ChangesPage = {
  changes: z.array(Change).describe('Up to that moment, newest first.'),
  next_cursor: maybeText,
}

const minuteOf = (at: number) => new Date(at).toISOString().replace('T', ' ').slice(0, 16)

/** What is not known of a moment, in sentences. @param trail of what, in words */
const missingIn = ({ kept_since, gaps }: Past, at: number, trail: string): string[] => [
  ...(kept_since === null ? [`The trail of ${trail} says nothing of settings.`] : []),
  ...(kept_since !== null && at < kept_since
    ? [`This is before what the trail of ${trail} keeps of settings: since ${minuteOf(kept_since)} UTC.`]
    : []),
  ...gaps.map(
    (gap) =>
      `${plural(gap.lost, 'row')} of the trail of ${trail} could not be written before ${minuteOf(gap.at)} UTC and ${gap.lost === 1 ? 'is' : 'are'} lost. Changes of settings are written together with the settings.`,
  ),
]

/** @param account absent: no account is part of it */
export const wholeness = (at: number, deployment: Past, account?: Past) => {
  const missing = [
    ...(account ? missingIn(account, at, 'this account') : []),
    ...missingIn(deployment, at, 'the deployment'),
  ]
  const since = [deployment, ...(account ? [account] : [])].map(({ kept_since }) => kept_since)
  const kept = since.includes(null) ? null : Math.max(...(since as number[]))
  return { at: isoOf(at), whole: missing.length === 0, missing, kept_since: isoOf(kept) }
}

/** A page of changes, newest first. @param after number of changes that earlier pages had */
export const changesPage = (
  changes: readonly (PastChange & { source?: Source })[],
  limit: number,
  after: number,
) => ({
  changes: changes.slice(after, after + limit).map(shownChange),
  next_cursor: changes.length > after + limit ? String(after + limit) : null,
})
