/**
 * Advice to leave a field out is for fields that may be. Seen: an empty `approval_id` "must not be blank: leave it out
 * instead", though it is required.
 */
import { expect, test } from 'vitest'
import * as z from 'zod'
import { accountNumber, id, named } from '../../schemas/fields.ts'
import { checkArguments } from '../../src/tools/call/arguments.ts'
import { catalogue } from '../../src/tools/catalogue.ts'

const told = (input: z.ZodObject, args: object): string => {
  try {
    checkArguments('tool', input, args)
  } catch (error) {
    return String(error)
  }
  return 'nothing'
}

const LEAVE_OUT = /leave (?:it|the argument) out/

test.each(catalogue.map((tool) => [tool.name, tool.input] as const))(
  '%s: a blank text, or a word for none, in the place of a field of its own',
  (_name, input) => {
    for (const [field, type] of Object.entries(input.shape))
      for (const value of ['', ' ', 'null']) {
        const said = told(z.object({ [field]: type as z.ZodType }), { [field]: value })
        if (!(type as z.ZodType).isOptional())
          expect([field, said]).toEqual([field, expect.not.stringMatching(LEAVE_OUT)])
      }
  },
)

const party = z.object({ id, name: named().optional(), account_number: accountNumber })
const input = z.object({
  body: z.array(party),
  other: party.partial().optional(),
  ids: z.array(id).optional(),
})
const row = { id: 'a', account_number: '1234' }

test.each<[object, string, boolean]>([
  [{ body: [{ ...row, id: '' }] }, 'body[0].id: must not be blank', false],
  [{ body: [{ ...row, id: 'null' }] }, 'give the real one', false],
  [{ body: [{ ...row, name: '' }] }, 'body[0].name: must not be blank', true],
  [{ body: [{ ...row, account_number: '****6789' }] }, 'give the full one', false],
  [{ body: [], other: { account_number: '****6789' } }, 'give the full one', true],
  [{ body: [], other: { id: 'None' } }, 'give the real one', true],
  [{ body: [], ids: [''] }, 'ids[0]: must not be blank', false],
])('%j: %s, and leaving it out is advised: %s', (args, words, advised) => {
  const said = told(input, args)
  expect(said).toContain(words)
  expect(LEAVE_OUT.test(said)).toBe(advised)
})
