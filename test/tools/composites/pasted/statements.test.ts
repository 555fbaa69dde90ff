/** No line of a generated statement is called what it is not; hardly any is left undecided. */
import { expect, test } from 'vitest'
import { readDollars } from '../../../../src/core/money.ts'
import { numberOf } from '../../../../src/rules/duplicates.ts'
import { judgeLines } from '../../../../src/tools/composites/reconcile-statement/judge-lines.ts'
import { ownRecord } from '../../../../src/tools/composites/reconcile-statement/own-records.ts'
import { sumsOf } from '../../../../src/tools/composites/reconcile-statement/reconcile-statement.ts'
import { replyTo } from '../../../../src/tools/composites/reconcile-statement/reply.ts'
import { readStatement } from '../../../../src/tools/composites/reconcile-statement/statement-lines.ts'
import { times } from '../../../support/size.ts'
import { statementOf } from './statements.ts'

const judgedOf = (seed: number) => {
  const { text, truths, own, others, payments } = statementOf(seed)
  const { lines } = readStatement(text)
  const byId = (rows: readonly Record<string, unknown>[]) =>
    new Map(rows.map((row) => [row.id as unknown, row]))
  const judged = judgeLines(lines, {
    own: own.map((row) => ownRecord(row, byId(payments), byId(own))),
    others: new Set(others.map((row) => numberOf({ number: String(row.invoice_number) }))),
    isWhole: true,
    asked: new Set(),
  })
  return { text, truths, judged }
}

test(`${times(60, 300)} generated statements: no line is called what it is not, at least 97 % are decided`, () => {
  let decided = 0
  let all = 0
  const wrong: unknown[] = []
  for (let seed = 1; seed <= times(60, 300); seed++) {
    const { text, truths, judged } = judgedOf(seed)
    if (judged.length !== truths.length)
      wrong.push({ seed, lines: judged.length, meant: truths.length, text })
    for (const [at, { verdict, why, line }] of judged.entries()) {
      const meant = truths[at]
      all++
      if (verdict !== 'undecided') decided++
      if (verdict !== 'undecided' && verdict !== meant?.truth) wrong.push({ seed, meant, verdict, why, line })
    }
  }
  expect(wrong.slice(0, 5)).toEqual([])
  expect(decided / all).toBeGreaterThanOrEqual(0.97)
})

const cents = (amount: string) =>
  readDollars(amount.replace(/[-$]/g, ''))! * (amount.startsWith('-') ? -1 : 1)

/** What the lines of a letter below a title come to, in cents. */
const listed = (reply: string, title: string): number => {
  const [, part = ''] = reply.split(`\n${title}\n`)
  const amounts = part.split('\n\n')[0]!.matchAll(/^- [^\n]*?, (-?\$[\d.,]+): /gm)
  return [...amounts].reduce((sum, [, amount]) => sum + cents(amount!), 0)
}
const named = (reply: string, words: RegExp): number => readDollars(words.exec(reply)?.[1] ?? '0')!

// Seen on 2026-11-30: an invoice under "Not paid yet", and "Open by our records: 0.00 USD" below it.
test(`${times(60, 300)} letters to suppliers: each sum is that of the lines above it, and the answer's own`, () => {
  let found = 0
  for (let seed = 1; seed <= times(60, 300); seed++) {
    const { judged } = judgedOf(seed)
    const sums = sumsOf(judged)
    const reply = replyTo('Acme', judged, sums)
    expect(listed(reply, 'Not paid yet:')).toBe(sums.owed)
    expect(named(reply, /Not paid yet by our records[^$]*\$([\d,.]+)\.(?: |$)/)).toBe(sums.owed)
    expect(listed(reply, 'Payment under way:')).toBe(sums.underWay)
    expect(named(reply, /Payment under way: \$([\d,.]+)\.$/)).toBe(sums.underWay)
    expect(sums.unpaid + sums.refunded).toBe(sums.owed)
    if (sums.owed > 0 && sums.underWay > 0) found++
  }
  expect(found).toBeGreaterThan(10)
})

// Seen on 2026-12-01: a bill whose payment was reissued counted as owed, and was paid again.
test.each([{ status: 'canceled' }, { status: 'settled', refund_timestamp: '2026-11-02T00:00:00' }])(
  'what was reissued is not owed until Finexio was asked: %j',
  (more) => {
    const payment = {
      id: 'p1',
      reissue_timestamp: '2026-11-18T00:00:00',
      reissue_payment_method: 'ach',
      ...more,
    }
    const { state, why } = ownRecord(
      { id: 'i1', status: 'failed', payment_id: 'p1' },
      new Map([['p1', payment]]),
      new Map(),
    )
    expect(state).toBe('reissued')
    expect(why).toMatch(/reissued 2026-11-18 as ACH; which payment replaced it is not known: ask Finexio/)
  },
)
