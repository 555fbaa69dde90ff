/** One MCP server: what it allows, how it is used, what its limits have left; rotating, revoking, testing. */
import { Hono } from 'hono/tiny'
import { grouped } from '../../core/words.ts'
import { effectiveConfig } from '../../rules/server-settings.ts'
import type { Described } from '../../tools/visible/preview.ts'
import { sentencesFor } from '../../tools/visible/summary.ts'
import type { C, Dash, Page } from '../app-type.ts'
import { testConnection } from '../connection-test.ts'
import { doneWith } from '../done.ts'
import { about } from '../format.ts'
import { Undoable } from '../parts/approvals/who-decides.tsx'
import { UsageCharts } from '../parts/charts.tsx'
import { Form, Select, Submit } from '../parts/form.tsx'
import { LogTable } from '../parts/log-table.tsx'
import { Badge, LinkButton } from '../parts/notes.tsx'
import { ACCOUNTS, may, page } from '../parts/page.tsx'
import { nameIn } from '../parts/principals.ts'
import { Section } from '../parts/section.tsx'
import { Grants } from '../parts/server/grants.tsx'
import { LimitsUsed } from '../parts/server/limits-used.tsx'
import { type Effects, May, seenThrough, ToolList } from '../parts/server/preview.tsx'
import { Revoke, waitingOf } from '../parts/server/revoke.tsx'
import { BearerField, TestResult } from '../parts/server/test-result.tsx'
import { Facts, Stats, When } from '../parts/table.tsx'
import { Moment, ZoneContext } from '../parts/time.tsx'
import type { Account, Grant, Listed, LogRow, NewServer, Server, ServerUsage } from '../shapes.ts'
import { Allows, Expiry } from './account.tsx'
import { accountApi, accountPath, pathIn, serverApi } from './account-head.tsx'
import { createdPage } from './created.tsx'
import { rulesOf } from './server-form/words.ts'

const OVERLAPS = [
  { value: '0', label: 'ends at once (it leaked)' },
  { value: '3600', label: 'works for another hour' },
  { value: '86400', label: 'works for another day' },
  { value: '604800', label: 'works for another week' },
]

const Rotate = ({ path }: { path: string }) => (
  <Form action={`${path}/rotate`} title="New URL">
    <p class="soft">Settings, limits and history go on; only the secret changes.</p>
    <Select label="The old one" name="overlap" options={OVERLAPS} />
    <Submit tone="">Make a new URL</Submit>
  </Form>
)

const TestCard = ({ path, server }: { path: string; server: Server }) => (
  <Form action={`${path}/test`} into="test" title="Test a URL">
    <p class="soft">
      URLs are not stored. Paste the one you have: it is checked, listed and called as a client would.
    </p>
    <div class="field">
      <label for="url">MCP URL</label>
      <input id="url" name="url" type="password" autocomplete="off" required />
    </div>
    {server.config.require_api_token_auth && <BearerField />}
    <Submit tone="" busy="Calling">
      Test connection
    </Submit>
    <TestResult outcome={null} />
  </Form>
)

/** Who decides on nothing that comes through it, besides who made it and who works through it. */
const handsOf = ({ names, rotated_by, changed_by }: Server): [string, string][] => [
  ...(rotated_by
    ? [['URL renewed by', rotated_by.map((id) => nameIn(names, id)).join(', ')] as [string, string]]
    : []),
  ...(changed_by ? [['Last changed by', nameIn(names, changed_by)] as [string, string]] : []),
]

const asksApproval = (server: Server, account: Account): boolean =>
  (effectiveConfig(server.config, account).approval ?? 'none') !== 'none'

const About = ({ server, account }: { server: Server; account: Account }) => (
  <Section id="about" title="Settings" card>
    <Facts
      facts={[
        ['Allows', <Allows config={server.config} />],
        ['Ends', server.expires_at ? <Moment at={server.expires_at} /> : 'never'],
        [
          'Works through it',
          server.holder ? `${server.holder.name} (${server.holder.kind})` : 'nobody is named',
        ],
        ['Second factor', server.config.require_api_token_auth ? 'API token' : 'none: the URL is enough'],
        ...rulesOf(server.config),
        [
          'Made',
          <>
            <Moment at={server.created_at} />
            {` by ${nameIn(server.names, server.created_by)}`}
          </>,
        ],
        ...handsOf(server),
      ]}
    />
    {asksApproval(server, account) && <Undoable brief />}
  </Section>
)

const serverPath = ({ integrated_account_id, id }: Server) =>
  `${accountPath(integrated_account_id)}/servers/${id}`

/** Shown for servers where clients sign in. */
const grantsOf = async (c: C, { resource_url }: Server): Promise<Grant[]> =>
  resource_url ? (await c.get('api').get<Listed<Grant>>([...serverApi(c), 'grant'])).result : []

const load = async (c: C) => {
  const api = c.get('api')
  const [account, server, usage, log, waiting] = await Promise.all([
    api.get<Account>(accountApi(c)),
    api.get<Server>(serverApi(c), { names: 'true' }),
    api.get<ServerUsage>([...serverApi(c), 'usage']),
    api.get<Listed<LogRow>>(['log'], {
      integrated_account_id: c.req.param('account'),
      'log_type_filter[mcp_server_id]': c.req.param('server'),
      limit: '10',
    }),
    waitingOf(c, c.req.param('account') ?? '', c.req.param('server') ?? ''),
  ])
  const seen = seenThrough(effectiveConfig(server.config, account), server.config)
  return { account, server, usage, log: log.result, grants: await grantsOf(c, server), seen, waiting }
}

