/** Every notification as a sentence, for receivers that show text alone. Pure. */
import { asObject } from '../../core/json.ts'
import { plural } from '../../core/words.ts'
import { trailSentence, writeSentence } from './calls.ts'
import { listIn, type Row, serverIn, supplierIn, textIn } from './row.ts'

const pushProblem = (data: Row): string => {
  const status = textIn(data, 'status')
  const answered = status && ` (HTTP ${status})`
  if (data.problem === 'rejected') return `rejects what is in one of them${answered}`
  if (data.problem === 'refused') return `refuses the request${answered}: address or key may be wrong`
  return `does not answer${answered}`
}

const BY_TYPE: Readonly<Record<string, (data: Row) => string | null>> = {
  'account.needs_reauth': (data) =>
    `Finexio refused the credentials of ${textIn(data, 'name') || 'an account'}: every call is refused until they are renewed`,
  'mcp_server.expiring': (data) =>
    `The URL of ${serverIn({ mcp_server_name: data.name })} ends on ${textIn(data, 'expires_at').replace(/T.*/, '')}`,
  'own_limit.reached': (data) =>
    `An account used up its own limit: ${textIn(data, 'limit')} ${data.window_seconds === null ? 'calls at once' : `in ${textIn(data, 'window_seconds')} seconds`}`,
  'audit.filling': (data) => trailSentence({ ...data, event: 'filling' }),
  'audit.cut': (data) => trailSentence({ ...data, event: 'cut_by_size' }),
  'approval.pending': (data) => writeSentence({ ...data, event: 'drafted' }),
  'payee.changed': (data) =>
    `How ${supplierIn(data)} is paid changed, while an invoice of it is or may be unpaid: only Finexio can stop that payment`,
  'audit.push_failing': (data) => `Rows of the audit trail wait: the collector ${pushProblem(data)}`,
  'audit.push_gap': (data) => {
    const [from, to] = [textIn(data, 'from'), textIn(data, 'to')]
    const rows = from === to ? `Row ${from}` : `Rows ${from} to ${to}`
    return `${rows} of the audit trail did not go to the collector: too old, or rejected by it`
  },
  'audit.heads': (data) => {
    const heads = Array.isArray(data.heads) ? data.heads.length : 0
    return `The newest row of ${plural(heads, 'trail')}: keep this message, to prove later that nothing before was changed`
  },
  'settings.pending': (data) => {
    const asker = textIn(asObject(data.asked_by) ?? {}, 'name')
    const approvers = Array.isArray(data.approvers) ? data.approvers : []
    const who = listIn({ names: approvers.map((one) => one?.name) }, 'names')
    return `A change of settings${asker && `, asked for by ${asker},`} ${textIn(data, 'acts_at') === '' ? `waits for another person${who && `: ${who}`}` : `acts by itself at ${textIn(data, 'acts_at')} unless somebody cancels it${who && `: ${who} may`}`}`
  },
}

/** @returns the type itself where there are no words for it */
export const noticeSentence = (type: string, data: Row): string =>
  (Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type]!(data) : null) ?? type
