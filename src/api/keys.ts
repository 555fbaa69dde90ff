/** `/key/reseal`: brings every stored credential, webhook secret, draft and change of settings under the primary master key, page by page, while traffic runs. */
import * as z from 'zod'
import { accountObject, credentialsOf } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import { resealDrafts } from '../account/vault/drafts.ts'
import { isSealedUnderPrimary } from '../account/vault/envelope.ts'
import { resealSettings } from '../account/vault/settings-drafts.ts'
import { eraseCredential, openCredential, sealCredential } from '../account/vault/vault.ts'
import { resealSecrets } from '../account/vault/webhook-secrets.ts'
import type { Env } from '../core/env.ts'
import { count, pageAnswer, paged, uuid } from './answers.ts'
import { Page } from './input.ts'
import { route } from './route.ts'

/** Outcomes from worst to best; the worst one that occurs is the outcome of the account. */
const OUTCOMES = ['failed', 'changed_meanwhile', 'resealed', 'already'] as const
type Outcome = (typeof OUTCOMES)[number]

const Resealed = z.object({
  id: uuid,
  outcome: z.enum(OUTCOMES).describe('The worst of what happened to its records.'),
})

const Answer = pageAnswer(Resealed).extend({
  settings_drafts: z
    .object({
      resealed: count.describe('Brought under the primary key.'),
      already: count.describe('Were under it.'),
      failed: count.describe('Could not be opened.'),
    })
    .optional()
    .describe('Changes of settings that wait, of the whole deployment; with the first page alone.'),
})

/** Writes a new version under the primary key, moves the pointer, then erases the old record, so that there is always one. */
const reseal = async (env: Env, id: string): Promise<Outcome> => {
  const object = accountObject(env, id)
  const [account, pointer] = await Promise.all([object.readAccount(), credentialsOf(object).pointer()])
  if (!account || !pointer) return 'changed_meanwhile'
  if (isSealedUnderPrimary(env, pointer)) return 'already'
  const credentials = await openCredential(env, id, pointer)
  const version = await credentialsOf(object).takeVersion()
  if (version === null) return 'changed_meanwhile'
  const sealed = await sealCredential(env, id, version, credentials)
  const left = await credentialsOf(object).move(sealed, pointer.version)
  await eraseCredential(env, id, left ?? version)
  return left === null ? 'changed_meanwhile' : 'resealed'
}

/** A record that cannot be opened does not stop the others. */
const tried = async (id: string, work: Promise<Outcome | Outcome[]>): Promise<Outcome[]> => {
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

const resealAll = async (env: Env, id: string): Promise<z.infer<typeof Resealed>> => {
  const outcomes = [
    ...(await tried(id, reseal(env, id))),
    ...(await tried(id, resealSecrets(env, id))),
    ...(await tried(id, resealDrafts(env, id))),
  ]
  return { id, outcome: OUTCOMES.find((outcome) => outcomes.includes(outcome)) ?? 'already' }
}

/** Repeated with `next_cursor` until it is null; what is done already costs one read. */
export const keyRoutes = [
  route('POST', '/key/reseal', 'resealKeys', {
    role: 'admin',
    whole: true,
    says: 'Bring stored credentials under the primary master key, page by page',
    query: Page,
    answer: Answer,
    handler: async ({ c, query }) => {
      const { accounts, next } = await directoryObject(c.env).list(query.limit, query.next_cursor)
      const outcomes: z.infer<typeof Resealed>[] = []
      for (const { id } of accounts) outcomes.push(await resealAll(c.env, id))
      const settings_drafts = query.next_cursor === undefined ? await resealSettings(c.env) : undefined
      return {
        ...paged(outcomes, next, (outcome) => outcome),
        ...(settings_drafts && { settings_drafts }),
      }
    },
  }),
]
