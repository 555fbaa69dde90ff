/** Whether the client's own user confirmed this very write, by typing in what it comes to. Pure. */
import type { Round } from '../../mcp/contract.ts'
import { centsOf } from '../prepare/values.ts'
import { Refusal } from '../refusal.ts'
import type { WritePlan } from '../tool.ts'
import { wordToType } from './waiting.ts'

const same = (typed: string, word: string): boolean => {
  if (typed.trim().toUpperCase() === word.toUpperCase()) return true
  const [given, meant] = [centsOf(typed), centsOf(word)]
  return 'value' in given && 'value' in meant && given.value === meant.value
}

/**
 * @param fingerprint of tool and arguments: an answer to another write confirms nothing
 * @throws Refusal when the user said no
 */
export const isConfirmed = (
  plan: WritePlan,
  { state, answer }: Round,
  fingerprint: string,
  tool: string,
): boolean => {
  if (!state || !answer || state.fingerprint !== fingerprint) return false
  if (answer.action !== 'accept')
    throw new Refusal(
      `${tool}: the user of this client declined. Do not repeat it unless they ask for it again.`,
    )
  return answer.typed !== null && same(answer.typed, wordToType(plan).word)
}
