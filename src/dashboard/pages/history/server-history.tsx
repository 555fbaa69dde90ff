/** The history of one MCP server: as it was on a day, and every change of it. Also of one that is gone. */
import { Hono } from 'hono/tiny'
import type { C, Dash, Page } from '../../app-type.ts'
import { Empty } from '../../parts/notes.tsx'
import { ACCOUNTS, may, page } from '../../parts/page.tsx'
import { Section } from '../../parts/section.tsx'
import { Facts, Older } from '../../parts/table.tsx'
import { Moment } from '../../parts/time.tsx'
import type { Account, ServerHistory } from '../../shapes.ts'
import { accountApi, accountPath, serverApi } from '../account-head.tsx'
import { orGone, Unknown } from './access-tables.tsx'
import { Changes, DayForm, dayAsked, NotWhole } from './parts.tsx'
import { approvalIn, couldDo, isBefore, otherRules, stateIn, underLimits } from './words.ts'

/** What its account allowed all servers together. */
const accountIn = ({ rules }: Pick<ServerHistory, 'rules'>) => ({
  limits: rules.find(({ key, source }) => key === 'limits' && source === 'account')?.value,
})

type Then = Pick<ServerHistory, 'server' | 'rules' | 'at' | 'kept_since'>

const AsItWas = ({ server, rules, at, kept_since }: Then) => (
  <section class="card stack" aria-labelledby="was">
    <h2 id="was">
      As it was on <Moment at={at} />
    </h2>
    {server ? (
      <Facts
        facts={[
          ['Name', server.name],
          ['State', stateIn(server)],
          ['Could', couldDo(server)],
          ['Limits', underLimits(server, accountIn({ rules }))],
          ['Approval', approvalIn(server)],
          ['Worked through it', server.holder?.name ?? 'nobody was named'],
          ['Second factor', server.needs_api_token ? 'API token' : 'none: the URL was enough'],
          ['Ends', server.expires_at ? <Moment at={server.expires_at} /> : 'never'],
          ...otherRules(server),
        ]}
      />
    ) : isBefore({ kept_since, at }) ? (
      <Unknown kept_since={kept_since} />
    ) : (
      <Empty icon="server" title="There was no such MCP server then" />
    )}
  </section>
)

/** So many of them stay below 40 kilobytes with all that the page loads. */
const PER_PAGE = '25'

const nameOf = ({ server, changes }: ServerHistory): string =>
  server?.name ?? changes.find(({ source }) => source === 'server')?.target.name ?? 'MCP server'

const olderOf = ({ next_cursor }: ServerHistory, path: string, on: string | undefined) =>
  next_cursor && `${path}?${new URLSearchParams({ ...(on && { on }), from: next_cursor })}`

const show = async (c: C) => {
  const api = c.get('api')
  const { on, at } = dayAsked(c)
  const [account, history] = await Promise.all([
    orGone(api.get<Account>(accountApi(c))),
    api.get<ServerHistory>([...serverApi(c), 'history'], {
      at,
      limit: PER_PAGE,
      next_cursor: c.req.query('from'),
    }),
  ])
  const id = history.integrated_account_id
  const ofName = account?.name ?? 'an account that is gone'
  const path = `${accountPath(id)}/servers/${history.mcp_server_id}`
  const name = nameOf(history)
  return page(
    c,
    {
      title: `History of ${name}`,
      place: 'accounts',
      crumbs: [
        ACCOUNTS,
        { href: account ? accountPath(id) : `${accountPath(id)}/history`, label: ofName },
        { href: path, label: name },
      ],
    },
    <>
      <DayForm on={on} label="As it was on" />
      <NotWhole {...history} />
      <AsItWas {...history} />
      <Section id="changes" title="Changes">
        <Changes
          changes={history.changes}
          account={id}
          whole={may(c, 'audit', null)}
          around={{ accounts: new Map([[id, ofName]]), names: undefined }}
          caption="Changes of this MCP server, and of what bounds all of its account"
          empty="No change is kept"
        />
        <Older href={olderOf(history, `${path}/history`, on)} label="Older changes" />
      </Section>
    </>,
  )
}

export const serverHistoryPage: Page = {
  routes: new Hono<Dash>().get('/accounts/:account/servers/:server/history', show),
}
