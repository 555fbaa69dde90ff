/** One person or system: what is known of them, and what they may do when they sign in with the company. */
import { Hono } from 'hono/tiny'
import * as z from 'zod'
import { picked } from '../../../core/json.ts'
import type { C, Dash, Page } from '../../app-type.ts'
import { doneWith } from '../../done.ts'
import { Form, Submit, Switch } from '../../parts/form.tsx'
import { RefusedNote } from '../../parts/notes.tsx'
import { isAdmin, page } from '../../parts/page.tsx'
import { nameIn } from '../../parts/principals.ts'
import { grantsSent, RoleFields } from '../../parts/roles.tsx'
import { Section } from '../../parts/section.tsx'
import { Sure } from '../../parts/sure.tsx'
import { Facts } from '../../parts/table.tsx'
import { Moment } from '../../parts/time.tsx'
import { differencesBy, type Entry, opening, type Reviewed, stepping } from '../../reviewed.tsx'
import { roleFor } from '../../role-words.ts'
import type { AccountEntry, ApiToken, Person } from '../../shapes.ts'
import {
  accountsOf,
  fieldsIn,
  Marks,
  namesOf,
  PEOPLE,
  PersonFields,
  Roles,
  tokensByHolder,
} from './person-parts.tsx'

const StoredInput = z.strictObject({
  name: z.string(),
  email: z.string().nullable(),
  issuer: z.string().nullable(),
  subject: z.string().nullable(),
  grants: z.array(z.string()),
  disabled: z.boolean(),
})
type Stored = z.infer<typeof StoredInput>

const ChangeInput = StoredInput.partial()
type Change = z.infer<typeof ChangeInput>

type Loaded = { person: Person; accounts: AccountEntry[]; tokens: ApiToken[] | null }

const personApi = (c: C) => ['person', c.req.param('person') ?? '']
const pathOf = ({ person }: Loaded) => `${PEOPLE.href}/${person.id}`

const storedOf = (person: Person): Stored => picked(person, StoredInput.keyof().options)

