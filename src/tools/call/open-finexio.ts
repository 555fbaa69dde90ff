/** Opens one tenant's Finexio: the credential comes from the vault alone. */
import { accountObject, credentialsOf } from '../../account/account-stub.ts'
import { openCredential, VaultFault } from '../../account/vault/vault.ts'
import type { Env } from '../../core/env.ts'
import { webhookBaseOf } from '../../finexio/base-url.ts'
import { createFinexio } from '../../finexio/client.ts'
import type { Credentials, Finexio } from '../../finexio/types.ts'
import type { Admission } from '../../rules/admission.ts'

type Account = Pick<Admission['account'], 'id' | 'base_url' | 'credential'>

/** A record that is gone may have been sealed anew since the call was let in: the account knows where it lies now. */
const openedCredentials = async (env: Env, { id, credential }: Account): Promise<Credentials> => {
  try {
    return await openCredential(env, id, credential)
  } catch (fault) {
    if (!(fault instanceof VaultFault) || fault.reason !== 'missing') throw fault
    const pointer = await credentialsOf(accountObject(env, id)).pointer()
    if (!pointer || pointer.version === credential.version) throw fault
    return openCredential(env, id, pointer)
  }
}

/** @throws VaultFault, ConfigurationFault */
export const openFinexio = async (env: Env, account: Account): Promise<Finexio> =>
  createFinexio({
    baseUrl: account.base_url,
    webhookBaseUrl: webhookBaseOf(account.base_url, env.FINEXIO_WEBHOOK_BASE ?? 'same'),
    credentials: await openedCredentials(env, account),
  })
