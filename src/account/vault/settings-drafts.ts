/** What was asked for and waits: sealed like a credential, kept in the directory, erased once it is decided. */
import { hexOf } from '../../core/bytes.ts'
import type { Env } from '../../core/env.ts'
import { canonical, digestOf } from '../../core/keys.ts'
import type { Difference } from '../../rules/who/loosens.ts'
import type { SettingsTarget } from '../../rules/who/settings-drafts.ts'
import { settingsOf } from '../directory-stub.ts'
import { isSealedUnderPrimary, openValue, type Place, type Sealed, sealValue } from './envelope.ts'

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

/** Keyed digest of a difference as it is: what was agreed to acts only while it makes the very same one. */
export const settingsDigest = async (
  env: Env,
  { kind, id }: Pick<SettingsTarget, 'kind' | 'id'>,
  loosens: readonly Difference[],
): Promise<string> => hexOf(await digestOf(env, `settings ${canonical([kind, id, loosens])}`))

export type ResealedSettings = { resealed: number; already: number; failed: number }

/** One of them; null: it was decided meanwhile. */
const resealOne = async (env: Env, id: string): Promise<keyof ResealedSettings | null> => {
  const sealed = await settingsOf(env).readSealed(id)
  if (!sealed) return null
  if (isSealedUnderPrimary(env, sealed)) return 'already'
  const anew = await sealSettings(env, id, await openSettings(env, id, sealed))
  return (await settingsOf(env).reseal(id, sealed.wrapped_key, anew)) ? 'resealed' : null
}

/** Encrypts what waits again, under the primary master key. What cannot be opened does not stop the others. */
export const resealSettings = async (env: Env): Promise<ResealedSettings> => {
  const counts = { resealed: 0, already: 0, failed: 0 }
  for (const id of await settingsOf(env).listSealed()) {
    const outcome = await resealOne(env, id).catch((error) => {
      const name = error instanceof Error ? error.name : typeof error
      console.error({ event: 'reseal_fault', settings_draft: id, error: name })
      return 'failed' as const
    })
    if (outcome) counts[outcome] += 1
  }
  return counts
}
