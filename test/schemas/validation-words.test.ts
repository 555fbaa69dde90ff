/** Words of the validator in place of which a person reads sentences. Seen at b8f2a26: "Too small: expected number to be >=1". */
import { expect, test } from 'vitest'
import * as z from 'zod'
import '../../schemas/fields.ts'

const said = (type: z.ZodType, value: unknown) => type.safeParse(value).error?.issues[0]?.message

test.each<[z.ZodType, unknown, string]>([
  [z.int().min(1), 0, 'must be at least 1'],
  [z.int().max(365), 400, 'must be at most 365'],
  [z.int(), 1.5, 'must be a whole number, not 1.5'],
  [z.string().max(3), 'four', 'must have at most 3 characters'],
  [z.string().min(1), '', 'must have at least 1 character'],
  [z.array(z.string()).length(2), [], 'must have exactly 2 entries'],
  [z.string(), undefined, 'required (text)'],
  [z.string(), ['a'], 'must be text, not a list'],
  [z.enum(['a', 'b']), 'c', 'must be one of a, b'],
  [z.literal('a'), 'c', 'must be a'],
  [z.email(), 'x', 'must be an e-mail address'],
  [z.strictObject({}), { a: 1 }, 'has what is not known here: "a"'],
  [z.union([z.string(), z.int()]), null, 'is none of the forms that are allowed'],
])('%# says it plainly', (type, value, words) => expect(said(type, value)).toBe(words))
