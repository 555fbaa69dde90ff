/** Secrets that were left empty, short or as in an example let nobody in. At b8f2a26 any ADMIN_API_KEY that was not empty was taken. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Env } from '../../src/core/env.ts'
import { adminKeyProblem, isExample } from '../../src/core/keys.ts'
import { holderOfKey } from '../../src/identity/actor.ts'
import { adminKeyDigest } from '../../src/identity/session.ts'
import { setUpProblems } from '../../src/identity/set-up.ts'

const base64 = () => randomBytes(32).toString('base64')
const good = () =>
  ({
    ADMIN_API_KEY: base64(),
    TOKEN_PEPPER: base64(),
    MASTER_KEY_V1: base64(),
    MASTER_KEY_PRIMARY: '1',
  }) as Env

const BAD = [
  ['', 'is not set'],
  ['   ', 'is not set'],
  [undefined, 'is not set'],
  ['admin', 'has fewer than 32 characters'],
  ['change-me', 'has fewer than 32 characters'],
  [randomBytes(20).toString('base64'), 'has fewer than 32 characters'],
  ['change-me-to-a-random-value-of-32-bytes', 'looks like an example'],
  // Siblings: other words, brackets, one sign, one piece over and over, runs of the keyboard.
  ['CHANGEME-CHANGEME-4d1f8a7b9c2e6053', 'looks like an example'],
  ['example-key-9f8e7d6c5b4a39281706f5e4', 'looks like an example'],
  ['<the output of openssl rand -base64 32>', 'looks like an example'],
  ['your-admin-key-9f8e7d6c5b4a39281706f', 'looks like an example'],
  ['x'.repeat(44), 'looks like an example'],
  ['k7Qp2Zx9'.repeat(5), 'looks like an example'],
  ['0123456789abcdefghijklmnopqrstuvwxyz', 'looks like an example'],
  ['qwertyuiopasdfghjklzxcvbnm1234567890', 'looks like an example'],
  ['finexio-ADMIN_KEY-4d1f8a7b9c2e60532b', 'looks like an example'],
  ['mK7-87654321-zP4-vT9-wQ2-xR5-bN8-cF3', 'looks like an example'],
  ['kлюч-4d1f8a7b9c2e6053-k7Qp2Zx9-mW3vT', 'holds a blank or a letter outside ASCII'],
] as const

test.each(BAD)('the admin key %j %s: it opens nothing, and is not repeated', async (key, words) => {
  const env = { ...good(), ADMIN_API_KEY: key as string }
  expect(adminKeyProblem(env)).toMatch(
    new RegExp(
      `^ADMIN_API_KEY ${words}(?:, which no client can send)?, so nobody is let in\\. .*wrangler secret put ADMIN_API_KEY\\.$`,
    ),
  )
  if (key && key.length > 9) expect(adminKeyProblem(env)).not.toContain(key)
  expect(setUpProblems(env)).toEqual([adminKeyProblem(env)])
  expect(await adminKeyDigest(env)).toEqual(await adminKeyDigest({ ...env, ADMIN_API_KEY: '' }))
})

test.each(['TOKEN_PEPPER', 'MASTER_KEY_V1'])('%s as well', (name) => {
  for (const value of ['', undefined, 'short', 'A'.repeat(43), `${'c2VjcmV0'.repeat(5)}AAA=`])
    expect(setUpProblems({ ...good(), [name]: value })).toEqual([expect.stringContaining(name)])
  expect(setUpProblems({ ...good(), MASTER_KEY_PRIMARY: '' })).toEqual([
    expect.stringContaining('MASTER_KEY_PRIMARY'),
  ])
  expect(setUpProblems({ ...good(), MASTER_KEY_PRIMARY: '2' })).toEqual([
    expect.stringContaining('MASTER_KEY_V2'),
  ])
})

// At b8f2a26 one value for two or three of them was taken. Siblings: spelled in Base64url, with a blank, as a webhook secret, on one's own machine.
test.each<[string, (value: string) => Partial<Env>]>([
  ['TOKEN_PEPPER and MASTER_KEY_V1', (value) => ({ TOKEN_PEPPER: value, MASTER_KEY_V1: value })],
  ['ADMIN_API_KEY and TOKEN_PEPPER', (value) => ({ ADMIN_API_KEY: value, TOKEN_PEPPER: ` ${value}\n` })],
  [
    'ADMIN_API_KEY, TOKEN_PEPPER and MASTER_KEY_V1',
    (value) => ({ ADMIN_API_KEY: value, TOKEN_PEPPER: value, MASTER_KEY_V1: value }),
  ],
  [
    'TOKEN_PEPPER and MASTER_KEY_V1',
    (value) => ({ TOKEN_PEPPER: value, MASTER_KEY_V1: Buffer.from(value, 'base64').toString('base64url') }),
  ],
  ['TOKEN_PEPPER and NOTIFY_SECRET', (value) => ({ TOKEN_PEPPER: value, NOTIFY_SECRET: `whsec_${value}` })],
  ['ADMIN_API_KEY and OIDC_CLIENT_SECRET', (value) => ({ ADMIN_API_KEY: value, OIDC_CLIENT_SECRET: value })],
  [
    'ADMIN_API_KEY and TOKEN_PEPPER',
    (value) => ({ ADMIN_API_KEY: value, TOKEN_PEPPER: value, LOCAL_DEVELOPMENT: 'true' }),
  ],
])('%s of one value let nobody in', async (names, shared) => {
  const value = base64()
  const env = { ...good(), ...shared(value) }
  expect(setUpProblems(env)).toEqual([expect.stringContaining(`${names} hold the same value`)])
  expect(setUpProblems(env).join()).not.toContain(value.slice(0, 43))
  expect(await holderOfKey(env, env.ADMIN_API_KEY.trim())).toBeNull()
})

test('a master key that equals the pepper is followed by another, and people are let in again', () => {
  const value = base64()
  const env = { ...good(), TOKEN_PEPPER: value, MASTER_KEY_V1: value, MASTER_KEY_V2: base64() }
  expect(setUpProblems(env)).toHaveLength(1)
  expect(setUpProblems({ ...env, MASTER_KEY_PRIMARY: '2' })).toEqual([])
})

test('what was made at random is taken, in every form that tools make', () => {
  for (let run = 0; run < 200; run++) {
    for (const form of ['base64', 'base64url', 'hex'] as const) {
      const key = randomBytes(32).toString(form)
      expect([key, isExample(key)]).toEqual([key, false])
    }
    expect(setUpProblems(good())).toEqual([])
  }
})

test('on one’s own machine any admin key will do, but there has to be one', () => {
  const LOCAL_DEVELOPMENT = 'true'
  expect(adminKeyProblem({ ADMIN_API_KEY: 'dev', LOCAL_DEVELOPMENT })).toBeNull()
  expect(adminKeyProblem({ ADMIN_API_KEY: '', LOCAL_DEVELOPMENT })).toMatch(/is not set/)
  for (const other of ['TRUE', '1', ' true', ''])
    expect(adminKeyProblem({ ADMIN_API_KEY: 'dev', LOCAL_DEVELOPMENT: other })).toMatch(/fewer than 32/)
})

test('a weak key is nobody’s', async () => {
  const env = { ...good(), ADMIN_API_KEY: 'change-me' } as Env
  expect(await holderOfKey(env, 'change-me')).toBeNull()
})
