/** The review pack of payees: to read, to print, and as CSV. */
import { dollars } from '../../../core/money.ts'
import { plural } from '../../../core/words.ts'
import { momentIn } from '../../../core/zone.ts'
import type { C } from '../../app-type.ts'
import { label } from '../../parts/approvals/approval-parts.tsx'
import { Empty, LinkButton } from '../../parts/notes.tsx'
import { page } from '../../parts/page.tsx'
import { Older, Table } from '../../parts/table.tsx'
import { Moment, ZoneContext } from '../../parts/time.tsx'
import type { Listed, Overview, ReviewRow } from '../../shapes.ts'

type ReviewQuery = { supplier_id?: string | undefined; next_cursor?: string | undefined; limit?: string }

const pathOf = (account: string) => ['integrated-account', account, 'payee', 'review'] as const

export const reviewOf = (c: C, account: string, query: ReviewQuery): Promise<Listed<ReviewRow>> =>
  c.get('api').get<Listed<ReviewRow>>([...pathOf(account)], query)

const valueText = (value: unknown): string => {
  if (value === null || value === '') return 'empty'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const fieldWords = ({ field, before, after }: ReviewRow['fields'][number]): string => {
  const name = label(field)
  if (after === undefined) return name
  return before === undefined
    ? `${name}: now ${valueText(after)}`
    : `${name}: ${valueText(before)} → ${valueText(after)}`
}

const UNPAID = { true: 'an invoice was unpaid', false: 'nothing was under way', null: '' }

const wordsOf = (row: ReviewRow): string => {
  const { called, called_at, number_from, source, note, cents, count, unpaid } = row
  const said = {
    called,
    'called at': called_at && momentIn(ZoneContext.read(), called_at),
    'number from': number_from?.replaceAll('_', ' '),
    source,
    note,
  }
  const named = Object.entries(said).flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []))
  const money = cents === null ? [] : [`${plural(count ?? 0, 'invoice')}, ${dollars(cents)}`]
  return [...named, ...money, UNPAID[`${unpaid}`]].filter(Boolean).join('; ')
}

const EVENTS: Readonly<Record<ReviewRow['event'], string>> = {
  called_back: 'called back',
  accepted: 'accepted as it was',
  present_accepted: 'all accepted as they were',
  changed: 'payment details changed',
  not_changed: 'change not accepted: it is paid as before',
  change_unknown: 'change of payment details: accepted or not, nobody knows',
  instructed: 'payment instructed: Finexio accepted it',
  not_paid: 'not paid',
  payment_unknown: 'outcome unknown: accepted or not',
  sent: 'sent to Finexio',
}

/** What each supplier was called when it was last named, of rows newest first. */
export const namesIn = (rows: readonly ReviewRow[]): ReadonlyMap<string, string> =>
  new Map(
    rows
      .toReversed()
      .flatMap(({ supplier_id, supplier_name }) =>
        supplier_id && supplier_name ? [[supplier_id, supplier_name] as const] : [],
      ),
  )

/** @param name undefined: it was never named */
export const SupplierName = ({ id, name }: { id: string; name: string | undefined }) => (
  <>
    <span class="wrap">{name ?? id}</span>
    {name && <span class="sub">{id}</span>}
  </>
)

export const ReviewTable = ({
  rows,
  names = namesIn(rows),
}: {
  rows: readonly ReviewRow[]
  names?: ReturnType<typeof namesIn>
}) => (
  <Table
    caption="From the trail: every change, who vouched, what was instructed after it; newest first"
    columns={['When', 'Supplier', 'What', 'Who', 'Old and new', 'Details']}
    rows={rows.map((row) => [
      <Moment at={row.timestamp} />,
      row.supplier_id ? (
        <SupplierName id={row.supplier_id} name={row.supplier_name ?? names.get(row.supplier_id)} />
      ) : (
        'all'
      ),
      EVENTS[row.event],
      row.actor_name ?? '',
      row.fields.length > 0 && (
        <ul class="plain">
          {row.fields.map((field) => (
            <li class="wrap">{fieldWords(field)}</li>
          ))}
        </ul>
      ),
      wordsOf(row),
    ])}
  />
)

const hrefOf = (account: string, path: string, query: Record<string, string | undefined>) => {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value ? [[name, value] as [string, string]] : [],
  )
  const search = new URLSearchParams(given).toString()
  return `/dashboard/payees/${encodeURIComponent(account)}/${path}${search && `?${search}`}`
}

/** @param supplier missing: all of the account */
export const ReviewLinks = ({ account, supplier }: { account: string; supplier?: string | undefined }) => (
  <div class="row">
    <LinkButton href={hrefOf(account, 'review', { supplier })} label="Review pack, to print" tone="mini" />
    <LinkButton href={hrefOf(account, 'review.csv', { supplier })} label="Review pack as CSV" tone="mini" />
  </div>
)

const PER_PAGE = '500'

export const reviewPage = async (c: C) => {
  const account = c.req.param('account') ?? ''
  const supplier = c.req.query('supplier')
  const [{ name }, { result, next_cursor }] = await Promise.all([
    c.get('api').get<Overview>(['integrated-account', account, 'overview']),
    reviewOf(c, account, { supplier_id: supplier, next_cursor: c.req.query('from'), limit: PER_PAGE }),
  ])
  return page(
    c,
    {
      title: `Review of payees of ${name}`,
      place: 'payees',
      crumbs: [{ href: '/dashboard/payees', label: 'Payees' }],
      lead: supplier
        ? `Only ${namesIn(result).get(supplier) ?? 'the supplier'} (${supplier})`
        : 'All suppliers, as far back as the trail is kept.',
    },
    <>
      {result.length === 0 ? (
        <Empty icon="payee" title="Nothing in the trail" />
      ) : (
        <ReviewTable rows={result} />
      )}
      <Older
        href={next_cursor && hrefOf(account, 'review', { supplier, from: next_cursor })}
        label="Older rows"
      />
    </>,
  )
}

/** Passed on as it comes, row by row. */
export const download = async (c: C) => {
  const query = { supplier_id: c.req.query('supplier') }
  const path = [...pathOf(c.req.param('account') ?? ''), 'export']
  const { status, headers, body } = await c.get('api').raw(path, query)
  return new Response(body, { status, headers: new Headers(headers) })
}
