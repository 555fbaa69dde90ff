/** The one object of an account. The binding is untyped, so that settings import no class: its type stands here. */
import type { Env } from '../core/env.ts'
import type { AccountObject } from './account-object.ts'

/** @param accountId UUID in lower case */
export const accountObject = ({ ACCOUNTS }: Pick<Env, 'ACCOUNTS'>, accountId: string) => {
  const accounts = ACCOUNTS as DurableObjectNamespace<AccountObject>
  return accounts.get(accounts.idFromName(accountId))
}
