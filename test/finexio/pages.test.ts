import { describe, expect, it } from 'vitest'
import { allowedBase, knownBases, webhookBaseOf } from '../../src/finexio/base-url.ts'
import { orderOf, pageNumberOf, readPage, timeOf } from '../../src/finexio/pages.ts'

describe('readPage', () => {
  it.each([
    [
      'an envelope',
      { count: 250, next: 'https://api.example/v2/payments/?status=x&page=3', results: [1] },
      { rows: [1], next: 3, count: 250 },
    ],
    ['the last page', { count: 1, next: null, results: [] }, { rows: [], next: null, count: 1 }],
    ['a bare array', [1, 2], { rows: [1, 2], next: null, count: 2 }],
    ['a single object', { id: 1 }, { rows: [{ id: 1 }], next: null, count: 1 }],
    ['nothing', null, { rows: [], next: null, count: null }],
    [
      'an envelope with odd numbers',
      { count: '7', next: 5, results: [] },
      { rows: [], next: null, count: null },
    ],
  ])('reads %s', (_, body, expected) => expect(readPage(body)).toEqual(expected))

  it.each([
    ['/counterparties/history/?page=1', 1],
    ['https://evil.example/?x=1&page=12#a', 12],
    ['?page=0', null],
    ['?page=1e3', null],
    ['?mypage=2', null],
    [null, null],
  ])('takes of the link %s only the page %s', (link, page) => expect(pageNumberOf(link)).toBe(page))
})

describe('timeOf', () => {
  it('reads six fractional digits without zone as UTC', () => {
    expect(timeOf('2025-11-03T14:05:09.120431')).toBeCloseTo(Date.UTC(2025, 10, 3, 14, 5, 9) + 120.431, 3)
    expect(timeOf('2025-11-03')).toBe(Date.UTC(2025, 10, 3))
    expect(timeOf('2025-11-03T14:05:09+02:00')).toBe(Date.UTC(2025, 10, 3, 12, 5, 9))
    for (const odd of ['soon', '', null, 5, '2025-13-40T00:00:00']) expect(timeOf(odd)).toBeNull()
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
