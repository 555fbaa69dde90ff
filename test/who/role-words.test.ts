/** Seen on 2026-12-01: an auditor of everything and a clerk of one account read the same words, "with the role audit". */
import { expect, test } from 'vitest'
import { rolesWords } from '../../src/rules/who/role-words.ts'

test.each<[Parameters<typeof rolesWords>[0], string]>([
  [['audit'], 'the role audit for every account'],
  [['audit:a'], 'the role audit for 1 account'],
  [['audit:a', 'audit:b', 'use:a'], 'the roles audit and use for 2 accounts'],
  [
    ['audit', 'approve:a', 'manage:a'],
    'the role audit for every account; the roles approve and manage for 1 account',
  ],
])('%j', (grants, words) => {
  expect(rolesWords(grants)).toBe(words)
})
