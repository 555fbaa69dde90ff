/** Approvals: what waits for a person first, then what was decided. */
import { Hono } from 'hono/tiny'
import { dollars } from '../../../core/money.ts'
import { oneLine } from '../../../core/text.ts'
import { knownBy } from '../../../rules/unknown.ts'
import type { C, Dash, Page } from '../../app-type.ts'
import {
  callerWords,
  headline,
  invoiceWords,
  payeeWords,
  StateBadge,
} from '../../parts/approvals/approval-parts.tsx'
import { Undoable } from '../../parts/approvals/who-decides.tsx'
import { Select } from '../../parts/form.tsx'
import { Badge, Empty, LinkButton } from '../../parts/notes.tsx'
import { page } from '../../parts/page.tsx'
import { Table, When } from '../../parts/table.tsx'
import { Moment } from '../../parts/time.tsx'
import type { AccountEntry, Approval, Listed } from '../../shapes.ts'
import { decide, showOne } from './approval.tsx'
import { hasMarks } from './approval-payees.tsx'

type Placed = Approval & { account: string }

const What = ({ approval }: { approval: Placed }) => (
  <>
    <a href={`/dashboard/approval/${approval.id}`}>{headline(approval)}</a>
    <span class="sub">
      {[invoiceWords(approval), payeeWords(approval), approval.account].filter(Boolean).join(' · ')}
    </span>
  </>
)

const totalOf = ({ summary }: Approval) => (summary.total_cents > 0 ? dollars(summary.total_cents) : '')

const WAITING = ['What', 'Who asks', 'Marks', 'Waits since', { label: 'Total', num: true }]

const waitingRow = (approval: Placed) => {
  const unusual = approval.summary.suppliers.filter(hasMarks).length
  return [
    <What approval={approval} />,
    callerWords(approval),
    <span class="chips">
      <Badge tone={approval.effect}>{approval.effect}</Badge>
      {unusual > 0 && <Badge tone="warn">{`${unusual} to look at`}</Badge>}
    </span>,
    <When at={approval.created_at} />,
    totalOf(approval),
  ]
}

const DECIDED = ['What', 'Who asked', 'Result', 'Decided', { label: 'Total', num: true }]

const OUTCOMES: Readonly<Record<string, readonly [tone: 'ok' | 'warn' | 'bad', words: string]>> = {
  succeeded: ['ok', 'accepted by Finexio'],
  rejected: ['bad', 'refused by Finexio'],
  not_sent: ['bad', 'not sent'],
  unknown: ['warn', 'outcome unknown'],
  claimed: ['warn', 'under way'],
}

/** What Finexio did not answer itself. */
const FOUND_OUT: typeof OUTCOMES = { succeeded: ['ok', 'carried out'], rejected: ['bad', 'not carried out'] }

const Result = ({ approval: { state, outcome } }: { approval: Approval }) => {
  const end = outcome?.state ?? ''
  const found = outcome && knownBy(outcome) !== null ? FOUND_OUT[end] : undefined
  const [tone, words] = found ?? OUTCOMES[end] ?? ['ok', null]
  return words === null ? <StateBadge state={state} /> : <Badge tone={tone}>{words}</Badge>
}

const decidedRow = (approval: Placed) => [
  <What approval={approval} />,
  callerWords(approval),
  <>
    <Result approval={approval} />
    {approval.state === 'canceled' && approval.decision_reason && (
      <span class="sub">{oneLine(approval.decision_reason, 160)}</span>
    )}
  </>,
  <>
    {approval.decided_by?.name ?? 'nobody'}
    <span class="sub">{approval.decided_at && <Moment at={approval.decided_at} />}</span>
  </>,
  totalOf(approval),
]

const STATES = [
  { value: '', label: 'waiting, then decided' },
  { value: 'pending', label: 'waiting' },
  { value: 'executed', label: 'approved and sent' },
  { value: 'rejected', label: 'rejected' },
  { value: 'expired', label: 'expired' },
  { value: 'canceled', label: 'canceled' },
]

