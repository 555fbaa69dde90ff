/** Keys derived from the deployment's TOKEN_PEPPER, one for each purpose: none opens what another made. */

import { secretBytes } from './deployment-secret.ts'
import type { Env } from './env.ts'
import { derived } from './hkdf.ts'

/** By pepper and purpose. They belong to the deployment, not to a tenant. */
const known = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()

/** 32 bytes; derived once. @throws ConfigurationFault */
export const subkey = async (
  { TOKEN_PEPPER }: Pick<Env, 'TOKEN_PEPPER'>,
  purpose: string,
): Promise<Uint8Array<ArrayBuffer>> => {
  const name = JSON.stringify([TOKEN_PEPPER, purpose])
  const key = known.get(name) ?? derived(secretBytes('TOKEN_PEPPER', TOKEN_PEPPER), purpose)
  known.set(name, key)
  return key
}
