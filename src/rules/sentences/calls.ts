/** Tool calls, writes, payees and the trail itself in a sentence each. Pure. */
import { dollars } from '../../core/money.ts'
import { capital, grouped, plural } from '../../core/words.ts'
import type { Outcome } from '../outcome.ts'
import type { WriteState } from '../write-contract.ts'
import { refusalWords } from './refused-by.ts'
import { actorIn, agentIn, numberIn, quoted, type Row, serverIn, supplierIn, textIn } from './row.ts'
import { type ToolWords, wordsFor } from './tools.ts'

/** Who called: the person or system by whose key it was, and through which server. */
const callerIn = (row: Row): string => {
  const [caller, client, server] = [
    textIn(row, 'caller_name'),
    textIn(row, 'oauth_client_name'),
    serverIn(row),
  ]
  if (!caller) return agentIn(row)
  return `${caller}${client ? ` with ${client}` : ''}, through ${server},`
}

const rowsIn = (row: Row): string => {
  const count = numberIn(row, 'result_count')
  if (count === null || !textIn(row, 'tool_name').startsWith('list_')) return ''
  return count === 0 ? ': no rows' : `: ${plural(count, 'row')}`
}

/** By which rule, where the row says it. */
const refusedBy = (row: Row): string => {
  const words = refusalWords(row.refused_by, row.refused_facts)
  return words === null ? '' : ` by ${words}`
}

/** Whether Finexio was asked before, and nothing but asked. */
const wasRead = (row: Row): boolean => row.effect === 'read' && (numberIn(row, 'upstream_requests') ?? 0) > 0

type Says = (who: string, tool: ToolWords, row: Row) => string

const asked =
  (end: string): Says =>
  (who, { plain }) =>
    `${who} asked to ${plain}; ${end}`

const BY_OUTCOME: Readonly<Record<Outcome, Says>> = {
  succeeded: (who, { past }, row) => `${who} ${past}${rowsIn(row)}`,
  partial: (who, { past }, row) => `${who} ${past}${rowsIn(row)}, not all that there is`,
  differs: (who, { past }) => `${who} ${past}; Finexio answered other values than were sent`,
  dry_run: (who, { plain }) => `${who} rehearsed to ${plain}; nothing was sent`,
  replayed: (who, { plain }) =>
    `${who} asked once more to ${plain}; the earlier answer was given, nothing was sent`,
  pending_approval: asked('it waits for another person'),
  input_required: asked('its own user was asked first'),
  refused: (who, { plain }, row) =>
    `${who} asked to ${plain}; that was refused here${refusedBy(row)}, and ${wasRead(row) ? 'Finexio was only read' : 'nothing was sent'}`,
  rejected: asked('Finexio said no'),
  throttled: asked('it was told to slow down'),
  failed: asked('Finexio failed or did not answer'),
  not_sent: asked('it failed before anything was sent'),
  unknown: asked('it was sent, and no clear answer came'),
  unknown_tool: (who, _, row) =>
    `${who} asked for a tool that it does not have: “${textIn(row, 'tool_name')}”`,
  fault: asked('this server failed'),
}

/** A tool call. Null for an outcome that has no words. */
export const callSentence = (row: Row): string | null => {
  const outcome = textIn(row, 'outcome')
  if (!Object.hasOwn(BY_OUTCOME, outcome)) return null
  return BY_OUTCOME[outcome as Outcome](callerIn(row), wordsFor(textIn(row, 'tool_name')), row)
}

/** By name where the row has the name of each, else how many. */
const paidIn = (row: Row): string => {
  const [suppliers, names] = [numberIn(row, 'suppliers'), row.supplier_names]
  if (!suppliers) return ''
  const isWhole = Array.isArray(names) && names.length === suppliers && names.length <= 2
  const told = isWhole ? names.map((name) => textIn({ name }, 'name')).filter(Boolean) : []
  return ` to ${told.length === suppliers ? told.map(quoted).join(' and ') : plural(suppliers, 'supplier')}`
}

