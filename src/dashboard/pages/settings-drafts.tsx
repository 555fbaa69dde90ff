/** Changes of settings that wait for another person: all of them, and one with before and after. */
import { Hono } from 'hono/tiny'
import { momentsWithin } from '../../core/zone.ts'
import { zoneOf } from '../../identity/zone.ts'
import { quoted } from '../../rules/sentences/row.ts'
import type { C, Dash, Page } from '../app-type.ts'
import { Area, type Entered, Form, NOTHING, orAgain, Press, Select } from '../parts/form.tsx'
import { Badge, type BadgeTone, Empty, Note, RefusedNote } from '../parts/notes.tsx'
import { page } from '../parts/page.tsx'
import { Section } from '../parts/section.tsx'
import { Facts, Table, When } from '../parts/table.tsx'
import { Moment, ZoneContext } from '../parts/time.tsx'
import type { Listed, SettingsDraft } from '../shapes.ts'
import { accountsOf, namesOf } from './people/person-parts.tsx'
import { type Around, toldOf } from './settings-words.ts'

const STATES: Readonly<Record<SettingsDraft['state'], BadgeTone>> = {
  pending: 'warn',
  agreed: 'ok',
  rejected: 'bad',
  lapsed: '',
  expired: '',
  canceled: '',
}

/** As drafts of writes are called. */
const stateWords = (state: string) => (state === 'pending' ? 'waiting' : state)

const State = ({ of }: { of: SettingsDraft['state'] }) => <Badge tone={STATES[of]}>{stateWords(of)}</Badge>

const OPTIONS = Object.keys(STATES).map((value) => ({
  value,
  label: stateWords(value),
}))

const KINDS: Readonly<Record<string, string>> = {
  mcp_server: 'MCP server',
  account: 'account',
  person: 'person',
  secret: 'webhook secret',
  api_token: '',
  deployment: '',
}

const NO_NAMES: Around = { accounts: new Map(), names: {} }

const headline = (draft: SettingsDraft): string => {
  const { target, asleep } = draft
  const name = target.kind === 'mcp_server' && target.name ? quoted(target.name) : target.name
  const what = [KINDS[target.kind], name].filter(Boolean).join(' ')
  if (asleep) return `Wake ${what}`
  const labels = toldOf(draft, NO_NAMES).map(({ label }) => label)
  return `Change of ${what}: ${labels.join(', ')}`
}

const rowOf = (draft: SettingsDraft) => [
  <a href={`/dashboard/settings-drafts/${draft.id}`}>{headline(draft)}</a>,
  draft.asked_by.name,
  <State of={draft.state} />,
  <When at={draft.created_at} />,
]

const list = async (c: C) => {
  const state = OPTIONS.find(({ value }) => value === c.req.query('state'))?.value ?? 'pending'
  const { result } = await c
    .get('api')
    .get<Listed<SettingsDraft>>(['settings-draft'], { state, limit: '100' })
  return page(
    c,
    {
      title: 'Changes of settings',
      place: 'settings-drafts',
      lead: 'Changes that would let more pass than before. What a person asks for acts only when another agrees, within 72 hours; what the admin key asks for acts by itself after 24 hours, unless somebody cancels it.',
    },
    <>
      <form method="get" class="filters" aria-label="Filter">
        <Select label="State" name="state" options={OPTIONS} value={state} />
        <button type="submit">Show</button>
      </form>
      {result.length === 0 ? (
        <Empty icon="approval" title={state === 'pending' ? 'No change waits' : 'None in this state'}>
          While settings need a second person, whatever loosens appears here: what stood there, what is to
          stand there, and who asked.
        </Empty>
      ) : (
        <Table caption="Changes" columns={['What', 'Who asks', 'State', 'Since']} rows={result.map(rowOf)} />
      )}
    </>,
  )
}

type ComesProps = { draft: SettingsDraft; summary: NonNullable<SettingsDraft['summary']> }

/** One below the other, so that two sides can be compared. */
const Sentences = ({ of }: { of: string }) => (
  <ul class="plain stack tight">
    {momentsWithin(ZoneContext.read(), of)
      .split(/(?<=\.) (?=[A-Z])/)
      .map((sentence) => (
        <li>{sentence}</li>
      ))}
  </ul>
)

/** What the server may do, all its settings together. */
const Comes = ({ draft, summary }: ComesProps) => (
  <div class="grid2">
    <section class="card stack" aria-labelledby="may-now">
      <h2 id="may-now">What it may do now</h2>
      {draft.asleep ? <p>Nothing: its URL lets nobody in so far.</p> : <Sentences of={summary.now} />}
    </section>
    <section class="card stack" aria-labelledby="may-then">
      <h2 id="may-then">Once it is agreed</h2>
      <Sentences of={summary.after} />
    </section>
  </div>
)

const ended = ({ state }: SettingsDraft) =>
  state === 'pending' ? 'waits' : state === 'agreed' ? 'agreed' : 'ended'

/** What stood there is no present once it was decided. */
const HEADS = {
  waits: ['Now', 'After'],
  agreed: ['Before', 'After'],
  ended: ['Then', 'Asked for'],
} as const

