/** What can be used once, and its answer: sealed, so that within a minute the same comes back to the same caller and nobody else reads it. */
import type { Once } from '../account/grants.ts'
import type { Env } from '../core/env.ts'
import { digestOf } from '../core/keys.ts'
import { openText, sealText } from '../core/seal.ts'

const PURPOSE = 'answer to what is used once'

/** What was used: a form or a refresh token, and who came with it. */
export type Used = { kind: 'form' | 'refresh token'; text: string; by: string }

/** Keyed digest of what was used, whoever came with it. */
export const usedDigest = (env: Env, { kind, text }: Used): Promise<Uint8Array> =>
  digestOf(env, `used ${kind} ${text}`)

const boundTo = ({ kind, text, by }: Used): string => JSON.stringify([kind, text, by])

/** @param expires_at milliseconds since the epoch: when it could not be used any more anyway */
export const onceOf = async (env: Env, used: Used, answer: string, expires_at: number): Promise<Once> => ({
  digest: await usedDigest(env, used),
  answer: await sealText(env, PURPOSE, boundTo(used), answer),
  expires_at,
})

/** Null for who did not get it the first time. */
export const answerAgain = (env: Env, used: Used, sealed: string): Promise<string | null> =>
  openText(env, PURPOSE, boundTo(used), sealed)
