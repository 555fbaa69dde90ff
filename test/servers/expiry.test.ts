import { expect, test } from 'vitest'
import { readExpiry } from '../../src/rules/expiry.ts'

const now = Date.parse('2026-11-23T12:00:00Z')

test('null means never', () => {
  expect(readExpiry(null, now)).toEqual({ ok: true, at: null })
})

test.each([
  ['2026-11-23T12:01:00Z', true],
  ['2026-11-23T12:01:00.000Z', true],
  ['2026-11-23T13:01:00+01:00', true],
  ['2026-11-23T12:00:59.999Z', false],
  ['2026-11-23T13:00:59+01:00', false],
  ['2026-11-23T12:00:00Z', false],
  ['1999-01-01T00:00:00Z', false],
])('%s is at least 60 seconds ahead: %s', (moment, ok) => {
  const expiry = readExpiry(moment, now)
  expect(expiry.ok).toBe(ok)
  if (expiry.ok) expect(expiry.at).toBe(Date.parse(moment))
  else expect(expiry.problem).toBe('must be at least 60 seconds in the future')
})

test.each([
  '2027-01-31',
  '2027-01-31T00:00:00',
  '2027-02-30T00:00:00Z',
  'tomorrow',
  '',
  1_900_000_000_000,
  {},
  true,
])('%s is no moment', (value) => {
  expect(readExpiry(value, now)).toEqual({
    ok: false,
    problem: expect.stringContaining('2027-01-31T00:00:00Z'),
  })
})
