/** @jsxImportSource hono/jsx */
/** The product, and beside it a bare hono/jsx page with the same Durable Object calls and the same words as one of the dashboard. */
import { Hono } from 'hono/tiny'
import { accountObject, serversOf, usageOf } from '../../src/account/account-stub.ts'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { handler } from '../../src/app.ts'
import type { Env } from '../../src/core/env.ts'
import { secretDigest } from '../../src/identity/session.ts'

export { AccountObject } from '../../src/account/account-object.ts'
export { DirectoryObject } from '../../src/account/directory-object.ts'

const LINKS = ['accounts', 'approvals', 'activity', 'tokens', 'stop', 'activity', 'secrets', 'settings']
const COLUMNS = ['MCP server', 'Allows', 'Ends', 'Last call', 'Calls']

const bare = new Hono<{ Bindings: Env }>()

bare.get('/bare/:account', async ({ req, env, html, text }) => {
  const secret = /finexio_mcp_local=([0-9a-f]{128})/.exec(req.header('cookie') ?? '')?.[1] ?? ''
  const session = await directoryObject(env).useSession(
    await secretDigest(env, 'session', secret),
    await secretDigest(env, 'admin key', env.ADMIN_API_KEY),
  )
  if (!session) return text('no session', 401)
  const account = accountObject(env, req.param('account'))
  const [own, switches, listed, usage] = await Promise.all([
    account.readAccount(),
    account.readAccount(),
    serversOf(account).list(50),
    usageOf(account).ofAccount(1),
  ])
  return html(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{own?.name}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <nav>
          {LINKS.map((name) => (
            <a href={`/dashboard/${name}`}>{name}</a>
          ))}
        </nav>
        <form method="post" action="/dashboard/sign-out">
          <button type="submit">Sign out</button>
        </form>
        <h1>{own?.name}</h1>
        <p>
          {own?.status} {String(switches?.writes_stopped)} {own?.base_url}
        </p>
        <table>
          <tr>
            {COLUMNS.map((name) => (
              <th>{name}</th>
            ))}
          </tr>
          {listed?.servers.map(({ id, name, config, expires_at }) => (
            <tr>
              <td>
                <a href={`/dashboard/accounts/${own?.id}/servers/${id}`}>{name}</a>
              </td>
              <td>{config.methods?.join(', ')}</td>
              <td>{expires_at ?? 'never'}</td>
              <td>{usage?.servers.find((use) => use.id === id)?.last_used_at ?? 'never'}</td>
              <td>{usage?.servers.find((use) => use.id === id)?.calls_24h}</td>
            </tr>
          ))}
        </table>
      </body>
    </html>,
  )
})

export default {
  fetch: (request, env, ctx) =>
    new URL(request.url).pathname.startsWith('/bare/')
      ? bare.fetch(request, env, ctx)
      : handler.fetch!(request, env, ctx),
} satisfies ExportedHandler<Env>
