/**
 * Why something was refused, in the trail. Seen at main: the caller was told which argument was wrong and how, the auditor read "by what was
 * asked for, which was not possible like that"; later that, and the reason behind it.
 */
import { expect, test } from 'vitest'
import * as z from 'zod'
import { cutShort } from '../../src/core/text.ts'
import { sentenceOf } from '../../src/rules/sentences/sentence.ts'
import { whyRefused } from '../../src/rules/sentences/why-refused.ts'
import { checkArguments } from '../../src/tools/call/arguments.ts'
import { ruleOf } from '../../src/tools/call/rule-of.ts'
import { Refusal } from '../../src/tools/refusal.ts'
import { called, managed } from './support.ts'

const input = z.object({
  name: z.string().max(20),
  amount_cents: z.int().optional(),
  password: z.string().min(8).optional(),
  created_start: z.iso.date().optional(),
  lines: z
    .array(z.object({ bank_account_number: z.string().regex(/^\d+$/, 'must be digits').optional() }))
    .optional(),
})
const tool = { name: 'make_it', input }

const whyOf = (raw: object): string | undefined => {
  try {
    checkArguments(tool.name, input, raw)
    return undefined
  } catch (fault) {
    return ruleOf(fault as Refusal, tool, raw).facts?.why
  }
}

// Siblings of a wrong type: what is missing, an unknown argument, one deep inside, a form, a masked value.
test.each([
  [{ name: 'a', amount_cents: 'hunter' }, /^amount_cents: must be a number, not text/, 'hunter'],
  [{}, /^name: required \(text\)/, 'zzz'],
  [{ name: 'a', passwort: 'geheim' }, /^unknown argument …: did you mean password/, 'geheim'],
  [{ name: 'a', s3cret_key: 1 }, /^unknown argument …/, 's3cret_key'],
  [
    { name: 'a', lines: [{ bank_account_number: '12-x' }] },
    /^lines\.bank_account_number: must be digits/,
    '12-x',
  ],
  [{ name: 'a', created_start: 'yesterday' }, /^created_start: must be a day such as/, 'yesterday'],
  [{ name: 'a', password: 'abcde' }, /^password: must have at least 8 characters/, 'abcde'],
])('%j is refused for %s', (raw, why, secret) => {
  expect(whyOf(raw)).toMatch(why)
  expect(whyOf(raw)).not.toContain(secret)
})

test('a refusal with its own rule keeps that, and one in words of its own says them without what was given', () => {
  const fault = new Refusal('The range ends (2026-01-02) before it begins (2026-03-04): swap the two.')
  expect(ruleOf(fault, tool, {}).facts?.why).toBe('The range ends (…) before it begins (…): swap the two')
  // Siblings: rules that have a code, and say as little by it.
  for (const code of ['not_shown', 'unread'] as const)
    expect(ruleOf(new Refusal('name: this MCP server shows no names.').by(code), tool, {})).toEqual({
      code,
      facts: { why: 'name: this MCP server shows no names' },
    })
  const ruled = new Refusal('x').by('read_only_account')
  expect(ruleOf(ruled, tool, { name: 'x' })).toEqual({ code: 'read_only_account' })
})

test('no value gets through: quoted or not, in another case, in parts, long numbers and what nobody sees', () => {
  const sent = { a: 'Tr0ub4dor', b: ['correct horse battery'], c: { d: 123456789 } }
  const message =
    'name: not "quoted", Tr0ub4dor, TR0UB4DOR, horse, BATTERY, 123456789, 5551293123, xK9pq, \u202eabc, nor `tick`.'
  const why = whyRefused(message, new Set(['name']), sent)
  expect(why).toMatch(/^name: not …/)
  expect(why).not.toMatch(/quoted|dor|horse|battery|\d{4}|xK9|abc|tick/i)
  expect(whyRefused('"x" 123456', new Set(), {})).toBe('')
  // So much was sent that not all of it is looked at: names alone.
  const much = { list: Array.from({ length: 3_000 }, (_, at) => `word${at}`), last: 'geheim' }
  expect(whyRefused('list: not geheim', new Set(['list']), much)).toBe('list: …')
})

test('the sentence of a call and of a management row says it', () => {
  const refused_facts = { why: 'created_start: must be a day' }
  const call = called({ outcome: 'refused', refused_by: 'not_possible', refused_facts })
  expect(sentenceOf({ ...call })).toContain(
    'that was refused here by what was given, which does not fit (created_start: must be a day), and',
  )
  const of = (code: string, why: string) => sentenceOf({ ...call, refused_by: code, refused_facts: { why } })
  expect(of('not_shown', 'among: this MCP server does not show list_all_finexio_payments')).toContain(
    'by what the MCP server shows, which is not enough for it (among: this MCP server does not show list_all_finexio_payments)',
  )
  expect(of('unread', 'No payment was read')).toContain('could not be read whole (No payment was read)')
  const row = managed('PATCH /deployment', { http_status_code: 400, refused_facts })
  expect(sentenceOf({ ...row })).toContain('what was sent was not valid (created_start: must be a day) (400)')
})

// At d9f6ffd2 “audit_max_mb: must be at most …”, and longer reasons ended within a word or a number.
test('a bound of ours is said whole, what was given is not, and a reason is cut between words alone', () => {
  const names = new Set(['audit_max_mb'])
  const whyWith = (sent: object) => whyRefused('audit_max_mb: must be at most 10,240', names, sent)
  expect(whyWith({ audit_max_mb: 99_999 })).toBe('audit_max_mb: must be at most 10,240')
  expect(whyWith({ audit_max_mb: 10_240 })).toBe('audit_max_mb: must be at most …')
  const long = Array.from({ length: 40 }, () => 'must be at most 10,240').join(' and ')
  const why = whyRefused(long, names, {})
  expect(why.length).toBeGreaterThan(200)
  expect(why).toMatch(/(?:must|be|at|most|10,240|and)…$/)
  const refused_facts = { code: 'invalid', why }
  expect(
    JSON.stringify(sentenceOf(managed('PATCH /deployment', { http_status_code: 400, refused_facts }))),
  ).not.toMatch(/\d,\d{0,2}…/)
})

test.each([[0], [59], [60], [61], [62], [63], [66], [80]])(
  'a text cut at %i ends with a whole number',
  (most) => {
    const text = `${'a quite ordinary word and then some more of them, up to the sum'} 10,240 and no more`
    expect(cutShort(text, most + 1)).not.toMatch(/\b1(?:0(?:,\d{0,2})?)?…/)
  },
)
