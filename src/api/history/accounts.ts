/** `GET /history/accounts`: which accounts there were at a moment, from the trail of the deployment alone: also those that are gone. */
import * as z from 'zod'
import { deploymentAuditOf, directoryObject } from '../../account/directory-stub.ts'
import { isoOf, time, uuid } from '../answers.ts'
import { Page } from '../input.ts'
import { route } from '../route.ts'
import { AtInput, momentOf, readUpTo, SinceInput, sinceOf, Whole, wholeness } from './answers.ts'
import { disconnections } from './day.ts'

export const AccountsAt = z.object({
  ...Whole,
  result: z.array(
    z.object({
      id: uuid,
      name: z.string().describe('As it was called then.'),
      disconnected: z.boolean().describe('Whether it was disconnected, then or since.'),
      until: time
        .optional()
        .describe('When it was disconnected, where that was within the time asked about.'),
    }),
  ),
  next_cursor: z.string().nullable(),
})

type Then = Pick<z.infer<typeof AccountsAt>['result'][number], 'id' | 'name' | 'until'>

export const accountsAtRoute = route('GET', '/history/accounts', 'listAccountsAt', {
  role: 'audit',
  says: 'List the accounts that there were at a moment, also those that were disconnected since: their histories can be read on',
  query: Page.extend({
    at: AtInput,
    since: SinceInput.describe(
      'Also accounts that were disconnected from this moment on; left out: where at is a date, its first.',
    ),
  }),
  answer: AccountsAt,
  handler: async ({ c, accounts: own, query }) => {
    const now = Date.now()
    const at = momentOf(query.at, now)
    const past = await deploymentAuditOf(c.env).past(readUpTo(at, now))
    const there = past.settings
      .filter(({ kind }) => kind === 'integrated_account')
      .map(({ id, values }): Then => ({ id, name: String(values.name) }))
    const gone = disconnections(past, sinceOf(query.at, query.since)).map(
      ({ target: { id, name }, at: until }): Then => ({ id, name: name ?? id, until: isoOf(until) }),
    )
    const known = [...there, ...gone]
      .filter(({ id }) => own?.includes(id) !== false)
      .sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))
    const from = query.next_cursor ?? 0
    const page = known.slice(from, from + query.limit)
    const listed = await Promise.all(page.map(({ id }) => directoryObject(c.env).isListed(id)))
    return {
      ...wholeness(at, past),
      result: page.map((account, index) => ({ ...account, disconnected: !listed[index] })),
      next_cursor: known.length > from + query.limit ? String(from + query.limit) : null,
    }
  },
})
