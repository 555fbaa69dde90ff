/**
 * No cut leaves half a character (fault D14), and what makes up a flag, a joined emoji or a Persian word stays (D16). At commit b8f2a26
 * `…\ud83d` reached strict clients, which refuse the whole reply, and a flag came out as a black one.
 */
import { describe, expect, test } from 'vitest'
import { cleanText, cut, cutShort, LONGEST_TEXT, tailOf, unseenIn, visibleText } from '../../src/core/text.ts'
import { FinexioFailure } from '../../src/finexio/failure.ts'
import { callWith, envelope } from '../tools/fake-finexio.ts'

const FACE = '😀'

describe('cuts', () => {
  test('never end or begin inside a pair, wherever they fall', () => {
    const text = `a${FACE.repeat(20)}b`
    for (let most = 0; most <= text.length + 1; most++)
      for (const part of [cut(text, most), cutShort(text, most), ...(most > 0 ? [tailOf(text, most)] : [])]) {
        expect(part.isWellFormed(), `${most}`).toBe(true)
        expect(part.length).toBeLessThanOrEqual(most + 1)
      }
    expect([cut('abc', 2), cut('abc', 3), cutShort('abc', 2), tailOf('abc', 2)]).toEqual([
      'ab',
      'abc',
      'ab…',
      'bc',
    ])
  })

  const atTheCut = (most: number) => `${'x'.repeat(most - 1)}${FACE}${'y'.repeat(50)}`
  const wellFormed = (value: unknown): boolean =>
    typeof value === 'string'
      ? value.isWellFormed()
      : typeof value !== 'object' || value === null || Object.entries(value).flat().every(wellFormed)

  test('a long note, a masked field, a name, an id, an error', async () => {
    const name = atTheCut(LONGEST_TEXT)
    const record = {
      id: atTheCut(200),
      name,
      notes: name,
      // Masked to its last four units: the third of them is the second half of a face.
      bank_account_number: `12345${FACE}678`,
      tax_id: `9${FACE}${FACE}`,
      created: '2026-11-01T00:00:00',
    }
    const got = await callWith('get_single_finexio_supplier_by_id', { id: 's' }, () => record)
    const all = await callWith('list_all_finexio_suppliers', { fields: ['*'], limit: 1 }, () =>
      envelope([record, record, { ...record, id: 'b' }]),
    )
    for (const { data, text } of [got, all])
      expect([wellFormed(data), wellFormed(text)]).toEqual([true, true])
    for (const most of [60, 400]) {
      const wrong = await callWith('list_all_finexio_suppliers', { [atTheCut(most)]: 1 }, () => null)
      expect(wellFormed(wrong.text)).toBe(true)
    }
    const failing = (message: string) =>
      callWith('get_single_finexio_supplier_by_id', { id: 's' }, () => {
        throw new FinexioFailure({ kind: 'forbidden', status: 403, message, rate: null, sent: true })
      })
    for (const shift of [0, 1])
      expect(wellFormed((await failing(`${'z'.repeat(shift)}${FACE.repeat(3_000)}`)).text)).toBe(true)
  })
})

describe('what is seen only together stays', () => {
  test.each(['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🇺🇸', '👩‍👩‍👧‍👦', '👩🏽‍💻', '❤️', '1️⃣', 'می‌خواهم', 'श्रीमान्‌जी', 'Café', 'e\u0301'])(
    '%s',
    (text) => {
      expect([visibleText(text), cleanText(text), unseenIn(text)]).toEqual([text, text, []])
    },
  )

  test.each([
    ['tags without a flag', 'a\u{e0067}\u{e0062}'],
    ['a flag that nobody has', '🏴\u{e0061}\u{e0062}\u{e007f}'],
    ['a joiner between Latin letters', 'pay\u200dnow\u200cto'],
    ['joiners in a row', 'می\u200c\u200c\u200cخواهم'],
    ['a selector after a letter', 'a\ufe0f'],
    ['a joiner at the end', '😀\u200d'],
    ['turned around', '\u202eabc\u202c'],
  ])('what is not goes: %s', (_, text) => {
    expect(visibleText(text)).not.toBe(text)
    expect(unseenIn(text).length).toBeGreaterThan(0)
  })
})