/** What a write is about: its money and how many are paid, else what its tool does. */
const subjectIn = (row: Row): string => {
  const cents = numberIn(row, 'cents')
  const tool = textIn(row, 'tool_name')
  if (!cents) return tool === '' ? 'a write' : wordsFor(tool).noun
  return `${dollars(cents)}${paidIn(row)}`
}

const by = (row: Row, verb: string): string =>
  `${textIn(row, 'mcp_server_name')}${textIn(row, 'mcp_server_id')}` === ''
    ? ''
    : `, ${verb} by ${agentIn(row)}`
const alone = (row: Row): string => (row.one_person === true ? ', as the only person' : '')

/** Of a batch that was accepted by an answer that does not confirm all of it, or nothing. */
const acceptedSentence = (what: string, row: Row): string => {
  const sent = by(row, 'sent')
  if (row.partial !== true) return `Finexio accepted ${what}${sent}`
  const open = numberIn(row, 'unsure_cents')
  return open !== null && numberIn(row, 'cents') === null
    ? `Finexio's answer to ${what}${sent}, does not confirm it: whether it accepted ${dollars(open)} nobody knows yet`
    : `Finexio accepted ${what}${sent}; its answer does not confirm all of the batch, and whether it accepted ${open === null ? 'the rest' : `another ${dollars(open)}`} nobody knows yet`
}

const CONCLUDED: Readonly<Record<Exclude<WriteState, 'claimed'>, (what: string, row: Row) => string>> = {
  succeeded: acceptedSentence,
  rejected: (what, row) =>
    row.known_by === 'look'
      ? `A look at Finexio did not find ${what}${by(row, 'sent')}: it counts as not carried out`
      : `Finexio refused ${what}${by(row, 'sent')}${row.partial === true ? '; whether it stored a part of it nobody knows yet' : ''}`,
  not_sent: (what, row) => `${capital(what)}${by(row, 'begun')}, failed before it was sent`,
  unknown: (what, row) => `Nobody knows what became of ${what}${by(row, 'sent')}`,
}

/** @param who by hand; empty: by Finexio's answer */
const concludedSentence = (row: Row, what: string, who: string): string | null => {
  const outcome = textIn(row, 'outcome')
  if (!Object.hasOwn(CONCLUDED, outcome)) return null
  const state = outcome as keyof typeof CONCLUDED
  if (who === '') return CONCLUDED[state](what, row)
  const found = state === 'succeeded' ? 'carried out' : 'did not carry out'
  return `${who} concluded by hand that Finexio ${found} ${what}${by(row, 'sent')}`
}

type WriteSays = (row: Row, what: string, who: string) => string | null

const BY_EVENT: Readonly<Record<string, WriteSays>> = {
  claimed: (row, what) => `${agentIn(row)} began to send ${what}`,
  concluded: (row, what, who) =>
    concludedSentence(row, what, who || (row.known_by === 'person' ? 'A person' : '')),
  drafted: (row, what) => `${agentIn(row)} drafted ${what}; it waits for approval`,
  approved: (row, what, who) => `${who || 'Somebody'} approved ${what}${by(row, 'drafted')}${alone(row)}`,
  rejected: (row, what, who) => `${who || 'Somebody'} rejected ${what}${by(row, 'drafted')}${alone(row)}`,
  expired: (row, what) => `Nobody decided in time on ${what}${by(row, 'drafted')}: the draft ended`,
  canceled: (row, what, who) =>
    textIn(row, 'why') !== ''
      ? `The draft of ${what}${by(row, 'made')}, was canceled: ${who === '' ? textIn(row, 'why', 200) : `${who} revoked its MCP server`}`
      : who === ''
        ? `The draft of ${what}${by(row, 'made')}, ended without a decision`
        : `${who} withdrew ${what}${by(row, 'drafted')}`,
}

/** What there are words for. */
export const WRITE_EVENTS = Object.keys(BY_EVENT)

/** What ledger and drafts say of a write. Null for an event that has no words. */
export const writeSentence = (row: Row): string | null => {
  const event = textIn(row, 'event')
  return Object.hasOwn(BY_EVENT, event) ? BY_EVENT[event]!(row, subjectIn(row), actorIn(row)) : null
}

