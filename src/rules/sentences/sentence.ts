/** Every row of the audit trail as a sentence that people who pay bills understand. Pages, exports and notifications share it. Pure. */
import { cutShort } from '../../core/text.ts'
import { capital, grouped, plural } from '../../core/words.ts'
import { momentIn } from '../../core/zone.ts'
import { callSentence, payeeSentence, trailSentence, writeSentence } from './calls.ts'
import { managementSentence, plainAction } from './management.ts'
import { numberIn, type Row, textIn } from './row.ts'

const LONGEST = 400

const gapSentence = (row: Row): string =>
  `${plural(numberIn(row, 'lost') ?? 0, 'row')} of the trail could not be written`

const snapshotSentence = (row: Row): string => {
  if (textIn(row, 'why') === 'retention')
    return 'All settings were noted down as they were, since older rows go'
  // Of a new deployment nothing was updated: its tables were made.
  return numberIn(row, 'as_of_seq') === 0
    ? 'All settings were noted down as they are, since this trail begins here'
    : 'All settings were noted down as they are, after an update'
}

/** A change of settings that ended although nobody decided on it. */
const settingsSentence = (row: Row): string => {
  const outcome = textIn(row, 'outcome')
  const what = `the change of ${textIn(row, 'target_name') || 'settings'} that ${textIn(row, 'asked_by_name') || 'somebody'} asked for`
  if (outcome === 'expired') return `Nobody decided in time on ${what}: it ended`
  const reason = textIn(row, 'reason', 200)
  return `${capital(what)} ${outcome === 'lapsed' ? 'lapsed' : 'ended'}${reason && `: ${reason}`}`
}

const BY_TYPE: Readonly<Record<string, (row: Row) => string | null>> = {
  mcp: callSentence,
  write: writeSentence,
  management: (row) => managementSentence(row) ?? plainAction(row),
  payee: payeeSentence,
  snapshot: snapshotSentence,
  settings: settingsSentence,
  gap: gapSentence,
  trail: trailSentence,
}

/** When that was, of what stood in no row of its own until its minute was over, and how often. */
const heldIn = (row: Row): string => {
  const [first, last] = ['first_at', 'last_at'].map((key) => textIn(row, key))
  if (!first || !last) return ''
  const [from, to] = [first, last].map((at) => momentIn('UTC', at, 'seconds'))
  const times = (numberIn(row, 'repeated') ?? 0) + 1
  return times === 1 ? ` (at ${to})` : ` (${grouped(times)} times, from ${from} to ${to})`
}

/** What a row says whose type or event this version does not know. */
const fallback = (row: Row, type: string): string => {
  const what = ['event', 'action', 'tool_name', 'outcome'].map((key) => textIn(row, key)).filter(Boolean)
  return [type || 'an event', ...what].join(' · ')
}

/** An account's own trail tells what was done; the deployment's, which names it too, that it knows of it. */
const NOTED = ' (noted in the list of accounts)'

const notedIn = ({ target_kind, made }: Row, ofDeployment: boolean): string =>
  ofDeployment && target_kind === 'integrated_account' && typeof made === 'string' ? NOTED : ''

/**
 * @param row members as stored (`type`) or as the API shows them (`log_type`); those that a row lacks are passed over
 * @param ofDeployment whether it stands in the deployment's own trail
 * @returns one line without its full stop, at most 400 letters; text of others in it is cleaned and cut
 */
export const sentenceOf = (row: Row, ofDeployment = false): string => {
  const type = textIn(row, 'type') || textIn(row, 'log_type')
  const known = Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type]!(row) : null
  const when = heldIn(row) + notedIn(row, ofDeployment)
  return cutShort(capital(known ?? fallback(row, type)), LONGEST - when.length) + when
}