/** What lets nobody in so far has no before. */
const Before = ({ draft, around }: { draft: SettingsDraft; around: Around }) => (
  <>
    <Table
      caption="Before and after"
      columns={draft.asleep ? ['Setting', 'Once it is agreed'] : ['Setting', ...HEADS[ended(draft)]]}
      rows={toldOf(draft, around).map(({ label, before, after }) => [
        <strong>{label}</strong>,
        ...(draft.asleep ? [] : [<span class="wrap">{before}</span>]),
        <span class="wrap">{after}</span>,
      ])}
    />
    {draft.summary && <Comes draft={draft} summary={draft.summary} />}
    <details>
      <summary>As the API names it</summary>
      <pre class="wrapped">{`${draft.action}\n\n${JSON.stringify(draft.loosens, null, 1)}`}</pre>
    </details>
  </>
)

const Decide = ({ draft }: { draft: SettingsDraft }) => (
  <Form action={`/dashboard/settings-drafts/${draft.id}`} title="Your decision">
    {draft.cannot_agree == null ? (
      <p class="soft">Agreeing makes exactly this change, once, in the name of who asked for it.</p>
    ) : (
      <Note tone="info" title={draft.asked_by.kind === 'root' ? 'It acts by itself' : 'Somebody else agrees'}>
        {draft.cannot_agree}
      </Note>
    )}
    {draft.asked_by.kind === 'root' && draft.cannot_stop != null && <p class="soft">{draft.cannot_stop}</p>}
    {(draft.cannot_agree == null || draft.cannot_stop == null) && (
      <Area label="Reason (kept with the change)" name="reason" />
    )}
    <div class="row">
      {draft.cannot_agree == null && <Press name="decision" value="agree" label="Agree" tone="primary" />}
      {draft.cannot_stop == null && (
        <Press
          name="decision"
          value="reject"
          label={draft.asked_by.kind === 'root' ? 'Cancel' : 'Reject'}
          tone="danger"
        />
      )}
    </div>
  </Form>
)

const ENDED: Readonly<Record<Exclude<SettingsDraft['state'], 'pending'>, string>> = {
  agreed: 'This change was agreed to, and is in force since',
  rejected: 'This change was rejected: nothing was changed',
  lapsed: 'This change lapsed: nothing was changed',
  expired: 'Nobody decided in time: nothing was changed',
  canceled: 'This change was canceled: nothing was changed',
}

const Ended = ({ draft: { state, decided_by, decided_at, decision_reason } }: { draft: SettingsDraft }) =>
  state !== 'pending' && (
    <Note tone={state === 'agreed' ? 'ok' : 'info'} title={ENDED[state]}>
      {[decided_by?.name, decided_at && <Moment at={decided_at} />]
        .filter(Boolean)
        .flatMap((part, index) => (index === 0 ? [part] : [', ', part]))}
      {decision_reason && `: “${decision_reason}”`}
    </Note>
  )

const untilOf = ({ expires_at, acts_at }: SettingsDraft) =>
  acts_at === null
    ? (['Waits until', <When at={expires_at} />] as const)
    : (['Acts by itself', <When at={acts_at} />] as const)

const showOne = async (c: C, { refused }: Entered = NOTHING) => {
  const api = c.get('api')
  const [draft, accounts] = await Promise.all([
    api.get<SettingsDraft>(['settings-draft', c.req.param('id') ?? '']),
    accountsOf(c),
  ])
  const around = { accounts: namesOf(accounts), names: draft.names, zone: zoneOf(c) }
  const { asked_by, created_at, reaches, state } = draft
  return page(
    c,
    {
      title: headline(draft),
      place: 'settings-drafts',
      crumbs: [{ href: '/dashboard/settings-drafts', label: 'Changes of settings' }],
      marks: <State of={state} />,
    },
    <>
      <RefusedNote refused={refused} title="Not done" />
      <Ended draft={draft} />
      <Before draft={draft} around={around} />
      <div class="grid2">
        <Section id="asked" title={state === 'pending' ? 'Who asks' : 'Who asked'} card>
          <Facts
            facts={[
              ['Asked by', asked_by.kind === 'root' ? 'whoever holds the admin key' : asked_by.name],
              ['Asked', state === 'pending' ? <When at={created_at} /> : <Moment at={created_at} />],
              ...(state === 'pending' ? [untilOf(draft)] : []),
              ...(reaches.length > 0 ? [['Reaches as well', reaches.join(', ')] as const] : []),
            ]}
          />
        </Section>
        {state === 'pending' && <Decide draft={draft} />}
      </div>
    </>,
    refused ? 400 : 200,
  )
}

const decide = (c: C) => {
  const form = c.get('form')
  const id = c.req.param('id')
  const send = async () => {
    const decision = form.offered('decision', ['agree', 'reject'])
    await c.get('api').send('POST', ['settings-draft', id ?? '', decision], {
      reason: form.maybe('reason') ?? undefined,
    })
    return c.redirect(`/dashboard/settings-drafts/${id}`, 303)
  }
  return orAgain(c, send, (entered) => showOne(c, entered))
}

export const settingsDraftsPage: Page = {
  link: {
    place: 'settings-drafts',
    label: 'Settings changes',
    icon: 'change',
    roles: ['manage', 'approve', 'audit'],
  },
  routes: new Hono<Dash>()
    .get('/settings-drafts', list)
    .get('/settings-drafts/:id', (c) => showOne(c))
    .post('/settings-drafts/:id', decide),
}
