/** Payees: for whom somebody vouched, what changed since, and the form for a call-back. */
import { Hono } from 'hono/tiny'
import { clockIn, momentAt } from '../../../core/zone.ts'
import { zoneOf } from '../../../identity/zone.ts'
import type { C, Dash, Page } from '../../app-type.ts'
import { type CsvColumns, csvFile, ExportLink } from '../../csv.tsx'
import { OldToNew } from '../../parts/approval-parts.tsx'
import {
  Area,
  type Entered,
  Field,
  Form,
  NOTHING,
  orAgain,
  RowButton,
  Select,
  Submit,
} from '../../parts/form.tsx'
import { Badge, type BadgeTone, Empty, Note, RefusedNote } from '../../parts/notes.tsx'
import { may, page } from '../../parts/page.tsx'
import { Facts, Older, Table, When } from '../../parts/table.tsx'
import { ZoneContext } from '../../parts/time.tsx'
import type { AccountEntry, Listed, Overview, Payee, PayeeEntry } from '../../shapes.ts'
import {
  download,
  namesIn,
  ReviewLinks,
  ReviewTable,
  reviewOf,
  reviewPage,
  SupplierName,
} from '../payee-review.tsx'

const HOME = { href: '/dashboard/payees', label: 'Payees' }
const MOST = '100'

const TONES: Readonly<Record<PayeeEntry['state'], BadgeTone>> = {
  called_back: 'ok',
  accepted: 'info',
  changed: 'bad',
  unverified: 'warn',
}
const STATE_WORDS: Readonly<Record<PayeeEntry['state'], string>> = {
  called_back: 'called back',
  accepted: 'accepted as it was',
  changed: 'changed',
  unverified: 'nobody vouched',
}

const State = ({ state }: { state: PayeeEntry['state'] }) => (
  <Badge tone={TONES[state]}>{STATE_WORDS[state]}</Badge>
)

const hrefOf = (account: string, supplier: string) =>
  `/dashboard/payees/${encodeURIComponent(account)}/${encodeURIComponent(supplier)}`

const apiOf = (account: string, ...more: string[]) => ['integrated-account', account, 'payee', ...more]

const COLUMNS = ['Supplier', 'State', 'Vouched by', 'Vouched', 'Change seen', 'Money']

const moneyWords = ({ state, unpaid }: PayeeEntry): string => {
  if (state !== 'changed' || unpaid === undefined) return ''
  if (unpaid === false) return 'nothing under way'
  return unpaid ? 'an invoice was unpaid' : 'an invoice may be unpaid'
}

type Known = { account: Overview; payees: readonly PayeeEntry[]; names: ReadonlyMap<string, string> }

/** The account and what it makes of payees, as everybody may read it who has a role there. */
const ruleOf = (c: C, id: string) => c.get('api').get<Overview>(['integrated-account', id, 'overview'])

/** Payees of an account beside its rule, and what they were called when the trail last named them. @param query which page of them */
const knownOf = async (c: C, id: string, query: object = {}) => {
  const api = c.get('api')
  const [account, { result, next_cursor }, review] = await Promise.all([
    ruleOf(c, id),
    api.get<Listed<PayeeEntry>>(apiOf(id), { limit: MOST, ...query }),
    reviewOf(c, id, { limit: MOST }),
  ])
  return { account, payees: result, names: namesIn(review.result), next_cursor }
}

/** What the account makes of all this. */
const Rule = ({ account: { payees, name }, nobody }: { account: Overview; nobody: boolean }) => (
  <p class="soft">
    {payees === 'open'
      ? `Suppliers of ${name} are paid whether or not somebody vouched for them; “Pay verified payees only” in its settings changes that.`
      : nobody
        ? 'Nobody vouched for anybody yet, and nobody is paid before. An invoice that waits for it links to its suppliers.'
        : 'Only suppliers for whom somebody vouched are paid.'}
  </p>
)

/** Changed ones first: they wait for somebody. */
const rowsOf = ({ account, payees, names }: Known) =>
  payees
    .toSorted((a, b) => Number(b.state === 'changed') - Number(a.state === 'changed'))
    .map((payee) => [
      <a href={hrefOf(account.id, payee.supplier_id)}>
        <SupplierName id={payee.supplier_id} name={names.get(payee.supplier_id)} />
      </a>,
      <State state={payee.state} />,
      payee.vouched_by ?? '',
      <When at={payee.vouched_at} />,
      <When at={payee.changed_at} />,
      moneyWords(payee),
    ])

