/** The one object of an account. The binding is untyped, so that core/env.ts imports no class; its type is added here. */
import type { Env } from '../core/env.ts'
import type { AccountObject } from './account-object.ts'
import type { Called } from './tenant.ts'

/** @param accountId UUID in lower case */
export const accountObject = ({ ACCOUNTS }: Pick<Env, 'ACCOUNTS'>, accountId: string) => {
  const accounts = ACCOUNTS as DurableObjectNamespace<AccountObject>
  return accounts.get(accounts.idFromName(accountId))
}

type Account = ReturnType<typeof accountObject>
type Name =
  | 'servers'
  | 'grants'
  | 'secrets'
  | 'credentials'
  | 'drafts'
  | 'unknowns'
  | 'usage'
  | 'overview'
  | 'audit'
  | 'payees'
type Method = (...args: unknown[]) => Promise<unknown>

/**
 * Calls a part of the object in one round trip: the call is pipelined on the promise of the part. Then it disposes of the part,
 * since an object cannot be evicted while a reference to a part of it lives.
 */
const part =
  <Of extends Name>(name: Of) =>
  (account: Account): Called<ReturnType<AccountObject[Of]>> => {
    const call =
      (method: string): Method =>
      async (...args) => {
        using target = account[name]() as unknown as Record<string, Method> & Disposable
        return await target[method]!(...args)
      }
    return new Proxy({} as Called<ReturnType<AccountObject[Of]>>, {
      get: (_, method) => call(String(method)),
    })
  }

export const serversOf = part('servers')
export const grantsOf = part('grants')
export const secretsOf = part('secrets')
export const credentialsOf = part('credentials')
export const draftsOf = part('drafts')
export const unknownsOf = part('unknowns')
export const payeesOf = part('payees')
export const usageOf = part('usage')
export const overviewOf = part('overview')
export const auditOf = part('audit')
