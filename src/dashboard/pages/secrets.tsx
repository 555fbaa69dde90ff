/** Webhook secrets of one account: agents name them, nobody reads them. */
import { Hono } from 'hono/tiny'
import type { C, Dash, Page, Tab } from '../app-type.ts'
import { doneWith } from '../done.ts'
import { Area, type Entered, Field, Form, NOTHING, orAgain, Submit } from '../parts/form.tsx'
import { Empty, RefusedNote } from '../parts/notes.tsx'
import { may } from '../parts/page.tsx'
import { RowButton } from '../parts/sure.tsx'
import { Table, When } from '../parts/table.tsx'
import type { Listed } from '../shapes.ts'
import { accountApi, accountPage, accountPath, openAccount, pathIn } from './account-head.tsx'

const TAB: Tab = { path: '/secrets', label: 'Webhook secrets' }

type Secret = { name: string; allowed_hosts: string[]; created_at: string; updated_at: string }

const COLUMNS = ['Name', 'May go to', 'Stored']

const rowOf = (path: string, isManaged: boolean, { name, allowed_hosts, updated_at }: Secret) => [
  <code>{name}</code>,
  allowed_hosts.join(', '),
  <When at={updated_at} />,
  ...(isManaged
    ? [
        <RowButton action={`${path}/secrets/delete`} label="Delete" of={name}>
          <input type="hidden" name="name" value={name} />
        </RowButton>,
      ]
    : []),
]

const NewSecret = ({ path, entered }: { path: string; entered: Entered }) => (
  <Form action={`${path}/secrets`} entered={entered} title="Store one">
    <p class="soft">
      Finexio signs in at your webhook with these. An agent that sets up a webhook gives only the name, so
      they never pass through a model. An existing name is replaced.
    </p>
    <RefusedNote refused={entered.refused} />
    <Field label="Name" name="name" required maxlength={64} hint="Such as erp_hook." />
    <div class="split">
      <Field label="User name" name="username" required />
      <Field label="Password" name="password" type="password" required autocomplete="new-password" />
    </div>
    <Area
      label="Hosts it may go to"
      name="allowed_hosts"
      hint="Such as hooks.example.com, one a line. At least one."
    />
    <Submit busy="Saving">Store encrypted</Submit>
  </Form>
)

const apiPath = (c: C) => [...accountApi(c), 'secret']

const show = async (c: C, entered: Entered = NOTHING) => {
  const [account, { result }] = await Promise.all([
    openAccount(c),
    c.get('api').get<Listed<Secret>>(apiPath(c)),
  ])
  const path = accountPath(account.id)
  const isManaged = may(c, 'manage', account.id)
  return accountPage(
    c,
    account,
    TAB,
    <>
      {result.length === 0 ? (
        <Empty icon="secret" title="No webhook secret yet">
          {isManaged
            ? 'Store the user name and password of your webhook receiver here.'
            : 'Whoever manages MCP servers stores the user name and password of a webhook receiver here.'}{' '}
          Agents then set up webhooks by naming them, without ever seeing them.
        </Empty>
      ) : (
        <Table
          caption="Webhook secrets"
          columns={isManaged ? [...COLUMNS, 'Remove'] : COLUMNS}
          rows={result.map((secret) => rowOf(path, isManaged, secret))}
        />
      )}
      {isManaged && <NewSecret path={path} entered={entered} />}
    </>,
    { status: entered.refused ? 400 : 200 },
  )
}

const back = (c: C, done: string) => doneWith(c, `${pathIn(c)}/secrets`, done, c.get('form').one('name'))

const store = (c: C) => {
  const form = c.get('form')
  const send = async () => {
    await c.get('api').send('PUT', [...apiPath(c), form.one('name')], {
      username: form.one('username'),
      password: form.one('password'),
      allowed_hosts: form.list('allowed_hosts'),
    })
    return back(c, 'secret-saved')
  }
  return orAgain(c, send, (entered) => show(c, entered))
}

const remove = async (c: C) => {
  await c.get('api').send('DELETE', [...apiPath(c), c.get('form').one('name')])
  return back(c, 'secret-deleted')
}

export const secretsPage: Page = {
  tab: TAB,
  routes: new Hono<Dash>()
    .get('/accounts/:account/secrets', (c) => show(c))
    .post('/accounts/:account/secrets', store)
    .post('/accounts/:account/secrets/delete', remove),
}
