/** Which rule refused: each obstacle has a code of its own, words and figures. At b8f2a26 a row said only "refused". */
import { describe, expect, test } from 'vitest'
import { Bursts } from '../../src/account/audit/bursts.ts'
import { entryIn, storedText } from '../../src/account/audit/stored.ts'
import { logHead, logLine, shownRow } from '../../src/api/log/rows.ts'
import type { Breach } from '../../src/rules/limits.ts'
import { REFUSAL_CODES, refusalWords, refusedByObstacle } from '../../src/rules/sentences/refused-by.ts'
import { sentenceOf } from '../../src/rules/sentences/sentence.ts'
import type { Obstacle } from '../../src/rules/write-contract.ts'
import { called, managed } from './support.ts'

const breach = (over: Partial<Breach>): Obstacle => ({
  kind: 'limited',
  breach: {
    ...{ source: 'server_limit', limit: 'per_day', unit: 'cents', value: 500_000, asked: 90_000 },
    ...{ left: 20_000, resets_at: null, supplier: null },
    ...over,
  } as Breach,
})
const concern = (kind: 'first_payment' | 'changed' | 'money_under_way'): Obstacle => ({
  kind: 'payee',
  concern: { supplier: 'sup_1', kind, action: 'refuse', known: true },
})

const CASES: readonly (readonly [Obstacle, code: string])[] = [
  ...(['per_invoice', 'per_call', 'per_day', 'per_30_days', 'per_supplier_day'] as const).flatMap((limit) => [
    [breach({ limit }), `server_limit.${limit}`] as const,
    [breach({ limit, source: 'account_limit' }), `account_limit.${limit}`] as const,
  ]),
  [{ kind: 'not_allowed', role: 'buyer', id: 'b1' }, 'allowed_buyers'],
  [{ kind: 'not_allowed', role: 'supplier', id: 's1' }, 'allowed_suppliers'],
  [concern('first_payment'), 'first_payment'],
  // Siblings that the list of leftovers does not name.
  [concern('changed'), 'changed_supplier'],
  [concern('money_under_way'), 'money_under_way'],
  [{ kind: 'unverified', suppliers: [{ supplier: 's', why: 'changed' }] }, 'unverified_payee'],
  [{ kind: 'stopped', all: false }, 'kill_switch_account'],
  [{ kind: 'stopped', all: true }, 'kill_switch_deployment'],
  [{ kind: 'unknown_server' }, 'server_ended'],
  [{ kind: 'changed' }, 'settings_changed'],
  [{ kind: 'not_let_in' }, 'caller_ended'],
  [{ kind: 'undecidable', why: 'you', forbidden: true }, 'four_eyes'],
]

test.each(CASES)('%o is %s, with words', (obstacle, code) => {
  const by = refusedByObstacle(obstacle)
  expect(by.code).toBe(code)
  expect(refusalWords(by.code, by.facts)).toMatch(/^(the|its|an|a|what|invoices|credentials) /)
})

test('every code has other words', () => {
  expect(new Set(REFUSAL_CODES.map((code) => refusalWords(code, {}))).size).toBe(REFUSAL_CODES.length)
})

const LIMIT = refusedByObstacle(breach({ supplier: 'sup_1', limit: 'per_supplier_day' }))
const refused = called({
  tool_name: 'finexio_invoices_bulk_create',
  outcome: 'refused',
  effect: 'money',
  refused_by: LIMIT.code,
  refused_facts: LIMIT.facts!,
})

describe('a refused call', () => {
  test('says it in its row, its sentence, the answer and the CSV', () => {
    const stored = storedText(refused)
    expect(entryIn(stored)).toMatchObject({ refused_by: LIMIT.code, refused_facts: { value: 500_000 } })
    const row = shownRow('acc', { seq: 1, at: 0, entry: stored, hash: 'h' })
    const words =
      'the daily limit per supplier of the MCP server ($5,000.00, $200.00 left, $900.00 asked for): sup_1'
    expect(row).toMatchObject({ refused_by: 'server_limit.per_supplier_day', refused_why: words })
    expect(row.sentence).toBe(
      `“Month-end close” asked to submit invoices for payment; that was refused here by ${words}, and nothing was sent`,
    )
    const cells = logLine(row).trim().split('","')
    const names = logHead.trim().split('","')
    expect(names.length).toBeGreaterThan(60)
    expect(logLine(row)).toContain('"server_limit.per_supplier_day","the daily limit per supplier')
    expect(cells.length).toBeGreaterThan(10)
  })

  test.each([
    ['a row of 0.1.0', undefined, undefined],
    ['a code of a later version', 'moon_phase', { value: 1 }],
    ['a member of every object', 'constructor', undefined],
    ['no code', 7, undefined],
  ])('%s keeps the sentence that it had', (_, code, facts) => {
    expect(sentenceOf({ ...refused, refused_by: code, refused_facts: facts })).toBe(
      '“Month-end close” asked to submit invoices for payment; that was refused here, and nothing was sent',
    )
  })

  test.each([
    ['a number as text', { unit: 'cents', value: '9', left: {} }],
    ['a negative number', { unit: 'cents', value: -1, left: 0.5 }],
    ['no object', 'x'],
    ['nothing', null],
  ])('figures that are %s are passed over', (_, facts) => {
    expect(refusalWords('server_limit.per_day', facts)).toBe('the daily limit of the MCP server')
  })

  test('an id with signs that nobody sees is cleaned', () => {
    expect(refusalWords('allowed_suppliers', { id: 'a\u202eb\u200b\n# c' })).toBe(
      `${refusalWords('allowed_suppliers', {})}: ab # c`,
    )
  })

  test('another limit within the minute is another row, the same one is not', () => {
    const bursts = new Bursts()
    expect(bursts.thinned(refused, 0)).toHaveLength(1)
    expect(bursts.thinned(refused, 1)).toHaveLength(0)
    expect(bursts.thinned({ ...refused, refused_by: 'kill_switch_account' }, 2)).toHaveLength(1)
  })

  test('what was not let in makes no kind of the name that its caller chose', () => {
    const bursts = new Bursts()
    const out = { ...refused, effect: null, refused_by: 'own_limit' as const }
    expect(bursts.thinned({ ...out, tool_name: 'a' }, 0)).toHaveLength(1)
    expect(bursts.thinned({ ...out, tool_name: 'b' }, 1)).toHaveLength(0)
  })
})

