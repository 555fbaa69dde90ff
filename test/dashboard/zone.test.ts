import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  clockIn,
  clockTime,
  dayIn,
  dayRange,
  daysWithin,
  momentAt,
  momentIn,
  momentsWithin,
  zoneNamed,
} from '../../src/core/zone.ts'
import { zoneOfRequest } from '../../src/identity/zone.ts'
import { runs } from '../support/size.ts'

test.each([
  ['UTC', 'UTC'],
  ['europe/berlin', 'Europe/Berlin'],
  ['America/Argentina/Ushuaia', 'America/Argentina/Ushuaia'],
  ['Mars/Olympus', null],
  ['', null],
  ['+01:00', null],
  ['../../etc', null],
  ['<script>', null],
  ['Europe/Berlin\n', null],
  [`Europe/${'x'.repeat(200)}`, null],
])('the zone %j is %j', (text, zone) => {
  expect(zoneNamed(text)).toBe(zone)
})

test('no text is a zone but by a name that Intl shows again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const zone = zoneNamed(text)
      expect(zone === null || zoneNamed(zone) === zone).toBe(true)
    }),
    runs(300),
  )
})

// Seen at b8f2a26: every time in UTC, the activity under "When (UTC)".
test.each([
  ['UTC', '2026-11-28T18:05:07.000Z', '28 Nov 2026, 18:05 UTC'],
  ['Europe/Berlin', '2026-11-28T23:05:07.000Z', '29 Nov 2026, 00:05 GMT+1'],
  ['America/New_York', '2026-07-01T03:00:00Z', '30 Jun 2026, 23:00 EDT'],
  ['Asia/Kathmandu', '2026-01-01T00:00:00Z', '1 Jan 2026, 05:45 GMT+5:45'],
  ['UTC', 'soon', 'soon'],
])('in %s, %s is %s', (zone, iso, words) => {
  expect(momentIn(zone, iso)).toBe(words)
})

test('with seconds, and as a day', () => {
  expect(momentIn('America/New_York', '2026-01-02T03:04:05.000Z', 'seconds')).toBe('1 Jan, 22:04:05 EST')
  expect(momentIn('Asia/Tokyo', '2026-01-02T23:04:05.000Z', 'date')).toBe('3 Jan 2026')
})

test.each([
  ['UTC', '2026-11-28', '2026-11-28T00:00:00.000Z', '2026-11-29T00:00:00.000Z'],
  ['America/New_York', '2026-11-28', '2026-11-28T05:00:00.000Z', '2026-11-29T05:00:00.000Z'],
  // 23 hours, 25 hours, a day that begins at one o'clock, and one that a whole country left out.
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00.000Z', '2026-03-29T21:00:00.000Z'],
  ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', '2011-12-30T10:00:00.000Z'],
])('in %s, %s is a whole day', (zone, day, from, before) => {
  expect(dayRange(zone, day)).toEqual({ from, before })
})

test.each(['', '2026-02-30', '2026-13-01', '28 Nov 2026', '2026-11-28T00:00:00Z'])('%j is no day', (day) => {
  expect(dayRange('UTC', day)).toBeNull()
})

test('every moment is in the day on which it falls', () => {
  const zones = fc.constantFrom('UTC', ...Intl.supportedValuesOf('timeZone'))
  const moments = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) })
  fc.assert(
    fc.property(zones, moments, (zone, at) => {
      const { from, before } = dayRange(zone, dayIn(zone, at))!
      expect([Date.parse(from) <= at, at < Date.parse(before)]).toEqual([true, true])
    }),
    runs(200),
  )
})

test.each([
  ['UTC', '2026-03-09', '14:05', '2026-03-09T14:05:00.000Z'],
  ['Europe/Berlin', '2026-07-01', '00:30:07', '2026-06-30T22:30:07.000Z'],
  ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:00:00.000Z'],
  ['Europe/Berlin', '2026-07-01', '24:00', null],
  ['Europe/Berlin', '2026-02-30', '12:00', null],
])('a clock in %s shows, on %s, %s at %s', (zone, day, time, moment) =>
  expect(clockTime(zone, day, time)).toBe(moment),
)

