/** A deployment whose secrets were left empty or as in an example: nobody gets in, and the first page says what to set. */
import { expect, test } from 'vitest'
import { call, env } from '../api/support.ts'
import { browser } from './support.ts'

const KEY = 'k3yQz8Vw1TnB5mX0cJ7hLr4PfDs9GaEu2iYo6RtKb1M='
const COOKIE = '__Host-finexio_mcp'
/** As deployed: nothing that holds on one's own machine alone. */
const deployed = { ...env, LOCAL_DEVELOPMENT: undefined, ADMIN_API_KEY: KEY } as unknown as typeof env

const settings = (name: string, value: unknown) => ({ ...deployed, [name]: value }) as typeof env

// Siblings: absent, empty, short, an example, of each secret that the button asks for.
test.each([
  ['ADMIN_API_KEY', undefined],
  ['ADMIN_API_KEY', ''],
  ['ADMIN_API_KEY', 'change-me'],
  ['ADMIN_API_KEY', 'change-me-to-a-random-value-of-32-bytes'],
  ['TOKEN_PEPPER', ''],
  ['TOKEN_PEPPER', 'A'.repeat(43)],
  ['MASTER_KEY_V1', undefined],
  ['MASTER_KEY_PRIMARY', ''],
])('%s %j: a page that says so, and no form', async (name, value) => {
  const visitor = browser(settings(name, value))
  const { status, text, headers } = await visitor.get('/dashboard/sign-in')
  expect(status).toBe(503)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(text).toContain('This deployment is not set up yet')
  expect(text).toMatch(new RegExp(`${name} [^<]*openssl rand -base64 32|${name} must be the number`))
  expect(text).not.toContain('name="key"')
  if (value) expect(text).not.toContain(value)
})

test('a key that is an example opens neither the dashboard nor the API', async () => {
  const weak = settings('ADMIN_API_KEY', 'change-me-to-a-random-value-of-32-bytes')
  const key = weak.ADMIN_API_KEY
  const { status, text } = await browser(weak).send('POST', '/dashboard/sign-in', { form: { key } })
  expect([status, text.includes('not set up yet')]).toEqual([503, true])
  const asked = await call('GET', '/integrated-account', { key }, weak)
  expect([asked.status, asked.body.message]).toEqual([401, expect.stringContaining('looks like an example')])
})

// Seen at b8f2a26 and after: a key with a line break behind it, as a pipe leaves it, was in order and opened nothing.
test.each(['\n', '\r\n', ' '])('what stands around the admin key (%j) is no part of it', async (around) => {
  const set = settings('ADMIN_API_KEY', `${around}${KEY}${around}`)
  expect((await call('GET', '/integrated-account', { key: KEY }, set)).status).toBe(200)
  await browser(set).signIn(KEY)
})

test('with secrets of its own the deployment lets its owner in, and ends that session when the key is an example again', async () => {
  const owner = browser(deployed)
  await owner.signIn(KEY)
  expect((await owner.get('/dashboard/accounts')).status).toBe(200)
  const later = browser(settings('ADMIN_API_KEY', 'change-me'))
  for (const [name, value] of owner.jar) later.jar.set(name, value)
  expect(later.jar.has(COOKIE)).toBe(true)
  expect((await later.get('/dashboard/accounts')).status).toBe(303)
})
