/** What is left out of schemas, since every token of them is paid in every chat. */
import { expect, test } from 'vitest'
import * as z from 'zod'
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
