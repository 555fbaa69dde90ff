/** The history of an account: who could do what on a day, and every change of its settings, servers, people and roles. */
import { Hono } from 'hono/tiny'
import type { C, Dash, Page, Tab } from '../../app-type.ts'
import { ACCOUNTS, may, page } from '../../parts/page.tsx'
import { Section } from '../../parts/section.tsx'
import { Older } from '../../parts/table.tsx'
import { Moment } from '../../parts/time.tsx'
import type { AccountHistory } from '../../shapes.ts'
import { accountApi, accountPage, accountPath, openAccount, pathIn } from '../account-head.tsx'
import { AccessTables, namesIn, nameThen, orGone } from './access-tables.tsx'
import { Changes, DayForm, dayAsked, NotWhole } from './parts.tsx'

const TAB: Tab = { path: '/history', label: 'History', roles: ['audit'] }

/** So many of them stay below 40 kilobytes with all that the page loads. */
const PER_PAGE = '15'

/** Of an account that was disconnected only its trail is left. */
const show = async (c: C) => {
  const { on, at, since } = dayAsked(c)
  const query = { at, since, limit: PER_PAGE, next_cursor: c.req.query('from') }
  const [account, history] = await Promise.all([
    orGone(openAccount(c)),
    c.get('api').get<AccountHistory>([...accountApi(c), 'history'], query),
  ])
  const id = history.integrated_account_id
  const name = account?.name ?? nameThen(history)
  const { next_cursor } = history
  const older =
    next_cursor && `${pathIn(c)}/history?${new URLSearchParams({ ...(on && { on }), from: next_cursor })}`
  const body = (
    <>
      <DayForm on={on} label="As it was on" />
      <NotWhole {...history} />
      <section class="stack" aria-labelledby="was">
        <h2 id="was">
          Who could do what on <Moment at={history.at} />
        </h2>
        <AccessTables history={history} />
      </section>
      <Section id="changes" title="Changes up to then">
        <Changes
          changes={history.changes}
          account={id}
          whole={may(c, 'audit', null)}
          around={{ accounts: new Map([[id, name]]), names: namesIn(history) }}
          caption="Changes of the account, its servers, people and roles"
          empty="No change is kept"
        />
        <Older href={older} label="Older changes" />
      </Section>
    </>
  )
  if (account) return accountPage(c, account, TAB, body)
  const lead = 'This account was disconnected. Its audit trail is kept.'
  return page(c, { title: `History of ${name}`, place: 'accounts', crumbs: [ACCOUNTS], lead }, body)
}

const MOST_CHANGES = '30'

/** Only what changed, so that a page that shows several accounts can take it in. */
const showChanges = async (c: C) => {
  const { on, at } = dayAsked(c)
  const query = { at, limit: MOST_CHANGES, next_cursor: c.req.query('from') }
  const history = await c.get('api').get<AccountHistory>([...accountApi(c), 'history'], query)
  const [id, name] = [history.integrated_account_id, nameThen(history)]
  const { next_cursor } = history
  const path = `${accountPath(id)}/history`
  const older =
    next_cursor && `${path}/changes?${new URLSearchParams({ ...(on && { on }), from: next_cursor })}`
  return page(
    c,
    {
      title: `Changes of ${name}`,
      place: 'accounts',
      crumbs: [ACCOUNTS, { href: path, label: name }],
      lead: (
        <>
          Up to <Moment at={history.at} />, newest first.
        </>
      ),
    },
    <div id="more" class="stack">
      <NotWhole {...history} />
      <Changes
        changes={history.changes}
        account={id}
        whole={may(c, 'audit', null)}
        around={{ accounts: new Map([[id, name]]), names: namesIn(history) }}
        caption="Changes of the account, its servers, people and roles"
        empty="No change is kept."
      />
      <Older href={older} label="Older changes" />
    </div>,
  )
}

export const accountHistoryPage: Page = {
  tab: TAB,
  routes: new Hono<Dash>()
    .get('/accounts/:account/history', show)
    .get('/accounts/:account/history/changes', showChanges),
}
