/** `/integrated-account`: connecting, showing, changing and disconnecting Finexio accounts. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, credentialsOf, payeesOf } from '../../account/account-stub.ts'
import { directoryObject } from '../../account/directory-stub.ts'
import type { Account, MeasuredAccount } from '../../account/tables/account.ts'
import { fullnessOf } from '../../account/tables/audit.ts'
import { eraseCredential, openCredential, sealCredential } from '../../account/vault/vault.ts'
import { handsOf } from '../../identity/actor.ts'
import { Approval, Limits } from '../../rules/server-settings.ts'
import { count, Fullness, isoOf, pageAnswer, paged, Removed, time, uuid } from '../answers.ts'
import { type App, actorIn } from '../auth.ts'
import { causeOf } from '../cause.ts'
import { ApiError, changedMeanwhile, unknownAccount } from '../errors.ts'
import { NameInput, needsChange, Page, type Paging } from '../input.ts'
import { type AccountChangeBody, judgedAccountChange } from '../loosening/accounts.ts'
import { type Asked, route } from '../route.ts'
import { completing, erase, existingAccount } from './existing-account.ts'
import { baseUrlOf, CredentialsInput, checkCredentials } from './upstream.ts'

export const AccountAnswer = z
  .object({
    id: uuid,
    name: z.string(),
    base_url: z.url(),
    status: z.enum(['active', 'needs_reauth']).describe('needs_reauth: Finexio refused the credentials.'),
    read_only: z.boolean(),
    writes_stopped: z.boolean().describe('Its kill switch; that of the deployment is at /writes.'),
    audit_retention_days: z.int(),
    audit_max_mb: z
      .int()
      .describe('Megabytes of all that the account stores, past which the oldest rows of its trail go.'),
    audit_trail: z
      .object({ bytes: count.describe('Bytes that are stored.'), bound_bytes: count, fullness: Fullness })
      .describe('How near the account is to that bound.'),
    approval: Approval.describe('Of MCP servers that say nothing about it themselves.'),
    payees: z
      .enum(['open', 'verified'])
      .describe(
        'verified: a supplier is paid only if somebody vouched for its payment details, as they are now.',
      ),
    payees_changed: count
      .optional()
      .describe(
        'Suppliers of which a change was seen while an invoice was, or may be, unpaid, and that wait for a call-back. GET only, where payees is verified.',
      ),
    limits: Limits.describe('Of all MCP servers of the account together, beside their own.'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Account' })

export const AccountEntry = AccountAnswer.pick({ id: true, name: true, created_at: true })

/** Bounds in days: less would be no audit trail, more is beyond any rule of retention known to us. */
const [LEAST_DAYS, MOST_DAYS] = [30, 3_650]

/** Bounds in megabytes: a trail of fewer says little, and at 10,000 the platform refuses to write. */
const [LEAST_MB, MOST_MB] = [100, 9_000]

const NewAccount = z.strictObject({
  name: NameInput,
  credentials: CredentialsInput,
  base_url: z.string().max(2_000).optional(),
  read_only: z.boolean().optional(),
})
const AccountChange = NewAccount.partial()
  .extend({
    audit_retention_days: z.int().min(LEAST_DAYS).max(MOST_DAYS).optional(),
    audit_max_mb: z.int().min(LEAST_MB).max(MOST_MB).optional(),
    approval: Approval.optional(),
    payees: z
      .enum(['open', 'verified'])
      .optional()
      .describe(
        'open: no call-back is needed; verified: a supplier is paid only if somebody vouched for its payment details.',
      ),
    limits: Limits.optional().describe('The whole of them: what is left out has no limit.'),
  })
  .refine(({ base_url, credentials }) => base_url === undefined || credentials, {
    path: ['credentials'],
    message: 'required when base_url changes: credentials of one host are not sent to another',
  })

const shownAccount = (account: MeasuredAccount) => {
  const { credential_version: _version, payees_set_by: _by, revision: _revision, ...rest } = account
  const { audit_size: size, created_at, updated_at, ...shown } = rest
  const audit_trail = { bytes: size.bytes, bound_bytes: size.bound, fullness: fullnessOf(size) }
  return { ...shown, audit_trail, created_at: isoOf(created_at), updated_at: isoOf(updated_at) }
}

const create = async ({ c, body }: Asked<unknown, z.infer<typeof NewAccount>>) => {
  const { name, credentials, base_url, read_only } = body
  const baseUrl = baseUrlOf(c.env, base_url)
  await checkCredentials(c.env, baseUrl, credentials)
  const id = crypto.randomUUID()
  try {
    const credential = await sealCredential(c.env, id, 1, credentials)
    const row = { id, name, base_url: baseUrl, credential, ...(read_only && { read_only }) }
    const account = await accountObject(c.env, id).createAccount(row, causeOf(c))
    await directoryObject(c.env).put({ id, name, created_at: account.created_at }, causeOf(c))
    return shownAccount(account)
  } catch (error) {
    await erase(c.env, id, causeOf(c))
    throw error
  }
}

const shownEntry = ({ id, name, created_at }: Pick<Account, 'id' | 'name' | 'created_at'>) => ({
  id,
  name,
  created_at: isoOf(created_at),
})

/** Those that an API token was made for are few: they are one page. */
const list = async ({ c, accounts, query }: Asked<Paging, unknown>) => {
  if (accounts) {
    const found = await Promise.all(accounts.map((id) => accountObject(c.env, id).readAccount()))
    return paged(
      found.filter((account) => account !== null),
      null,
      shownEntry,
    )
  }
  const page = await directoryObject(c.env).list(query.limit, query.next_cursor)
  // An erasure that was interrupted is completed by whoever lists next.
  for (const id of page.ending) await erase(c.env, id, completing(c))
  return paged(page.accounts, page.next, shownEntry)
}

