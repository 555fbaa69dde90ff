import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { resources } from '../../schemas/index.ts'
import { readAs, readable } from '../../schemas/readable.ts'
import { runs } from '../support/size.ts'
import { read } from './support.ts'

const readers = resources.flatMap((resource) =>
  Object.entries(resource.methods).flatMap(([name, method]) =>
    method.gives ? [[`${resource.name}.${name}`, method] as const] : [],
  ),
)

describe('lenient reading', () => {
  const Sample = readable({
    id: z.string().min(1),
    cents: z.int().min(1),
    rate: z.number(),
    flag: z.boolean(),
    always: z.literal(true),
    word: z.enum(['a', 'b']),
    when: z.iso.date(),
    data: z.record(z.string(), z.string()),
    list: z.array(z.object({ cents: z.int() })),
    any: z.unknown(),
  })

  it.each([
    ['nothing at all', {}, {}],
    [
      'nulls',
      { id: null, cents: null, list: null, data: null },
      { id: null, cents: null, list: null, data: null },
    ],
    ['integers as text', { cents: '4500' }, { cents: 4500 }],
    ['integers with empty decimals', { cents: '80.00' }, { cents: 80 }],
    ['numbers as text', { rate: '-0.015' }, { rate: -0.015 }],
    ['flags as text', { flag: 'False', always: 'true' }, { flag: false, always: true }],
    ['numbers where text is meant', { id: 7, word: 3 }, { id: '7', word: '3' }],
    ['amounts beyond the limits of writing', { cents: -5 }, { cents: -5 }],
    ['an empty array for an object', { data: [] }, { data: {} }],
    ['an object as JSON text', { data: '{"po":"P-1"}' }, { data: { po: 'P-1' } }],
    ['nested records', { list: [{ cents: '1', more: 2 }, {}] }, { list: [{ cents: 1 }, {}] }],
    ['any JSON', { any: [{ x: 1 }] }, { any: [{ x: 1 }] }],
    ['extra keys', { id: 'a', other: 1, __proto__x: 2 }, { id: 'a' }],
  ])('takes %s', (_, raw, expected) => {
    expect(readAs(Sample, raw)).toEqual(expected)
    expect(Sample.safeParse(expected).success).toBe(true)
  })

  it.each([
    ['an array for a number', { id: 'a', cents: [] }, { id: 'a', cents: null }],
    ['words for a number', { id: 'a', cents: 'many' }, { id: 'a', cents: null }],
    ['a fraction of a cent', { id: 'a', cents: 0.5 }, { id: 'a', cents: null }],
    ['a number without end', { id: 'a', rate: Number.POSITIVE_INFINITY }, { id: 'a', rate: null }],
    ['broken JSON text', { id: 'a', data: '{' }, { id: 'a', data: null }],
    ['a number for a list', { id: 'a', list: 5 }, { id: 'a', list: null }],
    ['an object for a text', { id: { x: 1 } }, { id: '{"x":1}' }],
    ['a word for a flag', { id: 'a', flag: 'maybe' }, { id: 'a', flag: null }],
  ])('loses with %s that value alone', (_, raw, expected) => {
    expect(readAs(Sample, raw)).toEqual(expected)
  })

  it.each([[null], ['text'], [5], [[1]]])('refuses %j, which is no record', (raw) => {
    expect(readAs(Sample, raw)).toBeNull()
  })

  it('describes itself by the declared types', () => {
    const schema = z.toJSONSchema(Sample, { io: 'output' }) as {
      properties: Record<string, unknown>
      required?: string[]
    }
    expect(schema.required).toBeUndefined()
    expect(schema.properties.cents).toMatchObject({ anyOf: [{ type: 'integer' }, { type: 'null' }] })
    expect(schema.properties.always).toEqual({ type: ['boolean', 'null'] })
  })
})

describe('a record’s own key', () => {
  it.each([
    ['payments', 'get'],
    ['suppliers', 'get'],
    ['buyers', 'get'],
    ['counterparties', 'get'],
    ['invoices', 'get'],
    ['webhooks', 'get'],
    ['drawdowns', 'get'],
    ['drawdown_payments', 'list'],
  ])('%s.%s refuses an answer without it', (resource, method) => {
    expect(() => read(resource, method, { detail: 'maintenance' })).toThrow(/no such record/)
  })

  it('may be missing on old contacts', () => {
    expect(read('supplier_contacts', 'list', { id: null, name: 'Old' })).toEqual({ id: null, name: 'Old' })
  })
})

/** Objects whose keys are often real field names, so that reading gets past the surface. */
const almostRecord = (fields: readonly string[]) =>
  fc.dictionary(fc.oneof(fc.constantFrom(...fields), fc.string()), fc.jsonValue({ maxDepth: 3 }), {
    maxKeys: 12,
  })

describe('any answer', () => {
  it.each(readers)(
    'of %s is read as described, whatever it holds, and reads the same again',
    (_, { gives, normalize }) => {
      const type = gives as z.ZodObject
      fc.assert(
        fc.property(fc.oneof(almostRecord(Object.keys(type.shape)), fc.jsonValue()), (raw) => {
          const record = readAs(type, normalize ? normalize(raw) : raw)
          if (record === null) return
          expect(type.parse(record)).toEqual(record)
          expect(readAs(type, record)).toEqual(record)
        }),
        runs(60),
      )
    },
  )
})
