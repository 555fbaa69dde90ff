/** Creating and changing an MCP server, with a preview of what it exposes. */
import { Hono } from 'hono/tiny'
import { effectiveConfig, type ServerConfig } from '../../../rules/server-settings.ts'
import type { C, Dash, Page } from '../../app-type.ts'
import { formOf, type SentForm } from '../../form-data.ts'
import { Refused } from '../../management.ts'
import { type Entered, Form, NOTHING, orAgain, Submit } from '../../parts/form.tsx'
import { RefusedNote } from '../../parts/notes.tsx'
import { ACCOUNTS, page } from '../../parts/page.tsx'
import { Preview, seenThrough } from '../../parts/preview.tsx'
import type { Account, NewServer, Server } from '../../shapes.ts'
import { Expiry } from '../account.tsx'
import { accountApi, accountPath, serverApi } from '../account-head.tsx'
import { createdPage } from '../created.tsx'
import { ServerFields } from './fields.tsx'
import { changeOf, configIn, expiryIn, fieldsOf, filterIn } from './values.ts'

type Shown = {
  account: Account
  /** Null for a new one. */
  server: Server | null
  form: SentForm
  entered: Entered
}

const readConfig = (form: SentForm) => configIn(form, seenThrough(filterIn(form)).effects)

const Fields = ({ account, server, form, entered, action }: Shown & { action: string }) => (
  <Form action={action} class="side-by-side" preview={action}>
    <div class="card stack loose">
      <RefusedNote refused={entered.refused} />
      <ServerFields
        form={form}
        entered={entered}
        keep={
          server && (
            <>
              As it is: <Expiry at={server.expires_at} />
            </>
          )
        }
      />
      <div class="row">
        <Submit busy="Saving">{server ? 'Save' : 'Create MCP server'}</Submit>
        <button class="noscript" type="submit" formmethod="get" formnovalidate>
          Update the preview
        </button>
      </div>
    </div>
    <div class="sticky">
      <Preview seen={seenThrough(effectiveConfig(readConfig(form).config, account))} />
    </div>
  </Form>
)

const formPage = (c: C, shown: Shown) => {
  const { account, server, entered } = shown
  const path = accountPath(account.id)
  return page(
    c,
    {
      title: server ? `Change ${server.name}` : 'Create MCP server',
      place: 'accounts',
      crumbs: [ACCOUNTS, { href: path, label: account.name }],
      lead: server
        ? 'Holds from the next call on. The URL stays the same.'
        : 'A URL of its own for one agent or person. It is shown once, right after this.',
    },
    <Fields {...shown} action={server ? `${path}/servers/${server.id}/edit` : `${path}/servers/new`} />,
    entered.refused ? 400 : 200,
  )
}

/** The account of the address, and the server unless a new one is to be made. @throws Refused 404 */
const load = async (c: C) => {
  const api = c.get('api')
  const [account, server] = await Promise.all([
    api.get<Account>(accountApi(c)),
    c.req.param('server') === undefined ? null : api.get<Server>(serverApi(c)),
  ])
  return { account, server }
}

/** The configuration that a form asks for. @throws Refused 400 for what cannot be read */
const configOf = (form: SentForm): ServerConfig => {
  const { config, problems } = readConfig(form)
  if (problems.length > 0) throw new Refused(400, 'Some fields cannot be read: see below.', problems, null)
  return config
}

/** With a query it is the form as filled in so far, asked for a preview. */
const show = async (c: C) => {
  const { account, server } = await load(c)
  const asked = new URL(c.req.url).searchParams
  const form = formOf(server && !asked.has('name') ? fieldsOf(server.name, server.config) : asked)
  return formPage(c, { account, server, form, entered: NOTHING })
}

const save = async (c: C) => {
  const form = c.get('form')
  const { account, server } = await load(c)
  const send = async () => {
    const [api, name, config] = [c.get('api'), form.one('name'), configOf(form)]
    const expires_at = expiryIn(form, Date.now())
    if (server) {
      await api.send('PATCH', serverApi(c), { name, config: changeOf(config), expires_at })
      return c.redirect(`${accountPath(account.id)}/servers/${server.id}?done=saved`, 303)
    }
    const created = { name, config, expires_at: expires_at ?? null }
    const made = await api.send<NewServer>('POST', `${accountApi(c)}/mcp`, created)
    return createdPage(c, { account, made, title: 'The URL is ready' })
  }
  return orAgain(c, send, (entered) => formPage(c, { account, server, form, entered }))
}

export const serverFormPage: Page = {
  routes: new Hono<Dash>()
    .get('/accounts/:account/servers/new', show)
    .post('/accounts/:account/servers/new', save)
    .get('/accounts/:account/servers/:server/edit', show)
    .post('/accounts/:account/servers/:server/edit', save),
}
