/** `/person`: people and systems, with the roles they have when they sign in at the company's identity provider. */
import * as z from 'zod'
import { directoryObject, settingsOf } from '../../account/directory-stub.ts'
import { afterLease, afterOnePerson } from '../../account/lease.ts'
import type { Person } from '../../account/tables/principals/people.ts'
import { PersonGrantsInput } from '../../rules/who/roles.ts'
import { isoOf, pageAnswer, paged, Removed, time, uuid, WaitsWith } from '../answers.ts'
import { actorIn } from '../auth.ts'
import { causeOf } from '../cause.ts'
import { ApiError, changedMeanwhile } from '../errors.ts'
import { NameInput, needsChange, Page } from '../input.ts'
import { judgedNewPerson, judgedPersonChange } from '../loosening/people.ts'
import { type Asked, route } from '../route.ts'
import { NamesAnswer, namesIn } from './names.ts'
import { checkAccounts, checkPerson, personIn, tooManyPeople, unknownPerson } from './person-input.ts'

export const PersonAnswer = z
  .object({
    id: uuid,
    kind: z.enum(['person', 'system']),
    name: z.string(),
    email: z.string().nullable(),
    issuer: z.string().nullable().describe('Identity provider at which they sign in.'),
    subject: z.string().nullable(),
    grants: z
      .array(z.string())
      .describe(
        'What they may do when they sign in there. Not all that they may do: each API token has grants of its own (GET /api-token, by holder). GET /integrated-account/{account}/history has everybody who may, by sign-in and by token.',
      ),
    mapped_grants: z.array(z.string()).describe('What OIDC_ROLES gave them at their last sign-in.'),
    disabled: z.boolean(),
    created_by: uuid,
    names: NamesAnswer,
    created_at: time,
    asleep: z
      .boolean()
      .optional()
      .describe(
        'true: identity and roles wait for another person or, where the admin key asked, for their time.',
      ),
    ...WaitsWith,
  })
  .meta({ id: 'Person' })

const identity = {
  email: z.email().max(320).nullable().optional(),
  /** `iss` of the identity provider's tokens, with `sub`. */
  issuer: z.url().max(500).nullable().optional(),
  subject: z.string().min(1).max(255).nullable().optional(),
  grants: PersonGrantsInput.optional(),
}

const NewPerson = z.strictObject({
  name: NameInput,
  kind: z.enum(['person', 'system']).default('person'),
  ...identity,
})
const PersonChange = z.strictObject({
  name: NameInput.optional(),
  disabled: z.boolean().optional(),
  ...identity,
})

const shown = ({ disabled_at, created_at, ...person }: Person) => ({
  ...person,
  disabled: disabled_at !== null,
  created_at: isoOf(created_at),
})

const identityTaken = () => new ApiError(409, 'Somebody else has this issuer and subject already.')

const create = async ({ c, body }: Asked<unknown, z.infer<typeof NewPerson>>) => {
  const { email = null, issuer = null, subject = null, grants = [], name, kind } = body
  checkPerson(kind, { issuer, subject, grants })
  await checkAccounts(c.env, grants)
  const person = {
    id: crypto.randomUUID(),
    kind,
    name,
    email,
    issuer,
    subject,
    grants,
    created_by: actorIn(c).id,
  }
  const created = await directoryObject(c.env).createPerson(person, causeOf(c))
  if (created === 'identity_taken') throw identityTaken()
  if (!created) throw tooManyPeople()
  await afterOnePerson(c.env)
  return shown(created)
}

/** Roles taken away, and people disabled, are answered once no account relies on them any more. */
const change = async ({ c, body, present }: Asked<unknown, z.infer<typeof PersonChange>>) => {
  needsChange(body, 'name, email, issuer and subject, grants or disabled')
  const before = await personIn({ c })
  const { email, issuer, subject, grants, name, disabled } = body
  const sent = Object.fromEntries(
    Object.entries({ email, issuer, subject, grants, name, disabled }).filter(
      ([, value]) => value !== undefined,
    ),
  )
  checkPerson(before.kind, { ...before, ...sent })
  await checkAccounts(c.env, grants ?? [])
  const directory = directoryObject(c.env)
  const changed = await (present
    ? directory.changePersonIf(before.id, sent, present as Person, causeOf(c))
    : directory.changePerson(before.id, sent, causeOf(c)))
  if (changed === 'changed_meanwhile') throw changedMeanwhile()
  if (changed === 'identity_taken') throw identityTaken()
  if (!changed) throw unknownPerson()
  if (grants || disabled || issuer !== undefined || subject !== undefined) await afterLease()
  else if (disabled === false) await afterOnePerson(c.env)
  return shown(changed)
}

const remove = async ({ c }: Asked<unknown, unknown>) => {
  const { id } = await personIn({ c })
  await directoryObject(c.env).removePerson(id, causeOf(c))
  await settingsOf(c.env).touch({ kind: 'person', id }, null, null)
  await afterLease()
  return { id }
}

export const personRoutes = [
  route('POST', '/person', 'createPerson', {
    role: 'admin',
    whole: true,
    says: 'Add a person or a system',
    body: NewPerson,
    example: {
      name: 'Ann Lee',
      email: 'ann@acme.com',
      issuer: 'https://login.acme.com',
      subject: '00u1a2b3',
      grants: ['approve'],
    },
    answer: PersonAnswer,
    status: 201,
    loosens: judgedNewPerson,
    handler: create,
  }),
  route('GET', '/person', 'listPeople', {
    role: 'audit',
    whole: true,
    says: 'List people and systems',
    query: Page,
    answer: pageAnswer(PersonAnswer),
    handler: async ({ c, query }) => {
      const { people, next } = await directoryObject(c.env).listPeople(query.limit, query.next_cursor)
      return paged(people, next, shown)
    },
  }),
  route('GET', '/person/:person', 'getPerson', {
    role: 'audit',
    whole: true,
    says: 'Show a person or a system',
    answer: PersonAnswer,
    handler: async ({ c }) => {
      const person = shown(await personIn({ c }))
      return { ...person, names: await namesIn(c, [person.created_by]) }
    },
  }),
  route('PATCH', '/person/:person', 'updatePerson', {
    role: 'admin',
    whole: true,
    says: 'Change a person: their name, identity, roles, or whether they are disabled',
    body: PersonChange,
    example: { disabled: true },
    answer: PersonAnswer,
    loosens: judgedPersonChange,
    handler: change,
  }),
  route('DELETE', '/person/:person', 'removePerson', {
    role: 'admin',
    whole: true,
    says: 'Remove a person or system, with all API tokens and sessions of theirs',
    answer: Removed,
    handler: remove,
  }),
]