const EffectBadge = ({ effects }: { effects: Effects }) => {
  if (effects.money > 0) return <Badge tone="money">moves money</Badge>
  return effects.write > 0 ? <Badge tone="write">writes</Badge> : <Badge tone="read">read only</Badge>
}

const Tools = ({ tools }: { tools: readonly Described[] }) => (
  <Section id="tools-title" title="Tools" card>
    <ToolList tools={tools} />
  </Section>
)

const LatestCalls = ({ rows, all }: { rows: readonly LogRow[]; all: string }) => (
  <section id="activity" class="stack" aria-labelledby="activity-title" data-live="1">
    <div class="row between">
      <h2 id="activity-title">Latest calls</h2>
      <a href={all}>All of them</a>
    </div>
    <LogTable
      rows={rows}
      page="../activity/row"
      empty="No call yet. Put the URL into a client and ask something; it appears here within seconds."
    />
  </section>
)

type Loaded = Awaited<ReturnType<typeof load>>

/** @param isManaged whoever audits may look and revoke */
const Body = ({
  account,
  server,
  usage,
  log,
  grants,
  seen,
  waiting,
  isManaged,
}: Loaded & { isManaged: boolean }) => {
  const path = serverPath(server)
  const { tools, tokens, effects } = seen
  return (
    <>
      <Stats
        stats={[
          ['Ends', <Expiry at={server.expires_at} />],
          ['Last call', <When at={usage.last_used_at} />],
          ['Calls, 24 h', grouped(usage.calls_24h)],
          ['Tools', grouped(tools.length)],
          ['Tokens in every chat', `≈ ${about(tokens)}`],
        ]}
      />
      <section class="card stack" aria-labelledby="may">
        <May says={sentencesFor(server.config, account, server.expires_at, ZoneContext.read())} />
      </section>
      <LimitsUsed limits={server.config.limits} spent={usage.spent} />
      <UsageCharts days={usage.days} money={effects.money > 0} />
      <div class="grid2">
        <About server={server} account={account} />
        <Tools tools={tools} />
      </div>
      <LatestCalls rows={log} all={`${accountPath(account.id)}/activity?server=${server.id}`} />
      {server.resource_url && <Grants path={path} url={server.resource_url} grants={grants} />}
      <div class="grid2">
        <TestCard path={path} server={server} />
        <div class="stack">
          {isManaged && <Rotate path={path} />}
          <Revoke path={path} waiting={waiting} />
        </div>
      </div>
    </>
  )
}

const show = async (c: C) => {
  const loaded = await load(c)
  const { account, server, seen } = loaded
  const isManaged = may(c, 'manage', account.id)
  return page(
    c,
    {
      title: server.name,
      place: 'accounts',
      crumbs: [ACCOUNTS, { href: accountPath(account.id), label: account.name }],
      marks: <EffectBadge effects={seen.effects} />,
      actions: (
        <>
          <LinkButton href={`${serverPath(server)}/history`} label="History" />
          {isManaged && <LinkButton href={`${serverPath(server)}/edit`} label="Change" />}
        </>
      ),
    },
    <Body {...loaded} isManaged={isManaged} />,
  )
}

const rotate = async (c: C) => {
  const overlap = c.get('form').offered(
    'overlap',
    OVERLAPS.map(({ value }) => value),
  )
  const overlap_seconds = Number(overlap)
  const api = c.get('api')
  const account = await api.get<Account>(accountApi(c))
  const made = await api.send<NewServer>('POST', [...serverApi(c), 'rotate'], { overlap_seconds })
  const { label } = OVERLAPS.find(({ value }) => value === overlap)!
  const before = `The old URL ${overlap === '0' ? 'ended: clients that have it are refused' : label}.`
  return createdPage(c, { account, made, title: 'The new URL is ready', before })
}

const revoke = async (c: C) => {
  const { name } = await c.get('api').get<Server>(serverApi(c))
  await c.get('api').send('DELETE', serverApi(c))
  return doneWith(c, pathIn(c), 'revoked', name)
}

const endGrant = async (c: C) => {
  const api = c.get('api')
  const { name } = await api.send<{ name: string }>('DELETE', [
    ...serverApi(c),
    'grant',
    c.req.param('grant') ?? '',
  ])
  const path = `${pathIn(c)}/servers/${encodeURIComponent(c.req.param('server') ?? '')}`
  return doneWith(c, path, 'grant-ended', name)
}

const test = async (c: C) => {
  const form = c.get('form')
  const server = await c.get('api').get<Server>(serverApi(c))
  const outcome = await testConnection(c.get('mcp'), {
    url: form.one('url'),
    origin: new URL(c.req.url).origin,
    accountId: server.integrated_account_id,
    bearer: form.maybe('bearer_token'),
  })
  const crumbs = [{ href: serverPath(server), label: server.name }]
  return page(c, { title: 'Test connection', place: 'accounts', crumbs }, <TestResult outcome={outcome} />)
}

const ONE = '/accounts/:account/servers/:server'

export const serverPage: Page = {
  routes: new Hono<Dash>()
    .get(ONE, show)
    .post(`${ONE}/rotate`, rotate)
    .post(`${ONE}/revoke`, revoke)
    .post(`${ONE}/test`, test)
    .post(`${ONE}/grants/:grant`, endGrant),
}
