/** What can become of a write, and how lists can answer. */
import type { Fate, Reading } from '../finexio/finexio.ts'

const S = 1_000
const status = (code: number, takes: number | null, headers?: Record<string, string>): Fate => ({
  name: `${code}${headers ? ' with Retry-After' : ''}, ${takes === null ? 'not stored' : 'stored'}`,
  takes,
  answers: 0,
  status: code,
  ...(headers && { headers }),
})
const late = (seconds: number, takes: number): Fate => ({
  name: `answered after ${seconds} s, stored after ${takes} s`,
  takes: takes * S,
  answers: seconds * S,
})
const lost = (takes: number | null): Fate => ({
  name: `never answered, ${takes === null ? 'not stored' : `stored after ${takes} s`}`,
  takes: takes === null ? null : takes * S,
  answers: null,
})
const RETRY = { 'retry-after': '5' }

export const GOOD: Fate = { name: 'good', takes: 0, answers: 0 }
/** It says of itself that nothing was carried out. */
export const REFUSED: Fate[] = [status(429, null), status(429, null, RETRY)]
export const BAD_REQUEST: Fate = { ...status(400, null), body: { detail: [{ invoice_number: ['No.'] }] } }
/** The first row is stored, the rest refused. */
export const PARTLY: Fate = { ...BAD_REQUEST, name: '400, the first row stored', takes: 0, only: 1 }
export const UNCLEAR: Fate[] = [
  ...[500, 502, 503, 504, 408, 403, 404, 409, 499].flatMap((code) => [status(code, 0), status(code, null)]),
  status(503, 0, RETRY),
  status(403, 0, RETRY),
  status(503, null, RETRY),
  { name: '200 with null, stored', takes: 0, answers: 0, body: 'null', status: 200 },
  { name: '200 with HTML, stored', takes: 0, answers: 0, body: '<html>', status: 200 },
  {
    name: '201 of another invoice, stored',
    takes: 0,
    answers: 0,
    body: [{ id: 'inv_9', invoice_number: 'OTHER', amount_cents: 999_900 }],
    status: 201,
  },
  ...[21, 31, 61, 300].flatMap((seconds) => [late(seconds, 0), late(seconds, seconds)]),
  lost(0),
  lost(null),
  lost(90),
  lost(300),
]
export const SLOW_BUT_GOOD: Fate[] = [late(5, 0), late(12, 5)]

export const READINGS: (() => Reading)[] = [
  () => ({ name: 'null', ms: 0, uses: 1, text: 'null' }),
  () => ({ name: 'empty', ms: 0, uses: 2, text: '' }),
  () => ({ name: 'HTML', ms: 0, uses: 3, text: '<html>' }),
  () => ({ name: 'no list', ms: 0, uses: 2, text: '{"detail":"maintenance"}' }),
  () => ({ name: 'count above rows', ms: 0, uses: 3, text: '{"count":3185,"next":null,"results":[]}' }),
  () => ({ name: 'next unreadable', ms: 0, uses: 2, text: '{"count":2,"next":"abc","results":[]}' }),
  () => ({ name: '500', ms: 0, uses: 1, text: 'no', status: 500 }),
  () => ({ name: '14.5 s each', ms: 14_500, uses: 9 }),
  () => ({ name: '9 s once', ms: 9_000, uses: 1 }),
  () => ({ name: '25 s each', ms: 25_000, uses: 9 }),
]
