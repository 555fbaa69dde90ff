/** What the pages about the past say of a day that the trail does not reach. At 3fc9183b they said "Writes were not stopped" of it. */
import { expect, test } from 'vitest'
import { actedIn, decidesIn, isKnown, stateIn } from '../../src/dashboard/pages/history/words.ts'

type Known = Parameters<typeof isKnown>[0]
type Server = Parameters<typeof stateIn>[0]

// Siblings: people alone are not known, an account that had no server.
test.each([
  [{ servers: null, people: null }, false],
  [{ servers: [], people: null }, false],
  [{ servers: null, people: [] }, false],
  [{ servers: [], people: [] }, true],
])('%j is known: %s', (history, known) => {
  expect(isKnown(history as unknown as Known)).toBe(known)
})

test('a server that lived for a part of the day says from when until when', () => {
  const server = { state: 'revoked', from: '18:00', until: '18:08' } as Server
  expect(stateIn(server, (moment) => `${moment} UTC`)).toBe('revoked since, from 18:00 UTC, until 18:08 UTC')
  expect(stateIn({ state: 'in_force', from: null } as Server)).toBe('in force')
})

// Seen at main: "needed a second person", and nothing of the admin key, which gets everything after its wait.
test('who decided says what the admin key could do alone; what it holds has no beginning that a row tells', () => {
  const decided = (second_person_for_settings: boolean) =>
    decidesIn({ who_decides: { second_person_for_settings, one_person: null } } as never)
  expect(decided(true)).toMatch(
    /needed a second person\. What the admin key asked for acted by itself after 24 h/,
  )
  expect(decided(false)).toContain('and so could whoever holds the admin key')
  expect(actedIn({ first_acted_at: '2026-03-09' }, (moment) => `${moment}!`)).toBe(
    'first act kept: 2026-03-09!',
  )
  expect([actedIn({ first_acted_at: null }), actedIn({})]).toEqual(['no act of it is kept', ''])
})