const CSV: CsvColumns<PayeeEntry> = {
  Supplier: ({ supplier_id }) => supplier_id,
  State: ({ state }) => STATE_WORDS[state],
  'Vouched by': ({ vouched_by }) => vouched_by,
  Vouched: ({ vouched_at }) => vouched_at,
  'Who was called': ({ called }) => called,
  'Called at': ({ called_at }) => called_at,
  'Change seen': ({ changed_at }) => changed_at,
  Money: moneyWords,
}

const OfAccount = ({ known, mayVouch }: { known: Known; mayVouch: boolean }) => {
  const { account, payees } = known
  return (
    <section class="stack" aria-label={account.name}>
      <h2>
        <a href={`${HOME.href}/${encodeURIComponent(account.id)}`}>{account.name}</a>
      </h2>
      <Rule account={account} nobody={payees.length === 0} />
      {payees.length > 0 && (
        <Table caption={`Payees of ${account.name}`} columns={COLUMNS} rows={rowsOf(known)} />
      )}
      {mayVouch && account.payees === 'verified' && (
        <>
          <p class="soft">
            Once, to begin with: every supplier that was paid before and did not change for 90 days is
            accepted as it is, without a call.
          </p>
          <RowButton
            action={`/dashboard/payees/${encodeURIComponent(account.id)}`}
            label="Accept them as they are"
            of={account.name}
          />
        </>
      )}
    </section>
  )
}

/** All of one account, page after page; `?state=changed` those that wait for a call-back. */
const ofAccount = async (c: C) => {
  const id = c.req.param('account') ?? ''
  const state = c.req.query('state') === 'changed' ? 'changed' : undefined
  const { next_cursor, ...known } = await knownOf(c, id, { next_cursor: c.req.query('from'), state })
  const { account, payees } = known
  const next = new URLSearchParams({ ...(state && { state }), from: next_cursor ?? '' })
  return page(
    c,
    { title: `Payees of ${account.name}${state ? ' that changed' : ''}`, place: 'payees', crumbs: [HOME] },
    <>
      <Rule account={account} nobody={false} />
      <ReviewLinks account={id} />
      <ExportLink href={`${HOME.href}/${encodeURIComponent(id)}/payees.csv`} />
      {payees.length === 0 ? (
        <Empty
          icon="payee"
          title={state ? 'Nothing waits for a call-back' : 'Nobody vouched for anybody yet'}
        />
      ) : (
        <Table caption="Payees" columns={COLUMNS} rows={rowsOf(known)} />
      )}
      <Older href={next_cursor && `${HOME.href}/${encodeURIComponent(id)}?${next}`} label="More payees" />
    </>,
  )
}

const list = async (c: C, { refused }: Entered = NOTHING) => {
  const api = c.get('api')
  const accounts = await api.get<Listed<AccountEntry>>(['integrated-account'], { limit: MOST })
  const found = await Promise.all(accounts.result.map(({ id }) => knownOf(c, id)))
  return page(
    c,
    {
      title: 'Payees',
      place: 'payees',
      lead: 'Who confirmed how each supplier is paid, and what changed since.',
    },
    <>
      <RefusedNote refused={refused} title="Not done" />
      {accounts.result.length === 0 && <Empty icon="account" title="No account" />}
      {found.map((known) => (
        <OfAccount known={known} mayVouch={may(c, 'approve', known.account.id)} />
      ))}
    </>,
    refused ? 400 : 200,
  )
}

const CallBackForm = ({ account, payee, entered }: { account: string; payee: Payee; entered: Entered }) => (
  <Form action={hrefOf(account, payee.supplier_id)} class="card stack">
    <h2>Record a call-back</h2>
    <p class="soft">
      Call a number that was on file before the change, or one from elsewhere. Whoever records the call does
      not approve what is paid then.
    </p>
    <input type="hidden" name="seen" value={payee.seen ?? ''} />
    <div class="split">
      <Field label="Who was called" name="called" entered={entered} required maxlength={200} />
      <Field
        label={`When (${ZoneContext.read()})`}
        name="called_at"
        type="datetime-local"
        entered={entered}
        value={clockIn(ZoneContext.read(), Date.now())}
        required
      />
    </div>
    <div class="split">
      <Field label="Number" name="number" entered={entered} required maxlength={40} />
      <Select
        label="The number is"
        name="number_from"
        value={entered.values.number_from ?? (payee.numbers_when_vouched ? 'last_vouched' : 'outside_source')}
        options={[
          { value: 'last_vouched', label: 'the one on file when somebody last vouched' },
          { value: 'outside_source', label: 'from elsewhere' },
        ]}
      />
    </div>
    <Field
      label="From where"
      name="source"
      entered={entered}
      maxlength={200}
      hint="Such as the contract of 2024."
    />
    <Area label="Note" name="note" entered={entered} />
    <Submit busy="Recording">They confirmed all of it</Submit>
  </Form>
)

