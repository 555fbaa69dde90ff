/** Arguments of writes that are ours, not Finexio's: declared beside theirs, taken out before the request is built. */
import * as z from 'zod'
import type { Effect } from '../../schemas/define.ts'
import { cleanText } from '../text/clean.ts'

const LONGEST_REASON = 200

/** What every tool of an effect takes besides the arguments of its method. */
export const ownArguments = (effect: Effect): z.ZodRawShape =>
  effect === 'read'
    ? {}
    : { reason: z.string().max(LONGEST_REASON).optional().describe('For the audit log.') }

/** Numbers long enough to be an account, card or tax number, however they are grouped. */
const LONG_NUMBER = /\d(?:[ .-]?\d){5,}/g

/** What may be kept of a reason: it is free text, and people paste bank details into free text. */
const keptReason = (reason: unknown): string | null =>
  typeof reason === 'string' ? cleanText(reason).replace(LONG_NUMBER, '••••').trim() || null : null

type Arguments = Record<string, unknown>

/** Separates our arguments from those of the method. */
export const takeOwn = (given: Arguments, effect: Effect): { reason: string | null; args: Arguments } => {
  if (effect === 'read') return { reason: null, args: given }
  const { reason, ...args } = given
  return { reason: keptReason(reason), args }
}
