/** One account: its MCP servers. */
import { Hono } from 'hono/tiny'
import { DAY_MS } from '../../core/time.ts'
import { plural } from '../../core/words.ts'
import { SUBJECTS } from '../../rules/summary/words.ts'
import type { C, Dash, Page, Tab } from '../app-type.ts'
import { type CsvColumns, csvFile, ExportLink } from '../csv.tsx'
import { Asleep, Badge, Empty, LinkButton } from '../parts/notes.tsx'
import { may } from '../parts/page.tsx'
import { Older, Table, When } from '../parts/table.tsx'
import { Moment } from '../parts/time.tsx'
import type { AccountUsage, Listed, Server } from '../shapes.ts'
import { accountApi, accountPage, accountPath, openAccount } from './account-head.tsx'
import { methodsWords } from './server-form/words.ts'

const TAB: Tab = { path: '', label: 'MCP servers' }

const PER_PAGE = '50'

/** When a server ends; soon is marked. */
export const Expiry = ({ at }: { at: string | null }) => {
  if (at === null) return <Badge>never</Badge>
  const soon = Date.parse(at) - Date.now() < DAY_MS
  return soon ? (
    <Badge tone="warn">
      <When at={at} />
    </Badge>
  ) : (
    <Moment at={at} />
  )
}

/** What a configuration lets through, in a few words. */
export const Allows = ({ config }: { config: Server['config'] }) => {
  const { methods = ['read'], tags, tools, tool_exposure } = config
  const subjects = tags?.map((tag) => SUBJECTS[tag] ?? tag).join(', ')
  return (
    <>
      {tools ? plural(tools.length, 'named tool') : methodsWords(methods)}
      {!tools && subjects && `: ${subjects}`}
      {tool_exposure === 'discovery' && <span class="sub">found as they are needed</span>}
    </>
  )
}

const COLUMNS = ['MCP server', 'Allows', 'Ends', 'Last call']

const rowOf = (
  path: string,
  { id, name, holder, asleep, config, expires_at }: Server,
  use: AccountUsage['servers'][number] | undefined,
) => [
  <>
    <a href={`${path}/servers/${id}`}>{name}</a> {asleep && <Asleep />}
    {holder && <span class="sub">{`for ${holder.name}`}</span>}
  </>,
  <Allows config={config} />,
  <Expiry at={expires_at} />,
  use ? (
    <>
      <When at={use.last_used_at} />
      {use.calls_24h > 0 && <span class="sub">{`${plural(use.calls_24h, 'call')} in 24 hours`}</span>}
    </>
  ) : (
    <a href={`${path}/servers/${id}`}>open it</a>
  ),
]

const CSV: CsvColumns<Server> = {
  'MCP server': ({ name }) => name,
  'What it may do': ({ summary }) => summary,
  'Works through it': ({ holder }) => holder?.name,
  'Second factor': ({ config }) => (config.require_api_token_auth ? 'API token' : 'none'),
  Ends: ({ expires_at }) => expires_at ?? 'never',
  'Lets nobody in yet': ({ asleep }) => (asleep ? 'yes' : ''),
  Made: ({ created_at }) => created_at,
  'Made by': ({ created_by }) => created_by,
  Changed: ({ updated_at }) => updated_at,
  'Changed by': ({ changed_by }) => changed_by,
  Id: ({ id }) => id,
}

const Create = ({ path }: { path: string }) => (
  <LinkButton href={`${path}/servers/new`} label="Create MCP server" tone="primary" />
)

const show = async (c: C) => {
  const api = c.get('api')
  const from = c.req.query('from')
  const [account, servers, usage] = await Promise.all([
    openAccount(c),
    api.get<Listed<Server>>([...accountApi(c), 'mcp'], { limit: PER_PAGE, next_cursor: from }),
    api.get<AccountUsage>([...accountApi(c), 'usage'], { days: '1' }),
  ])
  const path = accountPath(account.id)
  const create = may(c, 'manage', account.id) ? <Create path={path} /> : null
  const uses = new Map(usage.servers.map((use) => [use.id, use]))
  const body =
    servers.result.length === 0 ? (
      <Empty icon="server" title="No MCP server yet" action={create}>
        An MCP server is a URL with a secret in it. Give each agent or person one of its own: it can do only
        what you choose, it ends when you say, and you can revoke it without touching the others.
      </Empty>
    ) : (
      <Table
        caption="MCP servers"
        columns={COLUMNS}
        rows={servers.result.map((server) => rowOf(path, server, uses.get(server.id)))}
      />
    )
  return accountPage(
    c,
    account,
    TAB,
    <>
      {body}
      {servers.result.length > 0 && <ExportLink href={`${path}/servers.csv`} />}
      <Older href={servers.next_cursor && `${path}?from=${servers.next_cursor}`} label="Older MCP servers" />
    </>,
    { actions: servers.result.length > 0 ? create : null },
  )
}

export const serversPage: Page = {
  tab: TAB,
  routes: new Hono<Dash>()
    .get('/accounts/:account', show)
    .get('/accounts/:account/servers.csv', (c) =>
      csvFile<Server>(c, 'finexio-mcp-servers', [...accountApi(c), 'mcp'], CSV),
    ),
}
