/** All accounts, and connecting one. */
import { Hono } from 'hono/tiny'
import { isLoopback } from '../../core/public-url.ts'
import { knownBases } from '../../finexio/base-url.ts'
import type { C, Dash, Page } from '../app-type.ts'
import {
  CredentialFields,
  type Entered,
  Field,
  Form,
  NOTHING,
  orAgain,
  Select,
  Submit,
  Switch,
} from '../parts/form.tsx'
import { Empty, LinkButton, RefusedNote } from '../parts/notes.tsx'
import { ACCOUNTS, isAdmin, page } from '../parts/page.tsx'
import { Older, Table, When } from '../parts/table.tsx'
import type { Account, AccountEntry, Listed } from '../shapes.ts'
import { AccountMarks } from './account-head.tsx'

const PER_PAGE = '20'

/** Which environment an address belongs to, in the words of whoever chooses. */
const baseLabel = (base: string): string => {
  const { hostname } = new URL(base)
  if (isLoopback(hostname)) return `Sandbox on this machine (${base})`
  return `${hostname.includes('stage') || hostname.includes('sandbox') ? 'Sandbox' : 'Production: real money'} (${base})`
}

/** Addresses of Finexio that the deployment allows. */
export const basesOf = ({ env }: C): string[] =>
  knownBases(env.FINEXIO_BASE_URLS, env.LOCAL_DEVELOPMENT === 'true')

/** The choice of a Finexio environment. @param bases those that the deployment allows */
export const Environment = ({ bases, value, hint }: { bases: string[]; value?: string; hint?: string }) => (
  <Select
    label="Finexio environment"
    name="base_url"
    options={bases.map((base) => ({ value: base, label: baseLabel(base) }))}
    value={value}
    hint={hint}
  />
)

const rowOf = (account: Account) => [
  <>
    <a href={`/dashboard/accounts/${account.id}`}>{account.name}</a>
    <span class="sub">{account.base_url}</span>
  </>,
  <AccountMarks account={account} />,
  <When at={account.created_at} />,
]

const COLUMNS = ['Account', 'Status', 'Connected']

const Connect = () => <LinkButton href="/dashboard/accounts/new" label="Connect Finexio" tone="primary" />

/** One that was deleted since it was listed is left out. */
const detailsOf = async (c: C, entries: readonly AccountEntry[]): Promise<Account[]> => {
  const found = await Promise.allSettled(
    entries.map(({ id }) => c.get('api').get<Account>(['integrated-account', id])),
  )
  return found.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
}

const list = async (c: C) => {
  const listed = await c
    .get('api')
    .get<Listed<AccountEntry>>(['integrated-account'], { limit: PER_PAGE, next_cursor: c.req.query('from') })
  const accounts = await detailsOf(c, listed.result)
  const admin = isAdmin(c.get('session').actor)
  return page(
    c,
    {
      title: 'Accounts',
      place: 'accounts',
      lead: 'Each Finexio login that agents work with. Credentials are stored encrypted and never shown again.',
      actions: admin && accounts.length > 0 ? <Connect /> : null,
    },
    <>
      {accounts.length === 0 ? (
        <Empty icon="account" title="No account is connected yet" action={admin ? <Connect /> : null}>
          Connect the Finexio login your team uses. It is checked with Finexio first; then you make a URL for
          each agent or person, and each URL can do only what you allow.
        </Empty>
      ) : (
        <Table caption="Accounts" columns={COLUMNS} rows={accounts.map(rowOf)} />
      )}
      <Older
        href={listed.next_cursor && `${ACCOUNTS.href}?from=${listed.next_cursor}`}
        label="Older accounts"
      />
    </>,
  )
}

const ConnectForm = ({ entered, bases }: { entered: Entered; bases: string[] }) => (
  <Form action="/dashboard/accounts/new" class="card stack" entered={entered}>
    <RefusedNote refused={entered.refused} title="Not connected" />
    <Field
      label="Name"
      name="name"
      required
      maxlength={200}
      hint="How you and your colleagues call it, such as “Acme Corp, production”."
    />
    <Environment bases={bases} hint="Your deployment decides which may be used (FINEXIO_BASE_URLS)." />
    <CredentialFields />
    <Switch
      name="read_only"
      label="Read only"
      hint="No write leaves for this account, whatever its URLs allow."
    />
    <Submit busy="Asking Finexio">Check and connect</Submit>
  </Form>
)

const connectPage = (c: C, entered: Entered) =>
  page(
    c,
    {
      title: 'Connect Finexio',
      place: 'accounts',
      crumbs: [ACCOUNTS],
      lead: 'Finexio is asked once whether the credentials are good. Only then are they stored, encrypted.',
    },
    <ConnectForm entered={entered} bases={basesOf(c)} />,
    entered.refused ? 400 : 200,
  )

const connect = (c: C) => {
  const form = c.get('form')
  const send = async () => {
    const { id } = await c.get('api').send<Account>('POST', ['integrated-account'], {
      name: form.one('name'),
      credentials: { username: form.one('username'), password: form.one('password') },
      base_url: form.offered('base_url', basesOf(c)),
      read_only: form.isOn('read_only'),
    })
    return c.redirect(`/dashboard/accounts/${id}?done=connected`, 303)
  }
  return orAgain(c, send, (entered) => connectPage(c, entered))
}

export const accountsPage: Page = {
  link: { place: 'accounts', label: 'Accounts', icon: 'account', roles: ['manage', 'audit'] },
  routes: new Hono<Dash>()
    .get('/accounts', list)
    .get('/accounts/new', (c) => connectPage(c, NOTHING))
    .post('/accounts/new', connect),
}
