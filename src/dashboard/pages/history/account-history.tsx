/** The history of an account: who could do what on a day, and every change of its settings, servers, people and roles. */
import { Hono } from 'hono/tiny'
import type { C, Dash, Page, Tab } from '../../app-type.ts'
import { Older } from '../../parts/table.tsx'
import { Moment } from '../../parts/time.tsx'
import type { AccountHistory } from '../../shapes.ts'
import { accountApi, accountPage, openAccount, pathIn } from '../account-head.tsx'
import { AccessTables, namesIn } from './access-tables.tsx'
import { Changes, DayForm, dayAsked, NotWhole } from './parts.tsx'

const TAB: Tab = { path: '/history', label: 'History', roles: ['audit'] }

const show = async (c: C) => {
  const { day, at } = dayAsked(c)
  const [account, history] = await Promise.all([
    openAccount(c),
    c.get('api').get<AccountHistory>([...accountApi(c), 'history'], { at, next_cursor: c.req.query('from') }),
  ])
  const { next_cursor } = history
  const older =
    next_cursor &&
    `${pathIn(c)}/history?${new URLSearchParams({ ...(day && { on: day }), from: next_cursor })}`
  return accountPage(
    c,
    account,
    TAB,
    <>
      <DayForm day={day} label="As it was on" />
      <NotWhole {...history} />
      <section class="stack" aria-labelledby="was">
        <h2 id="was">
          Who could do what on <Moment at={history.at} />
        </h2>
        <AccessTables history={history} />
      </section>
      <section class="stack" aria-labelledby="changes">
        <h2 id="changes">Changes up to then</h2>
        <Changes
          changes={history.changes}
          around={{ accounts: new Map([[account.id, account.name]]), names: namesIn(history) }}
          caption="Changes of the account, its servers, people and roles"
          empty="No change is kept"
        />
        <Older href={older} label="Older changes" />
      </section>
    </>,
  )
}

export const accountHistoryPage: Page = {
  tab: TAB,
  routes: new Hono<Dash>().get('/accounts/:account/history', show),
}
