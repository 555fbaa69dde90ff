/** The cheapest call that proves a credential. */
import type { Finexio } from './types.ts'

/**
 * Asks once for the webhook list; any 2xx is good.
 * @throws FinexioFailure: `bad_credentials` when Finexio refuses them, anything else when it could not be told
 */
export const verifyCredentials = async (finexio: Finexio): Promise<void> => {
  await finexio.send({ verb: 'GET', path: '/webhooks/', template: '/webhooks/', effect: 'read' })
}
