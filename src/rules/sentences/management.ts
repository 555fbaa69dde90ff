/** Management actions, sign-ins and consents in a sentence each. Pure. */
import { dollars } from '../../core/money.ts'
import { oneLine } from '../../core/text.ts'
import { grouped, plural } from '../../core/words.ts'
import { refusalWords, whyWords } from './refused-by.ts'
import { type ActionWords, actionWords } from './routes.ts'
import { actorIn, isByRoot, listIn, numberIn, quoted, type Row, textIn } from './row.ts'
import { changeWords, stoppedIn } from './settings.ts'

/** Calls that set something of what they name. */
const CHANGES = /^PATCH |^PUT .*\/secret\//

/** What was acted on, by name; that of an MCP server as everywhere. */
const targetIn = (row: Row, { unnamed }: ActionWords): string => {
  const name = textIn(row, 'target_name')
  return name !== '' && unnamed === 'an MCP server' ? quoted(name) : name
}

const named = (text: string, { unnamed }: ActionWords, name: string): string =>
  text.includes('%')
    ? name === ''
      ? text.replace(/(?:the (?:account|MCP server|webhook secret|client) )?%/, unnamed)
      : text.replace('%', () => name)
    : text

const OWN_PATH: Readonly<Record<string, string>> = {
  person: '/person',
  api_token: '/api-token',
}

/** Of a call that made or removed more than what it names, a row for each: what happened to what this one is about. */
const actionOf = ({ target_kind, made, action }: Row): string => {
  const path = typeof target_kind === 'string' ? OWN_PATH[target_kind] : undefined
  const called = typeof action === 'string' ? action : ''
  if (path === undefined || called.split('/')[1] === path.slice(1)) return called
  if (made === 'created') return `POST ${path}`
  return made === 'removed' ? `DELETE ${path}/:${path === '/person' ? 'person' : 'token'}` : called
}

/** The switch says what it did; rows of version 0.1.0 do not say which way. */
const switched = (row: Row, action: string, name: string): string | null => {
  const stopped = /^PUT .*\/writes$/.test(action) ? stoppedIn(row) : null
  if (stopped === null) return null
  const whose =
    action === 'PUT /writes' ? 'all writes of the deployment' : `all writes of ${name || 'this account'}`
  const why = textIn(row, 'why', 200)
  return `${stopped ? 'stopped' : 'resumed'} ${whose}${why && `: “${why}”`}`
}

const decided = (row: Row): string => {
  const [cents, suppliers, by] = [
    numberIn(row, 'cents'),
    numberIn(row, 'suppliers'),
    textIn(row, 'mcp_server_name'),
  ]
  const what = cents ? ` of ${dollars(cents)}${suppliers ? ` to ${plural(suppliers, 'supplier')}` : ''}` : ''
  return `${what}${by && `, made by ${quoted(by)}`}`
}

const donePhrase = (row: Row, action: string, words: ActionWords): string => {
  const name = targetIn(row, words)
  const told = switched(row, action, name) ?? (CHANGES.test(action) ? changeWords(row, name) : null)
  if (told !== null) return told
  const sent = action.startsWith('PATCH ') ? listIn(row, 'changed').replaceAll('_', ' ') : ''
  const scopes = action === 'POST /oauth/authorize' ? listIn(row, 'changed') : ''
  const more = sent ? `: ${sent}` : scopes ? `, with ${scopes}` : ''
  return `${named(words.past, words, name)}${action.startsWith('POST /approval/') ? decided(row) : ''}${more}`
}

const withOthers = (row: Row): string => {
  const by = textIn(row, 'agreed_by_name')
  const repeated = numberIn(row, 'repeated') ?? 0
  const often =
    repeated > 0 && row.last_at === undefined ? `, and ${grouped(repeated)} more times within a minute` : ''
  return `${by && `, agreed to by ${by}`}${often}`
}

const REFUSED: Readonly<Record<number, string>> = {
  400: 'what was sent was not valid',
  401: 'the key was not valid',
  403: 'that was not allowed',
  404: 'there was no such thing',
  409: 'it was not possible as things stood',
  429: 'there were too many requests',
}

/** Whoever connects an account was let in: what is refused then is what Finexio was asked with. */
const refusedWords = (row: Row, status: number): string | undefined =>
  status === 401 && actionOf(row).includes(' /integrated-account')
    ? 'Finexio refused the credentials'
    : REFUSED[status]

const withWhy = (row: Row, status: number): string | undefined => {
  const words = refusedWords(row, status)
  return words && `${words}${whyWords(row.refused_facts)}`
}

const tried = (row: Row, who: string, words: ActionWords, status: number): string => {
  const rule = refusalWords(row.refused_by, row.refused_facts)
  const known = rule === null ? withWhy(row, status) : `that was refused by ${rule}`
  const end = status >= 500 ? 'this server failed' : (known ?? 'that was refused')
  return `${who} tried to ${named(words.plain, words, targetIn(row, words))}, and ${end} (${status})`
}

/** A management action. Null for one that has no words. */
export const managementSentence = (row: Row): string | null => {
  const action = actionOf(row)
  const words = actionWords(action)
  if (!words) return null
  const status = numberIn(row, 'http_status_code') ?? 200
  const who = actorIn(row) || 'Somebody'
  if (status >= 400) return tried(row, who, words, status) + withOthers(row)
  if (status === 202)
    return `${who} asked to ${named(words.plain, words, targetIn(row, words))}; it waits for ${isByRoot(row) ? 'its time' : 'another person'}`
  return `${who} ${donePhrase(row, action, words)}${withOthers(row)}`
}

/** What a management row says that no words fit. */
export const plainAction = (row: Row): string =>
  `${actorIn(row) || 'Somebody'}: ${oneLine(row.action, 80) || 'a management action'}`
