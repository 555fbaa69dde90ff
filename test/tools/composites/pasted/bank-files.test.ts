/** No line of a generated bank file is matched with what it is not; hardly any is left undecided. */
import { expect, test } from 'vitest'
import { drawdownOf, refundOf } from '../../../../src/tools/composites/match-bank-lines/bank-facts.ts'
import { readBankLines } from '../../../../src/tools/composites/match-bank-lines/bank-lines.ts'
import { matchLines } from '../../../../src/tools/composites/match-bank-lines/match-lines.ts'
import { times } from '../../../support/size.ts'
import { bankFileOf } from './bank-files.ts'

/** A line that names a drawdown of another amount is matched with none. */
const OPEN = ['amount_differs', 'candidates', 'undecided']

test(`${times(60, 300)} generated bank files: no line is matched wrongly, at least 97 % are decided`, () => {
  let decided = 0
  let all = 0
  const wrong: unknown[] = []
  for (let seed = 1; seed <= times(60, 300); seed++) {
    const { text, truths, drawdowns, refunds } = bankFileOf(seed)
    const { lines } = readBankLines(text)
    if (lines.length !== truths.length) wrong.push({ seed, lines: lines.length, meant: truths.length, text })
    const known = { drawdowns: drawdowns.map(drawdownOf), refunds: refunds.map(refundOf), isWhole: true }
    for (const [at, { verdict, ids, why, line, candidates }] of matchLines(lines, known).entries()) {
      const meant = truths[at]!
      all++
      if (OPEN.includes(verdict)) continue
      decided++
      const isRight = verdict === meant.truth && ids.join() === meant.ids.join()
      if (!isRight) wrong.push({ seed, meant, verdict, ids, why, line, candidates })
    }
  }
  expect(wrong.slice(0, 4)).toEqual([])
  expect(decided / all).toBeGreaterThanOrEqual(0.97)
})
