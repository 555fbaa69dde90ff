/** What a session of the dashboard still opens after somebody lost what they signed in with. */
import { expect, test } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { recognize } from '../../src/identity/company.ts'
import { call, env } from '../api/support.ts'

const KEY = new Uint8Array(32)
const digest = () => crypto.getRandomValues(new Uint8Array(32))
const directory = () => directoryObject(env)

const roles = { claim: 'groups', map: new Map([['finance', ['manage' as const, 'approve' as const]]]) }
const signIn = async (subject: string, groups: string[]) => {
  const who = { ok: true as const, issuer: 'https://login.test', subject, name: subject, email: null }
  const times = { authenticatedAt: 0, idTokenExpiresAt: 0 }
  const found = await recognize(env, { roles }, { ...who, ...times, claimValues: groups }, Date.now())
  if (!found.ok) throw new Error(found.why)
  const { person, mapped, endsAt } = found
  const session = digest()
  await directory().openSession(session, { kind: 'person', id: person.id, mapped, endsAt })
  return { id: person.id, session }
}

const grantsOf = async (session: Uint8Array) => {
  const holder = await directory().useSession(session, KEY)
  return holder?.kind === 'person' ? holder.grants : null
}

test('a group that the newest sign-in does not show gives nothing in an older session either', async () => {
  const first = await signIn('gus', ['finance'])
  expect(await grantsOf(first.session)).toEqual(['manage', 'approve'])
  await signIn('gus', [])
  expect(await grantsOf(first.session)).toEqual([])
})

test('who gets another identity, or is disabled, signs in anew, also after it was put back', async () => {
  const { id, session } = await signIn('ida', ['finance'])
  await call('PATCH', `/person/${id}`, { body: { subject: 'somebody-else' } })
  expect(await grantsOf(session)).toBeNull()
  const other = await signIn('ira', ['finance'])
  await call('PATCH', `/person/${other.id}`, { body: { disabled: true } })
  await call('PATCH', `/person/${other.id}`, { body: { disabled: false } })
  expect(await grantsOf(other.session)).toBeNull()
})
