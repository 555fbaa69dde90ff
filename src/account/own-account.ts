/** Making, changing and ending an account in its object. `cause`: who does it, for the trail. */
import { differsFrom } from '../core/json.ts'
import { type Cause, changing } from './audit/changing.ts'
import { keepTrailAlone } from './audit/outlived.ts'
import * as accounts from './tables/account.ts'
import { auditSize } from './tables/audit.ts'
import { keepEndedTokens } from './tables/ended-tokens.ts'
import { writePush } from './tables/push.ts'
import type { Tenant } from './tenant.ts'

const asked = (cause: Cause | null, id: string) => ({
  cause,
  targets: [{ kind: 'integrated_account', id } as const],
})

/** Null for an unknown account. */
export const readAccount = (tenant: Tenant): accounts.MeasuredAccount | null =>
  tenant.known((sql) => {
    const account = accounts.selectAccount(sql)
    return account && { ...account, audit_size: auditSize(sql) }
  })

/** @throws when there is one already */
export const insertAccount = (
  tenant: Tenant,
  account: accounts.NewAccount,
  cause: Cause | null,
): accounts.MeasuredAccount => {
  const { storage, sql } = tenant
  const now = Date.now()
  changing(storage, asked(cause, account.id), now, () => accounts.insertAccount(sql, account, now))
  tenant.exists = true
  return readAccount(tenant)!
}

/** Absent keys stay as they are. Null for an unknown account. */
export const changeAccount = (
  tenant: Tenant,
  change: accounts.AccountChange,
  expected: Partial<accounts.Account> | null,
  cause: Cause | null,
): accounts.MeasuredAccount | null | 'changed_meanwhile' => {
  const before = tenant.known(accounts.selectAccount)
  if (!before) return null
  if (differsFrom(before, expected)) return 'changed_meanwhile'
  tenant.changed(asked(cause, before.id), (sql, now) => accounts.changeAccount(sql, change, now))
  return readAccount(tenant)
}

/** Leaves the trail alone, and the digests of tokens whose use it still tells of. False for an unknown account. */
export const eraseAccount = (tenant: Tenant, cause: Cause | null): boolean => {
  const account = tenant.known(accounts.selectAccount)
  if (!account) return false
  tenant.exists = false
  changing(tenant.storage, asked(cause, account.id), Date.now(), () => {
    // As which the trail goes on being sent.
    writePush(tenant.sql, { chain: account.id })
    keepEndedTokens(tenant.sql, 'TRUE')
    keepTrailAlone(tenant.sql)
  })
  return true
}