const read = async ({ c, accountId }: Pick<Asked<unknown, unknown>, 'c' | 'accountId'>) => {
  const account = await existingAccount(c, accountId)
  // Where nobody vouches for payees, nothing is compared, and a round trip is saved.
  if (account.payees === 'open') return shownAccount(account)
  const changed = await payeesOf(accountObject(c.env, accountId)).alarmed()
  return { ...shownAccount(account), payees_changed: changed ?? 0 }
}

type Renewal = z.infer<typeof AccountChange> & { credentials: z.infer<typeof CredentialsInput> }

/** Checks, seals under a new version, moves the pointer, then erases the old record, so that there is always one. */
const renew = async (
  c: Context<App>,
  account: Account,
  { credentials, base_url }: Renewal,
  expected: Partial<Account> | null,
) => {
  const { env } = c
  const object = accountObject(env, account.id)
  const baseUrl = baseUrlOf(env, base_url ?? account.base_url)
  await checkCredentials(env, baseUrl, credentials)
  const version = await credentialsOf(object).takeVersion()
  if (version === null) throw unknownAccount()
  const left = await credentialsOf(object).replace(
    await sealCredential(env, account.id, version, credentials),
    baseUrl,
    expected,
    causeOf(c),
  )
  await eraseCredential(env, account.id, left ?? version)
  if (left === null)
    throw new ApiError(
      409,
      'The account was changed or deleted by another call meanwhile. Nothing was changed.',
    )
}

const change = async ({ c, accountId: id, body, present }: Asked<unknown, AccountChangeBody>) => {
  const { credentials, ...rest } = body
  needsChange(
    { credentials, ...rest },
    'name, read_only, approval, limits, payees, audit_retention_days, audit_max_mb, or credentials with or without base_url',
  )
  const object = accountObject(c.env, id)
  const account = await existingAccount(c, id)
  const expected = present as Partial<Account> | null
  if (credentials) await renew(c, account, { credentials, ...rest }, expected)
  const { name, payees, base_url: _, ...own } = rest
  if ([name, payees, ...Object.values(own)].some((value) => value !== undefined)) {
    const changed = await object.changeAccount(
      {
        name,
        ...own,
        ...(payees && { payees, payees_set_by: handsOf(actorIn(c)).join(' ') }),
      },
      // New credentials are a revision of their own, which this call made.
      expected &&
        (({ revision, ...settings }) => (credentials ? settings : { revision, ...settings }))(expected),
      causeOf(c),
    )
    if (changed === 'changed_meanwhile') throw changedMeanwhile()
  }
  if (name !== undefined)
    await directoryObject(c.env).put({ id, name, created_at: account.created_at }, causeOf(c))
  return read({ c, accountId: id })
}

/** Asks Finexio whether the stored credentials are good (again), and keeps what it says. */
const verify = async ({ c, accountId: id }: Asked<unknown, unknown>) => {
  const object = accountObject(c.env, id)
  const [account, pointer] = await Promise.all([object.readAccount(), credentialsOf(object).pointer()])
  if (!account || !pointer) throw unknownAccount()
  try {
    await checkCredentials(c.env, account.base_url, await openCredential(c.env, id, pointer))
  } catch (error) {
    if (error instanceof ApiError && error.status === 401)
      await object.setStatus('needs_reauth', pointer.version)
    throw error
  }
  await object.setStatus('active', pointer.version)
  return read({ c, accountId: id })
}

const remove = async ({ c, accountId: id }: Asked<unknown, unknown>) => {
  await directoryObject(c.env).noteAccount(id, { ending: true })
  if (!(await erase(c.env, id, causeOf(c)))) throw unknownAccount()
  return { id }
}

const ONE = '/integrated-account/:account'

export const accountRoutes = [
  route('POST', '/integrated-account', 'connectAccount', {
    role: 'admin',
    whole: true,
    fails: [422, 429, 502, 504],
    says: 'Connect a Finexio account; its credentials are checked first',
    body: NewAccount,
    example: { name: 'Acme', credentials: { username: 'acme-ap', password: 'from Finexio' } },
    answer: AccountAnswer,
    status: 201,
    trail: 'created_account',
    handler: create,
  }),
  route('GET', '/integrated-account', 'listAccounts', {
    role: ['manage', 'audit', 'approve'],
    says: 'List accounts',
    query: Page,
    answer: pageAnswer(AccountEntry),
    handler: list,
  }),
  route('GET', ONE, 'getAccount', {
    role: ['manage', 'audit'],
    says: 'Show an account',
    answer: AccountAnswer,
    handler: read,
  }),
  route('PATCH', ONE, 'updateAccount', {
    role: 'admin',
    fails: [422, 429, 502, 504],
    says: 'Rename an account, renew its credentials, make it read-only, set its retention',
    body: AccountChange,
    example: { audit_retention_days: 800, limits: { per_day: { cents: 5_000_000, count: 200 } } },
    answer: AccountAnswer,
    loosens: judgedAccountChange,
    handler: change,
  }),
  route('DELETE', ONE, 'disconnectAccount', {
    role: 'admin',
    says: 'Disconnect an account: erases credentials, MCP servers, drafts and what approvers were shown of them; keeps the audit trail for its retention. GET …/approval/export before keeps the decisions',
    answer: Removed,
    trail: 'deployment_too',
    handler: remove,
  }),
  route('POST', `${ONE}/verify`, 'verifyAccount', {
    role: 'manage',
    fails: [422, 429, 502, 504],
    says: 'Ask Finexio whether the stored credentials are good',
    answer: AccountAnswer,
    handler: verify,
  }),
]
