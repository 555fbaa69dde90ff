/** What the management API asks of Finexio: whether a credential is good. */
import * as z from 'zod'
import type { Env } from '../../core/env.ts'
import { allowedBase, knownBases, webhookBaseOf } from '../../finexio/base-url.ts'
import { createFinexio, verifyCredentials } from '../../finexio/client.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import type { Credentials } from '../../finexio/types.ts'
import { ApiError, invalid, remoteError } from '../errors.ts'

const secret = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !/\p{Cc}/u.test(text), 'must not hold control characters')

/** A colon would end the user name in Basic authentication. */
export const CredentialsInput = z.strictObject({
  username: secret(256).refine((text) => !text.includes(':'), 'must not hold a colon'),
  password: secret(1_024),
})

/**
 * The base an account uses: the given one if the deployment allows it, else the deployment's first.
 * @throws ApiError 400 naming the allowed ones, 500 when the deployment names none
 */
export const baseUrlOf = (env: Env, given: string | undefined): string => {
  const local = env.LOCAL_DEVELOPMENT === 'true'
  const known = knownBases(env.FINEXIO_BASE_URLS, local)
  if (known.length === 0)
    throw new ApiError(
      500,
      'This deployment names no usable FINEXIO_BASE_URLS: set at least one https address.',
    )
  if (given === undefined) return known[0]!
  const base = allowedBase(given, env.FINEXIO_BASE_URLS, local)
  if (base === null)
    throw invalid([{ path: 'base_url', message: `this deployment allows ${known.join(', ')}` }])
  return base
}

/** One request to Finexio. @throws ApiError when the credentials are refused or could not be checked */
export const checkCredentials = async (
  env: Env,
  baseUrl: string,
  credentials: Credentials,
): Promise<void> => {
  const place = env.FINEXIO_WEBHOOK_BASE ?? 'same'
  const webhookBaseUrl = webhookBaseOf(baseUrl, place)
  try {
    await verifyCredentials(createFinexio({ baseUrl, webhookBaseUrl, credentials }))
  } catch (failure) {
    if (!(failure instanceof FinexioFailure)) throw failure
    const other = place === 'same' ? 'root' : 'same'
    throw remoteError(
      failure,
      `It asked ${webhookBaseUrl}/webhooks/: if base_url is right, the setting FINEXIO_WEBHOOK_BASE of this deployment has to be "${other}" (it is "${place}").`,
    )
  }
}
