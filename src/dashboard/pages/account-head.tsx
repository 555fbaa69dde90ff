/** What all pages of one account share: its heading, marks and tabs. */
import type { Child } from '../../core/jsx-runtime.ts'
import { plural } from '../../core/words.ts'
import type { C, Tab } from '../app-type.ts'
import type { ApiPath } from '../management.ts'
import { Field } from '../parts/form.tsx'
import { Badge, Note } from '../parts/notes.tsx'
import { ACCOUNTS, may, page } from '../parts/page.tsx'
import { StoppedAccount } from '../parts/stopped.tsx'
import type { Account } from '../shapes.ts'

/** The account of the address in the management API. */
export const accountApi = (c: C): ApiPath => ['integrated-account', c.req.param('account') ?? '']

/** The MCP server of the address in the management API. */
export const serverApi = (c: C): ApiPath => [...accountApi(c), 'mcp', c.req.param('server') ?? '']

/** The page of the account of the address. */
export const pathIn = (c: C) => accountPath(c.req.param('account') ?? '')

/** The page of an account. */
export const accountPath = (id: string) => `/dashboard/accounts/${encodeURIComponent(id)}`

/** Status and switches of an account as badges. */
export const AccountMarks = ({ account }: { account: Account }) => (
  <span class="row">
    {account.status === 'active' ? (
      <Badge tone="ok">active</Badge>
    ) : (
      <Badge tone="bad">needs new credentials</Badge>
    )}
    {account.read_only && <Badge tone="info">read only</Badge>}
    {account.writes_stopped && <Badge tone="warn">writes stopped</Badge>}
  </span>
)

const Tabs = ({ id, tabs, current }: { id: string; tabs: readonly Tab[]; current: Tab }) => (
  <nav class="tabs" aria-label="Account">
    <ul>
      {tabs.map((tab) => (
        <li>
          <a href={accountPath(id) + tab.path} aria-current={tab === current ? 'page' : undefined}>
            {tab.label}
          </a>
        </li>
      ))}
    </ul>
  </nav>
)

const tabsFor = (c: C, id: string): Tab[] =>
  c.get('tabs').filter(({ roles }) => roles?.some((role) => may(c, role, id)) ?? true)

/** The account of the address. @throws Refused 404 */
export const openAccount = (c: C): Promise<Account> => c.get('api').get<Account>(accountApi(c))

const NeedsReauth = ({ id }: { id: string }) => (
  <Note tone="bad" title="Finexio refused the stored credentials">
    Every call is refused here, without asking Finexio, until they are renewed.{' '}
    <a href={`${accountPath(id)}/settings`}>Enter new credentials</a>, or check the old ones again there.
  </Note>
)

const PayeesChanged = ({ id, count }: { id: string; count: number }) => (
  <Note
    tone="bad"
    title={`How ${plural(count, 'supplier')} ${count === 1 ? 'is' : 'are'} paid changed while an invoice was, or may be, unpaid`}
  >
    Nothing more is paid to them until somebody called back. Only Finexio can stop what is under way.{' '}
    <a href={`/dashboard/payees/${encodeURIComponent(id)}?state=changed`}>Look at them</a>
  </Note>
)

/** @param actions beside the heading */
export const accountPage = (
  c: C,
  account: Account,
  tab: Tab,
  children: Child,
  { actions, status = 200 }: { actions?: Child; status?: 200 | 400 } = {},
) =>
  page(
    c,
    {
      title: account.name,
      place: 'accounts',
      crumbs: [ACCOUNTS],
      marks: <AccountMarks account={account} />,
      lead: account.base_url,
      actions,
    },
    <>
      {account.writes_stopped && !c.get('session').stopped.some(({ id }) => id === account.id) && (
        <StoppedAccount id={account.id} name={account.name} stop={null} />
      )}
      {account.status === 'needs_reauth' && <NeedsReauth id={account.id} />}
      {(account.payees_changed ?? 0) > 0 && <PayeesChanged id={account.id} count={account.payees_changed!} />}
      <Tabs id={account.id} tabs={tabsFor(c, account.id)} current={tab} />
      {children}
    </>,
    status,
  )

/** What a kill-switch form asks for. @throws Refused 400 unless it says exactly `0` or `1`: silence must not let writes go on */
export const stoppedIn = (c: C): { stopped: boolean; reason?: string } => {
  const form = c.get('form')
  const reason = form.maybe('reason')
  return { stopped: form.offered('stopped', ['0', '1']) === '1', ...(reason !== null && { reason }) }
}

/** What a kill-switch form asks besides. */
export const StopReason = () => (
  <Field
    label="Why (optional)"
    name="reason"
    maxlength={500}
    hint="Shown on every page until writes go on, and kept in the trail."
  />
)