const UNPAID = ', while an invoice of it was, or may have been, unpaid'

const changedIn = (row: Row): string => {
  const { changed } = row
  const names = Array.isArray(changed)
    ? changed.map((name) => String(name).replaceAll('_', ' ')).join(', ')
    : ''
  return names === '' ? '' : `: ${textIn({ names }, 'names', 200)}`
}

const amountIn = (row: Row): string => {
  const cents = numberIn(row, 'cents')
  return cents === null ? 'an amount' : dollars(cents)
}

const towards = (row: Row): string => {
  const count = numberIn(row, 'count')
  return `${supplierIn(row)}${count ? `, in ${plural(count, 'invoice')}` : ''}`
}

/** Why nothing came of what was asked for. */
const nothing = (row: Row): string => {
  if (row.outcome === 'not_sent') return 'it failed before it was sent'
  if (row.known_by === 'look') return 'a look at Finexio did not find it'
  return row.known_by === 'person'
    ? 'a person concluded that it was not carried out'
    : 'Finexio did not take it'
}

const asConcluded = (row: Row): string => (row.known_by === 'person' ? ', as a person concluded' : '')

const PAYEES: Readonly<Record<string, (row: Row, who: string) => string>> = {
  called_back: (row, who) => {
    const called = textIn(row, 'called')
    return `${who || 'Somebody'} called ${called ? `${called} of ` : ''}${supplierIn(row)} back, and confirmed its payment details`
  },
  accepted: (row, who) => `${who || 'Somebody'} accepted how ${supplierIn(row)} is paid at present`,
  present_accepted: (_, who) =>
    `${who || 'Somebody'} accepted the present, once: suppliers that were paid before and did not change lately`,
  changed: (row) =>
    `How ${supplierIn(row)} is paid was changed${changedIn(row)}${asConcluded(row)}${row.unpaid === false ? '' : UNPAID}`,
  not_changed: (row) =>
    `How ${supplierIn(row)} is paid was to be changed${changedIn(row)}; ${row.known_by === 'look' ? 'it counts as not changed' : 'it stayed as it was'}: ${nothing(row)}`,
  change_unknown: (row) =>
    row.outcome === 'succeeded'
      ? `Finexio answered other values than were sent for how ${supplierIn(row)} is paid${changedIn(row)}: nobody knows what it keeps until the record is read${row.unpaid === false ? '' : UNPAID}`
      : `Nobody knows whether Finexio accepted a change of how ${supplierIn(row)} is paid${changedIn(row)}${row.unpaid === false ? '' : UNPAID}`,
  instructed: (row) =>
    `Finexio accepted the instruction to pay ${amountIn(row)} to ${towards(row)}${asConcluded(row)}`,
  not_paid: (row) =>
    `The instruction to pay ${amountIn(row)} to ${towards(row)}, came to nothing: ${nothing(row)}`,
  payment_unknown: (row) =>
    `Nobody knows whether Finexio accepted the instruction to pay ${amountIn(row)} to ${towards(row)}`,
  sent: (row) =>
    `${amountIn(row)} was to be sent to Finexio for ${towards(row)}: what came of it is in the row of its write`,
}

/** What there are words for. */
export const PAYEE_EVENTS = Object.keys(PAYEES)

/** What happened to a payee. Null for an event that has no words. */
export const payeeSentence = (row: Row): string | null => {
  const event = textIn(row, 'event')
  return Object.hasOwn(PAYEES, event) ? PAYEES[event]!(row, actorIn(row)) : null
}

const megabytes = (row: Row, key: string) =>
  `${grouped(Math.round((numberIn(row, key) ?? 0) / 1_000_000))} MB`

/** What the trail tells of itself. Null for an event that has no words. */
export const trailSentence = (row: Row): string | null => {
  const size = `${megabytes(row, 'bytes')} of ${megabytes(row, 'bound_bytes')}`
  const event = textIn(row, 'event')
  if (event === 'filling') return `The trail fills its room: ${size}`
  return event === 'cut_by_size' ? `The oldest rows of the trail go for want of room: ${size}` : null
}
