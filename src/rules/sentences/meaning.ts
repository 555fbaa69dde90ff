/** What an event means for whoever reads the trail: a color and a word. Waiting is no error, and a refusal no fault of the system. Pure. */
import { numberIn, type Row, textIn } from './row.ts'

/** `done`: as asked for. `waits`: for a person. `approved`, `rejected`: what a person decided. `refused`: a rule held. `failed`: Finexio or this server did not do it. `open`: nobody knows, or it has to be looked at. `note`: nothing changed by it. */
export type Meaning = 'done' | 'waits' | 'approved' | 'rejected' | 'refused' | 'failed' | 'open' | 'note'

type Told = { meaning: Meaning; word: string }
const told = (meaning: Meaning, word: string): Told => ({ meaning, word })

const BY_OUTCOME: Readonly<Record<string, Told>> = {
  succeeded: told('done', 'done'),
  partial: told('note', 'in part'),
  differs: told('open', 'differs'),
  dry_run: told('note', 'rehearsed'),
  replayed: told('note', 'answered again'),
  pending_approval: told('waits', 'waits for approval'),
  input_required: told('waits', 'asks its user'),
  refused: told('refused', 'refused'),
  rejected: told('failed', 'Finexio said no'),
  throttled: told('refused', 'slowed down'),
  failed: told('failed', 'failed'),
  not_sent: told('failed', 'not sent'),
  unknown: told('open', 'outcome unknown'),
  unknown_tool: told('refused', 'unknown tool'),
  fault: told('failed', 'our fault'),
  expired: told('note', 'expired'),
  lapsed: told('note', 'lapsed'),
}

/** Every outcome that a row may have, with its word. */
export const outcomeWords: readonly (readonly [outcome: string, word: string])[] = [
  ...Object.entries(BY_OUTCOME).map(([outcome, { word }]) => [outcome, word] as const),
  ['pending', 'draft waits'],
]

const BY_EVENT: Readonly<Record<string, Told>> = {
  claimed: told('note', 'under way'),
  drafted: told('waits', 'waits for approval'),
  approved: told('approved', 'approved'),
  rejected: told('rejected', 'rejected'),
  canceled: told('note', 'withdrawn'),
  expired: told('note', 'expired'),
  called_back: told('done', 'called back'),
  accepted: told('done', 'accepted'),
  present_accepted: told('done', 'accepted'),
  changed: told('open', 'payee changed'),
  not_changed: told('failed', 'not changed'),
  change_unknown: told('open', 'outcome unknown'),
  instructed: told('done', 'instructed'),
  not_paid: told('failed', 'not paid'),
  payment_unknown: told('open', 'outcome unknown'),
  sent: told('note', 'sent'),
  filling: told('waits', 'trail fills'),
  cut_by_size: told('open', 'rows go'),
}

const inMap = (map: Readonly<Record<string, Told>>, key: string): Told | null =>
  Object.hasOwn(map, key) ? map[key]! : null

/** Calls that say themselves what was decided. */
const BY_ACTION: Readonly<Record<string, Told>> = {
  'POST /approval/:approval/approve': told('approved', 'approved'),
  'POST /approval/:approval/reject': told('rejected', 'rejected'),
  'POST /settings-draft/:settings/agree': told('approved', 'agreed'),
  'POST /settings-draft/:settings/reject': told('rejected', 'rejected'),
  'POST /integrated-account/:account/unknown-write/:key/settle': told('done', 'concluded'),
  'POST /integrated-account/:account/payee/:supplier/callback': told('done', 'called back'),
  'POST /integrated-account/:account/payee/acceptance': told('done', 'accepted'),
}

/** What looks or a person found out, Finexio did not say. */
const ofConcluded = (row: Row, outcome: string): Told | null =>
  outcome === 'rejected' && (textIn(row, 'known_by') !== '' || textIn(row, 'actor_id') !== '')
    ? told('failed', 'not carried out')
    : inMap(BY_OUTCOME, outcome)

const ofStatus = (status: number): Told => {
  if (status === 202) return told('waits', 'waits for a second person')
  if (status < 400) return told('done', 'done')
  return status < 500 ? told('refused', 'refused') : told('failed', 'our fault')
}

/** @param row as stored or as the API shows it; what this version does not know is a note */
export const meaningOf = (row: Row): Told => {
  const [type, event, outcome] = [
    textIn(row, 'type') || textIn(row, 'log_type'),
    textIn(row, 'event'),
    textIn(row, 'outcome'),
  ]
  if (type === 'gap') return told('failed', 'rows lost')
  if (type === 'snapshot') return told('note', 'settings noted')
  if (type === 'management') {
    const status = numberIn(row, 'http_status_code') ?? 200
    const decided = status < 300 && status !== 202 ? inMap(BY_ACTION, textIn(row, 'action', 200)) : null
    return decided ?? ofStatus(status)
  }
  const known =
    event === 'concluded'
      ? ofConcluded(row, outcome)
      : event === ''
        ? inMap(BY_OUTCOME, outcome)
        : inMap(BY_EVENT, event)
  return known ?? told('note', event || outcome || type || 'event')
}
