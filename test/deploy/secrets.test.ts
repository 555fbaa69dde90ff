import { expect, test } from 'vitest'
import { masterVersions, missingSecrets, NEEDED, nextMasterKey } from '../../scripts/deploy/plan.ts'

let made = 0
const random = () => `secret ${++made}`

test('a new deployment gets every secret, each its own', () => {
  const secrets = missingSecrets([], random)
  expect(Object.keys(secrets)).toEqual([...NEEDED])
  expect(secrets.MASTER_KEY_PRIMARY).toBe('1')
  expect(new Set(Object.values(secrets)).size).toBe(NEEDED.length)
})

test('what is there is never replaced', () => {
  for (const name of NEEDED) {
    const present = NEEDED.filter((other) => other !== name)
    expect(Object.keys(missingSecrets(present, random))).toEqual([name])
  }
  expect(missingSecrets(NEEDED, random)).toEqual({})
  const rotated = ['ADMIN_API_KEY', 'TOKEN_PEPPER', 'MASTER_KEY_V2', 'MASTER_KEY_V3']
  expect(missingSecrets(rotated, random)).toEqual({ MASTER_KEY_PRIMARY: '3' })
})

test('a further master key takes the next number', () => {
  expect(Object.keys(nextMasterKey(['MASTER_KEY_V1', 'MASTER_KEY_V9', 'MASTER_KEY_V10'], random))).toEqual([
    'MASTER_KEY_V11',
  ])
  expect(masterVersions(['MASTER_KEY_V2', 'MASTER_KEY_PRIMARY', 'MASTER_KEY_V01', 'XMASTER_KEY_V5'])).toEqual(
    [2],
  )
})
