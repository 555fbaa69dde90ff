/**
 * Numbers that are nearly those of other invoices, and repeats (faults B21, B22). At commit b8f2a26 `dup 123` went out after `DUP-00123`, `INV00123`
 * and `inv 123` in one batch, without a word; a repeat was told to come again with a new key, which Finexio refuses.
 */
import { describe, expect, test } from 'vitest'
import { alikeAmong } from '../../src/rules/duplicates.ts'
import type { Kept } from '../../src/rules/write-contract.ts'
import { callWith, envelope, NOW, openWrites } from '../tools/fake-finexio.ts'

const BATCH = 'finexio_invoices_bulk_create'
const row = (invoice_number: string, supplier = 's') => ({
  invoice_number,
  amount_cents: 100,
  invoice_date: '2026-11-20',
  originating_counterparty_id: 'b',
  receiving_counterparty_id: supplier,
})
const key = (number: string, supplier = 's') => ({ buyer: 'b', supplier, number })

describe('likeness', () => {
  test.each([
    ['DUP-00123', 'dup 123'],
    ['INV00123', 'inv 123'],
    ['A-1', 'A1'],
    // Siblings: a slash, zeros inside, blanks everywhere, brackets.
    ['2026/0017', '2026-17'],
    ['INV-07-0012', 'inv 7 12'],
    ['A B 1', 'AB1'],
    ['(A)1', 'A.1'],
  ])('%s and %s, there or in the batch', (one, other) => {
    expect(alikeAmong([key(other)], [{ ...key(one), id: 'i-1' }])).toEqual([
      { index: 0, other: one, id: 'i-1' },
    ])
    expect(alikeAmong([key(one), key(other)], [])).toEqual([{ index: 1, other: one, row: 0 }])
    expect(alikeAmong([key(other, 'else')], [{ ...key(one), id: 'i-1' }])).toEqual([])
  })

  test.each([
    ['A-10', 'A-1'],
    ['A-100', 'A-1'],
    ['A-1', 'B-1'],
    ['100', '1'],
    ['A-1', ' a-1 '],
  ])('%s and %s are other numbers, or the very same', (one, other) => {
    expect(alikeAmong([key(one), key(other)], [])).toEqual([])
  })
})

const guarded = (more = {}) => ({ writes: openWrites([], { settings: {}, ...more }) })
const stored = { id: 'i-1', ...row('DUP-00123'), status: 'complete', created: '2026-11-01T00:00:00' }
const finexio = ({ verb, body }: { verb: string; body?: unknown }) =>
  verb === 'POST' ? (body as object[]).map((one, at) => ({ id: `n-${at}`, ...one })) : envelope([stored])

test('warned of in the dry run, and in the answer of what was sent; never left out by itself', async () => {
  const body = [row('dup 123'), row('INV00123'), row('inv 123'), row('OTHER')]
  const dry = await callWith(BATCH, { body, dry_run: true }, finexio, guarded())
  expect(dry.data).toMatchObject({ verdict: 'would_be_sent' })
  expect(dry.data.warnings).toEqual([
    expect.stringMatching(/^body\[0\] "dup 123" is nearly "DUP-00123", which is there as invoice i-1/),
    expect.stringMatching(/^body\[2\] "inv 123" is nearly "INV00123", which is body\[1\]/),
  ])
  const real = await callWith(BATCH, { body }, finexio, guarded())
  expect(real.sent.filter(({ verb }) => verb === 'POST').map((one) => one.body)).toEqual([body])
  expect(real.data.note).toMatch(/"dup 123" is nearly "DUP-00123".*"inv 123" is nearly/)
})

test('within the batch also where the guard is off', async () => {
  const { data } = await callWith(BATCH, { body: [row('A-1'), row('a 1')], dry_run: true }, finexio)
  expect(data.warnings).toEqual([expect.stringMatching(/^body\[1\] "a 1" is nearly "A-1"/)])
})

test('stands among the reasons of a draft, which the page of the approval shows', async () => {
  const reasons: unknown[] = []
  const more = guarded({
    claim: async () => ({ kind: 'needs_approval', reasons: [{ kind: 'always' }] }),
    draft: async (draft: { reasons: readonly unknown[] }) => {
      reasons.push(...draft.reasons)
      return { kind: 'too_many' }
    },
  })
  const payees = (request: { verb: string; path: string }) =>
    /supplier|counterpart/.test(request.path) ? { id: 's', name: 'S' } : finexio(request)
  await callWith(BATCH, { body: [row('dup 123')] }, payees, more)
  expect(reasons).toEqual([
    { kind: 'always' },
    { kind: 'alike', words: expect.stringContaining('"DUP-00123"') },
  ])
})

const DAY_MS = 86_400_000
const dayAhead = (days: number) => new Date(NOW + days * DAY_MS).toISOString().slice(0, 10)

// Seen on 2026-12-01: 2027-11-30 was ready, and drafted, without a word. Siblings: many rows, a month ahead.
test('a date far ahead is named before, after, and to who approves', async () => {
  const body = [31, 33, 364].map((days, at) => ({ ...row(`LATE-${at}`), invoice_date: dayAhead(days) }))
  const dry = await callWith(BATCH, { body, dry_run: true }, finexio, guarded())
  expect(dry.data.warnings).toEqual([
    expect.stringMatching(/^body\[1\] "LATE-1" is dated .*, 33 days ahead: look whether the year is right$/),
    expect.stringMatching(/^body\[2\] "LATE-2" is dated .*, 364 days ahead/),
  ])
  const real = await callWith(BATCH, { body }, finexio, guarded())
  expect(real.data.note).toMatch(/LATE-1.*LATE-2.*, 364 days ahead: look whether the year is right\.$/)
  const many = Array.from({ length: 20 }, (_, at) => ({
    ...row(`${at}-MANY-${at}`),
    invoice_date: dayAhead(200),
  }))
  const { data } = await callWith(BATCH, { body: many, dry_run: true }, finexio, guarded())
  const late = data.warnings.filter((words: string) => !words.includes('nearly'))
  expect(late).toHaveLength(9)
  expect(late[8]).toBe('12 more rows likewise')
})

test('a repeat hears as which ids it was submitted already', async () => {
  const kept: Kept = {
    outcome: 'succeeded',
    result: [{ id: 'i-7', invoice_number: 'A-1', amount_cents: 100 }],
  }
  const earlier = { key: 'key-of-before', tool: BATCH, state: 'succeeded' as const, at: 0, kept }
  const obstacle = { kind: 'possible_repeat' as const, earlier }
  const more = guarded({ preview: async () => ({ obstacle, room: { cents: null, count: null } }) })
  for (const dry_run of [true, false]) {
    const { data, text, sent } = await callWith(BATCH, { body: [row('A-1')], dry_run }, finexio, more)
    const words = dry_run ? data.warnings[0] : text
    expect(words).toContain(
      'Already submitted under key-of-before as ids i-7; Finexio refuses the same number, unless it shows can_be_resubmitted: then it may go under a key of its own.',
    )
    expect(words).toMatch(/an equal write of invoice "A-1", \$\S+, supplier \S+ was carried out/)
    expect(words).not.toContain('new idempotency_key')
    expect(sent).toEqual([])
  }
})
