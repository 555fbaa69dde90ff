/** Words of the validator in place of which a person reads sentences. Seen at b8f2a26: "Too small: expected number to be >=1". */
import { expect, test } from 'vitest'
import * as z from 'zod'
import '../../schemas/fields.ts'
import { Approval } from '../../src/rules/server-settings.ts'
import { GrantsInput } from '../../src/rules/who/roles.ts'

const ROLES_WORDS =
  'must be use, approve, manage, audit or admin, alone or with an account: manage:<id of an integrated account>'

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
  // Seen at 452f3913: "state: must be changed", "oidc_roles: must be present".
  [z.literal('changed'), 'c', 'must be "changed"'],
  [z.literal(true), false, 'must be true'],
  [z.literal('present'), undefined, 'required ("present")'],
  [z.enum(['a', 'b']), undefined, 'required (one of a, b)'],
  [
    z.record(z.string().min(1).max(3), z.int()),
    { four: 1 },
    'has a name that is not allowed: it must have at most 3 characters',
  ],
  [z.email(), 'x', 'must be an e-mail address'],
  [z.strictObject({}), { a: 1 }, 'has what is not known here: "a"'],
  [z.union([z.string(), z.int()]), null, 'is none of the forms that are allowed'],
  // Seen on 2026-11-30: no near name for keys, roles and values of the REST API.
  [
    z.strictObject({ limits: z.int(), tags: z.int() }).partial(),
    { limit: 1 },
    'has what is not known here: "limit"; did you mean "limits"?',
  ],
  [
    z.strictObject({ limits: z.int(), tags: z.int() }).partial(),
    { limit: 1, colour: 2 },
    'has what is not known here: "limit"; did you mean "limits"?, "colour"; known: limits, tags',
  ],
  [z.enum(['person', 'system']), 'persson', 'must be one of person, system; did you mean "person"?'],
  [
    Approval,
    'allways',
    'is none of the forms that are allowed: must be one of none, always; did you mean "always"?',
  ],
  [
    Approval,
    { over_cent: 5 },
    'is none of the forms that are allowed: has what is not known here: "over_cent"; did you mean "over_cents"?',
  ],
  [GrantsInput, ['approver'], `${ROLES_WORDS}; did you mean "approve"?`],
  [GrantsInput, ['manager:6f9619ff-8b86-4d01-b42d-00cf4fc964ff'], `${ROLES_WORDS}; did you mean "manage"?`],
  [GrantsInput, ['boss'], ROLES_WORDS],
])('%# says it plainly', (type, value, words) => expect(said(type, value)).toBe(words))
