/** Approvals: what waits for a person, and one of them with everything that matters for deciding. */

import { Hono } from 'hono/tiny'
import type { Child } from '../../../core/jsx-runtime.ts'
import { dollars } from '../../../core/money.ts'
import { reasonWords } from '../../../rules/approval.ts'
import type { C, Dash, Page } from '../../app-type.ts'
import {
  callerWords,
  hasMarks,
  headline,
  OldToNew,
  StateBadge,
  Suppliers,
  WouldSend,
} from '../../parts/approval-parts.tsx'
import { Area, type Entered, Form, NOTHING, orAgain, Select } from '../../parts/form.tsx'
import { Badge, Empty, Note, RefusedNote } from '../../parts/notes.tsx'
import { page } from '../../parts/page.tsx'
import { Facts, Name, Table, When } from '../../parts/table.tsx'
import { Undoable, WhoMay } from '../../parts/who-decides.tsx'
import type { AccountEntry, Approval, Listed } from '../../shapes.ts'

const COLUMNS = ['What', 'Who asks', 'Marks', 'Waits since', { label: 'Total', num: true }]

type Placed = Approval & { account: string }

const rowOf = (approval: Placed) => {
  const { id, tool, summary, account, created_at, state, effect } = approval
  const unusual = summary.suppliers.filter(hasMarks).length
  return [
    <>
      <a href={`/dashboard/approval/${id}`}>{headline(approval)}</a>
      <span class="sub">{`${account} · ${tool}`}</span>
    </>,
    callerWords(approval),
    <span class="chips">
      {state === 'pending' ? <Badge tone={effect}>{effect}</Badge> : <StateBadge state={state} />}
      {unusual > 0 && <Badge tone="warn">{`${unusual} to look at`}</Badge>}
    </span>,
    <When at={created_at} />,
    summary.total_cents > 0 ? dollars(summary.total_cents) : '',
  ]
}

const STATES = [
  { value: 'pending', label: 'waiting' },
  { value: 'executed', label: 'executed' },
  { value: 'rejected', label: 'rejected' },
  { value: 'expired', label: 'expired' },
  { value: 'canceled', label: 'canceled' },
]

/** With more accounts than this, each account's queue is on its own page. */
const MOST_ACCOUNTS = '100'
const PER_ACCOUNT = '50'

const queueOf = async (c: C, state: string, { id, name }: AccountEntry): Promise<Placed[]> => {
  const path = ['integrated-account', id, 'approval']
  const { result } = await c.get('api').get<Listed<Approval>>(path, { state, limit: PER_ACCOUNT })
  return result.map((approval) => ({ ...approval, account: name }))
}

const queue = async (c: C) => {
  const state = STATES.find(({ value }) => value === c.req.query('state'))?.value ?? 'pending'
  const accounts = await c
    .get('api')
    .get<Listed<AccountEntry>>(['integrated-account'], { limit: MOST_ACCOUNTS })
  const found = await Promise.all(accounts.result.map((account) => queueOf(c, state, account)))
  const approvals = found.flat().sort((a, b) => (a.created_at < b.created_at ? -1 : 1))
  return page(
    c,
    {
      title: 'Approvals',
      place: 'approvals',
      lead: 'Writes that agents prepared and that leave only when a second person agrees. They wait for 72 hours.',
    },
    <>
      <form method="get" class="filters" aria-label="Filter">
        <Select label="State" name="state" options={STATES} value={state} />
        <button type="submit">Show</button>
      </form>
      <p>
        <a href="/dashboard/settings-drafts">Changes of settings that wait</a>
      </p>
      <p>
        <a href="/dashboard/unknown-writes">Writes whose outcome is unknown</a>
      </p>
      <Undoable />
      <section id="queue" aria-label="Queue" data-live="1">
        {approvals.length === 0 ? (
          <Empty icon="approval" title={state === 'pending' ? 'Nothing waits for you' : 'None in this state'}>
            When an MCP server asks for approval, what its agent wants to write appears here: who asks, what,
            how much, to whom, and what is unusual about it.
          </Empty>
        ) : (
          <Table caption="Approvals" columns={COLUMNS} rows={approvals.map(rowOf)} />
        )}
      </section>
    </>,
  )
}

const Decide = ({ id }: { id: string }) => (
  <Form action={`/dashboard/approval/${id}`} class="card stack">
    <h2>Your decision</h2>
    <p class="soft">
      Approving sends exactly what is shown here, once. Everything is checked again first; what changed
      meanwhile stops it.
    </p>
    <Area label="Reason (kept in the audit trail)" name="reason" />
    <div class="row">
      <button class="primary" type="submit" name="decision" value="approve" data-busy="Sending to Finexio">
        Approve and send
      </button>
      <button class="danger" type="submit" name="decision" value="reject">
        Reject
      </button>
    </div>
  </Form>
)