const numbers = (list: readonly string[]) => (list.length === 0 ? 'none' : [...new Set(list)].join(', '))

const factsOf = (payee: Payee) =>
  [
    ['State', <State state={payee.state} />],
    ['Vouched by', payee.vouched_by ?? 'nobody'],
    ['Vouched', <When at={payee.vouched_at} />],
    ['Who was called', payee.called ?? 'nobody'],
    [
      'Numbers on file then',
      payee.numbers_when_vouched
        ? numbers(payee.numbers_when_vouched)
        : 'nobody vouched: take one from elsewhere',
    ],
    ['Numbers on file now', numbers(payee.numbers_now)],
    [
      'Last paid through here',
      payee.last_paid_at ? <When at={payee.last_paid_at} /> : 'not as far as is known',
    ],
  ] as const

const placeIn = (c: C) => ({ account: c.req.param('account') ?? '', supplier: c.req.param('supplier') ?? '' })

const show = async (c: C, entered: Entered = NOTHING) => {
  const { account, supplier } = placeIn(c)
  // Looking may find a change, which then stands in the trail.
  const payee = await c.get('api').get<Payee>(apiOf(account, supplier))
  const [trail, known] = await Promise.all([
    reviewOf(c, account, { supplier_id: supplier }),
    ruleOf(c, account),
  ])
  return page(
    c,
    { title: payee.name ?? payee.supplier_id, place: 'payees', crumbs: [HOME], lead: payee.supplier_id },
    <>
      <RefusedNote refused={entered.refused} title="Not recorded" />
      {payee.state === 'changed' && (
        <Note
          tone="bad"
          title={
            payee.vouched_at
              ? 'How this supplier is paid changed since somebody vouched'
              : 'How this supplier is paid changed, and nobody vouched for it'
          }
        >
          {known.payees === 'verified'
            ? 'Nothing is paid to it until somebody called back.'
            : 'It is still paid: this account pays suppliers for whom nobody vouched.'}{' '}
          Only Finexio can stop what is under way.
        </Note>
      )}
      <section class="card" aria-label="What is known">
        <Facts facts={factsOf(payee)} />
      </section>
      {payee.changes.length > 0 && (
        <OldToNew
          title={payee.vouched_at ? 'What changed since' : 'What Finexio’s history says of it'}
          heads={['Before', 'After']}
          changes={payee.changes}
        />
      )}
      {may(c, 'approve', account) && payee.seen !== null && (
        <CallBackForm account={account} payee={payee} entered={entered} />
      )}
      <ReviewLinks account={account} supplier={supplier} />
      {trail.result.length > 0 && <ReviewTable rows={trail.result} />}
    </>,
    entered.refused ? 400 : 200,
  )
}

const record = (c: C) => {
  const form = c.get('form')
  const { account, supplier } = placeIn(c)
  const send = async () => {
    await c.get('api').send('POST', apiOf(account, supplier, 'callback'), {
      called: form.one('called'),
      // What is no time of a clock there goes on as it is: the API says what is wrong with it.
      called_at: momentAt(zoneOf(c), form.one('called_at')) ?? form.one('called_at'),
      number: form.one('number'),
      number_from: form.offered('number_from', ['last_vouched', 'outside_source']),
      source: form.maybe('source') ?? undefined,
      note: form.maybe('note') ?? undefined,
      seen: form.one('seen'),
    })
    return c.redirect(hrefOf(account, supplier), 303)
  }
  return orAgain(c, send, (entered) => show(c, entered))
}

const accept = (c: C) => {
  const send = async () => {
    await c.get('api').send('POST', apiOf(placeIn(c).account, 'acceptance'))
    return c.redirect(HOME.href, 303)
  }
  return orAgain(c, send, (entered) => list(c, entered))
}

export const payeesPage: Page = {
  link: { place: 'payees', label: 'Payees', icon: 'payee', roles: ['approve', 'audit'] },
  routes: new Hono<Dash>()
    .get('/payees', (c) => list(c))
    .post('/payees/:account', accept)
    .get('/payees/:account', (c) => ofAccount(c))
    .get('/payees/:account/payees.csv', (c) =>
      csvFile<PayeeEntry>(c, 'finexio-mcp-payees-now', apiOf(c.req.param('account')), CSV),
    )
    .get('/payees/:account/review', reviewPage)
    .get('/payees/:account/review.csv', download)
    .get('/payees/:account/:supplier', (c) => show(c))
    .post('/payees/:account/:supplier', record),
}
