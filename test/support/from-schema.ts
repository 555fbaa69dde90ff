/** Values that a schema allows, made from the schema itself: what is added to it is tried as well. */
import fc from 'fast-check'
import * as z from 'zod'

type Schema = {
  type?: string
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  minItems?: number
  maxItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
}

const MOST_ITEMS = 4

const textOf = ({ pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> =>
  pattern === undefined
    ? fc.string({ minLength, maxLength: Math.min(maxLength, 40), unit: 'grapheme' })
    : fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength)

const objectOf = ({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<object> =>
  typeof additionalProperties === 'object' && additionalProperties.type !== undefined
    ? fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), valuesOf(additionalProperties), {
        maxKeys: 3,
        noNullPrototype: true,
      })
    : fc.record(
        Object.fromEntries(Object.entries(properties).map(([name, type]) => [name, valuesOf(type)])),
        {
          requiredKeys: required,
        },
      )

const KINDS: Readonly<Record<string, (schema: Schema) => fc.Arbitrary<unknown>>> = {
  string: textOf,
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  number: () => fc.double({ noNaN: true, noDefaultInfinity: true }),
  integer: ({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }) => fc.integer({ min: minimum, max: maximum }),
  array: ({ items = {}, minItems = 0 }) =>
    fc.array(valuesOf(items), { minLength: minItems, maxLength: MOST_ITEMS }),
  object: objectOf,
}

const valuesOf = (schema: Schema): fc.Arbitrary<unknown> => {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valuesOf))
  const make = KINDS[schema.type ?? '']
  if (!make) throw new Error(`no values are known for ${JSON.stringify(schema)}`)
  return make(schema)
}

/** A schema with what it refers to in place: named ones stand apart. */
const inPlace = (value: unknown, named: Readonly<Record<string, unknown>>): unknown => {
  if (Array.isArray(value)) return value.map((one) => inPlace(one, named))
  if (typeof value !== 'object' || value === null) return value
  const { $ref, ...rest } = value as { $ref?: string }
  const name = $ref === undefined ? undefined : /^#\/\$defs\/(.+)$/.exec($ref)?.[1]
  if (name !== undefined) return inPlace({ ...(named[name] as object), ...rest }, named)
  return Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, inPlace(one, named)]))
}

/**
 * Values of every shape that a schema allows, each key on its own there or not.
 * @param given what cannot be made by itself, since a rule of it is code
 */
export const fromSchema = <Shape extends z.ZodRawShape>(
  type: z.ZodObject<Shape>,
  given: Readonly<Record<string, fc.Arbitrary<unknown>>> = {},
): fc.Arbitrary<z.infer<z.ZodObject<Shape>>> => {
  const { $defs = {}, ...root } = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' })
  const { properties } = inPlace(root, $defs) as Schema
  if (!properties) throw new Error('no properties are known for this schema')
  const keys = Object.entries(properties).map(([name, schema]) => {
    const one = type.shape[name] as unknown as z.ZodType
    return [name, (given[name] ?? valuesOf(schema)).filter((value) => one.safeParse(value).success)] as const
  })
  return fc.record(Object.fromEntries(keys), { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<
    z.infer<z.ZodObject<Shape>>
  >
}
