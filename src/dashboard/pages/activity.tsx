/** The audit trail: what happened, in sentences; filters, charts, its export, and the way to its verification. */
import { Hono } from 'hono/tiny'
import { SUMMED } from '../../api/log/rows.ts'
import type { C, Dash, Page, Tab } from '../app-type.ts'
import { ActivityFilters, type Choices, logQuery, rangeWords } from '../parts/activity-filters.tsx'
import { UsageCharts } from '../parts/charts.tsx'
import { Form } from '../parts/form.tsx'
import { Details, LogTable } from '../parts/log-table.tsx'
import { LinkButton, Note } from '../parts/notes.tsx'
import { may, page } from '../parts/page.tsx'
import { Older } from '../parts/table.tsx'
import { Moment } from '../parts/time.tsx'
import { Refused } from '../refused.ts'
import type { AccountEntry, AccountUsage, Listed, LogRow, Server } from '../shapes.ts'
import { accountApi, accountPage, openAccount, pathIn } from './account-head.tsx'
import { verifyAll, verifyOne } from './verify-trails.tsx'

const TAB: Tab = { path: '/activity', label: 'Activity' }

/** A page of them stays below 40 kilobytes with what it loads. */
const PER_PAGE = '22'

/** This address with some of its query changed. */
const here = (c: C, path: string, change: Record<string, string>) => {
  const query = new URLSearchParams(new URL(c.req.url).search)
  query.delete('done')
  for (const [name, value] of Object.entries(change)) query.set(name, value)
  return `${path}?${query}`
}

/** What a date can hold (ECMA-262, 21.4.1.1). */
const MOST_MS = 8.64e15

type Log = Listed<LogRow> & { refused: string | null }

/** What the filter asks for; a filter that the API refuses is shown again, with the reason. */
const logOf = async (c: C, accountId: string | null): Promise<Log> => {
  try {
    const query = { ...logQuery(c, accountId), limit: PER_PAGE, folded: 'true' }
    return { ...(await c.get('api').get<Listed<LogRow>>(['log'], query)), refused: null }
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 400) throw error
    return { result: [], next_cursor: null, refused: error.message }
  }
}

const Tools = ({ c, path }: { c: C; path: string }) => (
  <div class="row">
    <LinkButton href={here(c, `${path}/export`, { format: 'csv' })} label="Export CSV" tone="mini" />
    <LinkButton href={here(c, `${path}/export`, { format: 'jsonl' })} label="Export JSON lines" tone="mini" />
    <Form action={`${path}/verify`} class="row">
      <button class="mini" type="submit" data-busy="Verifying">
        Verify the chain
      </button>
    </Form>
    <span class="soft small">
      Names, ids, outcomes and amounts; never a bank number, a body or a secret. {SUMMED}
    </span>
  </div>
)

/** A page may be empty although there is more: a filter looks through so many rows at a time. */
const Empty = ({ c, more }: { c: C; more: boolean }) => {
  if (more) return <>None of the rows that were looked through fits. There are older ones.</>
  const filtered = [...new URL(c.req.url).searchParams].some(([name, value]) => name !== 'done' && value)
  return filtered ? (
    <>Nothing fits this filter in this time. {rangeWords(c)}</>
  ) : (
    <>Nothing in the last 31 days. What happens appears here within seconds.</>
  )
}

type Shown = {
  path: string
  accountId: string | null
  log: Log
  choices: Choices
  /** Names by id, where rows of several accounts are shown. */
  names?: ReadonlyMap<string, string>
}

const Body = ({ c, path, accountId, log, choices, names }: Shown & { c: C }) => {
  const more = log.next_cursor !== null
  const empty = log.result.length === 0
  return (
    <>
      <ActivityFilters c={c} path={path} choices={choices} rows={log.result} />
      <Tools c={c} path={path} />
      {log.refused !== null && (
        <Note tone="warn" title="This cannot be asked for">
          {log.refused}
        </Note>
      )}
      <section id="rows" aria-label="Rows" data-live={c.req.query('from') ? undefined : '1'}>
        <LogTable
          rows={log.result}
          page={`${path.split('/').at(-1)}/row`}
          empty={log.refused === null && <Empty c={c} more={more} />}
          past={(account) =>
            account !== '' && may(c, 'audit', account)
              ? accountId === null
                ? `accounts/${account}/history`
                : 'history'
              : null
          }
          {...(names && { accounts: names })}
        />
      </section>
      <Older
        href={log.next_cursor && here(c, path, { from: log.next_cursor })}
        label={empty ? 'Look further back' : 'Older'}
      />
    </>
  )
}