const OUTCOMES: Readonly<Record<string, readonly [tone: 'ok' | 'warn' | 'bad', words: string]>> = {
  succeeded: ['ok', 'Finexio accepted it.'],
  rejected: ['bad', 'Finexio refused it. Nothing was paid through this.'],
  not_sent: ['bad', 'It failed before leaving. Nothing reached Finexio.'],
  unknown: ['warn', 'It left, and no clear answer came. Look it up in Finexio before anything is repeated.'],
  claimed: ['warn', 'It is under way.'],
}

type DecidedProps = { approval: Approval }

const Decided = ({ approval }: DecidedProps) => {
  const { state, decided_at, decided_by, decision_reason, outcome, one_person } = approval
  const [tone, words] = outcome ? OUTCOMES[outcome.state]! : ['info' as const, '']
  return (
    <Note tone={tone} title={`This draft is ${state}${words && `. ${words}`}`}>
      {decided_by && (
        <>
          {`${decided_by.name}, `}
          <When at={decided_at} />
          {decision_reason && `: “${decision_reason}”`}
          {one_person && ' (one person)'}
        </>
      )}
    </Note>
  )
}

/** Of what is changed: who it is, and what money is under way to it. */
const targetFacts = ({ summary, changes, ...approval }: Approval): [string, Child][] => {
  const { target } = summary
  if (target === null) return []
  const name = approval.target_name ? `${approval.target_name}, ` : ''
  if (!changes) return [['Changes', `${name}${target}`]]
  const unsettled = { true: 'yes', false: 'none', null: 'not known' }[String(approval.unsettled_payments)]
  return [
    ['Changes', `${name}${target}`],
    ['Unsettled payments to it', unsettled],
    [
      'Last paid through here',
      approval.last_paid_at ? <When at={approval.last_paid_at} /> : 'not as far as is known',
    ],
  ]
}

const Reasons = ({ approval }: { approval: Approval }) => (
  <section class="card stack" aria-labelledby="why">
    <h2 id="why">{approval.state === 'pending' ? 'Why it waits' : 'Why it waited'}</h2>
    <ul class="steps">
      {approval.reasons.map((reason) => (
        <li>{reasonWords(reason)}</li>
      ))}
    </ul>
    <Facts
      facts={[
        ['Asked by', callerWords(approval)],
        ['Tool', <Name text={approval.tool} />],
        ['Asked', <When at={approval.created_at} />],
        ...(approval.state === 'pending'
          ? [['Waits until', <When at={approval.expires_at} />] as const]
          : []),
        ...(approval.call_reason ? [['Reason given', `“${approval.call_reason}”`] as const] : []),
        ...targetFacts(approval),
        ['Key', <code class="wrap">{approval.idempotency_key}</code>],
      ]}
    />
  </section>
)

const showOne = async (c: C, { refused }: Entered = NOTHING) => {
  const approval = await c.get('api').get<Approval>(['approval', c.req.param('id') ?? ''])
  const { summary, state, effect, would_send } = approval
  return page(
    c,
    {
      title: headline(approval),
      place: 'approvals',
      crumbs: [{ href: '/dashboard/approvals', label: 'Approvals' }],
      marks: (
        <>
          <Badge tone={effect}>{effect}</Badge>
          <StateBadge state={state} />
        </>
      ),
    },
    <>
      <RefusedNote refused={refused} title="Not done" />
      {state !== 'pending' && <Decided approval={approval} />}
      {summary.suppliers.length > 0 && (
        <Suppliers account={approval.integrated_account_id} suppliers={summary.suppliers} />
      )}
      {approval.changes && <OldToNew changes={approval.changes} />}
      {would_send && <WouldSend sent={would_send} suppliers={summary.suppliers} />}
      <div class="grid2">
        <Reasons approval={approval} />
        {state === 'pending' && (
          <div class="stack">
            {approval.cannot_decide == null && <Decide id={approval.id} />}
            <WhoMay approval={approval} own={c.get('session').actor.id} />
          </div>
        )}
        <Undoable />
      </div>
    </>,
    refused ? 400 : 200,
  )
}

const decide = (c: C) => {
  const form = c.get('form')
  const id = c.req.param('id') ?? ''
  const send = async () => {
    const decision = form.offered('decision', ['approve', 'reject'])
    const reason = form.maybe('reason') ?? undefined
    await c.get('api').send<Approval>('POST', ['approval', id, decision], { reason })
    return c.redirect(`/dashboard/approval/${encodeURIComponent(id)}`, 303)
  }
  // A draft that is not there is refused once more when the page is shown: with the same 404.
  return orAgain(c, send, (entered) => showOne(c, entered))
}

export const approvalsPage: Page = {
  link: { place: 'approvals', label: 'Approvals', icon: 'approval', roles: ['approve', 'audit'] },
  routes: new Hono<Dash>()
    .get('/approvals', queue)
    .get('/approval/:id', (c) => showOne(c))
    .post('/approval/:id', decide),
}
