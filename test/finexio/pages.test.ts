import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowedBase, knownBases, webhookBaseOf } from '../../src/finexio/base-url.ts'
import { completeTimes, orderOf, pageNumberOf, readPage, timeOf } from '../../src/finexio/pages.ts'

const ASKED = { number: 2, url: 'https://api.example/v2/payments/', paged: true }
const NO_COUNT = 'it came without a readable count'

describe('readPage', () => {
  it.each([
    [
      'an envelope',
      { count: 250, next: 'https://api.example/v2/payments/?status=x&page=3', results: [1] },
      { rows: [1], next: 3, count: 250, flaw: null },
    ],
    ['the last page', { count: 1, next: null, results: [] }, { rows: [], next: null, count: 1, flaw: null }],
    ['a bare array, which tells no end', [1, 2], { rows: [1, 2], next: null, count: null, flaw: NO_COUNT }],
    [
      'an envelope with an odd count',
      { count: '7', next: null, results: [] },
      { rows: [], next: null, count: null, flaw: NO_COUNT },
    ],
    ['no link at all', { count: 0, results: [] }, { rows: [], next: null, count: 0, flaw: null }],
  ])('reads %s', (_, body, expected) => expect(readPage(body, ASKED)).toEqual(expected))

  // At b8f2a26 each of these was an empty list, or a list of one.
  it.each([null, undefined, 7, 'x', {}, { detail: 'maintenance' }, { results: null }, { results: 'x' }])(
    '%j is no list',
    (body) => expect(readPage(body, ASKED)).toBeNull(),
  )

  it('takes an array or one object where Finexio documents them', () => {
    expect(readPage([1], { number: 1, paged: false })).toMatchObject({ rows: [1], count: 1, flaw: null })
    expect(readPage([1], { ...ASKED, single: true })).toMatchObject({ rows: [1], count: 1, flaw: null })
    expect(readPage({ id: 1 }, { ...ASKED, single: true })).toMatchObject({ rows: [{ id: 1 }], flaw: null })
  })

  it.each([
    ['a cursor', 'https://api.example/v2/payments/?cursor=abc', null, /cannot be followed/],
    ['an object', { page: 3 }, null, /cannot be followed/],
    ['the same page', 'https://api.example/v2/payments/?page=2', null, /page 2 names page 2/],
    ['the page before', 'https://api.example/v2/payments/?page=1', null, /page 2 names page 1/],
    ['a page far on', 'https://api.example/v2/payments/?page=9', null, /page 2 names page 9/],
    ['another host', 'https://evil.example/v2/payments/?page=3', 3, /leads elsewhere/],
    ['another path', 'https://api.example/v2/invoices/?page=3', 3, /leads elsewhere/],
    ['no slash, and another scheme and port', 'http://api.example:8080/v2/payments?page=3', 3, null],
    ['a relative link', '?page=3', 3, null],
  ])('a link to %s', (_, next, number, flaw) => {
    const page = readPage({ count: 999, next, results: [1] }, ASKED)!
    expect(page.next).toBe(number)
    if (flaw === null) expect(page.flaw).toBeNull()
    else expect(page.flaw).toMatch(flaw)
  })

  it.each([
    ['/counterparties/history/?page=1', 1],
    ['https://evil.example/?x=1&page=12#a', 12],
    ['?page=0', null],
    ['?page=1e3', null],
    ['?mypage=2', null],
    [null, null],
  ])('takes of the link %s only the page %s', (link, page) => expect(pageNumberOf(link)).toBe(page))
})

describe('completeTimes', () => {
  // At b8f2a26 each went as it was given, which a server that follows Finexio's description refuses with 422.
  it.each([
    ['created_start', '2026-10-31', '2026-10-31T00:00:00Z'],
    ['created_end', '2026-10-31', '2026-10-31T23:59:59.999999Z'],
    ['updated_after', '2026-10-31T10:00', '2026-10-31T10:00:00Z'],
    ['completed_start', '2026-10-31 10:00:05.5', '2026-10-31T10:00:05.5Z'],
    ['updated_end', '2026-10-31T10:00:05+0200', '2026-10-31T10:00:05+02:00'],
    ['cbm_optout_date_end', '2026-10-31T10:00:05Z', '2026-10-31T10:00:05Z'],
    ['amount_cents_start', 5, 5],
    ['name', '2026-10-31', '2026-10-31'],
  ])('%s %j is sent as %j', (name, given, sent) => {
    expect(completeTimes({ [name]: given })).toEqual({ [name]: sent })
  })
})

describe('timeOf', () => {
  it('reads six fractional digits without zone as UTC', () => {
    expect(timeOf('2025-11-03T14:05:09.120431')).toBeCloseTo(Date.UTC(2025, 10, 3, 14, 5, 9) + 120.431, 3)
    expect(timeOf('2025-11-03')).toBe(Date.UTC(2025, 10, 3))
    expect(timeOf('2025-11-03T14:05:09+02:00')).toBe(Date.UTC(2025, 10, 3, 12, 5, 9))
    for (const odd of ['soon', '', null, 5, '2025-13-40T00:00:00']) expect(timeOf(odd)).toBeNull()
  })

  it('reads by digits what it reads with a zone, and refuses the same', () => {
    const digits = (most: number, length = 2) =>
      fc.nat(most).map((number) => String(number).padStart(length, '0'))
    const parts = fc.tuple(digits(13), digits(32), digits(25), digits(61), digits(61), digits(999_999, 6))
    fc.assert(
      fc.property(digits(9_999, 4), parts, (year, [month, day, hour, minute, second, fraction]) => {
        const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}`
        expect(timeOf(text)).toBe(timeOf(`${text}Z`))
      }),
    )
  })
})

describe('orderOf', () => {
  const rows = (...days: number[]) => days.map((day) => ({ created: `2026-01-0${day}T00:00:00.000000` }))
  it.each([
    [rows(3, 2, 2, 1), 'newest'],
    [rows(1, 1, 2), 'oldest'],
    [rows(1, 3, 2), 'unknown'],
    [rows(2, 2), 'unknown'],
    [[], 'unknown'],
    [[{ created: null }, ...rows(2), {}, ...rows(1)], 'newest'],
  ])('%# is %s', (given, expected) => expect(orderOf(given, 'created')).toBe(expected))
})

describe('base URLs', () => {
  const list = 'https://api.finexio-stage.com/v2, http://127.0.0.1:8788/v2,junk,http://plain.example/v2'
  it('admits exactly what the deployment names', () => {
    expect(allowedBase('https://api.finexio-stage.com/v2/', list, false)).toBe(
      'https://api.finexio-stage.com/v2',
    )
    expect(knownBases(list, false)).toEqual(['https://api.finexio-stage.com/v2'])
    expect(allowedBase('http://127.0.0.1:8788/v2', list, true)).toBe('http://127.0.0.1:8788/v2')
  })
  it.each([
    'https://api.finexio-stage.com/v1',
    'https://api.finexio-stage.com.evil.example/v2',
    'https://user@api.finexio-stage.com/v2',
    'https://api.finexio-stage.com/v2?x=1',
    'http://api.finexio-stage.com/v2',
    'http://127.0.0.1:8788/v2',
    'javascript:alert(1)',
    '',
  ])('refuses %s', (base) => expect(allowedBase(base, list, false)).toBeNull())
  it('finds webhooks below the base or at its root', () => {
    expect(webhookBaseOf('https://a.example/v2', 'same')).toBe('https://a.example/v2')
    expect(webhookBaseOf('https://a.example/v2', 'root')).toBe('https://a.example')
  })
})