const ofAll = async (c: C) => {
  const [{ result: accounts }, log] = await Promise.all([
    c.get('api').get<Listed<AccountEntry>>(['integrated-account'], { limit: '100' }),
    logOf(c, null),
  ])
  const all = may(c, 'audit', null)
  return page(
    c,
    {
      title: 'Activity',
      place: 'activity',
      lead: `What agents and people did, in ${all ? 'all' : 'your'} accounts: every tool call, every write, every decision and every change of settings.`,
    },
    <Body
      c={c}
      path="/dashboard/activity"
      accountId={null}
      log={log}
      choices={{ accounts, deployment: all, servers: null }}
      names={new Map(accounts.map(({ id, name }) => [id, name]))}
    />,
  )
}

const ofAccount = async (c: C) => {
  const id = c.req.param('account') ?? ''
  const api = c.get('api')
  const [account, { result: servers }, log] = await Promise.all([
    openAccount(c),
    api.get<Listed<Server>>([...accountApi(c), 'mcp'], { limit: '100' }),
    logOf(c, id),
  ])
  return accountPage(
    c,
    account,
    TAB,
    <>
      <p>
        <a class="more" href="activity/usage">
          Calls, errors and money by day
        </a>
      </p>
      <Body
        c={c}
        path={`${pathIn(c)}/activity`}
        accountId={id}
        log={log}
        choices={{ accounts: null, deployment: false, servers }}
      />
    </>,
  )
}

/** Beside the rows they would weigh as much as twenty of them: they are fetched by whoever opens them. */
const usageOf = async (c: C) => {
  const [account, usage] = await Promise.all([
    openAccount(c),
    c.get('api').get<AccountUsage>([...accountApi(c), 'usage']),
  ])
  return accountPage(
    c,
    account,
    TAB,
    <div id="more">
      <UsageCharts days={usage.days} money />
    </div>,
  )
}

const NO_ROW = 'There is no such row any more, or it is in a trail that you may not read.'

/** One row as it is kept, and what it leads to. */
const rowOf = async (c: C) => {
  const [at, seq] = [Number(c.req.query('at')), Number(c.req.query('seq'))]
  if (!Number.isInteger(at) || Math.abs(at) >= MOST_MS) throw new Refused(404, NO_ROW)
  const iso = (ms: number) => new Date(ms).toISOString()
  const { result } = await c.get('api').get<Listed<LogRow>>(['log'], {
    log_type: 'all',
    integrated_account_id: c.req.param('account') ?? c.req.query('in'),
    'created_at[gt]': iso(at - 1),
    'created_at[lt]': iso(at + 1),
    limit: '100',
  })
  const row = result.find((one) => one.seq === seq)
  if (!row) throw new Refused(404, NO_ROW)
  const crumbs = [{ href: c.req.path.replace(/\/row$/, ''), label: 'Activity' }]
  return page(
    c,
    { title: `Row ${seq}`, place: 'activity', crumbs, lead: row.sentence },
    <section class="card stack" aria-label="The row">
      <Moment at={row.timestamp} seconds />
      <Details row={row} />
    </section>,
  )
}

/** Passed on as it comes, row by row. */
const download = async (c: C) => {
  const query = logQuery(c, c.req.param('account') ?? null)
  const format = c.req.query('format') === 'jsonl' ? 'jsonl' : 'csv'
  const { status, headers, body } = await c.get('api').raw(['log', 'export'], { ...query, format })
  return new Response(body, { status, headers: new Headers(headers) })
}

export const activityPage: Page = {
  link: { place: 'activity', label: 'Activity', icon: 'activity', roles: ['manage', 'audit'] },
  tab: TAB,
  routes: new Hono<Dash>()
    .get('/activity', ofAll)
    .get('/activity/row', rowOf)
    .get('/activity/export', download)
    .post('/activity/verify', verifyAll)
    .get('/accounts/:account/activity', ofAccount)
    .get('/accounts/:account/activity/row', rowOf)
    .get('/accounts/:account/activity/usage', usageOf)
    .get('/accounts/:account/activity/export', download)
    .post('/accounts/:account/activity/verify', verifyOne),
}
