/** What a write answers, besides the receipt for what Finexio did. */
import { isObject } from '../../core/json.ts'
import { decimalOf } from '../../core/money.ts'
import { type ApprovalReason, reasonWords, UNDOABLE } from '../../rules/approval.ts'
import { breachWords, totalOf } from '../../rules/limits.ts'
import { UNVERIFIED_WORDS } from '../../rules/payees/verified.ts'
import { refusedByObstacle } from '../../rules/sentences/refused-by.ts'
import { recordsIn, rowsIn } from '../../rules/unknown.ts'
import type { DraftNotice, Earlier, Kept, LedgerRow, Obstacle } from '../../rules/write-contract.ts'
import { present } from '../present/present.ts'
import { Refusal } from '../refusal.ts'
import { jsonAnswer, type ToolAnswer, type WritePlan } from '../tool.ts'
import { type Batch, invoiceWords, rowWords } from './guard/row-words.ts'
import { sameWarnings } from './same-draft.ts'
import type { Writes } from './writes.ts'

// What prevents a write, in one line that says what to do next. Payees are named by id: names are text of others.

/** Whether the server shows a tool: what is not there is not advised. */
export type Sees = (tool: string) => boolean

const RESOLVE = 'resolve_finexio_write'

/** What to do about an outcome that nobody knows. */
export const asking = ({ elsewhere }: Pick<Earlier, 'elsewhere'>, sees: Sees): string => {
  if (elsewhere)
    return 'It left through another MCP server of this account: have it asked there what became of it'
  return sees(RESOLVE)
    ? `Ask ${RESOLVE} with that key what became of it`
    : 'Have it looked up by somebody who may read at Finexio'
}
const MOST_NAMED = 8

/** Of a write that was accepted by an answer that does not confirm all of it. @param rows positions of what it does not confirm */
export const unconfirmedWords = (plan: Batch, rows: readonly number[], sees: Sees): string => {
  const named = rows.slice(0, MOST_NAMED).map((row) => rowWords(plan, row))
  const more = rows.length > MOST_NAMED ? ` and ${rows.length - MOST_NAMED} more` : ''
  return `OUTCOME UNKNOWN in part: Finexio's answer does not confirm ${named.join('; ')}${more}: nobody knows yet what became of ${rows.length === 1 ? 'it' : 'them'}. ${asking({}, sees)} before any of it is repeated or dropped.`
}

const named = ({ key, at }: Earlier) => `idempotency_key ${key}, ${new Date(at).toISOString()}`

const keptText = ({ kept }: Earlier) => (kept ? ` It answered ${JSON.stringify(kept)}.` : '')

/** Invoices are named: a second one under the same number is refused by Finexio, so that a new key helps nobody. */
const againWords = ({ kept, key }: Earlier): string => {
  const rows = recordsIn(kept)
  if (rows.length === 0) return 'If a second one is meant, repeat it with a new idempotency_key.'
  const ids = rows.slice(0, MOST_NAMED).map(({ id }) => id)
  const more = rows.length > MOST_NAMED ? ` and ${rows.length - MOST_NAMED} more` : ''
  return `Already submitted under ${key} as ids ${ids.join(', ')}${more}; Finexio refuses the same number, unless it shows can_be_resubmitted: then it may go under a key of its own.`
}

/** What an equal write is about, as far as it pays invoices. */
const ofInvoices = (plan: Batch): string => {
  const { length } = plan.invoices
  if (length === 0) return ''
  return ` of ${invoiceWords(plan, 0)}${length > 1 ? ` and ${length - 1} more` : ''}`
}

const repeatWords = (earlier: Earlier, sees: Sees, plan: Batch): string => {
  const isOpen = rowsIn(earlier.kept, 'unknown_rows').length > 0
  const how =
    earlier.state === 'succeeded'
      ? isOpen
        ? 'was accepted in part, and nobody knows yet what became of the rest'
        : 'was carried out'
      : earlier.state === 'claimed'
        ? 'is under way'
        : 'has an unknown outcome'
  const next = earlier.state === 'succeeded' && !isOpen ? againWords(earlier) : `${asking(earlier, sees)}.`
  return `possible_repeat: an equal write${ofInvoices(plan)} ${how} (${named(earlier)}).${keptText(earlier)} ${next}`
}

