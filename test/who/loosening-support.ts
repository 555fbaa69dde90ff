/** A deployment in which settings need a second person: who is there, and how they ask and agree. */
import { expect } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { call, connect, env } from '../api/support.ts'

/** A person or system with an API token. @param by whose key issues it; undefined: the admin key */
export const somebody = async (
  name: string,
  grants: string[],
  by?: string,
  kind: 'person' | 'system' = 'person',
): Promise<{ id: string; key: string; tokenId: string }> => {
  const key = by === undefined ? {} : { key: by }
  const { status, body } = await call('POST', '/api-token', { body: { name, kind, grants }, ...key })
  expect(status, JSON.stringify(body)).toBe(201)
  return { id: body.holder, key: body.token, tokenId: body.id }
}

type Person = Awaited<ReturnType<typeof somebody>>
export type Company = { account: string; ada: Person; ben: Person; cleo: Person; audrey: Person }

/** Past the rule, straight to the directory: turning it on waits for the lease, and off for another person. */
export const second = async (on: boolean): Promise<void> => {
  await directory().changeDeployment({ second_person_for_settings: on, one_person: null })
}

let number = 0

/** Ada administers, Ben manages, Cleo approves, Audrey looks; the admin key issued each token. */
export const company = async (): Promise<Company> => {
  number++
  await second(false)
  const account = await connect(`Acme ${number}`)
  const ada = await somebody(`Ada ${number}`, ['admin'])
  const ben = await somebody(`Ben ${number}`, ['manage'])
  const cleo = await somebody(`Cleo ${number}`, ['approve'])
  const audrey = await somebody(`Audrey ${number}`, ['audit'])
  await second(true)
  return { account, ada, ben, cleo, audrey }
}

export const directory = () => directoryObject(env)

export const ask = (key: string, method: string, path: string, body?: unknown) =>
  call(method, path, { key, ...(body !== undefined && { body }) })

let first: Promise<Company> | undefined

/** One company for tests that leave it as they found it. */
export const shared = (): Promise<Company> => {
  first ??= company()
  return first
}

/** What waits, as an id. */
export const waits = async (answer: ReturnType<typeof ask>): Promise<string> => {
  const { status, body } = await answer
  expect([201, 202], JSON.stringify(body)).toContain(status)
  expect(body.settings_draft_id, JSON.stringify(body)).toEqual(expect.any(String))
  return body.settings_draft_id
}

export const agree = async (key: string, id: string): Promise<number> =>
  (await ask(key, 'POST', `/settings-draft/${id}/agree`, {})).status

export const reject = async (key: string, id: string, body: object = {}): Promise<number> =>
  (await ask(key, 'POST', `/settings-draft/${id}/reject`, body)).status

export const stateOf = async (id: string) => {
  const { state, decision_reason } = (await call('GET', `/settings-draft/${id}`)).body
  return [state, decision_reason]
}

/** A server that exists and is awake: made while nobody else had to agree. */
export const awake = async (account: string, config: object, more: object = {}): Promise<string> => {
  await second(false)
  const { status, body } = await call('POST', `/integrated-account/${account}/mcp`, {
    body: { name: 'Agent', config, ...more },
  })
  expect(status, JSON.stringify(body)).toBe(201)
  await second(true)
  return `/integrated-account/${account}/mcp/${body.id}`
}
