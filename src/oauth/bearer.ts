/**
 * Codes and tokens as the library spells them: whose they are, which grant they belong to, and the secret. We give the
 * library the id of the resource for "whose", so that a token itself leads to the account that decides on it.
 */
import { base64UrlOf } from '../core/bytes.ts'
import type { Env } from '../core/env.ts'
import { digestOf } from '../core/keys.ts'
import { type ResourceName, readResourceId, resourceIdOf } from '../rules/resource-id.ts'

const SHAPE = /^([0-9A-Za-z]{44}):([\w-]{16}):[\w-]{32}$/

/** `grantId`: as the library made it. */
export type Issued = ResourceName & { grantId: string }

/** Null for what was never issued here, judged by shape alone. */
export const readIssued = (text: string): Issued | null => {
  const [, id, grantId] = SHAPE.exec(text) ?? []
  const name = id === undefined ? null : readResourceId(id)
  return name && { ...name, grantId: grantId! }
}

/** Whether a token was issued for this server. */
export const isFor = (issued: Issued, name: ResourceName): boolean =>
  resourceIdOf(issued) === resourceIdOf(name)

const PROOF_BYTES = 16

/** 22 letters that show that a refresh token was issued here, although nothing is kept of one that was used long ago. */
const proofOf = async (env: Env, token: string): Promise<string> =>
  base64UrlOf((await digestOf(env, `refresh token ${token}`)).slice(0, PROOF_BYTES))

/** A refresh token as clients get it. @param token as the library made it */
export const provenToken = async (env: Env, token: string): Promise<string> =>
  `${token}.${await proofOf(env, token)}`

/**
 * `token`: as the library knows it; a proof that is wrong makes it none. `genuine`: surely issued here; those of 0.1.0 carry no proof,
 * and neither do access tokens.
 */
export const readProven = async (env: Env, text: string): Promise<{ token: string; genuine: boolean }> => {
  const [token = '', ...rest] = text.split('.')
  if (rest.length === 0) return { token, genuine: false }
  const genuine = rest.join('.') === (await proofOf(env, token))
  return { token: genuine ? token : '', genuine }
}