// Seen at b8f2a26: the time of a call-back was typed as an ISO time in UTC.
test.each([
  ['UTC', '2026-11-28T18:05:07', '2026-11-28T18:05:07.000Z'],
  ['Europe/Berlin', '2026-11-29T00:05', '2026-11-28T23:05:00.000Z'],
  ['Asia/Kathmandu', '2026-01-01T05:45', '2026-01-01T00:00:00.000Z'],
  ['America/New_York', '2026-03-08T03:00', '2026-03-08T07:00:00.000Z'],
  // No clock there shows this: it goes from 2 to 3.
  ['America/New_York', '2026-03-08T02:30', null],
  ['UTC', '2026-11-28T18:05:07Z', null],
  ['UTC', '2026-11-31T18:05', null],
  ['UTC', 'yesterday', null],
])('in %s, a clock shows %j at %j', (zone, clock, at) => {
  expect(momentAt(zone, clock)).toBe(at)
})

test('what a clock shows leads back to a moment at which it shows that', () => {
  const zone = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Pacific/Apia',
  )
  const at = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) })
  fc.assert(
    fc.property(zone, at, (where, moment) => {
      const clock = clockIn(where, moment)
      expect(clockIn(where, Date.parse(momentAt(where, clock)!))).toBe(clock)
    }),
    runs(300),
  )
})

/**
 * Seen at main on the page of an approval: “changed on 2026-11-28”, a day of UTC. Siblings: two in one sentence, a day alone, a number
 * of an invoice that looks like a day, in quotes or as part of a word.
 */
test.each([
  ['changed on 2026-11-28T23:50Z, 2 days ago', 'changed on 29 Nov 2026, 2 days ago'],
  [
    '(back to 2026-05-19T10:12Z) and (back to 2026-10-25T00:00:00.000Z)',
    '(back to 19 May 2026) and (back to 25 Oct 2026)',
  ],
  ['changed on 2026-11-28, a day ago', 'changed on 28 Nov 2026, a day ago'],
  [
    '"2026-11-28" has nearly the number of "a \\"2026-11-28"',
    '"2026-11-28" has nearly the number of "a \\"2026-11-28"',
  ],
  ['INV2026-11-28 and 2026-11-28-A', 'INV2026-11-28 and 2026-11-28-A'],
])('%j in Berlin reads %j', (text, shown) => {
  expect(daysWithin('Europe/Berlin', text)).toBe(shown)
})

// Seen at main on the page that lets a client in: UTC, whoever read it.
test.each([
  ['finexio_times=America%2FNew_York; finexio_zone=Europe%2FBerlin', undefined, false, 'America/New_York'],
  ['finexio_zone=Europe%2FBerlin', 'Asia/Tokyo', false, 'Europe/Berlin'],
  ['finexio_zone=<script>', 'Asia/Tokyo', false, 'Asia/Tokyo'],
  ['', 'Asia/Tokyo', true, 'UTC'],
  ['', undefined, false, 'UTC'],
])(
  'outside the dashboard the zone follows the cookies, then the place: %j, %j',
  (cookie, timezone, isLocal, zone) => {
    const request = Object.assign(new Request('https://x.example', { headers: { cookie } }), {
      cf: { timezone },
    })
    expect(zoneOfRequest(request as unknown as Request, isLocal)).toBe(zone)
  },
)

// Seen on main until now: what a change of settings comes to ended in UTC, beside times in the reader's zone.
test.each([
  ['America/New_York', 'Ends 28 Feb 2027, 23:59 UTC.', 'Ends 28 Feb 2027, 18:59 EST.'],
  ['Asia/Kolkata', 'Ends 1 Mar 2027, 00:00 UTC.', 'Ends 1 Mar 2027, 05:30 GMT+5:30.'],
  ['UTC', 'Ends 1 Mar 2027, 00:00 UTC.', 'Ends 1 Mar 2027, 00:00 UTC.'],
  ['Asia/Kolkata', 'Never ends. Up to $28.00 in 1 Mar UTC.', 'Never ends. Up to $28.00 in 1 Mar UTC.'],
])('moments of our own sentences in %s: %s', (zone, text, there) => {
  expect(momentsWithin(zone, text)).toBe(there)
})
