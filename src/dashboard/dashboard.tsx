/** The dashboard's routes. Every page is a client of the management API: nothing is decided or stored here. */
import { Hono } from 'hono/tiny'
import type { ToolBook } from '../tools/visible/book.ts'
import type { C, Dash } from './app-type.ts'
import { assetAt } from './assets/files.ts'
import type { McpEndpoint } from './connection-test.ts'
import { barePage, failed, requireSession } from './gate.tsx'
import { commonHeaders } from './guard.ts'
import type { Dispatch } from './management.ts'
import { showAccount } from './pages/account.tsx'
import { accountsRoutes } from './pages/accounts.tsx'
import { activityRoutes } from './pages/activity.tsx'
import { approvalRoutes } from './pages/approvals.tsx'
import { secretRoutes } from './pages/secrets.tsx'
import { endGrant, revoke, rotate, showServer, test } from './pages/server.tsx'
import { serverFormRoutes } from './pages/server-form.tsx'
import { settingsRoutes } from './pages/settings.tsx'
import { signInRoutes, signOut } from './pages/sign-in.tsx'
import { stopRoutes } from './pages/stop.tsx'
import { tokenRoutes } from './pages/tokens.tsx'
import { homeOf } from './parts/page.tsx'

export type DashboardDependencies = {
  /** The management API, asked as the person of a session. */
  dispatch: Dispatch
  book: ToolBook
  /** What answers below `/mcp`, for testing a connection. */
  mcp(c: C): McpEndpoint
}

const SERVER = '/accounts/:account/servers/:server'

/** Everything about MCP servers. */
const serverRoutes = ({ book, mcp }: DashboardDependencies) => {
  const { showNew, create, showEdit, edit } = serverFormRoutes(book)
  return new Hono<Dash>()
    .get('/accounts/:account', showAccount)
    .get('/accounts/:account/servers/new', showNew)
    .post('/accounts/:account/servers/new', create)
    .get(SERVER, showServer(book))
    .get(`${SERVER}/edit`, showEdit)
    .post(`${SERVER}/edit`, edit)
    .post(`${SERVER}/rotate`, rotate)
    .post(`${SERVER}/revoke`, revoke)
    .post(`${SERVER}/test`, test(mcp))
    .post(`${SERVER}/grants/:grant`, endGrant)
}

const NOTHING_HERE = 'There is no such page. What it showed may have been deleted or have expired.'

/** @returns an app to be mounted at `/`; it answers everything below `/dashboard` */
export const dashboard = (dependencies: DashboardDependencies): Hono<Dash> => {
  const app = new Hono<Dash>().basePath('/dashboard')
  app.onError(failed)
  app.use('*', commonHeaders)
  app.get('/assets/:name', ({ req }) => assetAt(req.path) ?? new Response('Not found', { status: 404 }))
  app.route('/', signInRoutes)
  app.use('*', requireSession(dependencies.dispatch))
  app.get('/', (c) => c.redirect(homeOf(c.get('session')), 303))
  app.post('/sign-out', signOut)
  app.route('/', accountsRoutes)
  app.route('/', serverRoutes(dependencies))
  for (const routes of [
    settingsRoutes,
    activityRoutes,
    secretRoutes,
    approvalRoutes,
    tokenRoutes,
    stopRoutes,
  ])
    app.route('/', routes)
  app.all('*', (c) => barePage(c, 404, 'Not found', NOTHING_HERE))
  return app
}
