/** What the pages of people share. */
import type { C } from '../../app-type.ts'
import { notWhole, type SentForm } from '../../form-data.ts'
import { Field, Select } from '../../parts/form.tsx'
import { Badge } from '../../parts/notes.tsx'
import { grantsIn, grantWords } from '../../parts/roles.tsx'
import type { AccountEntry, ApiToken, Listed, Person } from '../../shapes.ts'

export const PEOPLE = { href: '/dashboard/people', label: 'People' }

/** Names of accounts by id. */
export type Names = ReadonlyMap<string, string>

/** Kind and state as badges. */
export const Marks = ({ kind, disabled }: Person) => (
  <>
    <Badge>{kind}</Badge> {disabled && <Badge tone="bad">disabled</Badge>}
  </>
)

const KINDS = [
  { value: 'person', label: 'a person' },
  { value: 'system', label: 'a system' },
] as const

/** Whether it is about a person or a system. */
export const KindField = () => <Select label="Kind" name="kind" options={KINDS} />

/** What `KindField` sent. @throws Refused 400 */
export const kindIn = (form: SentForm) =>
  form.offered(
    'kind',
    KINDS.map(({ value }) => value),
  )

type RolesProps = {
  accounts: Names
  person: Pick<Person, 'grants' | 'mapped_grants'>
  /** API tokens that they hold, as far as the reader may list them; null: not read. */
  tokens: readonly ApiToken[] | null
}

const Chips = ({ grants, accounts, by }: { grants: readonly string[]; accounts: Names; by: string }) =>
  grants.length > 0 && (
    <span class="chips">
      {[...new Set(grants)].map(grantWords(accounts))}
      <span class="small soft">{by}</span>
    </span>
  )

/** What somebody may do, by their sign-in with the company and by each API token. */
export const Roles = ({ accounts, person, tokens }: RolesProps) => {
  const grants = [...person.grants, ...person.mapped_grants]
  const byToken = (tokens ?? []).flatMap((token) => token.grants)
  if (tokens === null && grants.length === 0)
    return (
      <span class="soft">
        those of their <a href="/dashboard/tokens">API tokens</a>
      </span>
    )
  if (grants.length + byToken.length === 0) return <span class="soft">none</span>
  return (
    <>
      <Chips grants={grants} accounts={accounts} by="when they sign in" />
      <Chips
        grants={byToken}
        accounts={accounts}
        by={tokens?.length === 1 ? 'by an API token' : 'by API tokens'}
      />
    </>
  )
}

const MOST_TOKENS = '100'

/** API tokens by their holder; null where there are more than one page of them, since part of somebody's roles would mislead. */
export const tokensByHolder = async (c: C): Promise<ReadonlyMap<string, ApiToken[]> | null> => {
  const { result, next_cursor } = await c
    .get('api')
    .get<Listed<ApiToken>>(['api-token'], { limit: MOST_TOKENS })
  return next_cursor === null ? Map.groupBy(result, ({ holder }) => holder) : null
}

type FieldsProps = { person: Pick<Person, 'name' | 'email' | 'issuer' | 'subject'> }

/** Name and identity. */
export const PersonFields = ({ person }: FieldsProps) => (
  <>
    <Field
      label="Name"
      name="name"
      value={person.name}
      required
      maxlength={200}
      hint="As it will appear in the audit trail."
    />
    <Field label="E-mail" name="email" value={person.email ?? ''} maxlength={320} hint="May stay empty." />
    <div class="split">
      <Field
        label="Identity provider"
        name="issuer"
        value={person.issuer ?? ''}
        maxlength={500}
        hint="Its address, as “iss” of its tokens says it. Empty: they use API tokens."
      />
      <Field
        label="Subject"
        name="subject"
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
