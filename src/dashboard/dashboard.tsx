/** The dashboard's routes. Every page is a client of the management API: nothing is decided or stored here. */
import { Hono } from 'hono/tiny'
import { nearPath } from '../api/near-path.ts'
import type { C, Dash, Page } from './app-type.ts'
import { assetAt } from './assets/files.ts'
import type { McpEndpoint } from './connection-test.ts'
import { barePage, commonHeaders, failed, requireSession } from './gate.tsx'
import type { Dispatch } from './management.ts'
import { serversPage } from './pages/account.tsx'
import { accountsPage } from './pages/accounts.tsx'
import { activityPage } from './pages/activity.tsx'
import { companySignInRoutes } from './pages/company-sign-in.ts'
import { deploymentPage } from './pages/deployment.tsx'
import { accessPage } from './pages/history/access.tsx'
import { accountHistoryPage } from './pages/history/account-history.tsx'
import { serverHistoryPage } from './pages/history/server-history.tsx'
import { overviewPage } from './pages/overview.tsx'
import { payeesPage } from './pages/payees/payees.tsx'
import { peoplePage } from './pages/people/people.tsx'
import { personPage } from './pages/people/person.tsx'
import { tokensPage } from './pages/people/tokens.tsx'
import { secretsPage } from './pages/secrets.tsx'
import { serverPage } from './pages/server.tsx'
import { createServerPage } from './pages/server-form/create.tsx'
import { editServerPage } from './pages/server-form/edit.tsx'
import { settingsPage } from './pages/settings.tsx'
import { settingsDraftsPage } from './pages/settings-drafts.tsx'
import { signInRoutes, signOut } from './pages/sign-in.tsx'
import { stopPage } from './pages/stop.tsx'
import { timesPage } from './pages/times.tsx'
import { approvalsPage } from './pages/writes/approvals.tsx'
import { unknownWritesPage } from './pages/writes/unknown-writes.tsx'

/** In the order of the navigation and of the tabs; `servers/new` comes before `servers/:server`. */
const PAGES: readonly Page[] = [
  overviewPage,
  accountsPage,
  serversPage,
  createServerPage,
  editServerPage,
  serverPage,
  serverHistoryPage,
  approvalsPage,
  unknownWritesPage,
  payeesPage,
  settingsDraftsPage,
  activityPage,
  accessPage,
  secretsPage,
  settingsPage,
  accountHistoryPage,
  peoplePage,
  personPage,
  tokensPage,
  deploymentPage,
  stopPage,
  timesPage,
]

const LINKS = PAGES.flatMap(({ link }) => link ?? [])
const TABS = PAGES.flatMap(({ tab }) => tab ?? [])

export type DashboardDependencies = {
  /** The management API, asked as the person of a session. */
  dispatch: Dispatch
  /** What answers below `/mcp`, for testing a connection. */
  mcp(c: C): McpEndpoint
}

const NOTHING_HERE = 'There is no such page. What it showed may have been deleted or have expired.'

/** @returns an app to be mounted at `/`; it answers everything below `/dashboard` */
export const dashboard = ({ dispatch, mcp }: DashboardDependencies): Hono<Dash> => {
  const app = new Hono<Dash>().basePath('/dashboard')
  app.onError(failed)
  app.use('*', commonHeaders)
  app.get(
    '/assets/:name',
    async ({ req, env }) => (await assetAt(req.path, env)) ?? new Response('Not found', { status: 404 }),
  )
  app.route('/', companySignInRoutes)
  app.route('/', signInRoutes)
  app.use('*', requireSession(dispatch))
  app.use('*', async (c, next) => {
    c.set('links', LINKS)
    c.set('tabs', TABS)
    c.set('mcp', mcp(c))
    await next()
  })
  app.post('/sign-out', signOut)
  for (const { routes } of PAGES) app.route('/', routes)
  const pages = app.routes.flatMap(({ method, path }) =>
    method === 'GET' && !path.includes('*') ? [path] : [],
  )
  app.all('*', (c) => {
    const near = nearPath(c.req.path, pages)
    return barePage(
      c,
      404,
      'Not found',
      near === null ? NOTHING_HERE : `There is no such page; did you mean ${near}?`,
    )
  })
  return app
}
