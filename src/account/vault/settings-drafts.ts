/** What was asked for and waits: sealed like a credential, kept in the directory, erased once it is decided. */
import type { Env } from '../../core/env.ts'
import { openValue, type Place, type Sealed, sealValue } from './envelope.ts'

const placeOf = (record: string): Place => ({
  purpose: 'settings draft',
  tenant: 'deployment',
  record,
  version: 1,
})

/** @throws ConfigurationFault when the deployment has no usable master key */
export const sealSettings = (env: Env, id: string, body: unknown): Promise<Sealed> =>
  sealValue(env, placeOf(id), body)

/** @throws EnvelopeFault when it does not open; ConfigurationFault when its master key is missing */
export const openSettings = (env: Env, id: string, sealed: Sealed): Promise<unknown> =>
  openValue(env, placeOf(id), sealed)