/** With more accounts than this, each account's queue is on its own page. */
const MOST_ACCOUNTS = '100'
const PER_ACCOUNT = '50'

const draftsOf = async (c: C, state: string, { id, name }: AccountEntry): Promise<Placed[]> => {
  const path = ['integrated-account', id, 'approval']
  const { result } = await c.get('api').get<Listed<Approval>>(path, { state, limit: PER_ACCOUNT })
  return result.map((approval) => ({ ...approval, account: name }))
}

/** Of every account those in one state; where none is named, all that wait, and the newest of the others. */
const foundIn = async (c: C, state: string, accounts: readonly AccountEntry[]) => {
  const asked = state === '' ? ['pending', ''] : [state]
  const found = await Promise.all(
    accounts.flatMap((account) => asked.map((one) => draftsOf(c, one, account))),
  )
  const all = [...new Map(found.flat().map((one) => [one.id, one])).values()]
  const byTime = (a: Placed, b: Placed) => (a.created_at < b.created_at ? -1 : 1)
  return {
    waiting: all.filter((one) => one.state === 'pending').sort(byTime),
    decided: all
      .filter((one) => one.state !== 'pending')
      .sort(byTime)
      .reverse(),
  }
}

const NOTHING_WAITS =
  'When an MCP server asks for approval, what its agent wants to write appears here: who asks, what, how much, to whom, and what is unusual about it.'

type ListsProps = { state: string } & Awaited<ReturnType<typeof foundIn>>

const Lists = ({ state, waiting, decided }: ListsProps) => (
  <section id="queue" class="stack" aria-label="Queue" data-live="1">
    {(state === '' || state === 'pending') &&
      (waiting.length === 0 ? (
        <Empty icon="approval" title="Nothing waits for you">
          {NOTHING_WAITS}
        </Empty>
      ) : (
        <Table caption="Approvals that wait" columns={WAITING} rows={waiting.map(waitingRow)} />
      ))}
    {state === '' && decided.length > 0 && <h2>Decided</h2>}
    {decided.length > 0 && <Table caption="Decided" columns={DECIDED} rows={decided.map(decidedRow)} />}
    {state !== '' && state !== 'pending' && decided.length === 0 && (
      <Empty icon="approval" title="None in this state" />
    )}
  </section>
)

const Exports = ({ accounts }: { accounts: readonly AccountEntry[] }) => {
  const link = ({ id, name }: AccountEntry) => (
    <LinkButton
      href={`/dashboard/approvals/${id}/export`}
      label={accounts.length === 1 ? 'All as CSV' : `${name} as CSV`}
      tone="mini"
    />
  )
  return <div class="row">{accounts.map(link)}</div>
}

const queue = async (c: C) => {
  const state = STATES.find(({ value }) => value === c.req.query('state'))?.value ?? ''
  const { result: accounts } = await c
    .get('api')
    .get<Listed<AccountEntry>>(['integrated-account'], { limit: MOST_ACCOUNTS })
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
      <p class="row">
        <a href="/dashboard/settings-drafts">Changes of settings that wait</a>
        <a href="/dashboard/unknown-writes">Writes whose outcome is unknown</a>
      </p>
      <Undoable />
      <Lists state={state} {...(await foundIn(c, state, accounts))} />
      <Exports accounts={accounts} />
    </>,
  )
}

/** Passed on as it comes, row by row. */
const download = async (c: C) => {
  const path = ['integrated-account', c.req.param('account') ?? '', 'approval', 'export']
  const { status, headers, body } = await c.get('api').raw(path)
  return new Response(body, { status, headers: new Headers(headers) })
}

export const approvalsPage: Page = {
  link: { place: 'approvals', label: 'Approvals', icon: 'approval', roles: ['approve', 'audit'] },
  routes: new Hono<Dash>()
    .get('/approvals', queue)
    .get('/approvals/:account/export', download)
    .get('/approval/:id', (c) => showOne(c))
    .post('/approval/:id', decide),
}
