/** What a page says to somebody whom the company's sign-in named, or did not, and who is not let in here. */
import { expect, test } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { recognize } from '../../src/identity/company.ts'
import { env } from '../api/support.ts'
import { browser } from '../dashboard/support.ts'

const signedIn = (subject: string, claimValues: string[] = []) =>
  recognize(
    env,
    { roles: { claim: 'groups', map: new Map([['ap', ['audit' as const]]]) } },
    {
      ...{ ok: true as const, issuer: 'https://login.test', subject, name: subject, email: null },
      ...{ authenticatedAt: 0, idTokenExpiresAt: 0, claimValues },
    },
    Date.now(),
  )

test('who is not known here learns what an administrator has to enter', async () => {
  expect(await signedIn('nia')).toEqual({
    ok: false,
    why: expect.stringMatching(
      /administrator can add you under People, with the issuer https:\/\/login\.test and the subject nia/,
    ),
  })
})

test('who is disabled learns whom to ask, and who lost a group keeps nothing of it', async () => {
  const before = await signedIn('gus', ['ap'])
  expect(before).toMatchObject({ ok: true, mapped: ['audit'] })
  expect(await signedIn('gus', [])).toMatchObject({ ok: true, mapped: [] })
  if (!before.ok) throw new Error(before.why)
  await directoryObject(env).changePerson(before.person.id, { disabled: true })
  expect(await signedIn('gus', ['ap'])).toEqual({
    ok: false,
    why: expect.stringContaining('Ask them to enable you again under People.'),
  })
})

const OIDC = { OIDC_ISSUER: 'https://login.test', OIDC_CLIENT_ID: 'id', OIDC_CLIENT_SECRET: 's' }

// Siblings of a provider that is down: one that is set up in part, an answer that belongs to no sign-in, none at all.
test.each<[Partial<typeof OIDC>, string, number, string]>([
  [OIDC, '/dashboard/sign-in/company', 503, 'Try again in a minute.'],
  [{ ...OIDC, OIDC_CLIENT_SECRET: '' }, '/dashboard/sign-in/company', 500, 'also needs OIDC_CLIENT_SECRET'],
  [OIDC, '/dashboard/sign-in/company/callback?code=x&state=y', 400, 'Start again.'],
  [{}, '/dashboard/sign-in/company', 403, 'Sign in with an API token.'],
])('with %j, %s answers %i and says what to do', async (set, path, status, words) => {
  const fetched = globalThis.fetch
  globalThis.fetch = async () => {
    throw new TypeError('connection refused')
  }
  const page = await browser({ ...env, ...set }).get(path)
  globalThis.fetch = fetched
  expect([page.status, page.text]).toEqual([status, expect.stringContaining(words)])
  expect(page.text).toContain('href="/dashboard/sign-in"')
})
