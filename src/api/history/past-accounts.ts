/** `GET /past-account`: which accounts there were at a moment, from the deployment's trail alone: also those disconnected since. */
import * as z from 'zod'
import { deploymentAuditOf, directoryObject } from '../../account/directory-stub.ts'
import type { Env } from '../../core/env.ts'
import { pageAnswer, paged, uuid } from '../answers.ts'
import { Page } from '../input.ts'
import { route } from '../route.ts'
import { AtInput, momentOf } from './answers.ts'

export const PastAccount = z
  .object({
    id: uuid,
    name: z.string().describe('Its name then.'),
    connected: z.boolean().describe('false: it was disconnected since; its trail is still there.'),
  })
  .meta({ id: 'PastAccount' })

const accountsAt = async (env: Env, at: number): Promise<{ id: string; name: string }[]> => {
  const now = Date.now()
  const { settings, kept_since } = await deploymentAuditOf(env).past(at)
  // Of a time before the trail nothing else is known than what there is now, and each history says so.
  if ((kept_since === null || kept_since > at) && at < now) return accountsAt(env, now)
  return settings
    .filter(({ kind }) => kind === 'integrated_account')
    .map(({ id, values }) => ({ id, name: String(values.name) }))
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
}

/** Whether there ever was such an account. */
export const wasConnected = async (env: Env, id: string): Promise<boolean> =>
  (await deploymentAuditOf(env).past(Date.now())).changes.some(
    ({ target }) => target.kind === 'integrated_account' && target.id === id,
  )

export const pastAccountsRoute = route({
  id: 'listPastAccounts',
  verb: 'GET',
  path: '/past-account',
  role: 'audit',
  says: 'List the accounts that there were at a moment, also those that were disconnected since, by name',
  query: Page.extend({ at: AtInput }),
  answer: pageAnswer(PastAccount),
  handler: async ({ c, accounts, query: { at, limit, next_cursor: after = 0 } }) => {
    const all = (await accountsAt(c.env, momentOf(at, Date.now()))).filter(
      ({ id }) => accounts === null || accounts.includes(id),
    )
    const directory = directoryObject(c.env)
    const rows = all.slice(after, after + limit)
    const connected = await Promise.all(rows.map(({ id }) => directory.isListed(id)))
    const next = all.length > after + limit ? after + limit : null
    return paged(rows, next, (row) => ({ ...row, connected: connected[rows.indexOf(row)] === true }))
  },
})
