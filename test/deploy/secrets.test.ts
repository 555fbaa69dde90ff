import { expect, test } from 'vitest'
import {
  isPrivate,
  masterVersions,
  missingSecrets,
  NEEDED,
  nextMasterKey,
} from '../../scripts/deploy/plan.ts'

let made = 0
const random = () => `secret ${++made}`

test('a new deployment gets every secret, each its own', () => {
  const secrets = missingSecrets([], random, true)
  expect(Object.keys(secrets)).toEqual([...NEEDED])
  expect(secrets.MASTER_KEY_PRIMARY).toBe('1')
  expect(new Set(Object.values(secrets)).size).toBe(NEEDED.length)
})

test('what is there is never replaced', () => {
  for (const name of NEEDED) {
    const present = NEEDED.filter((other) => other !== name)
    expect(Object.keys(missingSecrets(present, random, true))).toEqual([name])
  }
  expect(missingSecrets(NEEDED, random, true)).toEqual({})
  const rotated = ['ADMIN_API_KEY', 'TOKEN_PEPPER', 'MASTER_KEY_V2', 'MASTER_KEY_V3']
  expect(missingSecrets(rotated, random, true)).toEqual({ MASTER_KEY_PRIMARY: '3' })
})

test('a further master key takes the next number', () => {
  expect(Object.keys(nextMasterKey(['MASTER_KEY_V1', 'MASTER_KEY_V9', 'MASTER_KEY_V10'], random))).toEqual([
    'MASTER_KEY_V11',
  ])
  expect(masterVersions(['MASTER_KEY_V2', 'MASTER_KEY_PRIMARY', 'MASTER_KEY_V01', 'XMASTER_KEY_V5'])).toEqual(
    [2],
  )
})

test('an admin key that nobody would see is not made; all other secrets are', () => {
  expect(Object.keys(missingSecrets([], random, false))).toEqual(
    NEEDED.filter((name) => name !== 'ADMIN_API_KEY'),
  )
  expect(missingSecrets(NEEDED, random, false)).toEqual({})
})

// At b8f2a26 the key was printed wherever the script ran. Siblings of a button's build: another CI, no terminal, both.
test.each([
  [{ WORKERS_CI: '1' }, true, false],
  [{ CI: 'true' }, true, false],
  [{ CI: '1', WORKERS_CI: '1' }, undefined, false],
  [{}, undefined, false],
  [{}, false, false],
  [{ CI: '', WORKERS_CI: '' }, true, true],
  [{}, true, true],
])('%j with a terminal: %s is private: %s', (environment, isTTY, is) => {
  expect(isPrivate(environment as NodeJS.ProcessEnv, isTTY)).toBe(is)
})
