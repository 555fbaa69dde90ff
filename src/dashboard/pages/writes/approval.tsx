/** One approval: all that a decision needs on one page, and afterwards the same page with what came of it. */
import { isObject } from '../../../core/json.ts'
import type { Child } from '../../../core/jsx-runtime.ts'
import { dollars } from '../../../core/money.ts'
import { reasonWordsWith } from '../../../rules/approval.ts'
import { quoted } from '../../../rules/sentences/row.ts'
import { type KnownBy, knownBy } from '../../../rules/unknown.ts'
import type { C } from '../../app-type.ts'
import {
  callerWords,
  headline,
  OldToNew,
  Records,
  STATE_WORDS,
  StateBadge,
  WouldSend,
} from '../../parts/approvals/approval-parts.tsx'
import { Undoable, WhoMay } from '../../parts/approvals/who-decides.tsx'
import { Area, type Entered, Form, NOTHING, orAgain, Press } from '../../parts/form.tsx'
import { Badge, LinkButton, Note, RefusedNote } from '../../parts/notes.tsx'
import { may, page } from '../../parts/page.tsx'
import { Section } from '../../parts/section.tsx'
import { Facts, Name, When } from '../../parts/table.tsx'
import { Moment, MomentThen } from '../../parts/time.tsx'
import type { Approval } from '../../shapes.ts'
import { accountPath } from '../account-head.tsx'
import { CallBackOf, LookAt, PaymentsBefore, Suppliers } from './approval-payees.tsx'

