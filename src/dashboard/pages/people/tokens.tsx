/** API tokens: keys of people and systems. */
import { Hono } from 'hono/tiny'
import { zoneOf } from '../../../identity/zone.ts'
import type { C, Dash, Page } from '../../app-type.ts'
import { type CsvColumns, csvFile, ExportLink } from '../../csv.tsx'
import { doneWith } from '../../done.ts'
import { type Entered, Field, Form, NOTHING, orAgain, Select, Submit } from '../../parts/form.tsx'
import { Asleep, Badge, Empty, LinkButton, RefusedNote } from '../../parts/notes.tsx'
import { isAdmin, page } from '../../parts/page.tsx'
import { nameIn } from '../../parts/principals.ts'
import { grantsIn, grantsSent, grantWords, RoleFields } from '../../parts/roles.tsx'
import { RowButton } from '../../parts/sure.tsx'
import { Copy, Older, Table, When } from '../../parts/table.tsx'
import type { AccountEntry, ApiToken, Listed, NewApiToken } from '../../shapes.ts'
import { EXPIRIES, expiryIn } from '../server-form/change.ts'
import { KindField, kindIn } from './person-parts.tsx'

const COLUMNS = ['Holder', 'May', 'Issued by', 'Ends', 'Last used']

const rowOf = (
  accounts: ReadonlyMap<string, string>,
  isAdministered: boolean,
  { id, name, kind, grants, names, issued_by, asleep, expires_at, last_used_at }: ApiToken,
) => [
  <>
    <strong class="wrap">{name}</strong> <Badge>{kind}</Badge> {asleep && <Asleep />}
  </>,
  <span class="chips">{grants.map(grantWords(accounts))}</span>,
  nameIn(names, issued_by),
  <When at={expires_at} />,
  <When at={last_used_at} />,
  ...(isAdministered
    ? [<RowButton action={`/dashboard/tokens/${id}/revoke`} label="Revoke" of={name} />]
    : []),
]

const ENDS = [...EXPIRIES.map(({ value, label }) => ({ value, label })), { value: 'never', label: 'never' }]

const NewToken = ({ accounts, entered }: { accounts: readonly AccountEntry[]; entered: Entered }) => (
  <Form action="/dashboard/tokens" entered={entered} title="Make one">
    <RefusedNote refused={entered.refused} title="Not made" />
    <div class="split">
      <Field
        label="Holder"
        name="name"
        required
        maxlength={200}
        hint="The person or system, as it will appear in the audit trail."
      />
      <KindField />
      <Select label="Ends" name="expires" options={ENDS} value="90d" />
    </div>
    <RoleFields accounts={accounts} grants={(entered.values.grants ?? '').split(' ')} />
    <Submit busy="Making">Make API token</Submit>
  </Form>
)

const CSV: CsvColumns<ApiToken> = {
  'API token': ({ name }) => name,
  Kind: ({ kind }) => kind,
  'Held by': ({ holder }) => holder,
  Roles: ({ grants }) => grants,
  Ends: ({ expires_at }) => expires_at ?? 'never',
  'Last used': ({ last_used_at }) => last_used_at ?? 'never',
  Made: ({ created_at }) => created_at,
  'Issued by': ({ issued_by }) => issued_by,
  Id: ({ id }) => id,
}

const show = async (c: C, entered: Entered = NOTHING) => {
  const api = c.get('api')
  const [tokens, accounts] = await Promise.all([
    api.get<Listed<ApiToken>>(['api-token'], { next_cursor: c.req.query('from') }),
    api.get<Listed<AccountEntry>>(['integrated-account'], { limit: '100' }),
  ])
  const isAdministered = isAdmin(c.get('session').actor)
  const names = new Map(accounts.result.map(({ id, name }) => [id, name]))
  return page(
    c,
    {
      title: 'API tokens',
      place: 'tokens',
      lead: 'Give each person and each system a key of its own, instead of the admin key: what it did stays known, and it can be revoked alone.',
    },
    <>
      {tokens.result.length === 0 ? (
        <Empty icon="token" title="Nobody has an API token yet">
          Start with yourself, and with a second person who may approve: whoever made an MCP server cannot
          approve what comes through it, nor can anybody by a token that they issued.
        </Empty>
      ) : (
        <Table
          caption="API tokens"
          columns={isAdministered ? [...COLUMNS, 'Revoke'] : COLUMNS}
          rows={tokens.result.map((token) => rowOf(names, isAdministered, token))}
        />
      )}
      {tokens.result.length > 0 && <ExportLink href="/dashboard/tokens.csv" />}
      <Older
        href={tokens.next_cursor && `/dashboard/tokens?from=${tokens.next_cursor}`}
        label="Older API tokens"
      />
      {isAdministered && <NewToken accounts={accounts.result} entered={entered} />}
    </>,
    entered.refused ? 400 : 200,
  )
}

const approves = ({ grants }: NewApiToken) => grants.some((grant) => /^approve(:|$)/.test(grant))

const madePage = (c: C, made: NewApiToken) =>
  page(
    c,
    {
      title: 'The API token is ready',
      place: 'tokens',
      crumbs: [{ href: '/dashboard/tokens', label: 'API tokens' }],
      actions: <LinkButton href="/dashboard/tokens" label="I have copied it" />,
    },
    <section class="card stack">
      <h2>{`Hand it to ${made.name}`}</h2>
      <p class="soft">
        It is shown once. With it one signs in here, or calls the REST API as “Authorization: Bearer …”.
      </p>
      <Copy id="api-token" text={made.token} what="the API token" />
      {approves(made) && c.get('session').actor.kind !== 'root' && (
        <p>
          You have seen it, and so count as its holder too: it decides on nothing that comes through an MCP
          server that you make, change or work through. If you do that, let somebody else issue it.
        </p>
      )}
    </section>,
  )

const make = (c: C) => {
  const form = c.get('form')
  const send = async () => {
    const made = await c.get('api').send<NewApiToken>('POST', ['api-token'], {
      name: form.one('name'),
      kind: kindIn(form),
      grants: grantsIn(form),
      expires_at: expiryIn(form, [...EXPIRIES.map(({ value }) => value), 'never'], {
        now: Date.now(),
        zone: zoneOf(c),
      }),
    })
    return madePage(c, made)
  }
  return orAgain(c, send, ({ values, refused }) =>
    show(c, { values: { ...values, grants: grantsSent(form).join(' ') }, refused }),
  )
}

const revoke = async (c: C) => {
  const path = ['api-token', c.req.param('token') ?? ''] as const
  const { name } = await c.get('api').send<{ name: string }>('DELETE', path)
  return doneWith(c, '/dashboard/tokens', 'token-revoked', name)
}

export const tokensPage: Page = {
  link: { place: 'tokens', label: 'API tokens', icon: 'token', roles: ['audit'], whole: true },
  routes: new Hono<Dash>()
    .get('/tokens', (c) => show(c))
    .get('/tokens.csv', (c) => csvFile<ApiToken>(c, 'finexio-mcp-api-tokens', ['api-token'], CSV))
    .post('/tokens', make)
    .post('/tokens/:token/revoke', revoke),
}
