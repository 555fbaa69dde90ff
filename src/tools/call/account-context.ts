/** An account's Finexio for what is no tool call: a draft that is approved, a page about a payee. */
import { accountObject, credentialsOf } from '../../account/account-stub.ts'
import type { Account } from '../../account/tables/account.ts'
import type { Env } from '../../core/env.ts'
import type { Admission } from '../../rules/admission.ts'
import { Refusal } from '../refusal.ts'
import type { ToolContext } from '../tool.ts'
import { checkAccount, environmentOf } from './environment.ts'

/** @throws Refusal when it was disconnected */
export const admissionOf = async (
  env: Env,
  accountId: string,
): Promise<Admission['account'] & Pick<Account, 'revision' | 'approval' | 'payees'>> => {
  const object = accountObject(env, accountId)
  const [account, credential] = await Promise.all([object.readAccount(), credentialsOf(object).pointer()])
  if (!account || !credential) throw new Refusal('This account was disconnected.').by('account_gone')
  const { id, name, base_url, status, read_only, revision, approval, payees } = account
  return { id, name, base_url, status, read_only, revision, approval, payees, credential }
}

/** Which request of the management API asks, and where it belongs in the caller's trace. */
export type Asking = { requestId: string; origin: string; traceparent?: string | null }

/** Reads at Finexio for somebody who calls no server. @throws Refusal when the account's credentials are refused or gone */
export const accountContext = async (env: Env, accountId: string, asking: Asking): Promise<ToolContext> => {
  const account = await admissionOf(env, accountId)
  checkAccount(account, 'read')
  const nobody = {
    server: { id: '', config: {} },
    orders: {},
    caller: { kind: 'url' },
    digest: null,
  } as const
  const admission = { account, ...nobody, revision: '' }
  const environment = environmentOf(
    { env, ...asking, admission },
    () => true,
    () => {},
  )
  return { ...environment, finexio: await environment.openFinexio() }
}
