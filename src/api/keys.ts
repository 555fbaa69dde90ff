/** `/key/reseal`: brings every stored credential, webhook secret and draft under the primary master key, page by page, while traffic runs. */
import type { Context } from 'hono'
import { Hono } from 'hono/tiny'
import { accountObject } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import { resealDrafts } from '../account/vault/drafts.ts'
import { isSealedUnderPrimary } from '../account/vault/sealed-credentials.ts'
import { eraseCredential, openCredential, sealCredential } from '../account/vault/vault.ts'
import { resealSecrets } from '../account/vault/webhook-secrets.ts'
import type { Env } from '../core/env.ts'
import { type App, requireAdmin } from './auth.ts'
import { pageOf } from './input.ts'

/** From what calls for a look to what calls for nothing. */
const OUTCOMES = ['failed', 'changed_meanwhile', 'resealed', 'already'] as const
type Resealed = (typeof OUTCOMES)[number]

/** A new version under the primary key, then the pointer, then the old record: at no moment is there none. */
const reseal = async (env: Env, id: string): Promise<Resealed> => {
  const object = accountObject(env, id)
  const [account, pointer] = await Promise.all([object.readAccount(), object.credential()])
  if (!account || !pointer) return 'changed_meanwhile'
  if (isSealedUnderPrimary(env, pointer)) return 'already'
  const credentials = await openCredential(env, id, pointer)
  const version = await object.takeCredentialVersion()
  if (version === null) return 'changed_meanwhile'
  const sealed = await sealCredential(env, id, version, credentials)
  const left = await object.moveCredential(sealed, pointer.version)
  await eraseCredential(env, id, left ?? version)
  return left === null ? 'changed_meanwhile' : 'resealed'
}

/** What cannot be opened does not keep the rest from its new key. */
const tried = async (id: string, work: Promise<Resealed | Resealed[]>): Promise<Resealed[]> => {
  try {
    return [await work].flat()
  } catch (error) {
    console.error({
      event: 'reseal_fault',
      account: id,
      error: error instanceof Error ? error.name : 'unknown',
    })
    return ['failed']
  }
}

const resealAll = async (env: Env, id: string): Promise<{ id: string; outcome: Resealed }> => {
  const outcomes = [
    ...(await tried(id, reseal(env, id))),
    ...(await tried(id, resealSecrets(env, id))),
    ...(await tried(id, resealDrafts(env, id))),
  ]
  return { id, outcome: OUTCOMES.find((outcome) => outcomes.includes(outcome)) ?? 'already' }
}

/** Repeat with `next_cursor` until it is null; what is done already costs one read. */
const resealPage = async (c: Context<App>) => {
  requireAdmin(c)
  const { limit, before } = pageOf(c)
  const { accounts, next } = await directoryObject(c.env).list(limit, before)
  const result: Awaited<ReturnType<typeof resealAll>>[] = []
  for (const { id } of accounts) result.push(await resealAll(c.env, id))
  return c.json({ result, next_cursor: next === null ? null : String(next) })
}

export const keyRoutes = new Hono<App>().post('/key/reseal', resealPage)
