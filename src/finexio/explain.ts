/** The text of a failure for a model: what happened, what it means, what to do next, and that nothing was repeated. */

import { cut } from '../core/text.ts'
import { plural } from '../core/words.ts'
import type { FieldErrors, FinexioFailure } from './failure.ts'

const MOST_ROWS = 20
const MOST_CHARACTERS = 4_000

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)

const said = ({ status, message }: FinexioFailure) =>
  status === null ? sentence(message) : `Finexio answered ${status}: ${sentence(message)}`

const fieldsText = (fields: FieldErrors) =>
  Object.entries(fields)
    .map(([name, messages]) => `${name}: ${messages.join(' ')}`)
    .join('; ')

const rowsText = ({ rows }: FinexioFailure) => {
  const shown = rows.slice(0, MOST_ROWS).map(({ index, fields }) => `body[${index}] ${fieldsText(fields)}`)
  const more = rows.length > MOST_ROWS ? [`and ${plural(rows.length - MOST_ROWS, 'more row')}`] : []
  return [...shown, ...more].join('\n')
}

/** What became of rows that nothing was said of. */
const others = ({ rows, batch }: FinexioFailure): string => {
  const rest = batch === null ? null : batch - rows.length
  if (rest !== null && rest <= 0) return 'Correct it before sending it again.'
  const which = rows.length === 0 ? 'its' : 'the other'
  const [of, stored] =
    rest === 1
      ? [`${which} row`, 'it was stored. Do not send it']
      : [`${which} ${rest === null ? '' : `${rest} `}rows`, 'they were stored. Do not send any of them']
  return `OUTCOME UNKNOWN of ${of}: Finexio does not document whether ${stored} again before that is known.`
}

const refused = (failure: FinexioFailure): string => {
  if (failure.rows.length > 0)
    return `Finexio refused the batch: ${plural(failure.rows.length, 'row')} ${failure.rows.length === 1 ? 'has' : 'have'} problems.\n${rowsText(failure)}`
  const fields = fieldsText(failure.fields)
  if (!fields) return said(failure)
  const why = failure.worded ? `${sentence(failure.message)} ` : ''
  return `Finexio refused the request: ${why}${sentence(fields)}`
}

/** Of a batch more than one row may have been stored although it was refused. */
const invalid = (failure: FinexioFailure): string => {
  const { rows, batch } = failure
  const next = rows.length > 0 || (batch ?? 1) > 1 ? others(failure) : 'Correct it before calling again.'
  return `${refused(failure)}${rows.length > 0 ? '\n' : ' '}${next}`
}

const left = ({ rate }: FinexioFailure): string => {
  if (!rate || rate.remaining === null) return ''
  return ` ${rate.remaining}${rate.limit === null ? '' : ` of ${rate.limit}`} calls are left.`
}

const HOUR_S = 3_600

const wait = ({ retryAfter, rate }: FinexioFailure): string => {
  const seconds = retryAfter ?? rate?.reset ?? null
  if (seconds === null) return 'It did not say how long to wait: leave at least a minute.'
  if (seconds <= HOUR_S) return `Wait ${Math.max(1, seconds)} s before the next call.`
  const until = new Date(Date.now() + seconds * 1_000)
  const known = !Number.isNaN(until.getTime())
  return `Wait about ${Math.round(seconds / HOUR_S)} hours${known ? `, until ${until.toISOString().slice(0, 16)}Z,` : ''} before the next call.`
}

const throttled = (failure: FinexioFailure): string => {
  const what = failure.status === 503 ? 'is overloaded' : 'limits the rate of calls'
  return `Finexio ${what} (HTTP ${failure.status}).${left(failure)} ${wait(failure)} The request was not executed, and nothing was retried.`
}

/** What an undocumented status says of fields and rows: it is told, and settles nothing. */
const problems = (failure: FinexioFailure): string => {
  const all = failure.rows.length > 0 ? rowsText(failure) : fieldsText(failure.fields)
  return all === '' ? '' : ` ${sentence(all)}`
}

const WORDS: Readonly<Record<FinexioFailure['kind'], (failure: FinexioFailure) => string>> = {
  bad_credentials: () =>
    'Finexio refuses the credentials of this account. An operator has to renew them in the account settings; repeating the call does not help.',
  forbidden: (failure) =>
    `${said(failure)} The credentials of this account lack a permission at Finexio, which an operator has to ask Finexio for.`,
  not_found: (failure) =>
    failure.namesRecord
      ? `${said(failure)} There is no record with this id: take ids from the list tool of the same resource.`
      : `${said(failure)} No id was sent: Finexio has nothing at this address for this account, or no such page.`,
  invalid,
  throttled,
  upstream_fault: (failure) =>
    `${said(failure)} The fault is on Finexio's side; nothing was retried. The same call can be made again later.`,
  no_answer: (failure) =>
    `${sentence(failure.message)} Nothing was changed by this read, and nothing was retried. The same call can be made again later.`,
  not_sent: (failure) => `${sentence(failure.message)} Nothing was sent to Finexio.`,
  outcome_unknown: (failure) =>
    `${said(failure)}${problems(failure)} OUTCOME UNKNOWN: the request left, so Finexio may have carried it out. It was not repeated.${failure.retryAfter === null ? '' : ` ${wait(failure)}`} Do not repeat it before that is known: it could be done twice.`,
}

/** At most 4,000 characters, without anything of the answer but Finexio's own messages. */
export const explain = (failure: FinexioFailure): string => {
  const text = WORDS[failure.kind](failure)
  return text.length <= MOST_CHARACTERS ? text : `${cut(text, MOST_CHARACTERS)}… [cut]`
}