const Decide = ({ id }: { id: string }) => (
  <Form action={`/dashboard/approval/${id}`} id="decision" title="Your decision">
    <p class="soft">
      Approving sends exactly what is shown here, once. Everything is checked again first; what changed
      meanwhile stops it.
    </p>
    <Area label="Reason (kept in the audit trail)" name="reason" />
    <div class="row">
      <Press
        name="decision"
        value="approve"
        label="Approve and send"
        tone="primary"
        busy="Sending to Finexio"
      />
      <Press name="decision" value="reject" label="Reject" tone="danger" />
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

/** What Finexio did not answer itself. */
const FOUND_OUT: Readonly<Record<KnownBy, typeof OUTCOMES>> = {
  look: {
    succeeded: ['ok', 'A look at Finexio found it.'],
    rejected: ['bad', 'A look at Finexio did not find it: it counts as not carried out.'],
  },
  person: {
    succeeded: ['ok', 'A person concluded that it was carried out.'],
    rejected: ['bad', 'A person concluded that it was not carried out.'],
  },
}

/** A part of a batch may be there although the batch was refused, or not be there although it was found. */
const outcomeWords = (outcome: NonNullable<Approval['outcome']>) => {
  if ('partial' in outcome && outcome.partial === true && outcome.state === 'succeeded')
    return [
      'warn',
      'Finexio accepted it, but its answer does not confirm all of it: the rest has to be looked up.',
    ] as const
  if ('partial' in outcome && outcome.partial === true)
    return ['warn', 'Finexio refused the batch. Whether it stored a part of it has to be looked up.'] as const
  if ('incomplete' in outcome && outcome.incomplete === true)
    return ['warn', 'Finexio carried out a part of it.'] as const
  const by = knownBy(outcome)
  return (by && FOUND_OUT[by][outcome.state]) ?? OUTCOMES[outcome.state]!
}

type OfApproval = { approval: Approval }

const Decided = ({ approval }: OfApproval) => {
  const { state, decided_at, decided_by, decision_reason, outcome, one_person } = approval
  const [tone, words] = outcome ? outcomeWords(outcome) : ['info' as const, '']
  return (
    <Note tone={tone} title={`This draft is ${STATE_WORDS[state]}${words && `. ${words}`}`}>
      {decided_by ? `${decided_by.name}, ` : 'Nobody decided. '}
      {decided_at && <Moment at={decided_at} />}
      {decision_reason && `: “${decision_reason}”`}
      {one_person && ' (one person)'}
    </Note>
  )
}

const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')

/** Said by the rows, or by the note above. */
const SAID: ReadonlySet<string> = new Set(['state', 'outcome', 'result', 'result_count', 'total'])

const factOf = ([name, value]: [string, unknown]) =>
  name === 'total_cents' && typeof value === 'number'
    ? (['Total', dollars(value)] as const)
    : ([name.replaceAll('_', ' '), textOf(value)] as const)

/** Ids and counts that Finexio answered. */
const CameOfIt = ({
  outcome,
  names,
}: {
  outcome: NonNullable<Approval['outcome']>
  names: Approval['party_names']
}) => {
  const rows = 'result' in outcome && Array.isArray(outcome.result) ? outcome.result.filter(isObject) : []
  const facts = Object.entries(outcome)
    .filter(([name]) => !SAID.has(name))
    .map(factOf)
  if (rows.length + facts.length === 0) return null
  return (
    <Section id="came" title="What came of it">
      {facts.length > 0 && <Facts facts={facts} />}
      {rows.length > 0 && (
        <Records caption="Records at Finexio" rows={rows} names={new Map(Object.entries(names ?? {}))} />
      )}
    </Section>
  )
}

/** Of what is changed: who it is, and what money is under way to it. */
const targetFacts = ({ summary, changes, target_name, ...approval }: Approval): [string, Child][] => {
  const { target } = summary
  if (target === null) return []
  const who = `${target_name === null ? 'Name could not be read' : quoted(target_name)} (${target})`
  if (!changes) return [['Changes', who]]
  const unsettled = { true: 'yes', false: 'none', null: 'not known' }[
    String(approval.unsettled_payments ?? null)
  ]
  return [
    ['Changes', who],
    ['Unsettled payments to it', `${unsettled}, when it was asked for`],
    ...(approval.last_paid_at === undefined
      ? []
      : [
          [
            'Last instructed through here',
            approval.last_paid_at ? <When at={approval.last_paid_at} /> : 'not as far as is known',
          ] as [string, Child],
        ]),
  ]
}

const Reasons = ({ approval, audits }: OfApproval & { audits: boolean }) => {
  const { party_names = {}, state, reasons } = approval
  const nameOf = (id: string) => (Object.hasOwn(party_names, id) ? `${quoted(party_names[id]!)} (${id})` : id)
  return (
    <Section id="why" title={state === 'pending' ? 'Why it waits' : 'Why it waited'} card>
      <ul class="steps">
        {reasons.map(reasonWordsWith(nameOf)).map((words) => (
          <li>{words}</li>
        ))}
      </ul>
      <Facts
        facts={[
          ['Asked by', callerWords(approval)],
          ['Reason given', approval.call_reason ? `“${approval.call_reason}”` : 'none'],
          [
            'Asked',
            <MomentThen
              at={approval.created_at}
              path={audits ? `${accountPath(approval.integrated_account_id)}/history` : null}
            />,
          ],
          ...(state === 'pending' ? [['Waits until', <Moment at={approval.expires_at} />] as const] : []),
          ...targetFacts(approval),
          ['Tool', <Name text={approval.tool} />],
          ['Key', <code class="wrap">{approval.idempotency_key}</code>],
        ]}
      />
    </Section>
  )
}

const NOT_KEPT =
  'This draft was decided before such pages were kept: of its request only the figures and ids here are left.'

const NOT_MADE =
  'This version cannot show what this draft would send, and would not send it. Reject it, and have it made anew.'

const HEADS = {
  waits: { title: 'What would change', heads: ['Now', 'Then'] },
  decided: { title: 'What was to change', heads: ['Before', 'After'] },
} as const

/** Equal payments may be meant: whoever decides is told, and looks at both. */
const SameWaits = ({ approval: { same = [], summary } }: OfApproval) =>
  same.length > 0 && (
    <Note
      tone="warn"
      title={`Look at this: the same ${summary.count > 0 ? 'invoice number' : 'record'} waits in another draft`}
    >
      <ul class="steps">
        {same.map(({ id, mcp_server_name, caller, created_at }) => (
          <li>
            <a href={`/dashboard/approval/${id}`}>Asked for</a> by{' '}
            {caller.kind === 'url' ? 'whoever has the URL of' : `${caller.name}, through`}{' '}
            {quoted(mcp_server_name)}, <When at={created_at} />
          </li>
        ))}
      </ul>
      <p>If only one of them is meant, reject the other.</p>
    </Note>
  )

/** What is shown before the decision and after it. */
const Shown = ({ approval }: OfApproval) => {
  const { summary, state, findings, changes, would_send, integrated_account_id } = approval
  const [payee] = findings?.payees ?? []
  return (
    <>
      {changes && <OldToNew {...HEADS[state === 'pending' ? 'waits' : 'decided']} changes={changes} />}
      {findings && <LookAt findings={findings} besides={changes !== undefined} />}
      {changes && payee && <CallBackOf payee={payee} account={integrated_account_id} />}
      {summary.suppliers.length > 0 && <Suppliers approval={approval} />}
      {would_send && <WouldSend approval={approval} sent={would_send} />}
      {findings && findings.payees.length > 0 && <PaymentsBefore payees={findings.payees} />}
      {!would_send && <p class="soft">{state === 'pending' ? NOT_MADE : NOT_KEPT}</p>}
    </>
  )
}

/** Who asks, and why as they say. */
const askedWords = (approval: Approval): string => {
  const { call_reason, state } = approval
  const asks = `${state === 'pending' ? 'Asked' : 'It was asked'} for by ${callerWords(approval)}`
  return call_reason ? `${asks}, who gave the reason “${call_reason}”.` : `${asks}, without a reason.`
}

export const showOne = async (c: C, { refused }: Entered = NOTHING) => {
  const approval = await c.get('api').get<Approval>(['approval', c.req.param('id') ?? ''])
  const { state, effect, outcome } = approval
  const isPending = state === 'pending'
  const mayDecide = isPending && approval.cannot_decide == null
  return page(
    c,
    {
      title: headline(approval),
      place: 'approvals',
      crumbs: [{ href: '/dashboard/approvals', label: 'Approvals' }],
      lead: askedWords(approval),
      actions: mayDecide && <LinkButton href="#decision" label="Decide" />,
      marks: (
        <>
          <Badge tone={effect}>{effect}</Badge>
          <StateBadge state={state} />
        </>
      ),
    },
    <>
      <RefusedNote refused={refused} title="Not done" />
      {!isPending && <Decided approval={approval} />}
      {outcome && <CameOfIt outcome={outcome} names={approval.party_names} />}
      {isPending && <SameWaits approval={approval} />}
      <Shown approval={approval} />
      <div class="grid2">
        <Reasons approval={approval} audits={may(c, 'audit', approval.integrated_account_id)} />
        {isPending && (
          <div class="stack">
            {mayDecide && <Decide id={approval.id} />}
            <WhoMay approval={approval} own={c.get('session').actor.id} />
          </div>
        )}
        {isPending && <Undoable />}
      </div>
    </>,
    refused ? 400 : 200,
  )
}

export const decide = (c: C) => {
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
