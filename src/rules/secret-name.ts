/** How a stored webhook secret is called, by operators over REST and by agents in `credential_ref`. */
import * as z from 'zod'

export const SecretName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,63}$/,
    'must be at most 64 lower-case letters, digits, "-" and "_", such as acme_hooks',
  )
