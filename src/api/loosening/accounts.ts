/** What loosens about an account: the approval of servers that say nothing, read-only, where its calls go, and how much of the trail stays. */
import type { Context } from 'hono'
import { accountObject, credentialsOf, serversOf } from '../../account/account-stub.ts'
import type { Account } from '../../account/tables/account.ts'
import { openCredential, VaultFault } from '../../account/vault/vault.ts'
import type { Approval, Limits } from '../../rules/server-settings.ts'
import { approvalFell, type Difference, limitsRose } from '../../rules/who/loosens.ts'
import { baseUrlOf } from '../accounts/upstream.ts'
import type { App } from '../auth.ts'
import { unknownAccount } from '../errors.ts'
import type { Judged } from './judged.ts'

export type AccountChangeBody = {
  name?: string | undefined
  read_only?: boolean | undefined
  approval?: Approval | undefined
  payees?: 'open' | 'verified' | undefined
  limits?: Limits | undefined
  audit_retention_days?: number | undefined
  audit_max_mb?: number | undefined
  credentials?: { username: string; password: string } | undefined
  base_url?: string | undefined
}

type Placed = { c: Context<App>; accountId: string; body: AccountChangeBody }

/** The name under which the stored credentials are known to Finexio; null: they cannot be read. */
const usernameOf = async ({ c, accountId }: Placed): Promise<string | null> => {
  const pointer = await credentialsOf(accountObject(c.env, accountId)).pointer()
  try {
    return pointer && (await openCredential(c.env, accountId, pointer)).username
  } catch (fault) {
    if (fault instanceof VaultFault) return null
    throw fault
  }
}

/** New credentials of the same user renew; another user, or another host, is another set of money. */
const credentialDifferences = async (placed: Placed, account: Account): Promise<Difference[]> => {
  const { credentials, base_url } = placed.body
  if (!credentials) return []
  const before = await usernameOf(placed)
  const host = baseUrlOf(placed.c.env, base_url ?? account.base_url)
  return [
    ...(before === credentials.username
      ? []
      : [{ key: 'credentials.username', before, after: credentials.username }]),
    ...(host === account.base_url ? [] : [{ key: 'base_url', before: account.base_url, after: host }]),
  ]
}

/** Servers that leave approval to their account. */
const MOST_NAMED = 100

const reached = async ({ c, accountId }: Placed): Promise<string[]> => {
  const page = await serversOf(accountObject(c.env, accountId)).list(MOST_NAMED)
  return (page?.servers ?? []).filter(({ config }) => config.approval === undefined).map(({ name }) => name)
}

/** The keys that a body sends. */
const sentOf = (body: AccountChangeBody): (keyof AccountChangeBody)[] =>
  (Object.keys(body) as (keyof AccountChangeBody)[]).filter((key) => body[key] !== undefined)

/** Rows of the trail are evidence: what would delete some lets pass what they tell of. */
const trailShrinks = (body: AccountChangeBody, account: Account): Difference[] =>
  (['audit_retention_days', 'audit_max_mb'] as const).flatMap((key) => {
    const [before, after] = [account[key], body[key]]
    return after !== undefined && after < before ? [{ key, before, after }] : []
  })

const looserIn = async (placed: Placed, account: Account): Promise<Difference[]> => {
  const { approval, read_only, limits, payees } = placed.body
  const rise = limits !== undefined && limitsRose(account.limits, limits)
  const falls = approval !== undefined && approvalFell(account.approval, approval)
  return [
    ...(falls ? [{ key: 'approval', before: account.approval, after: approval }] : []),
    ...(rise ? [{ key: 'limits', before: account.limits, after: limits }] : []),
    ...(account.payees === 'verified' && payees === 'open'
      ? [{ key: 'payees', before: 'verified', after: 'open' }]
      : []),
    ...(account.read_only && read_only === false ? [{ key: 'read_only', before: true, after: false }] : []),
    ...trailShrinks(placed.body, account),
    ...(await credentialDifferences(placed, account)),
  ]
}

/** What of an account a judgement relies on. */
const judgedBy = (account: Account) => {
  const { revision, approval, limits, payees, read_only, audit_retention_days, audit_max_mb } = account
  return { revision, approval, limits, payees, read_only, audit_retention_days, audit_max_mb }
}

/** What may loosen without being about the credentials. */
const SETTINGS = ['approval', 'limits', 'payees', 'read_only', 'audit_retention_days', 'audit_max_mb']
const CREDENTIALS = ['credentials', 'base_url']

/** @throws ApiError for what the handler would refuse */
export const judgedAccountChange = async (placed: Placed): Promise<Judged<AccountChangeBody>> => {
  const { c, accountId, body } = placed
  const account = await accountObject(c.env, accountId).readAccount()
  if (!account) throw unknownAccount()
  const loosens = await looserIn(placed, account)
  const keys = loosens.map(({ key }) => key)
  const moves = keys.some((key) => !SETTINGS.includes(key))
  const waits = (key: string) => (CREDENTIALS.includes(key) ? moves : keys.includes(key))
  const part = (wanted: (key: string) => boolean): AccountChangeBody =>
    Object.fromEntries(
      sentOf(body)
        .filter(wanted)
        .map((key) => [key, body[key]]),
    )
  const now = part((key) => !waits(key))
  return {
    target: { kind: 'account', id: accountId, name: account.name },
    accounts: [accountId],
    present: judgedBy(account),
    touches: sentOf(now),
    now: sentOf(now).length > 0 ? now : null,
    waits:
      loosens.length > 0
        ? { loosens, body: part(waits), reaches: keys.includes('approval') ? await reached(placed) : [] }
        : null,
  }
}
