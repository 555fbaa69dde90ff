/**
 * Links that sign in once, as whoever wants to come in by one tries them: at once, again, by guess, across a restart and another
 * admin key. They are the nearest thing to a claim of the first visit: a deployment makes none, its secrets are set by its owner.
 */
import { evictDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { call, env } from '../api/support.ts'
import { browser } from './support.ts'

const HOME = '/dashboard'
const local = () => browser({ ...env, LOCAL_DEVELOPMENT: 'true' }, 'http://127.0.0.1:8787')

const token = async (scopes: string[], name: string) =>
  (await call('POST', '/api-token', { body: { name, kind: 'person', scopes } })).body as {
    id: string
    token: string
  }

const newLink = async (settings: object = {}, key = env.ADMIN_API_KEY) => {
  const machine = browser({ ...env, LOCAL_DEVELOPMENT: 'true', ...settings }, 'http://127.0.0.1:8787')
  const made = await machine.send('POST', '/dashboard/sign-in-link', {
    headers: { authorization: `Bearer ${key}` },
  })
  return (JSON.parse(made.text) as { url: string }).url
}

test('a link outlives a restart between its page and its button, and is used up before it', async () => {
  const [open, used] = [await newLink(), await newLink()]
  const ann = local()
  expect((await ann.get(open)).status).toBe(200)
  expect((await local().send('POST', used)).status).toBe(303)
  await evictDurableObject(directoryObject(env))
  expect((await local().send('POST', used)).status).toBe(401)
  expect((await ann.send('POST', open)).location).toBe(HOME)
})

test('of twenty that press the button of one link at once, one is signed in', async () => {
  const url = await newLink()
  const all = Array.from({ length: 20 }, local)
  const answers = await Promise.all(all.map((one) => one.send('POST', url)))
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(19).fill(401)])
  const homes = await Promise.all(all.map(async (one) => (await one.get(HOME)).status))
  expect(homes.filter((status) => status === 200)).toHaveLength(1)
})

test.each([
  ['cut short', (code: string) => code.slice(0, -1)],
  ['in capitals', (code: string) => code.toUpperCase()],
  ['with a letter more', (code: string) => `${code}0`],
  ['with a blank', (code: string) => `%20${code}`],
  ['of another deployment', () => 'a'.repeat(64)],
])('a code %s opens nothing, and the link stays good', async (_, change) => {
  const url = await newLink()
  const [before, code] = [url.slice(0, -64), url.slice(-64)]
  // Letters are rarely all digits, which have no capitals.
  const guess = change(code) === code ? `${code}x` : change(code)
  for (const method of ['GET', 'POST']) expect((await local().send(method, before + guess)).status).toBe(401)
  expect((await local().send('POST', url)).location).toBe(HOME)
})

// Until now a link that was made with the admin key of before opened a session of the new one. Siblings: a person's link, the API token behind it revoked.
test('another admin key ends the links of the one before', async () => {
  const { token: key } = await token(['approve'], 'Lena Links')
  const before = [await newLink(), await newLink({}, key)]
  const settings = { ...env, LOCAL_DEVELOPMENT: 'true', ADMIN_API_KEY: 'another-root-of-all-tests-9c1Qz7Wm' }
  for (const url of before)
    expect((await browser(settings, 'http://127.0.0.1:8787').send('POST', url)).status).toBe(401)
  const now = await newLink({ ADMIN_API_KEY: settings.ADMIN_API_KEY }, settings.ADMIN_API_KEY)
  expect((await browser(settings, 'http://127.0.0.1:8787').send('POST', now)).location).toBe(HOME)
})

test('a link of an API token that was revoked meanwhile signs nobody in', async () => {
  const { id, token: key } = await token(['approve'], 'Rita Revoked')
  const url = await newLink({}, key)
  expect((await call('DELETE', `/api-token/${id}`)).status).toBe(200)
  const rita = local()
  await rita.send('POST', url)
  expect((await rita.get(HOME)).status).not.toBe(200)
})
