/** Who called for a write, and who else had a hand in it. */
import { issuersIn, principalOf } from '../../rules/admission.ts'
import type { Hands } from '../../rules/who/four-eyes.ts'
import type { ClaimRequest, NewDraft } from '../../rules/write-contract.ts'
import { payeeChangers } from '../tables/payee-changes.ts'
import { handsIn, urlSeenBy } from '../tables/principals/server-hands.ts'
import type * as servers from '../tables/servers.ts'
import { draftNow } from './drafts.ts'

/** Whether a server asks its callers for a key of theirs beside its URL. */
export const isAsked = ({ config }: servers.Server): boolean => config.require_api_token_auth === true

/** Ids of everybody who called, or may have called. */
export const callersOf = (
  sql: SqlStorage,
  { letIn, approval }: ClaimRequest,
  server: servers.Server,
  now: number,
): string[] => {
  const shown = [principalOf(letIn.caller)?.id, ...issuersIn(letIn.caller)]
  const draft = approval?.kind === 'approved' ? draftNow(sql, approval.draftId, now) : null
  const holder = draft ? draft.hands.caller : server.holder
  // A bare URL says nothing of who calls: it may be whoever has seen it.
  const seen = isAsked(server) ? [] : [holder?.id, ...urlSeenBy(sql, server.id)]
  return [...new Set([...shown, ...seen])].filter((id) => id !== undefined)
}

/** Who had a hand in a write that waits, and so does not decide on it. */
export const handsOf = (
  sql: SqlStorage,
  { request, caller }: NewDraft,
  server: servers.Server,
  now: number,
): Hands => {
  const suppliers = request.movements.map(({ supplier }) => supplier)
  const shown = principalOf(caller)
  const { editors, holders } = handsIn(sql, server.id, now)
  return {
    keyed: isAsked(server) && caller.kind !== 'url',
    // A key that nobody asked for names no caller, but its holder had a hand in it.
    caller: (isAsked(server) ? shown : null) ?? server.holder,
    callerIssuers: issuersIn(caller),
    holders: shown && !isAsked(server) ? [...holders, shown.id] : holders,
    editors,
    payeeChangers: payeeChangers(sql, suppliers, now),
  }
}
