/** `GET /integrated-account/:account/history`: who could do what with an account at a moment, from the trails alone. */
import * as z from 'zod'
import { accountObject, auditOf } from '../../account/account-stub.ts'
import type { PastChange } from '../../account/audit/history.ts'
import { deploymentAuditOf } from '../../account/directory-stub.ts'
import { concerning, type PastPerson, peopleAt } from '../../rules/history/authority.ts'
import { ROLES, type Role } from '../../rules/who/roles.ts'
import { time, uuid } from '../answers.ts'
import { unknownAccount } from '../errors.ts'
import { Page } from '../input.ts'
import { type Asked, route } from '../route.ts'
import {
  AtInput,
  ChangesPage,
  changesPage,
  momentOf,
  readUpTo,
  sinceOf,
  Whole,
  wholeness,
} from './answers.ts'
import { madeSince, revokedSince } from './day.ts'
import { deploymentIn } from './deployment.ts'
import { accountIn, PastServer, pastServer } from './past-server.ts'

const Person = z.object({
  id: uuid,
  name: z.string(),
  kind: z.string(),
  roles: z
    .array(
      z.object({
        role: z.enum(ROLES).describe('The role.'),
        through: z
          .enum(['api_token', 'company_sign_in', 'company_groups'])
          .describe('How they came to hold it; company_groups: by OIDC_ROLES, at a sign-in.'),
        until: time.nullable().describe('When that ended or would have; null: never.'),
      }),
    )
    .describe('Roles that they held.'),
})

const names = z.array(z.string())

export const AccountHistory = z.object({
  integrated_account_id: uuid,
  ...Whole,
  account: z
    .looseObject({})
    .nullable()
    .describe('Settings of the account: limits, approval, payees and so on.'),
  writes_stopped: z
    .object({
      account: z.boolean().describe('Of the account.'),
      deployment: z.boolean().describe('Of the whole deployment.'),
    })
    .describe('Which kill switches were on.'),
  who_decides: z
    .object({
      second_person_for_settings: z.boolean(),
      one_person: z.string().nullable().describe('Id of that person; null: nobody decided alone.'),
    })
    .describe('Whether loosening took a second person; and the only person, where one decided alone.'),
  servers: z.array(PastServer).describe('Its MCP servers.'),
  people: z.array(Person).describe('Everybody who held a role for this account.'),
  may: z
    .record(z.enum(ROLES), names)
    .describe('The same by role, as names. use: call its servers; approve: decide on what waits.'),
  ...ChangesPage,
})

const Query = Page.extend({
  at: AtInput,
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Also servers that were revoked from this moment on; left out: where at is a date, its first.'),
})

const mayOf = (people: readonly PastPerson[]) =>
  Object.fromEntries(
    ROLES.map((role): [Role, string[]] => [
      role,
      people.filter(({ roles }) => roles.some((one) => one.role === role)).map(({ name }) => name),
    ]),
  )

const newestFirst = (a: PastChange, b: PastChange): number => b.at - a.at || b.seq - a.seq

const history = async ({ c, accountId, query }: Asked<z.infer<typeof Query>, unknown>) => {
  const now = Date.now()
  const at = momentOf(query.at, now)
  const upTo = readUpTo(at, now)
  const since = sinceOf(query.at, query.since)
  const [past, deployment] = await Promise.all([
    auditOf(accountObject(c.env, accountId)).past(upTo, null),
    deploymentAuditOf(c.env).past(upTo),
  ])
  if (!past) throw unknownAccount()
  const { stopped, who_decides } = deploymentIn(deployment)
  const account = accountIn(past)
  const people = peopleAt(deployment.settings, accountId, at)
  const changes = [...past.changes, ...concerning(deployment.changes, accountId, people)].sort(newestFirst)
  return {
    integrated_account_id: accountId,
    ...wholeness(at, deployment, past),
    account: Object.keys(account).length > 0 ? account : null,
    writes_stopped: { account: account.writes_stopped === true, deployment: stopped },
    who_decides,
    servers: [
      ...past.settings
        .filter(({ kind }) => kind === 'mcp_server')
        .map((server) => ({
          ...pastServer(past, server, at, stopped),
          ...(since !== null && { from: madeSince(past, server.id, since) }),
        })),
      ...(since === null ? [] : revokedSince(past, since)),
    ],
    people,
    may: mayOf(people),
    ...changesPage(changes, query.limit, query.next_cursor ?? 0),
  }
}

export const accountHistoryRoute = route('GET', '/integrated-account/:account/history', 'getAccountHistory', {
  role: 'audit',
  ended: true,
  says: 'Show who could do what with an account at a moment, also one that was disconnected since: servers, limits, approval, people and roles, and what changed up to it',
  query: Query,
  answer: AccountHistory,
  handler: history,
})
