/** Arguments of writes that are ours, not Finexio's: declared beside theirs, taken out before the request is built. */
import * as z from 'zod'
import type { Effect } from '../../schemas/define.ts'
import { cleanText } from '../core/text.ts'

const LONGEST_REASON = 200

const KEY = /^[!-~]{8,100}$/

const shape = {
  reason: z.string().max(LONGEST_REASON).optional().describe('For the audit log.'),
  idempotency_key: z
    .string()
    .regex(KEY, 'must be 8 to 100 letters, digits or signs without blanks, such as a UUID')
    .optional()
    .describe('UUID; one per intended write. A repeat with the same key is never sent twice.'),
  dry_run: z.boolean().optional().describe('true: only say what would be sent.'),
}

/** What every tool of an effect takes besides the arguments of its method. */
export const ownArguments = (effect: Effect): z.ZodRawShape => (effect === 'read' ? {} : shape)

/** Numbers long enough to be an account, card or tax number, however they are grouped. */
const LONG_NUMBER = /\d(?:[ .-]?\d){5,}/g

/** What may be kept of a reason: it is free text, and people paste bank details into free text. */
const keptReason = (reason: unknown): string | null =>
  typeof reason === 'string' ? cleanText(reason).replace(LONG_NUMBER, '••••').trim() || null : null

type Arguments = Record<string, unknown>

export type Own = {
  reason: string | null
  /** Null: the caller gave none. */
  key: string | null
  dryRun: boolean
  /** What is left for the method. */
  args: Arguments
}

/** Separates our arguments from those of the method. */
export const takeOwn = (given: Arguments, effect: Effect): Own => {
  if (effect === 'read') return { reason: null, key: null, dryRun: false, args: given }
  const { reason, idempotency_key, dry_run, ...args } = given
  const key = typeof idempotency_key === 'string' ? idempotency_key : null
  return { reason: keptReason(reason), key, dryRun: dry_run === true, args }
}
