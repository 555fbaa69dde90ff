/** `GET /integrated-account/:account/history`: who could do what with an account at a moment, from the trails alone. */
import * as z from 'zod'
import { accountObject, auditOf } from '../../account/account-stub.ts'
import type { PastChange } from '../../account/audit/history.ts'
import { deploymentAuditOf } from '../../account/directory-stub.ts'
import { adminKey, concerning, type PastPerson, peopleAt, THROUGH } from '../../rules/history/authority.ts'
import { ROLES, type Role } from '../../rules/who/roles.ts'
import { isoOf, time, uuid } from '../answers.ts'
import { unknownAccount } from '../errors.ts'
import { Page } from '../input.ts'
import { type Asked, route } from '../route.ts'
import {
  AtInput,
  ChangesPage,
  changesPage,
  keeps,
  momentOf,
  readUpTo,
  SinceInput,
  sinceOf,
  Whole,
  wholeness,
} from './answers.ts'
import { disconnections, serversIn } from './day.ts'
import { deploymentIn } from './deployment.ts'
import { accountIn, PastServer } from './past-server.ts'

const Person = z.object({
  id: uuid,
  name: z.string(),
  kind: z.string(),
  roles: z
    .array(
      z.object({
        role: z.enum(ROLES).describe('The role.'),
        through: z
          .enum(THROUGH)
          .describe(
            'How they came to hold it; company_groups: by OIDC_ROLES, at a sign-in; admin_key: ADMIN_API_KEY.',
          ),
        until: time.nullable().describe('When that ended or would have; null: never.'),
      }),
    )
    .describe('Roles that they held.'),
  first_acted_at: time
    .nullable()
    .optional()
    .describe(
      'Of the admin key alone: when it first changed something of the deployment that the trail keeps; null: it has not. The key itself may be older.',
    ),
})

const names = z.array(z.string())

export const AccountHistory = z.object({
  integrated_account_id: uuid,
  ...Whole,
  account: z
    .looseObject({})
    .nullable()
    .describe(
      'Settings of the account: limits, approval, payees and so on; null: there was none, or nothing is known.',
    ),
  disconnected_at: time
    .nullable()
    .describe(
      'When the account was disconnected within the time asked about: all else is as it was until then; null: it was not.',
    ),
  writes_stopped: z
    .object({
      account: z.boolean().nullable().describe('Of the account.'),
      deployment: z.boolean().nullable().describe('Of the whole deployment.'),
    })
    .describe('Which kill switches were on; null: not known, the trail begins later.'),
  who_decides: z
    .object({
      second_person_for_settings: z.boolean(),
      one_person: z.string().nullable().describe('Id of that person; null: nobody decided alone.'),
    })
    .nullable()
    .describe(
      'Whether loosening took a second person (the admin key alone: 24 hours, in which it could be canceled); and the only person, where one decided alone. null: not known.',
    ),
  servers: z.array(PastServer).nullable().describe('Its MCP servers; null: not known.'),
  people: z
    .array(Person)
    .nullable()
    .describe(
      'Everybody who held a role for this account, last the admin key (kind root), which never approves; null: not known.',
    ),
  may: z
    .record(z.enum(ROLES), names)
    .nullable()
    .describe(
      'The same by role, as names. use: call its servers; approve: decide on what waits. null: not known.',
    ),
  ...ChangesPage,
})

const Query = Page.extend({
  at: AtInput,
  since: SinceInput.describe(
    'Also servers that ended from this moment on, by themselves, revoked or with their account; left out: where at is a date, its first.',
  ),
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
  const audit = auditOf(accountObject(c.env, accountId))
  const [past, deployment] = await Promise.all([audit.past(upTo, null), deploymentAuditOf(c.env).past(upTo)])
  if (!past) throw unknownAccount()
  const all = deploymentIn(deployment, upTo)
  const [gone = null] = disconnections(past, since)
  const settings = (gone && (await audit.before(gone.seq))) ?? past.settings
  const account = accountIn({ settings })
  const people = peopleAt(deployment.settings, accountId, at)
  const acted = deployment.changes.findLast(({ by }) => by.actor_kind === 'root')?.at ?? null
  const everybody = all && [...people, adminKey(isoOf(acted))]
  const changes = [...past.changes, ...concerning(deployment.changes, accountId, people)].sort(newestFirst)
  const isKept = keeps(past, upTo)
  const asked = { at, since, gone: gone?.at ?? null, stopped: all?.stopped ?? false }
  return {
    integrated_account_id: accountId,
    ...wholeness(at, deployment, past),
    account: Object.keys(account).length > 0 ? account : null,
    disconnected_at: isoOf(gone?.at ?? null),
    writes_stopped: {
      account: isKept ? account.writes_stopped === true : null,
      deployment: all?.stopped ?? null,
    },
    who_decides: all?.who_decides ?? null,
    servers: isKept ? serversIn(past, settings, asked) : null,
    people: everybody,
    may: everybody && mayOf(everybody),
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
