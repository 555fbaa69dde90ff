/** Whether the client's own user confirmed this very write, by typing in what it comes to. Pure. */
import type { Round } from '../contract.ts'
import { centsOf } from '../prepare/values.ts'
import { Refusal } from '../refusal.ts'
import type { WritePlan } from '../tool.ts'
import { wordToType } from './waiting.ts'

const same = (typed: string, word: string): boolean => {
  if (typed.trim().toUpperCase() === word.toUpperCase()) return true
  const [given, meant] = [centsOf(typed), centsOf(word)]
  return 'value' in given && 'value' in meant && given.value === meant.value
}

/** A form is about one write: these arguments under the key that it was asked for. Another key would make one answer count twice. */
const isAbout = ({ key, fingerprint }: Asked, { state }: Round): boolean =>
  state !== null && state.fingerprint === fingerprint && (key === null || key === state.key)

/** `key`: what the caller gave; `fingerprint`: of tool and arguments. */
type Asked = { tool: string; key: string | null; fingerprint: string }

/** @throws Refusal when the user said no */
export const isConfirmed = (plan: WritePlan, round: Round, asked: Asked): boolean => {
  const { answer } = round
  if (!answer || !isAbout(asked, round)) return false
  if (answer.action !== 'accept')
    throw new Refusal(
      `${asked.tool}: the user of this client declined. Do not repeat it unless they ask for it again.`,
    )
  return answer.typed !== null && same(answer.typed, wordToType(plan).word)
}
