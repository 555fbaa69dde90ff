/** No line of a generated statement is called what it is not; hardly any is left undecided. */
import { expect, test } from 'vitest'
import { numberOf } from '../../../../src/rules/duplicates.ts'
import { judgeLines } from '../../../../src/tools/composites/reconcile-statement/judge-lines.ts'
import { ownRecord } from '../../../../src/tools/composites/reconcile-statement/own-records.ts'
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
