/** Names of people and systems that an answer mentions by id. */
import type { Context } from 'hono'
import * as z from 'zod'
import { settingsOf } from '../../account/directory-stub.ts'
import { ROOT } from '../../identity/actor.ts'
import { ROOT_ID } from '../../rules/who/four-eyes.ts'
import type { App } from '../auth.ts'

export const NamesAnswer = z
  .record(z.string(), z.string())
  .optional()
  .describe('Names of the people and systems whose ids stand here; of who was removed there is none.')

/** @param ids null and undefined: nobody */
export const namesIn = async (
  { env }: Pick<Context<App>, 'env'>,
  ids: readonly (string | null | undefined)[],
): Promise<Record<string, string>> => {
  const known = [...new Set(ids)].filter((id) => id != null)
  const others = known.filter((id) => id !== ROOT_ID)
  const names = others.length === 0 ? [] : await settingsOf(env).namesOf(others)
  const found = Object.fromEntries(
    others.map((id, at) => [id, names[at]!]).filter(([id, name]) => id !== name),
  )
  return known.includes(ROOT_ID) ? { [ROOT_ID]: ROOT.name, ...found } : found
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** Every id that stands anywhere in a value. */
export const idsWithin = (value: unknown): string[] => JSON.stringify(value).match(UUID) ?? []
