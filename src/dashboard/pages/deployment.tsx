/** Who decides, for the whole deployment: whether loosening needs a second person, and whether there is one person only. */
import { Hono } from 'hono/tiny'
import * as z from 'zod'
import { picked } from '../../core/json.ts'
import type { C, Dash, Page } from '../app-type.ts'
import { notWhole } from '../form-data.ts'
import { Undoable } from '../parts/approvals/who-decides.tsx'
import { Form, Select, Submit, Switch } from '../parts/form.tsx'
import { Note, RefusedNote } from '../parts/notes.tsx'
import { isAdmin, page } from '../parts/page.tsx'
import { type Principal, principalsFor } from '../parts/principals.ts'
import { Facts } from '../parts/table.tsx'
import { differencesBy, type Entry, opening, type Reviewed, stepping } from '../reviewed.tsx'
import type { Deployment } from '../shapes.ts'

const PATH = '/dashboard/deployment'

const StoredInput = z.strictObject({
  second_person_for_settings: z.boolean(),
  one_person: z.string().nullable(),
})
type Stored = z.infer<typeof StoredInput>
const ChangeInput = StoredInput.partial()
type Change = z.infer<typeof ChangeInput>

type Loaded = { deployment: Deployment; people: Principal[] }

const load = async (c: C): Promise<Loaded> => {
  const deployment = await c.get('api').get<Deployment>(['deployment'])
  const people = await principalsFor(c, undefined)
  return { deployment, people: people.filter(({ kind }) => kind === 'person') }
}

const storedOf = (deployment: Deployment): Stored => picked(deployment, StoredInput.keyof().options)

/** The one who is chosen may have been disabled since. */
const withPresent = (people: readonly Principal[], id: string | null) =>
  id === null || people.some((person) => person.id === id)
    ? people
    : [{ id, name: `${id} (disabled or removed)` }, ...people]

const Fields = ({ shown, people }: { shown: Stored; people: readonly Principal[] }) => (
  <>
    <Switch
      name="second_person_for_settings"
      label="A second person for settings"
      hint="What lets more through, such as a higher limit or less approval, takes effect only when another person agrees. What lets less through holds at once."
      on={shown.second_person_for_settings}
    />
    <Select
      label="Only one person decides"
      name="one_person"
      options={[
        { value: '', label: 'no: there are several' },
        ...withPresent(people, shown.one_person).map(({ id, name }) => ({ value: id, label: name })),
      ]}
      value={shown.one_person ?? ''}
      hint="For a company of one: this person decides on what systems drafted, and each such decision is marked “one person”."
    />
  </>
)

const secondWords = (on: boolean) => (on ? 'needed for what lets more through' : 'not needed')

const oneWords = (people: readonly Principal[]) => (id: string | null) =>
  id === null ? 'no: there are several' : (people.find((one) => one.id === id)?.name ?? id)

const show = (c: C, { deployment, people }: Loaded, { entered, base, change }: Entry<Stored, Change>) => {
  const before = base ?? storedOf(deployment)
  return page(
    c,
    {
      title: 'Who decides',
      place: 'deployment',
      lead: 'Whether it takes two people to let more through, for all accounts of this deployment.',
    },
    <>
      <Undoable here />
      {deployment.one_person !== null && (
        <Note tone="warn" title="One person decides here">
          What systems draft is decided by one person; each such decision is marked.
        </Note>
      )}
      {isAdmin(c.get('session').actor) ? (
        <Form action={PATH} title="Settings">
          <RefusedNote refused={entered.refused} />
          <input type="hidden" name="base" value={JSON.stringify(before)} />
          <Fields shown={{ ...before, ...change }} people={people} />
          <input type="hidden" name="step" value="review" />
          <Submit busy="Working">Show what changes</Submit>
        </Form>
      ) : (
        <section class="card stack">
          <Facts
            facts={[
              ['A second person for settings', secondWords(deployment.second_person_for_settings)],
              ['Only one person decides', oneWords(people)(deployment.one_person)],
              ['Changing it', 'takes the role admin for the whole deployment'],
            ]}
          />
        </section>
      )}
    </>,
    entered.refused ? 400 : 200,
  )
}

const changeIn = (c: C, base: Stored, { people }: Loaded): Change => {
  const form = c.get('form')
  if (!form.has('one_person')) throw notWhole(['one_person'])
  const ids = withPresent(people, base.one_person).map(({ id }) => id)
  const sent: Stored = {
    second_person_for_settings: form.isOn('second_person_for_settings'),
    one_person: form.offered('one_person', ['', ...ids]) || null,
  }
  return {
    ...(sent.second_person_for_settings !== base.second_person_for_settings && {
      second_person_for_settings: sent.second_person_for_settings,
    }),
    ...(sent.one_person !== base.one_person && { one_person: sent.one_person }),
  }
}

const reviewed: Reviewed<Loaded, Stored, Change> = {
  base: StoredInput,
  change: ChangeInput,
  load,
  show,
  changeIn,
  differences: ({ deployment, people }, change) => {
    const before = storedOf(deployment)
    const after = { ...before, ...change }
    return differencesBy(
      {
        second_person_for_settings: ['A second person for settings', secondWords],
        one_person: ['Only one person decides', oneWords(people)],
      },
      [before, after],
      (key) => (key === 'one_person' ? after.one_person !== null : before.second_person_for_settings),
    )
  },
  seen: ({ deployment }) => JSON.stringify(storedOf(deployment)),
  action: () => PATH,
  home: () => PATH,
  frame: () => ({ place: 'deployment', crumbs: [{ href: PATH, label: 'Who decides' }] }),
  save: (c, change) => c.get('api').send('PATCH', ['deployment'], change),
}

export const deploymentPage: Page = {
  link: { place: 'deployment', label: 'Who decides', icon: 'decide', roles: ['admin', 'audit'], whole: true },
  routes: new Hono<Dash>().get('/deployment', opening(reviewed)).post('/deployment', stepping(reviewed)),
}