/** One that still waits is answered, not refused: only a dry run says so in a sentence. */
export const draftWords = ({ id, state, key }: DraftNotice): string =>
  state === 'pending'
    ? `The draft ${id} of this write (idempotency_key ${key}) waits for approval already: no other one is made.`
    : `The draft ${id} of this write (idempotency_key ${key}) is ${state}, so it cannot run any more. If it is still wanted, repeat it with a new idempotency_key.`

const listed = (rows: readonly LedgerRow[], plan: Batch): string => {
  const some = rows
    .slice(0, MOST_NAMED)
    .map(({ index, key, state }) => rowWords(plan, index, [`idempotency_key ${key}`, state]))
  return `${some.join('; ')}${rows.length > MOST_NAMED ? `; and ${rows.length - MOST_NAMED} more` : ''}`
}

/** Of what the ledger alone knows: nobody looked, or the look did not show it. */
const COMES_AGAIN =
  'One that Finexio lets come again (can_be_resubmitted) goes once the look before the batch shows it so, under the id by which it was made: an operator sets duplicate_guard above 0.'

/** Rows that were paid are left out. Of the others nobody knows: leaving them out could mean that they are never paid. */
const ledgerWords = (rows: readonly LedgerRow[], sees: Sees, plan: Batch): string => {
  const paid = rows.filter(({ state }) => state === 'succeeded')
  const open = rows.filter(({ state }) => state !== 'succeeded')
  const words = []
  if (paid.length > 0)
    words.push(`already submitted from here: ${listed(paid, plan)}. Leave these rows out. ${COMES_AGAIN}`)
  if (open.length > 0)
    words.push(
      `submitted from here, and nobody knows yet whether it was stored: ${listed(open, plan)}. ${asking(open[0]!, sees)}; do not repeat these rows before, nor drop them.`,
    )
  return `duplicate_invoice: ${words.join(' ')}`
}

const CONCERNS = {
  first_payment: 'was never paid before',
  changed: 'had its payment details changed lately',
  money_under_way: 'has money under way',
} as const

const payeeWords = ({ concern }: Extract<Obstacle, { kind: 'payee' }>): string =>
  concern.known
    ? `supplier ${concern.supplier} ${CONCERNS[concern.kind]}, and this MCP server does not pay such suppliers. Ask the operator.`
    : `it could not be found out whether supplier ${concern.supplier} ${CONCERNS[concern.kind]}, and this MCP server does not pay on doubt. Ask the operator.`

const MOST_UNVERIFIED = 8

const unverifiedWords = (suppliers: Extract<Obstacle, { kind: 'unverified' }>['suppliers']): string => {
  const named = suppliers
    .slice(0, MOST_UNVERIFIED)
    .map(({ supplier, why }) => `${supplier}: ${UNVERIFIED_WORDS[why]}`)
  const more = suppliers.length > MOST_UNVERIFIED ? `; and ${suppliers.length - MOST_UNVERIFIED} more` : ''
  return `unverified_payee: ${named.join('; ')}${more}. Somebody has to call back and record it, then this can be approved by another person.`
}

