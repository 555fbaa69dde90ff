/** People and systems: who there is, and adding one. */
import { Hono } from 'hono/tiny'
import type { C, Dash, Page } from '../../app-type.ts'
import { type CsvColumns, csvFile, ExportLink } from '../../csv.tsx'
import { type Entered, Form, NOTHING, orAgain, Submit } from '../../parts/form.tsx'
import { Empty, RefusedNote } from '../../parts/notes.tsx'
import { isAdmin, page } from '../../parts/page.tsx'
import { grantsSent, RoleFields } from '../../parts/roles.tsx'
import { Older, Table, When } from '../../parts/table.tsx'
import type { AccountEntry, ApiToken, Listed, Person } from '../../shapes.ts'
import {
  accountsOf,
  fieldsIn,
  KindField,
  kindIn,
  Marks,
  type Names,
  namesOf,
  PEOPLE,
  PersonFields,
  Roles,
  tokensByHolder,
} from './person-parts.tsx'

const COLUMNS = ['Who', 'Signs in as', 'Roles', 'Added']

type Tokens = ReadonlyMap<string, ApiToken[]> | null

const rowOf = (accounts: Names, tokens: Tokens, person: Person) => [
  <>
    <a href={`${PEOPLE.href}/${person.id}`}>{person.name}</a> <Marks {...person} />
    {person.email !== null && <span class="sub">{person.email}</span>}
  </>,
  person.subject === null ? (
    <span class="soft">API tokens only</span>
  ) : (
    <>
      <span class="wrap">{person.subject}</span>
      <span class="sub">{person.issuer}</span>
    </>
  ),
  <Roles accounts={accounts} person={person} tokens={tokens && (tokens.get(person.id) ?? [])} />,
  <When at={person.created_at} />,
]

type TokensOf = Awaited<ReturnType<typeof tokensByHolder>>

/** Whoever reviews access reads the whole of it in one row. @param tokens null: there are too many to be read here */
const columnsWith = (tokens: TokensOf): CsvColumns<Person> => ({
  Name: ({ name }) => name,
  Kind: ({ kind }) => kind,
  'E-mail': ({ email }) => email,
  'Identity provider': ({ issuer }) => issuer,
  'Subject there': ({ subject }) => subject,
  Roles: ({ grants }) => grants,
  'Roles by OIDC_ROLES': ({ mapped_grants }) => mapped_grants,
  'Roles by API tokens': ({ id }) =>
    tokens === null
      ? 'see the file of API tokens'
      : [...new Set((tokens.get(id) ?? []).filter(({ asleep }) => !asleep).flatMap(({ grants }) => grants))],
  Disabled: ({ disabled }) => (disabled ? 'yes' : 'no'),
  Added: ({ created_at }) => created_at,
  'Added by': ({ created_by }) => created_by,
  Id: ({ id }) => id,
})

const NOBODY = { name: '', email: null, issuer: null, subject: null }

type AddProps = { accounts: readonly AccountEntry[]; entered: Entered; grants: readonly string[] }

const Add = ({ accounts, entered, grants }: AddProps) => (
  <Form action={PEOPLE.href} entered={entered} title="Add one">
    <RefusedNote refused={entered.refused} title="Not added" />
    <KindField />
    <PersonFields person={NOBODY} />
    <RoleFields accounts={accounts} grants={grants} />
    <Submit busy="Adding">Add</Submit>
  </Form>
)

const list = async (c: C, entered: Entered = NOTHING) => {
  const [people, accounts, tokens] = await Promise.all([
    c.get('api').get<Listed<Person>>(['person'], { next_cursor: c.req.query('from') }),
    accountsOf(c),
    tokensByHolder(c),
  ])
  const grants = entered.refused ? grantsSent(c.get('form')) : []
  return page(
    c,
    {
      title: 'People',
      place: 'people',
      lead: 'Everybody who acts here, and every system. Four eyes compare people, whichever key they use.',
    },
    <>
      {people.result.length === 0 ? (
        <Empty icon="person" title="Nobody yet">
          Whoever gets an API token is added by it. Those who sign in with the company are added here.
        </Empty>
      ) : (
        <Table
          caption="People and systems"
          columns={COLUMNS}
          rows={people.result.map((person) => rowOf(namesOf(accounts), tokens, person))}
        />
      )}
      {people.result.length > 0 && <ExportLink href={`${PEOPLE.href}.csv`} />}
      <Older href={people.next_cursor && `${PEOPLE.href}?from=${people.next_cursor}`} label="More of them" />
      {isAdmin(c.get('session').actor) && <Add accounts={accounts} entered={entered} grants={grants} />}
    </>,
    entered.refused ? 400 : 200,
  )
}

const add = (c: C) => {
  const send = async () => {
    const kind = kindIn(c.get('form'))
    await c.get('api').send('POST', ['person'], { kind, ...fieldsIn(c) })
    return c.redirect(`${PEOPLE.href}?done=saved`, 303)
  }
  return orAgain(c, send, (entered) => list(c, entered))
}

export const peoplePage: Page = {
  link: { place: 'people', label: 'People', icon: 'person', roles: ['admin', 'audit'], whole: true },
  routes: new Hono<Dash>()
    .get('/people', (c) => list(c))
    .get('/people.csv', async (c) =>
      csvFile<Person>(c, 'finexio-mcp-people', ['person'], columnsWith(await tokensByHolder(c))),
    )
    .post('/people', add),
}
