/** Sentences made of counts. At d9f6ffd2: “None of the 1 payments read”, “Compared with all 1 invoices”, “1 of 3 payments were read”. */
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { plural, verb } from '../../src/core/words.ts'
import { fartherWords, reachWords, readWords, shownNote } from '../../src/tools/reading/report.ts'

const part = (rows: number, count: number | null) =>
  ({
    rows: Array.from({ length: rows }, () => ({})),
    count,
    next: { page: 2 },
    flaw: null,
    unreadable: 0,
  }) as never

test.each([
  [0, '0 of 2 payments were read', '0 payments are'],
  [1, '1 of 2 payments was read', '1 payment is'],
  [2, '2 of 2 payments were read', '2 payments are'],
])('%i', (count, read, has) => {
  expect(readWords(count, 2, 'payment')).toBe(read)
  expect(`${plural(count, 'payment')} ${verb(count, 'is', 'are')}`).toBe(has)
  expect(shownNote(count, 3, 'rows')).toContain(`${count} of 3 rows ${count === 1 ? 'is' : 'are'} listed`)
  expect(fartherWords(part(count, 5), 'payment')).toContain(
    `the newest ${count} of 5 payments ${count === 1 ? 'was' : 'were'} looked through`,
  )
})

test('how many there are has its own plural', () => {
  expect(readWords(0, 1, 'payment')).toBe('0 of 1 payment were read')
  expect(readWords(1, null, 'counterparty')).toBe('1 of an unknown number of counterparties was read')
  expect(reachWords(part(1, 2), 'counterparty')).toBe('the newest 1 of 2 counterparties')
})

// A length in front of a noun in the plural is a sentence that is wrong of one. A list that has more than one by then is named here.
const ALWAYS_SEVERAL =
  /more\.length \+ 1|found\.length\} (?:payments|counterparties)|(?:lines|all)\.length\} (?:lines|drawdowns|suppliers|spans)|(?:text|body)\.length|\b(?:all|left|shown|picked|judged|missing|result|once)\.length|unchecked\.length\} rows|open\.length\} payments|usual\.count|days\.length/

test('no sentence puts a bare count in front of a plural', () => {
  const files = globSync('src/**/*.{ts,tsx}').filter((path) => !path.includes('cards/browser'))
  const wrong = files.flatMap((path) =>
    [
      ...readFileSync(path, 'utf8').matchAll(
        /\$\{[^{}]*(?:\.length|\.count|\.size)(?: - [A-Z_\d]+)?\} (?:more )?(?:rows|payments|invoices|suppliers|drawdowns|lines|requests|numbers|cells|characters|counterparties|buyers|trails|checks)\b.*/g,
      ),
    ]
      .map(([found]) => `${path}: ${found}`)
      .filter((found) => !ALWAYS_SEVERAL.test(found)),
  )
  expect(wrong).toEqual([])
})
