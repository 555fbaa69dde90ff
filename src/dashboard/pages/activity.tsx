/** The audit trail: filters, charts, whether its chain holds, and its export. */
import { Hono } from 'hono/tiny'
import type { C, Dash, Page, Tab } from '../app-type.ts'
import { grouped } from '../format.ts'
import { UsageCharts } from '../parts/charts.tsx'
import { Field, Select } from '../parts/form.tsx'
import { LogTable } from '../parts/log-table.tsx'
import { Note } from '../parts/notes.tsx'
import { may, page } from '../parts/page.tsx'
import { Older } from '../parts/table.tsx'
import type { AccountEntry, AccountUsage, Listed, LogRow, Verified } from '../shapes.ts'
import { accountApi, accountPage, openAccount, pathIn } from './account-head.tsx'

const TAB: Tab = { path: '/activity', label: 'Activity' }

const PER_PAGE = '50'

const TYPES = [
  { value: 'mcp', label: 'Tool calls' },
  { value: 'write', label: 'Writes, as the ledger has them' },
  { value: 'management', label: 'Management' },
  { value: 'all', label: 'Everything' },
]
/** What belongs to no account: people, API tokens, sign-ins, the switch of all writes. */
const DEPLOYMENT = { value: 'deployment', label: 'none: the deployment' }
const EFFECTS = [
  { value: '', label: 'any' },
  { value: 'read', label: 'read' },
  { value: 'write', label: 'write' },
  { value: 'money', label: 'money' },
]
const OUTCOMES = [
  { value: '', label: 'any' },
  ...[
    'succeeded',
    'partial',
    'differs',
    'throttled',
    'refused',
    'rejected',
    'failed',
    'unknown',
    'not_sent',
    'fault',
  ].map((value) => ({ value, label: value.replace('_', ' ') })),
]

/** Fields of the filter, and what the API calls each. */
const FILTERS: Readonly<Record<string, string>> = {
  tool: 'log_type_filter[tool_name]',
  effect: 'log_type_filter[effect]',
  outcome: 'log_type_filter[outcome]',
  server: 'log_type_filter[mcp_server_id]',
}

/** What the address asks for, in the API's words. @param accountId null: whatever the reader may see */
const queryOf = (c: C, accountId: string | null): Record<string, string | undefined> => {
  const day = c.req.query('until')
  return {
    log_type: c.req.query('type') ?? (c.req.query('account') === DEPLOYMENT.value ? 'all' : 'mcp'),
    integrated_account_id: accountId ?? c.req.query('account') ?? undefined,
    ...Object.fromEntries(Object.entries(FILTERS).map(([name, key]) => [key, c.req.query(name)])),
    until: day && /^\d{4}-\d\d-\d\d$/.test(day) ? day : undefined,
    next_cursor: c.req.query('from'),
  }
}

/** This address with some of its query changed. */
const here = (c: C, path: string, change: Record<string, string>) => {
  const query = new URLSearchParams(new URL(c.req.url).search)
  query.delete('done')
  for (const [name, value] of Object.entries(change)) query.set(name, value)
  return `${path}?${query}`
}

const Filters = ({ c, accounts }: { c: C; accounts: readonly AccountEntry[] | null }) => {
  const value = (name: string) => c.req.query(name) ?? ''
  const options = (accounts ?? []).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <form method="get" class="card filters" aria-label="Filter">
      {accounts && (
        <Select
          label="Account"
          name="account"
          options={[{ value: '', label: 'all' }, ...(may(c, 'audit', null) ? [DEPLOYMENT] : []), ...options]}
          value={value('account')}
        />
      )}
      <Select label="What" name="type" options={TYPES} value={value('type') || 'mcp'} />
      <Select label="Effect" name="effect" options={EFFECTS} value={value('effect')} />
      <Select label="Outcome" name="outcome" options={OUTCOMES} value={value('outcome')} />
      <Field label="Tool" name="tool" value={value('tool')} />
      <Field label="Until (UTC)" name="until" type="date" value={value('until')} />
      <button type="submit">Show</button>
    </form>
  )
}

