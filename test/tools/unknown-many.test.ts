/** What is not known costs little, however much of it is sent. Seen at af087568: 100,000 unknown arguments in one call, 1.6 MB, kept the isolate of everybody busy for 30 s. */
import { afterEach, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { findingsIn } from '../../src/core/validation-words.ts'
import { checkArguments } from '../../src/tools/call/arguments.ts'

const MANY = 100_000
const shape = Object.fromEntries(
  Array.from({ length: 30 }, (_, at) => [`some_argument_${at}`, z.string().optional()]),
)
const strange = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`some_argumend_${at}x`, 1]))

const refusedBy = (input: z.ZodObject, given: object): string => {
  try {
    checkArguments('tool', input, given)
  } catch (error) {
    return (error as Error).message
  }
  return ''
}
const firstFinding = (type: z.ZodType, given: unknown): string =>
  findingsIn(type.safeParse(given).error!)[0]!.message

/** Of processor time, so that a busy machine counts for nothing. */
const seconds = (work: () => void): number => {
  const begun = process.cpuUsage().user
  work()
  return (process.cpuUsage().user - begun) / 1e6
}

const rows = z.object({ rows: z.array(z.object(shape)) })
const strict = z.strictObject(shape)
const words = z.array(z.enum(Object.keys(shape) as [string, ...string[]]))

// Siblings: in rows of a list, members of a strict object, rows of them, and words of a list.
const KINDS: [string, () => string, RegExp][] = [
  [
    'arguments',
    () => refusedBy(z.object(shape), strange(MANY)),
    /did you mean .*; and more than 992 more\. Nothing/,
  ],
  [
    'arguments in rows',
    () => refusedBy(rows, { rows: Array.from({ length: 1_000 }, () => strange(100)) }),
    /in rows\[0\]: did you mean .*; and more than 992 more\. Nothing/,
  ],
  ['members', () => firstFinding(strict, strange(MANY)), /did you mean .* and 99992 more/],
  [
    'members of rows',
    () =>
      firstFinding(
        z.array(strict),
        Array.from({ length: MANY }, () => strange(1)),
      ),
    /did you mean/,
  ],
  ['words', () => firstFinding(words, Object.keys(strange(MANY))), /^must be one of .*did you mean/],
]

it.each(KINDS)(
  'very many unknown %s are refused at once, the first of them with what was meant',
  (_, told, words) => {
    let said = ''
    expect(
      seconds(() => {
        said = told()
      }),
    ).toBeLessThan(5)
    expect(said).toMatch(words)
    expect(said.length).toBeLessThan(6_000)
  },
)

it('a long unknown member is not told back whole', () => {
  expect(firstFinding(strict, { ['x'.repeat(1_000_000)]: 1 }).length).toBeLessThan(600)
})

afterEach(() => {
  vi.restoreAllMocks()
})

// Seen at b8f2a26: 100,000 texts where objects are due took 2 to 3.5 s of the isolate, nearly all of it to find out that each is no JSON.
// Siblings: texts that begin like an object, in a list of a row, members with what nobody sees, and masked values.
const BAD: [string, unknown, number, RegExp][] = [
  [
    'texts',
    Array(MANY).fill('x'),
    0,
    /^tool: rows\[0\]: must be an object, not text;.* and more than 992 more\. Nothing/,
  ],
  [
    'broken objects',
    Array(MANY).fill('{x'),
    1_000,
    /^tool: rows\[0\]: must be an object, not text;.* and more than 992 more\./,
  ],
  [
    'texts in a row',
    [{ lines: Array(MANY).fill('[') }],
    1_000,
    /^tool: rows\[0\]\.lines\[0\]: must be an object, not text;/,
  ],
  [
    'unseen signs',
    Array(MANY).fill({ name: 'a\u200b' }),
    0,
    /^tool: rows\[0\]\.name: holds what nobody sees .* and more than 992 more\./,
  ],
  [
    'masked values',
    Array(MANY).fill({ account_number: '****1234' }),
    0,
    /masked value.* and more than 992 more\./,
  ],
]
const Line = z.object({ name: z.string().optional(), account_number: z.string().optional() })
const sheet = z.object({ rows: z.array(Line.extend({ lines: z.array(Line).optional() })) })

it.each(BAD)(
  'of very many %s the first few are told, and no more than that is tried',
  (_, given, tried, words) => {
    const parsed = vi.spyOn(JSON, 'parse')
    const said = refusedBy(sheet, { rows: given })
    expect(said).toMatch(words)
    expect(said.length).toBeLessThan(6_000)
    expect(parsed.mock.calls.length).toBeLessThanOrEqual(tried)
  },
)

it('a list that comes as texts of JSON is read to its end, also beside texts that are none', () => {
  const given = { rows: [...Array(900).fill('{'), ...Array(5_000).fill('{"name":"a"}')] }
  expect(refusedBy(sheet, given)).toMatch(/and 892 more\. Nothing/)
})
