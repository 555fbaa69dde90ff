/** What the pages of people share. */
import type { C } from '../../app-type.ts'
import { notWhole } from '../../form-data.ts'
import { type Entered, Field } from '../../parts/form.tsx'
import { Badge } from '../../parts/notes.tsx'
import { grantsIn, grantWords } from '../../parts/roles.tsx'
import type { AccountEntry, Listed, Person } from '../../shapes.ts'

export const PEOPLE = { href: '/dashboard/people', label: 'People' }

/** Names of accounts by id. */
export type Names = ReadonlyMap<string, string>

/** Kind and state as badges. */
export const Marks = ({ kind, disabled }: Person) => (
  <>
    <Badge>{kind}</Badge> {disabled && <Badge tone="bad">disabled</Badge>}
  </>
)

type RolesProps = { accounts: Names; person: Pick<Person, 'grants' | 'mapped_grants'> }

/** What somebody may do when they sign in with the company; their API tokens have roles of their own. */
export const Roles = ({ accounts, person }: RolesProps) => {
  const grants = [...person.grants, ...person.mapped_grants]
  return grants.length === 0 ? (
    <span class="soft">
      those of their <a href="/dashboard/tokens">API tokens</a>
    </span>
  ) : (
    <span class="chips">{grants.map(grantWords(accounts))}</span>
  )
}

type FieldsProps = { entered: Entered; person: Pick<Person, 'name' | 'email' | 'issuer' | 'subject'> }

/** Name and identity. */
export const PersonFields = ({ entered, person }: FieldsProps) => (
  <>
    <Field
      label="Name"
      name="name"
      entered={entered}
      value={person.name}
      required
      maxlength={200}
      hint="As it will appear in the audit trail."
    />
    <Field
      label="E-mail"
      name="email"
      entered={entered}
      value={person.email ?? ''}
      maxlength={320}
      hint="May stay empty."
    />
    <div class="split">
      <Field
        label="Identity provider"
        name="issuer"
        entered={entered}
        value={person.issuer ?? ''}
        maxlength={500}
        hint="Its address, as “iss” of its tokens says it. Empty: they use API tokens."
      />
      <Field
        label="Subject"
        name="subject"
        entered={entered}
        value={person.subject ?? ''}
        maxlength={255}
        hint="Who they are there, as “sub” says it."
      />
    </div>
  </>
)

/** Accounts for which roles can be given. */
export const accountsOf = async (c: C) =>
  (await c.get('api').get<Listed<AccountEntry>>(['integrated-account'], { limit: '100' })).result

/** By id. */
export const namesOf = (accounts: readonly AccountEntry[]): Names =>
  new Map(accounts.map(({ id, name }) => [id, name]))

const FIELDS = ['name', 'email', 'issuer', 'subject'] as const

/** What `PersonFields` and `RoleFields` sent. @throws Refused 400 for a form that lacks a field */
export const fieldsIn = (c: C, before: readonly string[] = []) => {
  const form = c.get('form')
  const missing = FIELDS.filter((name) => !form.has(name))
  if (missing.length > 0) throw notWhole(missing)
  return {
    name: form.one('name'),
    email: form.maybe('email'),
    issuer: form.maybe('issuer'),
    subject: form.maybe('subject'),
    grants: grantsIn(form, before),
  }
}
