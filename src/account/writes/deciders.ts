/** Who could approve a draft as things stand: shown, so that somebody can be asked. The decision asks anew. */
import { refOf } from '../../rules/admission.ts'
import { type DecidedBy, decisionProblem } from '../../rules/who/four-eyes.ts'
import { holds } from '../../rules/who/roles.ts'
import { authorityOf, deciderOf, settingOf, withIssuer } from '../authority.ts'
import type { StoredDraft } from '../tables/drafts/drafts.ts'
import { mappedNow, selectPerson } from '../tables/principals/people.ts'
import { allRows } from '../tables/rows.ts'

export type Named = { id: string; name: string }

const LIVE_PERSON = "person.kind = 'person' AND disabled_at IS NULL"

/** Every API token and every sign-in by which somebody may hold the role. */
const waysToApprove = (sql: SqlStorage, accountId: string, now: number): DecidedBy[] =>
  allRows<DecidedBy>(
    sql,
    `SELECT holder AS person, api_token.id AS token FROM api_token JOIN person ON person.id = holder
         WHERE ${LIVE_PERSON} AND api_token.grants LIKE '%"approve%'
       UNION ALL SELECT id, NULL FROM person WHERE ${LIVE_PERSON} AND issuer IS NOT NULL`,
  ).filter(({ person, token }) => token !== null || signsInToApprove(sql, person, accountId, now))

const signsInToApprove = (sql: SqlStorage, id: string, accountId: string, now: number): boolean => {
  const person = selectPerson(sql, id)!
  return holds([...person.grants, ...mappedNow(person, now)], 'approve', accountId)
}

/** By name. @param now milliseconds since the epoch */
export const whoMayApprove = (sql: SqlStorage, stored: StoredDraft, now: number): Named[] => {
  const { accountId } = stored
  const authority = authorityOf(sql, { accountId, caller: refOf(stored.caller), decider: null }, now)
  const { hands, created_at } = withIssuer(stored, authority)!
  const found = new Map<string, Named>()
  for (const by of waysToApprove(sql, accountId, now)) {
    const decider = deciderOf(sql, { accountId, caller: null, decider: by }, now)
    if (decider && decisionProblem(hands, created_at, decider, settingOf(authority)) === null)
      found.set(by.person, { id: by.person, name: decider.name })
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name))
}
