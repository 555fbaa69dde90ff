/** What is left out of schemas, since every token of them is paid in every chat. */
import { expect, test } from 'vitest'
import * as z from 'zod'
import { catalogue } from '../../src/tools/catalogue.ts'
import { inputJsonSchema, outputJsonSchema } from '../../src/tools/json-schema.ts'

test('what is said of the start of a range is not said again of its end', () => {
  const iso = z.string().describe('ISO 8601.')
  const { properties } = inputJsonSchema(
    z.object({
      created_start: iso,
      created_end: iso,
      week_end: iso,
      paid_start: iso,
      paid_end: z.string().describe('Day.'),
    }),
  )
  expect(properties).toEqual({
    created_start: { type: 'string', description: 'ISO 8601.' },
    created_end: { type: 'string' },
    week_end: { type: 'string', description: 'ISO 8601.' },
    paid_start: { type: 'string', description: 'ISO 8601.' },
    paid_end: { type: 'string', description: 'Day.' },
  })
})

test('an object without declared fields is told as an object; an input keeps its list of arguments', () => {
  expect(outputJsonSchema(z.object({ rows: z.array(z.looseObject({})) }))).toEqual({
    type: 'object',
    properties: { rows: { type: 'array', items: { type: 'object' } } },
    required: ['rows'],
  })
  expect(inputJsonSchema(z.object({}))).toEqual({
    type: 'object',
    properties: {},
    additionalProperties: false,
  })
})

test('a nullable enum names null among its words (D19), and bounds are told (D22): at b8f2a26 they were learned by refusal', () => {
  const { properties } = inputJsonSchema(
    z.object({
      way: z.enum(['Mail', 'Email']).nullable(),
      days: z.int().min(1).max(365),
      most: z.int().min(5),
    }),
  ) as { properties: Record<string, object> }
  expect(properties).toEqual({
    way: { type: ['string', 'null'], enum: ['Mail', 'Email', null] },
    days: { type: 'integer', minimum: 1, maximum: 365 },
    most: { type: 'integer', minimum: 5 },
  })
})

test('what no field of the catalogue tells only by refusal: nullable words, the least of a number, the letters of an invoice number', () => {
  const nodes = (value: unknown): Record<string, unknown>[] =>
    typeof value !== 'object' || value === null
      ? []
      : [value as Record<string, unknown>, ...Object.values(value).flatMap(nodes)]
  for (const { name, input } of catalogue)
    for (const node of nodes(inputJsonSchema(input)))
      if (Array.isArray(node.enum) && Array.isArray(node.type) && node.type.includes('null'))
        expect(node.enum, name).toContain(null)
  const schema = (name: string) =>
    JSON.stringify(inputJsonSchema(catalogue.find((tool) => tool.name === name)!.input))
  expect(schema('analyze_finexio_payables')).toMatch(/"top":\{[^}]*"minimum":1/)
  expect(schema('finexio_invoices_bulk_create')).toContain("/ . - ? : ( ) , ' + only")
  expect(schema('list_all_finexio_counterparty_history')).toContain('none: all')
})