const Chain = ({ verified }: { verified: Verified }) =>
  verified.valid ? (
    <Note tone="ok" title="The chain holds">
      {`${grouped(verified.rows)} rows checked; each follows the one before. Keep this last hash somewhere else to prove it later: `}
      <code class="wrap">{verified.last_hash}</code>
      {verified.next && ' (a long trail: this is its first part; GET /log/verify goes on.)'}
    </Note>
  ) : (
    <Note tone="bad" title={`The chain breaks at row ${verified.broken_at}`}>
      A row was changed, moved or taken out. Export the trail now, and compare it with an earlier export.
    </Note>
  )

type Shown = { path: string; accountId: string | null; accounts: AccountEntry[] | null }

const verifiedOf = async (c: C, accountId: string | null): Promise<Verified | null> => {
  if (c.req.query('verify') === undefined) return null
  const named = accountId ?? (c.req.query('account') || undefined)
  return c.get('api').get<Verified>(['log', 'verify'], { integrated_account_id: named })
}

const Body = async ({ c, path, accountId, accounts }: Shown & { c: C }) => {
  const [log, verified] = await Promise.all([
    c.get('api').get<Listed<LogRow>>(['log'], { ...queryOf(c, accountId), limit: PER_PAGE }),
    verifiedOf(c, accountId),
  ])
  // Each account has a chain of its own; without one it is the deployment's.
  const mayVerify = accountId !== null || !!c.req.query('account') || may(c, 'audit', null)
  return (
    <>
      <Filters c={c} accounts={accounts} />
      <div class="row">
        {mayVerify && (
          <a class="button mini" href={here(c, path, { verify: '1' })}>
            Verify the chain
          </a>
        )}
        <a class="button mini" href={here(c, `${path}/export`, { format: 'csv' })}>
          Export CSV
        </a>
        <a class="button mini" href={here(c, `${path}/export`, { format: 'jsonl' })}>
          Export JSON lines
        </a>
        <span class="soft small">One month up to the chosen day. Names, ids and outcomes; never values.</span>
      </div>
      {verified && <Chain verified={verified} />}
      <section id="rows" aria-label="Rows" data-live={c.req.query('from') ? undefined : '1'}>
        <LogTable
          rows={log.result}
          empty="Nothing in this time. Calls appear here within seconds of being made."
        />
      </section>
      <Older href={log.next_cursor && here(c, path, { from: log.next_cursor })} label="Older" />
    </>
  )
}

const ofAll = async (c: C) => {
  const { result } = await c.get('api').get<Listed<AccountEntry>>(['integrated-account'], { limit: '100' })
  const body = await Body({ c, path: '/dashboard/activity', accountId: null, accounts: result })
  return page(
    c,
    {
      title: 'Activity',
      place: 'activity',
      lead: may(c, 'audit', null)
        ? 'Every tool call, every write and every management action, of all accounts.'
        : 'Every tool call, every write and every management action, of your accounts.',
    },
    body,
  )
}

const ofAccount = async (c: C) => {
  const id = c.req.param('account') ?? ''
  const [account, usage, body] = await Promise.all([
    openAccount(c),
    c.get('api').get<AccountUsage>([...accountApi(c), 'usage']),
    Body({ c, path: `${pathIn(c)}/activity`, accountId: id, accounts: null }),
  ])
  return accountPage(
    c,
    account,
    TAB,
    <>
      <UsageCharts days={usage.days} money />
      {body}
    </>,
  )
}

/** Passed on as it comes, row by row. */
const download = async (c: C) => {
  const query = queryOf(c, c.req.param('account') ?? null)
  const format = c.req.query('format') === 'jsonl' ? 'jsonl' : 'csv'
  const { status, headers, body } = await c.get('api').raw(['log', 'export'], { ...query, format })
  return new Response(body, { status, headers: new Headers(headers) })
}

export const activityPage: Page = {
  link: { place: 'activity', label: 'Activity', icon: 'activity', roles: ['manage', 'audit'] },
  tab: TAB,
  routes: new Hono<Dash>()
    .get('/activity', ofAll)
    .get('/activity/export', download)
    .get('/accounts/:account/activity', ofAccount)
    .get('/accounts/:account/activity/export', download),
}
