/** An account that is there, and the end of one. */
import type { Context } from 'hono'
import { accountObject } from '../../account/account-stub.ts'
import type { Cause } from '../../account/audit/changing.ts'
import { directoryObject } from '../../account/directory-stub.ts'
import type { MeasuredAccount } from '../../account/tables/account.ts'
import { eraseCredentials } from '../../account/vault/vault.ts'
import type { Env } from '../../core/env.ts'
import type { App } from '../auth.ts'
import { causeOf } from '../cause.ts'
import { unknownAccount } from '../errors.ts'

/** Erases everything of an account but its audit trail, and may be repeated. False when there was nothing to erase. */
export const erase = async (env: Env, id: string, cause: Cause): Promise<boolean> => {
  const object = accountObject(env, id)
  const version = (await object.readAccount())?.credential_version ?? null
  const erased = await object.eraseAccount(cause)
  await eraseCredentials(env, id, version)
  const listed = await directoryObject(env).remove(id, cause)
  return erased || listed
}

/** Of an erasure that somebody else began, and whose row says who. */
export const completing = (c: Context<App>): Cause => ({
  ...causeOf(c),
  action: 'complete the removal of an account',
})

/** @throws ApiError 404 */
export const existingAccount = async (c: Context<App>, id: string): Promise<MeasuredAccount> => {
  const account = await accountObject(c.env, id).readAccount()
  if (account) return account
  // Version 0.1.0 could leave an account in the list of which nothing else was left.
  if (await directoryObject(c.env).isListed(id)) await erase(c.env, id, completing(c))
  throw unknownAccount()
}
