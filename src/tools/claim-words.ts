/** What stands in the way of a write, in one line that says what to do next. */
import type { Earlier, Obstacle } from '../writes/contract.ts'
import { Refusal } from './refusal.ts'

const RESOLVE = 'resolve_finexio_write'

const named = ({ key, at }: Earlier) => `idempotency_key ${key}, ${new Date(at).toISOString()}`

const keptText = ({ kept }: Earlier) => (kept ? ` It answered ${JSON.stringify(kept)}.` : '')

const repeatWords = (earlier: Earlier): string => {
  const how =
    earlier.state === 'succeeded'
      ? 'was carried out'
      : earlier.state === 'claimed'
        ? 'is under way'
        : 'has an unknown outcome'
  const next =
    earlier.state === 'succeeded'
      ? 'If a second one is meant, repeat it with a new idempotency_key.'
      : `Ask ${RESOLVE} with that key what became of it.`
  return `possible_repeat: an equal write ${how} (${named(earlier)}).${keptText(earlier)} ${next}`
}

const WORDS: { [Kind in Obstacle['kind']]: (claim: Extract<Obstacle, { kind: Kind }>) => string } = {
  replay: ({ earlier }) => `This write was carried out (${named(earlier)}).${keptText(earlier)}`,
  in_flight: ({ earlier }) =>
    `This write is under way (${named(earlier)}). Wait a moment, then ask ${RESOLVE} with that key what became of it.`,
  unknown: ({ earlier }) =>
    `OUTCOME UNKNOWN: this write left and was never answered (${named(earlier)}). Ask ${RESOLVE} with that key what became of it before repeating anything.`,
  key_reused: ({ earlier }) =>
    `idempotency_key ${earlier.key} belongs to another write (${earlier.tool} with other arguments): give each write a key of its own.`,
  possible_repeat: ({ earlier }) => repeatWords(earlier),
  stopped: () => 'Writes are stopped (kill switch): an operator has to allow them again. Reads go on.',
  unknown_account: () => 'This account was disconnected: an operator has to connect it again.',
}

/** @param tool name, for the message */
export const refusalOf = <Kind extends Obstacle['kind']>(
  tool: string,
  claim: Extract<Obstacle, { kind: Kind }>,
): Refusal => new Refusal(`${tool}: ${(WORDS[claim.kind] as (claim: Obstacle) => string)(claim)}`)