/** Roles may be written in any order, and for each account apart. */
const isSame = (one: unknown, other: unknown): boolean => {
  const [a, b] = [one, other].map((value) => (Array.isArray(value) ? [...value].sort() : value))
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Both belong together: of a changed identity both are sent. */
const withBoth = (change: Change, sent: Stored): Change =>
  'issuer' in change || 'subject' in change
    ? { ...change, issuer: sent.issuer, subject: sent.subject }
    : change

const changeIn = (c: C, base: Stored): Change => {
  const sent: Stored = { ...fieldsIn(c, base.grants), disabled: c.get('form').isOn('disabled') }
  const keys = (Object.keys(base) as (keyof Stored)[]).filter((key) => !isSame(sent[key], base[key]))
  const change = Object.fromEntries(keys.map((key) => [key, sent[key]])) as Change
  return withBoth(change, sent)
}

const EditForm = ({
  person,
  accounts,
  entered,
  base,
  change,
  grants,
}: Loaded & Entry<Stored, Change> & { grants: readonly string[] }) => {
  const before = base ?? storedOf(person)
  const shown = { ...before, ...change }
  return (
    <Form action={`${PEOPLE.href}/${person.id}`} entered={entered} title="What is known">
      <RefusedNote refused={entered.refused} />
      <input type="hidden" name="base" value={JSON.stringify(before)} />
      <PersonFields person={shown} />
      <RoleFields accounts={accounts} grants={grants} />
      <Switch
        name="disabled"
        label="Disabled"
        hint="Sessions, sign-ins and API tokens of theirs stop at once."
        on={shown.disabled}
      />
      <input type="hidden" name="step" value="review" />
      <Submit busy="Working">Show what changes</Submit>
    </Form>
  )
}

const Remove = ({ person }: { person: Person }) => (
  <Form action={`${PEOPLE.href}/${person.id}/remove`} title="Remove">
    <p class="soft">With all API tokens and sessions of theirs. The audit trail keeps their name.</p>
    <Sure label="Remove…">
      <Submit tone="danger" busy="Removing">
        {`Remove ${person.name}`}
      </Submit>
    </Sure>
  </Form>
)

const MayNow = ({ person, accounts, tokens }: Loaded) => (
  <Section id="may-now" title="May now" card>
    <div>
      <Roles accounts={namesOf(accounts)} person={person} tokens={tokens} />
    </div>
    <p class="small soft">
      Roles of the form count when they sign in with the company; each{' '}
      <a href="/dashboard/tokens">API token</a> has its own.
    </p>
  </Section>
)

const show = (c: C, loaded: Loaded, entry: Entry<Stored, Change>) => {
  const { person, accounts, tokens } = loaded
  const { refused } = entry.entered
  const grants = refused ? grantsSent(c.get('form')) : (entry.change?.grants ?? person.grants)
  return page(
    c,
    {
      title: person.name,
      place: 'people',
      crumbs: [PEOPLE],
      marks: <Marks {...person} />,
      lead: (
        <>
          {`Added by ${nameIn(person.names, person.created_by)}, `}
          <Moment at={person.created_at} />.
        </>
      ),
    },
    <div class="grid2">
      {isAdmin(c.get('session').actor) ? (
        <>
          <EditForm {...loaded} {...entry} grants={grants} />
          <div class="stack">
            <MayNow {...loaded} />
            <Remove person={person} />
          </div>
        </>
      ) : (
        <section class="card stack">
          <Facts
            facts={[
              ['E-mail', person.email ?? 'not known'],
              ['Identity provider', person.issuer ?? 'none: API tokens only'],
              ['Subject', person.subject ?? 'none'],
              ['Roles', <Roles accounts={namesOf(accounts)} person={person} tokens={tokens} />],
            ]}
          />
        </section>
      )}
    </div>,
    refused ? 400 : 200,
  )
}

const text = (value: string | null) => value ?? 'none'

const isLooser = (before: Stored, after: Stored) => (key: keyof Stored) => {
  if (key === 'disabled') return before.disabled && !after.disabled
  if (key === 'grants') return after.grants.some((grant) => !before.grants.includes(grant))
  return key === 'issuer' || key === 'subject'
}

const reviewed: Reviewed<Loaded, Stored, Change> = {
  base: StoredInput,
  change: ChangeInput,
  load: async (c) => {
    const [person, accounts, tokens] = await Promise.all([
      c.get('api').get<Person>(personApi(c)),
      accountsOf(c),
      tokensByHolder(c),
    ])
    return { person, accounts, tokens: tokens && (tokens.get(person.id) ?? []) }
  },
  show,
  changeIn,
  differences: ({ person, accounts }, change) => {
    const names = namesOf(accounts)
    const before = storedOf(person)
    const after = { ...before, ...change }
    return differencesBy(
      {
        name: ['Name', (name) => name],
        email: ['E-mail', text],
        issuer: ['Identity provider', text],
        subject: ['Subject there', text],
        grants: ['Roles', (grants) => grants.map((grant) => roleFor(grant, names)).join(', ') || 'none'],
        disabled: ['Disabled', (on) => (on ? 'yes: every key of theirs is refused' : 'no')],
      },
      [before, after],
      isLooser(before, after),
    )
  },
  seen: ({ person }) => JSON.stringify(storedOf(person)),
  action: pathOf,
  home: pathOf,
  frame: (loaded) => ({
    place: 'people',
    crumbs: [PEOPLE, { href: pathOf(loaded), label: loaded.person.name }],
  }),
  save: (c, change) => c.get('api').send('PATCH', personApi(c), change),
}

const remove = async (c: C) => {
  const { name } = await c.get('api').get<Person>(personApi(c))
  await c.get('api').send('DELETE', personApi(c))
  return doneWith(c, PEOPLE.href, 'person-removed', name)
}

export const personPage: Page = {
  routes: new Hono<Dash>()
    .get('/people/:person', opening(reviewed))
    .post('/people/:person', stepping(reviewed))
    .post('/people/:person/remove', remove),
}
