/** Making an MCP server. What an address says fills nothing in: whoever presses the button has entered it. */
import { Hono } from 'hono/tiny'
import type { C, Dash, Page } from '../../app-type.ts'
import type { SentForm } from '../../form-data.ts'
import { type Entered, NOTHING, orAgain } from '../../parts/form.tsx'
import { ACCOUNTS, page } from '../../parts/page.tsx'
import { seenThrough } from '../../parts/preview.tsx'
import { principalsFor } from '../../parts/principals.ts'
import { Refused } from '../../refused.ts'
import type { Account, NewServer } from '../../shapes.ts'
import { zoneOf } from '../../zone.ts'
import { accountApi, accountPath } from '../account-head.tsx'
import { createdPage } from '../created.tsx'
import { configIn, expiryIn, filterIn, NEW_EXPIRIES, newFields } from './change.ts'
import { ServerForm } from './frame.tsx'

const readConfig = (form: SentForm) => configIn(form, seenThrough(filterIn(form)).effects)

const formPage = async (c: C, account: Account, form: SentForm, entered: Entered = NOTHING) =>
  page(
    c,
    {
      title: 'Create MCP server',
      place: 'accounts',
      crumbs: [ACCOUNTS, { href: accountPath(account.id), label: account.name }],
      lead: 'A URL of its own for one agent or person. It is shown once, right after this.',
    },
    <ServerForm
      action={`${accountPath(account.id)}/servers/new`}
      account={account}
      people={await principalsFor(c, undefined)}
      form={form}
      entered={entered}
      config={readConfig(form).value}
      keep={null}
      button={['Create MCP server', 'create']}
    />,
    entered.refused ? 400 : 200,
  )

const accountOf = (c: C) => c.get('api').get<Account>(accountApi(c))

const make = async (c: C, account: Account, form: SentForm) => {
  const { value: config, problems } = readConfig(form)
  if (problems.length > 0) throw new Refused(400, 'Some fields cannot be read: see below.', problems)
  const made = await c.get('api').send<NewServer>('POST', [...accountApi(c), 'mcp'], {
    name: form.one('name'),
    holder: form.maybe('holder'),
    config,
    expires_at: expiryIn(form, NEW_EXPIRIES, { now: Date.now(), zone: zoneOf(c) }),
  })
  return createdPage(c, { account, made, title: 'The URL is ready' })
}

const post = async (c: C) => {
  const form = c.get('form')
  const account = await accountOf(c)
  if (form.offered('step', ['create', 'preview']) === 'preview') return formPage(c, account, form)
  return orAgain(
    c,
    () => make(c, account, form),
    (entered) => formPage(c, account, form, entered),
  )
}

export const createServerPage: Page = {
  routes: new Hono<Dash>()
    .get('/accounts/:account/servers/new', async (c) => formPage(c, await accountOf(c), newFields()))
    .post('/accounts/:account/servers/new', post),
}