const WORDS: {
  [Kind in Obstacle['kind']]: (obstacle: Extract<Obstacle, { kind: Kind }>, sees: Sees, plan: Batch) => string
} = {
  replay: ({ earlier }) => `This write was carried out (${named(earlier)}).${keptText(earlier)}`,
  in_flight: ({ earlier }, sees) =>
    `This write is under way (${named(earlier)}). Wait a moment. ${asking(earlier, sees)}.`,
  unknown: ({ earlier }, sees) =>
    `OUTCOME UNKNOWN: this write left and was never answered (${named(earlier)}). ${asking(earlier, sees)} before repeating anything.`,
  key_reused: ({ earlier }) =>
    `idempotency_key ${earlier.key} belongs to another write (${earlier.tool} with other arguments): give each write a key of its own.`,
  possible_repeat: ({ earlier }, sees, plan) => repeatWords(earlier, sees, plan),
  drafted: ({ draft }) => draftWords(draft),
  in_ledger: ({ rows }, sees, plan) => ledgerWords(rows, sees, plan),
  not_allowed: ({ role, id }) =>
    `server_limit: ${role} ${id} is not among the ${role}s that this MCP server may ${role === 'buyer' ? 'pay for' : 'pay'}. Ask the operator to allow it.`,
  limited: ({ breach }) => breachWords(breach),
  payee: payeeWords,
  unverified: ({ suppliers }) => unverifiedWords(suppliers),
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

export const obstacleWords = (obstacle: Obstacle, sees: Sees, plan: Batch): string =>
  (WORDS[obstacle.kind] as (obstacle: Obstacle, sees: Sees, plan: Batch) => string)(obstacle, sees, plan)

/** @param tool name, for the message @param plan what was to be written: it names the invoices */
export const refusalOf = (tool: string, obstacle: Obstacle, sees: Sees, plan: Batch): Refusal => {
  const { code, facts } = refusedByObstacle(obstacle)
  return new Refusal(`${tool}: ${obstacleWords(obstacle, sees, plan)}`, undefined, factsOf(obstacle)).by(
    code,
    facts,
  )
}

type Structured = ToolAnswer['structured']

/** Ids and counts of a receipt: what a replay answers. */
export const keptOf = ({
  outcome,
  differs,
  id,
  result,
  result_count,
  total_cents,
  total,
}: Structured): Kept => {
  const all = Object.entries({ outcome, differs, id, result, result_count, total_cents, total })
  return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as Kept
}

/** The answer of a repeat with the same key. @param kept what the first answer left in the ledger; null: nothing */
export const replayed = (key: string, kept: Kept | null): ToolAnswer =>
  jsonAnswer({
    ...kept,
    outcome: kept?.outcome === 'differs' ? 'differs' : 'succeeded',
    idempotency_key: key,
    replayed: true,
  })

/** Count and sum of what a write would pay; nothing where it pays nobody. */
export const sumOf = ({ facts }: WritePlan) => {
  const { cents, count } = totalOf(facts.movements)
  return count > 0 ? { count, total_cents: cents, total: decimalOf(cents) } : {}
}

const isNothing = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.trim() === ''
    : value === null || (typeof value === 'object' && Object.keys(value as object).length === 0)

/** Fields that a change sets to nothing. */
export const emptiedBy = ({ request: { verb, body } }: Pick<WritePlan, 'request'>): string[] =>
  (verb === 'PUT' || verb === 'PATCH') && isObject(body)
    ? Object.keys(body).filter((name) => isNothing(body[name]))
    : []

/** A request as a person may see it: bank numbers masked, passwords left out. */
export const shownRequest = (plan: WritePlan) => {
  const { verb, template, path, body } = plan.request
  const empties = emptiedBy(plan)
  const named = template.includes('{') ? { path } : {}
  const shown = Array.isArray(body)
    ? body.map((row) => present(row as Structured))
    : body === undefined
      ? undefined
      : present(body as Structured)
  return {
    request: `${verb} ${template}`,
    ...named,
    ...(empties.length > 0 && { empties }),
    ...(shown !== undefined && { body: shown }),
  }
}

const FOLLOW = 'get_finexio_approval'

/** Of a batch that is held for some of its payees: the rows of the others. */
const couldGo = ({ invoices }: WritePlan, reasons: readonly ApprovalReason[]) => {
  const held = new Set(reasons.flatMap((reason) => (reason.kind === 'unverified' ? [reason.supplier] : [])))
  if (held.size === 0) return {}
  const rows = invoices.flatMap(({ supplier }, row) => (held.has(supplier) ? [] : [row]))
  return { rows_of_verified_payees: rows }
}

/** A write that waits for a person. */
export const pending = (
  plan: WritePlan,
  { id, key, expires_at, undoable, elsewhere, same = [] }: DraftNotice,
  reasons: readonly ApprovalReason[],
  writes: Pick<Writes, 'approvalUrl' | 'sees' | 'serverId'>,
): ToolAnswer =>
  jsonAnswer({
    outcome: 'pending_approval',
    ...couldGo(plan, reasons),
    approval_id: id,
    approval_url: writes.approvalUrl(id),
    expires_at: new Date(expires_at).toISOString(),
    ...(reasons.length > 0 && { reasons: reasons.map(reasonWords) }),
    ...(same.length > 0 && { warnings: sameWarnings(same, plan.facts.movements.length > 0, writes) }),
    ...sumOf(plan),
    idempotency_key: key,
    note: `Not sent to Finexio: another person has to approve it at approval_url. Do not repeat the call; ${!elsewhere && writes.sees(FOLLOW) ? `ask ${FOLLOW}` : 'approval_url shows'} what became of it.${undoable ? ` ${UNDOABLE}` : ''}`,
  })
