import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { masked } from '../../src/core/mask.ts'
import { decimalOf } from '../../src/core/money.ts'
import { cleanText, LONGEST_TEXT, nearest } from '../../src/core/text.ts'
import { decodeCursor, encodeCursor, type Position, queryDigest } from '../../src/tools/derived/cursor.ts'
import { fillPath } from '../../src/tools/derived/request.ts'
import { csvLines, present, withoutEmpty } from '../../src/tools/present/present.ts'
import { Refusal } from '../../src/tools/refusal.ts'

describe('decimalOf', () => {
  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [-5, '-0.05'],
    [80_00, '80.00'],
    [125_000, '1250.00'],
    [999_999_900, '9999999.00'],
  ])('%d cents are %s', (cents, text) => expect(decimalOf(cents)).toBe(text))

  it('keeps every cent of any integer', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (cents) => {
        expect(BigInt(decimalOf(cents)!.replace('.', ''))).toBe(BigInt(cents))
      }),
    )
  })

  it('answers null to anything else', () => {
    for (const value of [null, undefined, '100', 1.5, Number.NaN]) expect(decimalOf(value)).toBeNull()
  })
})

describe('nearest', () => {
  const known = ['tracking_id', 'created_start', 'status', 'receiving_counterparty_id']
  it.each([
    ['trackingId', 'tracking_id'],
    ['recieving_counterparty_id', 'receiving_counterparty_id'],
    ['staus', 'status'],
    ['create_start', 'created_start'],
  ])('%s is near %s', (word, expected) => expect(nearest(word, known)).toBe(expected))
  it('takes a whole part of one known word for that word, and of several for none', () => {
    expect(nearest('invoice', ['id', 'invoice_number', 'supplier_name'])).toBe('invoice_number')
    expect(nearest('invoice', ['invoice_number', 'invoice_date'])).toBeNull()
  })
  it('has no opinion on a word far from all', () => expect(nearest('bogus_zebra', known)).toBeNull())
})

describe('cleanText', () => {
  const hidden = [
    '\u200b',
    '\u202e',
    '\u2066',
    '\ufeff',
    '\u0007',
    '\u009b',
    '\u{e0041}',
    '\u00ad',
    '\u2028',
    '\u180e',
  ]
  it.each(hidden)('drops %j', (mark) => expect(cleanText(`Ac${mark}me`)).toBe('Acme'))
  it('drops terminal escapes whole', () => expect(cleanText('a\u001b[31mred\u001b[0m b')).toBe('ared b'))
  it('keeps letters of every script, emoji included', () => {
    for (const text of ['Müller & Söhne', '株式会社', 'Ωmega', '🧾 invoice', 'line\nbreak'])
      expect(cleanText(text)).toBe(text)
  })
  it('cuts long text and says how much', () => {
    expect(cleanText('x'.repeat(LONGEST_TEXT + 7))).toMatch(/… \[cut: 7 more characters\]$/)
  })
  it('leaves no invisible character in any value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(cleanText(text)).not.toMatch(/[\u0000-\u0008\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/)
      }),
    )
  })
  it('cleans keys and bounds depth', () => {
    let deep: unknown = 'x'
    for (let i = 0; i < 50; i++) deep = { deep }
    expect(JSON.stringify(present({ deep }))).toContain('nested too deeply')
    expect(present({ 'a\u200b': ['b\u202e'] })).toEqual({ a: ['b'] })
  })
})

describe('csvLines', () => {
  it('quotes what needs quoting, drops empty columns and keeps one line a row', () => {
    const rows = [
      { id: 'a', name: 'Smith, "Bob"', note: null, tags: [] },
      { id: 'b', name: 'two\nlines', note: '', tags: [] },
    ]
    expect(csvLines(['id', 'name', 'note', 'tags'], rows)).toEqual([
      'id,name',
      'a,"Smith, ""Bob"""',
      'b,"two lines"',
    ])
  })
})

describe('present', () => {
  it('masks bank, tax and identity numbers wherever they stand, history included', () => {
    const shown = present({
      bank_account_number: '000123456789',
      password: 'hunter2',
      tax_id: '12',
      owners: [{ ssn: '123-45-6789' }],
      changes: [
        { field: 'bank_routing_number', before: '021000021', after: null },
        { field: 'name', before: 'Old', after: 'New' },
      ],
    })
    expect(shown).toEqual({
      bank_account_number: '****6789',
      password: '********',
      tax_id: '****',
      owners: [{ ssn: '****6789' }],
      changes: [
        { field: 'bank_routing_number', before: '****0021', after: null },
        { field: 'name', before: 'Old', after: 'New' },
      ],
    })
  })
  it('masks numbers and what stands in metadata, and is not fooled by a prototype', () => {
    const raw = JSON.parse('{"metadata": {"ssn": 123456789, "taxId": "998877665"}, "__proto__": {"x": 1}}')
    expect(present(raw)).toEqual({ metadata: { ssn: '****6789', taxId: '****7665' } })
    expect(Object.getPrototypeOf(present(raw))).toBe(Object.prototype)
  })
  it('puts the decimal amount beside the cents', () => {
    expect(Object.keys(present({ id: 'p', amount_cents: 1999, status: 'x' }))).toEqual([
      'id',
      'amount_cents',
      'amount',
      'status',
    ])
  })
  it('discloses at most four characters', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        expect(String(masked(text)).replace(/^\*+/, '').length).toBeLessThanOrEqual(4)
      }),
    )
  })
  it('drops what is empty from text only', () => {
    expect(withoutEmpty({ a: null, b: '', c: [], d: {}, e: 0, f: false, g: [{ h: null, i: 1 }] })).toEqual({
      e: 0,
      f: false,
      g: [{ i: 1 }],
    })
  })
})

describe('cursor', () => {
  const position: Position = { order: 'oldest', page: 7, skip: 42, last: 'inv_ü' }
  it('opens for its own query alone', async () => {
    const mine = await queryDigest(['list', { status: 'settled' }, 'server-a'])
    const other = await queryDigest(['list', { status: 'settled' }, 'server-b'])
    const sealed = encodeCursor(position, mine)
    expect(sealed).toMatch(/^[\w-]+$/)
    expect(decodeCursor(sealed, mine)).toEqual(position)
    expect(decodeCursor(sealed, other)).toBeNull()
  })
  it('answers null to any text that is no cursor', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(decodeCursor(text, 'digest')).toBeNull()
      }),
    )
  })
})

describe('fillPath', () => {
  it('encodes what would change the path', () => {
    expect(fillPath('/payments/{id}/', { id: 'a/b?c#d e' })).toBe('/payments/a%2Fb%3Fc%23d%20e/')
  })
  it.each(['.', '..', 'a\u0000b'])('refuses %j as an id', (id) => {
    expect(() => fillPath('/payments/{id}/', { id })).toThrow(Refusal)
  })
})
