/** `/integrated-account`: connecting, showing, changing and disconnecting Finexio accounts. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, auditOf, credentialsOf } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { Account } from '../account/tables/account.ts'
import { eraseCredential, eraseCredentials, openCredential, sealCredential } from '../account/vault/vault.ts'
import type { Env } from '../core/env.ts'
import { Approval } from '../rules/server-settings.ts'
import { AccountAnswer, AccountEntry, pageAnswer, Removed } from './answers.ts'
import { type App, knownAccounts } from './auth.ts'
import { ApiError, unknownAccount } from './errors.ts'
import { isoOf, NameInput, needsChange, Page, type Paging, paged } from './input.ts'
import { type Asked, route } from './route.ts'
import { baseUrlOf, CredentialsInput, checkCredentials } from './upstream.ts'

const BaseUrl = z.string().max(2_000)
/** Less would be no trail, more is beyond any rule of retention known to us. */
const [LEAST_DAYS, MOST_DAYS] = [30, 3_650]

const NewAccount = z.strictObject({
  name: NameInput,
  credentials: CredentialsInput,
  base_url: BaseUrl.optional(),
  read_only: z.boolean().optional(),
})
const AccountChange = z
  .strictObject({
    name: NameInput.optional(),
    credentials: CredentialsInput.optional(),
    base_url: BaseUrl.optional(),
    read_only: z.boolean().optional(),
    audit_retention_days: z.int().min(LEAST_DAYS).max(MOST_DAYS).optional(),
    approval: Approval.optional(),
  })
  .refine(({ base_url, credentials }) => base_url === undefined || credentials, {
    path: ['credentials'],
    message: 'required when base_url changes: credentials of one host are not sent to another',
  })

const shownAccount = ({
  id,
  name,
  base_url,
  status,
  read_only,
  audit_retention_days,
  approval,
  created_at,
  updated_at,
}: Account) => ({
  id,
  name,
  base_url,
  /** `needs_reauth`: Finexio refused the credentials. */
  status,
  read_only,
  audit_retention_days,
  approval,
  created_at: isoOf(created_at),
  updated_at: isoOf(updated_at),
})

/** Leaves nothing behind, wherever it was interrupted before. True when there was something. */
const erase = async (env: Env, id: string): Promise<boolean> => {
  const object = accountObject(env, id)
  const version = (await object.readAccount())?.credential_version ?? null
  const erased = await object.eraseAccount()
  await eraseCredentials(env, id, version)
  const listed = await directoryObject(env).remove(id)
  return erased || listed
}

const create = async ({ c, body }: Asked<unknown, z.infer<typeof NewAccount>>) => {
  const { name, credentials, base_url, read_only } = body
  const baseUrl = baseUrlOf(c.env, base_url)
  await checkCredentials(c.env, baseUrl, credentials)
  const id = crypto.randomUUID()
  try {
    const credential = await sealCredential(c.env, id, 1, credentials)
    const row = { id, name, base_url: baseUrl, credential, ...(read_only && { read_only }) }
    const account = await accountObject(c.env, id).createAccount(row)
    await directoryObject(c.env).put({ id, name, created_at: account.created_at })
    return shownAccount(account)
  } catch (error) {
    await erase(c.env, id)
    throw error
  }
}

/** The accounts that an API token was made for, on one page: they are few. */
const listManaged = async (c: Context<App>, ids: readonly string[]) => {
  const found = await Promise.all(ids.map((id) => accountObject(c.env, id).readAccount()))
  const result = found.flatMap((account) =>
    account ? [{ id: account.id, name: account.name, created_at: isoOf(account.created_at) }] : [],
  )
  return paged(result, null)
}

const list = async ({ c, query }: Asked<Paging, unknown>) => {
  const known = knownAccounts(c)
  if (known) return listManaged(c, known)
  const { accounts, next } = await directoryObject(c.env).list(query.limit, query.next_cursor)
  const result = accounts.map((entry) => ({ ...entry, created_at: isoOf(entry.created_at) }))
  return paged(result, next)
}

const read = async ({ c, accountId }: Pick<Asked<unknown, unknown>, 'c' | 'accountId'>) => {
  const account = await accountObject(c.env, accountId).readAccount()
  if (!account) throw unknownAccount()
  return shownAccount(account)
}

type Renewal = z.infer<typeof AccountChange> & { credentials: z.infer<typeof CredentialsInput> }

/** Check, seal under a new version, move the pointer, erase what it left: in this order nothing is ever without a record. */
const renew = async (env: Env, account: Account, { credentials, base_url }: Renewal) => {
  const object = accountObject(env, account.id)
  const baseUrl = baseUrlOf(env, base_url ?? account.base_url)
  await checkCredentials(env, baseUrl, credentials)
  const version = await credentialsOf(object).takeVersion()
  if (version === null) throw unknownAccount()
  const left = await credentialsOf(object).replace(
    await sealCredential(env, account.id, version, credentials),
    baseUrl,
  )
  await eraseCredential(env, account.id, left ?? version)
  if (left === null)
    throw new ApiError(
      409,
      'The account was changed or deleted by another call meanwhile. Nothing was changed.',
    )
}

const change = async ({ c, accountId: id, body }: Asked<unknown, z.infer<typeof AccountChange>>) => {
  const { credentials, ...rest } = body
  needsChange(
    { credentials, ...rest },
    'name, read_only, approval, audit_retention_days, or credentials with or without base_url',
  )
  const object = accountObject(c.env, id)
  const account = await object.readAccount()
  if (!account) throw unknownAccount()
  if (credentials) await renew(c.env, account, { credentials, ...rest })
  const { name, read_only, approval, audit_retention_days } = rest
  if (audit_retention_days !== undefined) await auditOf(object).keep(audit_retention_days)
  if ((name ?? read_only ?? approval) !== undefined)
    await object.changeAccount({
      ...(name !== undefined && { name }),
      ...(read_only !== undefined && { read_only }),
      ...(approval !== undefined && { approval }),
    })
  if (name !== undefined) await directoryObject(c.env).put({ id, name, created_at: account.created_at })
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
  if (!(await erase(c.env, id))) throw unknownAccount()
  return { id }
}

const ONE = '/integrated-account/:account'

export const accountRoutes = [
  route({
    verb: 'POST',
    path: '/integrated-account',
    role: 'admin',
    says: 'Connect a Finexio account; its credentials are checked first',
    body: NewAccount,
    answer: AccountAnswer,
    status: 201,
    handler: create,
  }),
  route({
    verb: 'GET',
    path: '/integrated-account',
    role: 'key',
    says: 'List accounts',
    query: Page,
    answer: pageAnswer(AccountEntry),
    handler: list,
  }),
  route({
    verb: 'GET',
    path: ONE,
    role: 'manage',
    says: 'Show an account',
    answer: AccountAnswer,
    handler: read,
  }),
  route({
    verb: 'PATCH',
    path: ONE,
    role: 'manage',
    says: 'Rename an account, renew its credentials, make it read-only, set its retention',
    body: AccountChange,
    answer: AccountAnswer,
    handler: change,
  }),
  route({
    verb: 'DELETE',
    path: ONE,
    role: 'manage',
    says: 'Disconnect an account: erases credentials and MCP servers, keeps the audit trail',
    answer: Removed,
    handler: remove,
  }),
  route({
    verb: 'POST',
    path: `${ONE}/verify`,
    role: 'manage',
    says: 'Ask Finexio whether the stored credentials are good',
    answer: AccountAnswer,
    handler: verify,
  }),
]
