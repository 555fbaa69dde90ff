/** What stands in the way of a write, in one line that says what to do next. Payees are named by id: names are text of others. */

import { breachWords } from '../../rules/limits.ts'
import type { DraftNotice, Earlier, Obstacle } from '../../rules/write-contract.ts'
import { Refusal } from '../refusal.ts'

/** What to do about an outcome that nobody knows. @param sees whether the server shows a tool */
export type Sees = (tool: string) => boolean

const RESOLVE = 'resolve_finexio_write'

const asking = (sees: Sees): string =>
  sees(RESOLVE)
    ? `Ask ${RESOLVE} with that key what became of it`
    : 'Have it looked up by somebody who may read at Finexio'
const MOST_NAMED = 8

const named = ({ key, at }: Earlier) => `idempotency_key ${key}, ${new Date(at).toISOString()}`

const keptText = ({ kept }: Earlier) => (kept ? ` It answered ${JSON.stringify(kept)}.` : '')

const repeatWords = (earlier: Earlier, sees: Sees): string => {
  const how =
    earlier.state === 'succeeded'
      ? 'was carried out'
      : earlier.state === 'claimed'
        ? 'is under way'
        : 'has an unknown outcome'
  const next =
    earlier.state === 'succeeded'
      ? 'If a second one is meant, repeat it with a new idempotency_key.'
      : `${asking(sees)}.`
  return `possible_repeat: an equal write ${how} (${named(earlier)}).${keptText(earlier)} ${next}`
}

/** Of drafts that are decided: one that waits is an answer, not a refusal. */
const draftWords = ({ id, state, key }: DraftNotice): string =>
  `The draft ${id} of this write (idempotency_key ${key}) is ${state}, so it cannot run any more. If it is still wanted, repeat it with a new idempotency_key.`

const rowWords = (rows: Extract<Obstacle, { kind: 'in_ledger' }>['rows']): string => {
  const some = rows
    .slice(0, MOST_NAMED)
    .map(({ index, key, state }) => `body[${index}] (idempotency_key ${key}, ${state})`)
  const more = rows.length > MOST_NAMED ? `; and ${rows.length - MOST_NAMED} more` : ''
  return `duplicate_invoice: already submitted from here: ${some.join('; ')}${more}. Leave these rows out.`
}

const CONCERNS = {
  first_payment: 'was never paid before',
  changed: 'had its bank account or payment method changed lately',
} as const

const payeeWords = ({ concern }: Extract<Obstacle, { kind: 'payee' }>): string =>
  concern.known
    ? `supplier ${concern.supplier} ${CONCERNS[concern.kind]}, and this MCP server does not pay such suppliers. Ask the operator.`
    : `it could not be found out whether supplier ${concern.supplier} ${CONCERNS[concern.kind]}, and this MCP server does not pay on doubt. Ask the operator.`

const WORDS: {
  [Kind in Obstacle['kind']]: (obstacle: Extract<Obstacle, { kind: Kind }>, sees: Sees) => string
} = {
  replay: ({ earlier }) => `This write was carried out (${named(earlier)}).${keptText(earlier)}`,
  in_flight: ({ earlier }, sees) =>
    `This write is under way (${named(earlier)}). Wait a moment. ${asking(sees)}.`,
  unknown: ({ earlier }, sees) =>
    `OUTCOME UNKNOWN: this write left and was never answered (${named(earlier)}). ${asking(sees)} before repeating anything.`,
  key_reused: ({ earlier }) =>
    `idempotency_key ${earlier.key} belongs to another write (${earlier.tool} with other arguments): give each write a key of its own.`,
  possible_repeat: ({ earlier }, sees) => repeatWords(earlier, sees),
  drafted: ({ draft }) => draftWords(draft),
  in_ledger: ({ rows }) => rowWords(rows),
  not_allowed: ({ role, id }) =>
    `server_limit: ${role} ${id} is not among the ${role}s that this MCP server may ${role === 'buyer' ? 'pay for' : 'pay'}. Ask the operator to allow it.`,
  limited: ({ breach }) => breachWords(breach),
  payee: payeeWords,
  needs_approval: () => 'This write needs the approval of a person.',
  undecidable: ({ why }) => why,
  stopped: () => 'Writes are stopped (kill switch): an operator has to allow them again. Reads go on.',
  unknown_server: () => 'This MCP server expired or was revoked: an operator has to make a new one.',
  changed: () =>
    'The settings of this MCP server or its account were changed while this write was being prepared. Nothing was sent. Read the tools anew, then repeat it if it is still meant.',
  not_let_in: () =>
    'Whoever this call came from may not call this MCP server any more. Nothing was sent. Sign in anew, or ask the operator.',
  unknown_account: () => 'This account was disconnected: an operator has to connect it again.',
}

/** What a program may want to read of a refusal: numbers and ids, in `_meta`. */
const factsOf = (obstacle: Obstacle): Record<string, unknown> | null =>
  obstacle.kind === 'limited' ? { ...obstacle.breach } : null

export const obstacleWords = (obstacle: Obstacle, sees: Sees): string =>
  (WORDS[obstacle.kind] as (obstacle: Obstacle, sees: Sees) => string)(obstacle, sees)

/** @param tool name, for the message */
export const refusalOf = (tool: string, obstacle: Obstacle, sees: Sees): Refusal =>
  new Refusal(`${tool}: ${obstacleWords(obstacle, sees)}`, undefined, factsOf(obstacle))
