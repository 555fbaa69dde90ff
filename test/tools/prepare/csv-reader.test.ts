import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../../src/tools/pasted/csv.ts'

const BOUNDS = { records: 501, cells: 60 }

const cellsOf = (text: string) => {
  const read = readCsv(text, BOUNDS)
  if (!read.ok) throw new Error(read.problem)
  return read.records.map(({ cells }) => cells)
}

const problemOf = (text: string) => {
  const read = readCsv(text, BOUNDS)
  return read.ok ? null : read.problem
}

describe('readCsv', () => {
  it.each([
    [
      'plain',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'no last line break',
      'a,b\n1,',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    [
      'CRLF and CR',
      'a,b\r\n1,2\r3,4',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      'a BOM',
      '\ufeffa,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'quotes',
      'a,b\n"Smith, ""Bob""","x"',
      [
        ['a', 'b'],
        ['Smith, "Bob"', 'x'],
      ],
    ],
    [
      'line breaks in cells',
      'a,b\n"two\r\nlines",2',
      [
        ['a', 'b'],
        ['two\r\nlines', '2'],
      ],
    ],
    [
      'a quote inside an unquoted cell',
      'a,b\n5" pipe,2',
      [
        ['a', 'b'],
        ['5" pipe', '2'],
      ],
    ],
    [
      'a quoted heading with commas',
      '"a;b;c",d\n1,2',
      [
        ['a;b;c', 'd'],
        ['1', '2'],
      ],
    ],
    [
      'blank lines',
      'a,b\n\n , \n1,2\n\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['nothing', '', []],
  ])('reads %s', (_, text, records) => expect(cellsOf(text)).toEqual(records))

  it.each([
    ['\t', 'a\tb\n1,000\t2', '1,000'],
    [';', 'a;b\n1,5;2', '1,5'],
    ['|', 'a|b\n1,5|2', '1,5'],
  ])('separates at %j where it is told to', (mark, text, cell) => {
    const read = readCsv(text, BOUNDS, mark)
    expect(read.ok && read.records.map(({ cells }) => cells)).toEqual([
      ['a', 'b'],
      [cell, '2'],
    ])
  })

  it('tells the line in which a record begins', () => {
    const read = readCsv('a\n"x\ny"\nz', BOUNDS)
    expect(read.ok && read.records.map(({ line }) => line)).toEqual([1, 2, 4])
  })

  it.each([
    ['a,b\n1,"2\n3', 'line 2: a quote is opened and never closed'],
    ['a,b\n"x" y,2', 'line 2: text follows a closing quote'],
    ['a,b\n"x\ny","z"q', 'line 3: text follows a closing quote'],
    [Array(62).join(','), 'line 1: more than 60 columns'],
  ])('refuses %j', (text, problem) => expect(problemOf(text)).toContain(problem))

  it('refuses the 501st row, not the 500th', () => {
    const rows = (count: number) => `a\n${'x\n'.repeat(count)}`
    expect(problemOf(rows(500))).toBeNull()
    expect(problemOf(rows(501))).toBe('more than 500 rows')
  })

  it('reads back whatever is written by the rules', () => {
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
    const table = fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 5 }), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n', '\r'), (rows, end) => {
        const text = ['a,b', ...rows.map((row) => row.map(quoted).join(','))].join(end)
        const kept = rows.filter((row) => row.some((cell) => cell.trim() !== ''))
        expect(cellsOf(text)).toEqual([['a', 'b'], ...kept])
      }),
    )
  })

  it('ends with an answer for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', '\t', ';') }), (text) => {
        const read = readCsv(text, BOUNDS)
        expect(read.ok ? read.records.every(({ cells }) => cells.length > 0) : read.problem).toBeTruthy()
      }),
    )
  })
})
