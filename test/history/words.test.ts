/** What the pages about the past say of a day that the trail does not reach. At 3fc9183b they said "Writes were not stopped" of it. */
import { expect, test } from 'vitest'
import { isKnown, stateIn } from '../../src/dashboard/pages/history/words.ts'

type Known = Parameters<typeof isKnown>[0]
type Server = Parameters<typeof stateIn>[0]

// Siblings: the day that it begins, a trail that says nothing, one account's settings alone.
test.each([
  [{ servers: null, people: null, account: null }, false],
  [{ servers: [], people: [], account: null }, true],
  [{ servers: [], people: null, account: {} }, false],
  [{ servers: [], people: [], account: {} }, true],
])('%j is known: %s', (history, known) => {
  expect(isKnown(history as Known)).toBe(known)
})

test('a server that lived for a part of the day says from when until when', () => {
  const server = { state: 'revoked', from: '18:00', until: '18:08' } as Server
  expect(stateIn(server, (moment) => `${moment} UTC`)).toBe('revoked since, from 18:00 UTC, until 18:08 UTC')
  expect(stateIn({ state: 'in_force', from: null } as Server)).toBe('in force')
})
