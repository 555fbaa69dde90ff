/** The dashboard's routes. Every page is a client of the management API: nothing is decided or stored here. */
import { Hono } from 'hono/tiny'
import type { Dash } from './app-type.ts'
import { assetAt } from './assets/files.ts'
import { barePage, failed, requireSession } from './gate.tsx'
import { standingHeaders } from './guard.ts'
import type { Dispatch } from './management.ts'
import { showAccount } from './pages/account.tsx'
import { accountsRoutes } from './pages/accounts.tsx'
import { doorRoutes, signOut } from './pages/sign-in.tsx'
import { homeOf } from './parts/page.tsx'

export type DashboardDependencies = {
  dispatch: Dispatch
}

const NOTHING_HERE = 'There is no such page. What it showed may have been deleted or have expired.'

/** @returns an app to be mounted at `/`; it answers everything below `/dashboard` */
export const dashboard = ({ dispatch }: DashboardDependencies): Hono<Dash> => {
  const app = new Hono<Dash>().basePath('/dashboard')
  app.onError(failed)
  app.use('*', standingHeaders)
  app.get('/assets/:name', ({ req }) => assetAt(req.path) ?? new Response('Not found', { status: 404 }))
  app.route('/', doorRoutes)
  app.use('*', requireSession(dispatch))
  app.get('/', (c) => c.redirect(homeOf(c.get('session')), 303))
  app.post('/sign-out', signOut)
  app.route('/', accountsRoutes)
  app.get('/accounts/:account', showAccount)
  app.all('*', (c) => barePage(c, 404, 'Not found', NOTHING_HERE))
  return app
}
