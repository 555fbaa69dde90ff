/** What takes a right away is answered once no account relies on it any more: by whatever route, for whatever right. */
import { beforeAll, expect, test, vi } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { LEASE_MS } from '../../src/account/lease.ts'
import { recognize } from '../../src/identity/company.ts'
import { call, env } from '../api/support.ts'

const directory = () => directoryObject(env)
const roles = { claim: 'groups', map: new Map([['leads', ['approve' as const]]]) }
const signIn = (subject: string, ...claimValues: string[]) => {
  const who = { ok: true as const, issuer: 'https://login.test', subject, name: subject, email: null }
  return recognize(
    env,
    { roles },
    { ...who, claimValues, authenticatedAt: 0, idTokenExpiresAt: 0 },
    Date.now(),
  )
}
let names = 0
const person = async (): Promise<string> => {
  const identity = { issuer: 'https://login.test', subject: `sub-${++names}`, grants: ['approve', 'manage'] }
  return (await call('POST', '/person', { body: { name: `Person ${names}`, ...identity } })).body.id
}
const token = async (): Promise<string> =>
  (await call('POST', '/api-token', { body: { name: `Key ${++names}`, grants: ['use'] } })).body.id

/** Whether an answer came after the lease. */
const waited = async (work: Promise<{ status: number } | { ok: boolean }>): Promise<boolean> => {
  const begun = performance.now()
  const answer = await work
  expect('ok' in answer ? answer.ok : answer.status < 300).toBe(true)
  return performance.now() - begun >= LEASE_MS
}
const alone = async (one_person: string | null) => {
  await directory().changeDeployment({ one_person })
}
let [ids, keys]: [string[], string] = [[], '']
beforeAll(async () => {
  ids = await Promise.all([person(), person(), person(), person(), person(), person()])
  keys = await token()
  await signIn('lost', 'leads')
})

// O8: until this change an identity that was moved, a lost group and somebody who came into a company of one were answered at once.
test('fewer roles, being disabled, another identity, removal, revocation, a lost group, one-person mode', async () => {
  const change = (index: number, body: object) => call('PATCH', `/person/${ids[index]}`, { body })
  const took = await Promise.all([
    waited(change(0, { grants: ['manage'] })),
    waited(change(1, { disabled: true })),
    waited(change(2, { subject: 'moved' })),
    waited(change(3, { issuer: null, subject: null })),
    waited(call('DELETE', `/person/${ids[4]}`)),
    waited(call('DELETE', `/api-token/${keys}`)),
    waited(call('PATCH', '/deployment', { body: { one_person: null } })),
    waited(call('PUT', '/writes', { body: { stopped: true } })),
    waited(signIn('lost')),
  ])
  expect(took).toEqual(took.map(() => true))
})

test('somebody who comes, or comes back, ends one-person mode', async () => {
  await alone(ids[0]!)
  const body = { name: 'Newcomer', kind: 'person', grants: ['approve'] }
  const took = await Promise.all([
    waited(call('POST', '/person', { body: { name: 'New here' } })),
    waited(call('PATCH', `/person/${ids[1]}`, { body: { disabled: false } })),
    waited(call('POST', '/api-token', { body })),
    waited(signIn('new', 'leads')),
  ])
  await alone(null)
  expect(took).toEqual([true, true, true, true])
})

test('what takes nothing away waits for nothing', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout')
  const leases = () => timers.mock.calls.filter(([, ms]) => ms! >= LEASE_MS && ms! < 2 * LEASE_MS).length
  await call('PUT', '/writes', { body: { stopped: true } })
  expect(leases()).toBe(1)
  await call('PUT', '/writes', { body: { stopped: false } })
  await call('PATCH', `/person/${ids[5]}`, { body: { name: 'Renamed' } })
  await call('POST', '/person', { body: { name: 'One more' } })
  await signIn('again', 'leads')
  expect(leases()).toBe(1)
  timers.mockRestore()
})
