/** Payees: for whom somebody vouched, and what changed since. */
import { Hono } from 'hono/tiny'
import type { C, Dash, Page } from '../../app-type.ts'
import { type CsvColumns, csvFile, ExportLink } from '../../csv.tsx'
import { type Entered, NOTHING, orAgain } from '../../parts/form.tsx'
import { Empty, RefusedNote } from '../../parts/notes.tsx'
import { may, page } from '../../parts/page.tsx'
import { RowButton } from '../../parts/sure.tsx'
import { Older, Table, When } from '../../parts/table.tsx'
import type { AccountEntry, Listed, Overview, PayeeEntry } from '../../shapes.ts'
import { record, show } from './payee.tsx'
import { download, namesIn, ReviewLinks, reviewOf, reviewPage, SupplierName } from './payee-review.tsx'
import { apiOf, HOME, hrefOf, placeIn, ruleOf, STATE_WORDS, State } from './words.tsx'

const MOST = '100'

const COLUMNS = ['Supplier', 'State', 'Vouched by', 'Vouched', 'Change seen', 'Money']

const moneyWords = ({ state, unpaid }: PayeeEntry): string => {
  if (state !== 'changed' || unpaid === undefined) return ''
  if (unpaid === false) return 'nothing under way'
  return unpaid ? 'an invoice was unpaid' : 'an invoice may be unpaid'
}

type Known = { account: Overview; payees: readonly PayeeEntry[]; names: ReadonlyMap<string, string> }

/** Names and the review come from the trail, which not everybody who manages reads. */
const mayReview = (c: C, id: string): boolean =>
  (['approve', 'audit', 'admin'] as const).some((role) => may(c, role, id))

/** Payees of an account beside its rule, and what they were called when the trail last named them. @param query which page of them */
const knownOf = async (c: C, id: string, query: object = {}) => {
  const api = c.get('api')
  const [account, { result, next_cursor }, review] = await Promise.all([
    ruleOf(c, id),
    api.get<Listed<PayeeEntry>>(apiOf(id), { limit: MOST, ...query }),
    mayReview(c, id) ? reviewOf(c, id, { limit: MOST }) : null,
  ])
  return { account, payees: result, names: namesIn(review?.result ?? []), next_cursor }
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
      {mayReview(c, id) && <ReviewLinks account={id} />}
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
      lead: 'Who confirmed the payment details of each supplier, and what changed since.',
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
