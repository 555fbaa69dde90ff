/** Creating and changing an MCP server, with a preview of what it exposes. */

import { effectiveConfig, type ServerConfig } from '../../rules/server-settings.ts'
import type { ToolBook } from '../../tools/visible/book.ts'
import type { C } from '../app-type.ts'
import { formOf, type SentForm } from '../form-data.ts'
import { Refused } from '../management.ts'
import { type Entered, Form, Submit } from '../parts/form.tsx'
import { RefusedNote } from '../parts/notes.tsx'
import { page } from '../parts/page.tsx'
import { Preview, seenThrough } from '../parts/preview.tsx'
import { ServerFields } from '../parts/server-fields.tsx'
import { changeOf, configIn, expiryIn, fieldsOf, filterIn } from '../server-form.ts'
import type { Account, NewServer, Server } from '../shapes.ts'
import { Expiry } from './account.tsx'
import { accountPath } from './account-head.tsx'
import { createdPage } from './created.tsx'

const asked = (c: C): SentForm => formOf(new URL(c.req.url).searchParams)

type Shown = {
  account: Account
  /** Null for a new one. */
  server: Server | null
  form: SentForm
  entered: Entered
}

/** The configuration that the form describes; what cannot be read is left out. */
const asAsked = (book: ToolBook, form: SentForm): ServerConfig =>
  configIn(form, seenThrough(book, filterIn(form)).effects).config

const Fields = ({
  book,
  account,
  server,
  form,
  entered,
  action,
}: Shown & { book: ToolBook; action: string }) => (
  <Form action={action} class="side-by-side" preview={action}>
    <div class="card stack loose">
      <RefusedNote refused={entered.refused} />
      <ServerFields
        form={form}
        entered={entered}
        book={book}
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
      <Preview seen={seenThrough(book, effectiveConfig(asAsked(book, form), account))} />
    </div>
  </Form>
)

const formPage = (
  book: ToolBook,
  c: C,
  { account, server, form, entered }: Shown,
  status: 200 | 400 = 200,
) => {
  const path = accountPath(account.id)
  const action = server ? `${path}/servers/${server.id}/edit` : `${path}/servers/new`
  return page(
    c,
    {
      title: server ? `Change ${server.name}` : 'Create MCP server',
      place: 'accounts',
      crumbs: [
        { href: '/dashboard/accounts', label: 'Accounts' },
        { href: path, label: account.name },
      ],
      lead: server
        ? 'Holds from the next call on. The URL stays the same.'
        : 'A URL of its own for one agent or person. It is shown once, right after this.',
    },
    <Fields book={book} account={account} server={server} form={form} entered={entered} action={action} />,
    status,
  )
}

const accountOf = (c: C) => c.get('api').get<Account>(`/integrated-account/${c.req.param('account')}`)
const serverPath = (c: C) => `/integrated-account/${c.req.param('account')}/mcp/${c.req.param('server')}`

/** The configuration that a form asks for. @throws Refused 400 for what cannot be read */
const configOf = (book: ToolBook, form: SentForm): ServerConfig => {
  const { effects } = seenThrough(book, filterIn(form))
  const { config, problems } = configIn(form, effects)
  if (problems.length > 0) throw new Refused(400, 'Some fields cannot be read: see below.', problems, null)
  return config
}

const again = (form: SentForm, error: unknown): Entered => {
  if (!(error instanceof Refused)) throw error
  return { values: form.values, refused: error }
}

export const serverFormRoutes = (book: ToolBook) => ({
  showNew: async (c: C) =>
    formPage(book, c, { account: await accountOf(c), server: null, form: asked(c), entered: { values: {} } }),

  create: async (c: C) => {
    const form = c.get('form')
    const account = await accountOf(c)
    try {
      const made = await c.get('api').send<NewServer>('POST', `/integrated-account/${account.id}/mcp`, {
        name: form.one('name'),
        config: configOf(book, form),
        expires_at: expiryIn(form, Date.now()) ?? null,
      })
      return createdPage(c, { account, made, what: 'created' })
    } catch (error) {
      return formPage(book, c, { account, server: null, form, entered: again(form, error) }, 400)
    }
  },

  showEdit: async (c: C) => {
    const [account, server] = await Promise.all([accountOf(c), c.get('api').get<Server>(serverPath(c))])
    // With a query it is the form as filled in so far, asked for a preview.
    const form = c.req.query('name') === undefined ? formOf(fieldsOf(server.name, server.config)) : asked(c)
    return formPage(book, c, { account, server, form, entered: { values: {} } })
  },

  edit: async (c: C) => {
    const form = c.get('form')
    const [account, server] = await Promise.all([accountOf(c), c.get('api').get<Server>(serverPath(c))])
    try {
      await c.get('api').send('PATCH', serverPath(c), {
        name: form.one('name'),
        config: changeOf(configOf(book, form)),
        expires_at: expiryIn(form, Date.now()),
      })
      return c.redirect(`${accountPath(account.id)}/servers/${server.id}?done=saved`, 303)
    } catch (error) {
      return formPage(book, c, { account, server, form, entered: again(form, error) }, 400)
    }
  },
})