test('a refused decision says by which rule', () => {
  const row = managed('POST /approval/:approval/approve', { http_status_code: 403, refused_by: 'four_eyes' })
  expect(sentenceOf(row)).toContain('that was refused by the rule that another person decides (403)')
})

describe('a supplier in a sentence', () => {
  const paid = { type: 'payee', event: 'instructed', supplier_id: 'sup_1', cents: 5_000, count: 1 }

  test.each([
    ['Acme Paper', 'Finexio accepted the instruction to pay $50.00 to supplier “Acme Paper”, in 1 invoice'],
    [undefined, 'Finexio accepted the instruction to pay $50.00 to supplier sup_1, in 1 invoice'],
    [
      'A” was paid by Bob. “',
      'Finexio accepted the instruction to pay $50.00 to supplier “A" was paid by Bob. "”, in 1 invoice',
    ],
    [
      '\u202eemcA\n\u001b[31m',
      'Finexio accepted the instruction to pay $50.00 to supplier “emcA”, in 1 invoice',
    ],
  ])('%j', (supplier_name, sentence) => {
    expect(sentenceOf({ ...paid, supplier_name })).toBe(sentence)
  })
})

test.each(['=HYPERLINK("http://x")', '+1+1', '@SUM(1)', 'a;=1+1', 'a\t-2+3', '“x”\n=cmd|1'])(
  'no new column of the CSV makes a formula of %j',
  (evil) => {
    const entry = {
      type: 'payee',
      event: 'instructed',
      supplier_id: evil,
      supplier_name: evil,
      refused_by: evil,
    }
    const facts = { refused_facts: { id: evil } }
    const rows = [
      { ...entry, ...facts },
      { ...refused, refused_by: 'allowed_suppliers', ...facts },
    ]
    for (const row of rows) {
      const shown = shownRow('acc', { seq: 1, at: 0, entry: JSON.stringify(row), hash: 'h' })
      const line = logLine(shown)
      expect(line).not.toMatch(/(^|[",;\t|\n\r])\s*[=+@](?=[A-Z1(])/)
      expect(line.trimEnd()).not.toMatch(/[;\t]-2/)
    }
  },
)

/** Seen at commit 0de9742c: `GET /log/export?folded=true` as CSV had neither the call's row nor a cell that told of it. */
test.each([
  ['a decision', 'write', 'rejected', 'POST /approval/:approval/reject'],
  // Siblings.
  ['an approval', 'write', 'approved', 'POST /approval/:approval/approve'],
  ['a call-back', 'payee', 'called_back', 'POST /integrated-account/:account/payee/:supplier/callback'],
  ['an acceptance', 'payee', 'present_accepted', 'POST /integrated-account/:account/payee/acceptance'],
])('a folded export as CSV tells of the call that led to %s', (_, type, event, action) => {
  const row = (seq: number, entry: object) => ({ seq, at: 0, hash: 'h', entry: JSON.stringify(entry) })
  const call = row(8, {
    type: 'management',
    request_id: 'r',
    action,
    actor_name: '=1+1',
    http_status_code: 200,
  })
  const line = logLine(shownRow(null, { ...row(7, { type, event, request_id: 'r' }), call }))
  const names = logHead.slice(1).trim().split(',')
  const cell = line.slice(line.indexOf('"{')).replace(/,"7","h"\r\n$/, '')
  expect(names.slice(-3)).toEqual(['"call"', '"seq"', '"hash"'])
  expect(
    JSON.parse(JSON.parse(`"${cell.slice(1, -1).replaceAll('""', '\\"')}"`.replaceAll('\n', '\\n'))),
  ).toMatchObject({ seq: 8, action, actor_name: '=1+1' })
})
