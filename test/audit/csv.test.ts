/** CSV for people. Seen at commit b8f2a26 (C8): `x;=HYPERLINK(A1)` stayed a formula where `;` separates, `-1250.5` became `'-1250.5`. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvHead, csvLine } from '../../src/core/csv.ts'

/** The cells of one line as a spreadsheet reads it: a quotation mark counts at the beginning of a cell only. */
const cellsOf = (line: string, separator: string): string[] => {
  const cells = ['']
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const sign = line[at]!
    const cell = cells.at(-1)!
    if (quoted && sign === '"' && line[at + 1] === '"') cells[cells.length - 1] = `${cell}${line[++at]}`
    else if (quoted && sign === '"') quoted = false
    else if (quoted) cells[cells.length - 1] = cell + sign
    else if (sign === '"' && cell === '') quoted = true
    else if (sign === separator) cells.push('')
    else cells[cells.length - 1] = cell + sign
  }
  return cells
}

const runs = (cell: string): boolean => /^\s*[=+\-@＝＋－＠]/.test(cell) && !/^\s*-?\d+(\.\d+)?"*$/.test(cell)

test.each([
  ['C8', 'x;=HYPERLINK(A1)', `"x;'=HYPERLINK(A1)"`],
  ['C8', -1250.5, '"-1250.5"'],
  ['C8', '-1250.5', '"-1250.5"'],
  // Siblings: another separator, a quotation mark before the sign, a sign of East Asia after a blank, a number within a list.
  ['a tab', 'x\t+cmd|A1', `"x\t'+cmd|A1"`],
  ['a quotation mark', 'x;"=1+1"', `"x;'""=1+1"""`],
  ['a wide sign', ' ＝1', `"' ＝1"`],
  ['numbers in a list', '7;-5', `"7;'-5"`],
  ['DDE behind a bar', "a|=cmd|' /C calc'!A0", `"a|'=cmd|' /C calc'!A0"`],
  ['no number', '-5 and more', `"'-5 and more"`],
  ['nothing', null, ''],
  ['a list', ['a', '=b'], '"a =b"'],
  ['an object', { a: [1] }, '"{""a"":[1]}"'],
])('%s: %j', (_, value, cell) => {
  expect(csvLine([value])).toBe(`${cell}\r\n`)
})

test('no text becomes a formula under either separator, and every cell stays one cell', () => {
  const risky = fc.stringMatching(/^[-=+@;,\t"' a1＝|]{0,12}$/)
  fc.assert(
    fc.property(fc.array(fc.oneof(risky, fc.string()), { minLength: 1, maxLength: 5 }), (values) => {
      const line = csvLine(['first', ...values]).slice(0, -2)
      const cells = cellsOf(line, ',')
      expect(cells).toHaveLength(values.length + 1)
      for (const separator of [',', ';', '\t']) expect(cellsOf(line, separator).filter(runs)).toEqual([])
      // An apostrophe is all that was added.
      const bare = (text: string) => text.replaceAll("'", '')
      expect(cells.slice(1).map(bare)).toEqual(values.map(bare))
    }),
  )
})

test('a file begins with what tells Excel its encoding', () => {
  expect(csvHead(['a', 'b'])).toBe('\ufeff"a","b"\r\n')
})
