/** Settings of one account: name, switches, credentials, its end. */
import { Hono } from 'hono/tiny'
import { grouped, plural } from '../../core/words.ts'
import type { C, Dash, Page, Tab } from '../app-type.ts'
import { doneWith } from '../done.ts'
import { Undoable } from '../parts/approvals/who-decides.tsx'
import { CredentialFields, type Entered, Field, Form, NOTHING, orAgain, Submit } from '../parts/form.tsx'
import { RefusedNote } from '../parts/notes.tsx'
import { may } from '../parts/page.tsx'
import { Section } from '../parts/section.tsx'
import { Facts } from '../parts/table.tsx'
import { type Entry, opening, stepping } from '../reviewed.tsx'
import type { Account } from '../shapes.ts'
import {
  accountApi,
  accountPage,
  accountPath,
  openAccount,
  pathIn,
  StopReason,
  stoppedIn,
} from './account-head.tsx'
import { basesOf, Environment } from './accounts.tsx'
import { type General, type GeneralChange, GeneralForm, generalOfAccount } from './general.tsx'
import { approvalWords, limitsWords } from './server-form/words.ts'

const TAB: Tab = { path: '/settings', label: 'Settings' }

/** Which of the page's forms was refused. */
type Problem = { at: 'general' | 'credentials' | 'delete' | null; entered: Entered }

const FINE: Problem = { at: null, entered: NOTHING }

const enteredAt = ({ at, entered }: Problem, here: Problem['at']) => (at === here ? entered : NOTHING)

type CredentialsProps = { account: Account; entered: Entered; bases: string[] }

const Credentials = ({ account, entered, bases }: CredentialsProps) => (
  <Form action={`${accountPath(account.id)}/credentials`} entered={entered} title="Rotate credentials">
    <p class="soft">Finexio is asked about the new ones first. All MCP URLs stay as they are.</p>
    <RefusedNote refused={entered.refused} title="The old credentials stay in use" />
    {bases.length > 1 && <Environment bases={bases} value={account.base_url} />}
    <CredentialFields />
    <Submit busy="Asking Finexio">Check and use</Submit>
  </Form>
)

const Verify = ({ id }: { id: string }) => (
  <Form action={`${accountPath(id)}/verify`} title="Check credentials">
    <p class="soft">
      Asks Finexio once whether the stored ones are good. Clears “needs new credentials” if they are.
    </p>
    <Submit tone="" busy="Asking Finexio">
      Check now
    </Submit>
  </Form>
)

type SwitchProps = { id: string; stopped: boolean; isAdministered: boolean }

/** Whoever audits may stop; letting writes go on is for whoever administers. */
const Switch = ({ id, stopped, isAdministered }: SwitchProps) => (
  <Form action={`${accountPath(id)}/writes`} title="Stop writes">
    <p class="soft">
      {stopped
        ? 'No write of this account leaves. Reads go on.'
        : 'The kill switch: from the next write on nothing leaves that could change anything. Reads go on.'}
    </p>
    <input type="hidden" name="stopped" value={stopped ? '0' : '1'} />
    {!stopped && <StopReason />}
    {stopped && !isAdministered ? (
      <p>It takes the role admin to let them go on.</p>
    ) : (
      <Submit tone={stopped ? '' : 'danger'}>
        {stopped ? 'Let writes go on' : 'Stop all writes of this account'}
      </Submit>
    )}
  </Form>
)

const Remove = ({ account, entered }: { account: Account; entered: Entered }) => (
  <Form action={`${accountPath(account.id)}/delete`} entered={entered} title="Delete account">
    <p class="soft">
      Ends every MCP URL at once and erases the credentials, webhook secrets, limits in use, call-backs and
      all drafts, also what approvers were shown of those that were decided. The audit trail is kept for its
      retention: who called, changed, approved and why not, with amounts and suppliers, and every setting as
      it was. This cannot be undone.
    </p>
    <p>
      <a href={`/dashboard/approvals/${encodeURIComponent(account.id)}/export`}>
        Export the decided approvals first
      </a>
    </p>
    <RefusedNote refused={entered.refused} title="Not deleted" />
    <Field label="Type the account’s name to confirm" name="confirm" required />
    <Submit tone="danger" busy="Deleting">
      Delete this account
    </Submit>
  </Form>
)

/** For whoever may look and not change. */
const About = ({ account }: { account: Account }) => (
  <Section id="general" title="General" card>
    <Facts
      facts={[
        ['Approval', `${approvalWords(account.approval)}, unless a server says otherwise`],
        ['Limits over all MCP servers', limitsWords(account.limits)],
        ['Read only', account.read_only ? 'yes: no write leaves' : 'no'],
        [
          'Audit trail',
          `kept for ${plural(account.audit_retention_days, 'day')}, up to ${grouped(account.audit_max_mb)} MB`,
        ],
        ['Changing it', 'takes the role admin'],
      ]}
    />
    {account.approval !== 'none' && <Undoable brief />}
  </Section>
)

const show = async (
  c: C,
  problem: Problem = FINE,
  general: Entry<General, GeneralChange> = { entered: NOTHING },
) => {
  const account = await openAccount(c)
  const isAdministered = may(c, 'admin', account.id)
  return accountPage(
    c,
    account,
    TAB,
    <div class="grid2">
      {isAdministered ? <GeneralForm account={account} {...general} /> : <About account={account} />}
      <div class="stack">
        {isAdministered && (
          <Credentials account={account} entered={enteredAt(problem, 'credentials')} bases={basesOf(c)} />
        )}
        {may(c, 'manage', account.id) && <Verify id={account.id} />}
        {may(c, 'audit', account.id) && (
          <Switch id={account.id} stopped={account.writes_stopped} isAdministered={isAdministered} />
        )}
        {isAdministered && <Remove account={account} entered={enteredAt(problem, 'delete')} />}
      </div>
    </div>,
    { status: problem.at === null ? 200 : 400 },
  )
}

const general = generalOfAccount((c, _, entry) =>
  show(c, { at: entry.entered.refused ? 'general' : null, entered: NOTHING }, entry),
)

const back = (c: C, done: string) => c.redirect(`${pathIn(c)}/settings?done=${done}`, 303)

/** Does something, then shows the page that says so; what the API refuses is shown beside its form. */
const doing = (at: Exclude<Problem['at'], null>, done: string, act: (c: C) => Promise<unknown>) => (c: C) => {
  const send = async () => {
    await act(c)
    return back(c, done)
  }
  return orAgain(c, send, (entered) => show(c, { at, entered }))
}

const renew = doing('credentials', 'renewed', (c) => {
  const form = c.get('form')
  return c.get('api').send('PATCH', accountApi(c), {
    credentials: { username: form.one('username'), password: form.one('password') },
    ...(form.has('base_url') && { base_url: form.offered('base_url', basesOf(c)) }),
  })
})

const verify = doing('credentials', 'verified', (c) =>
  c.get('api').send('POST', [...accountApi(c), 'verify']),
)

const stop = async (c: C) => {
  const { stopped, ...why } = stoppedIn(c)
  await c.get('api').send('PUT', [...accountApi(c), 'writes'], { stopped, ...why })
  return back(c, stopped ? 'stopped' : 'started')
}

const OTHER_NAME =
  'This is not the name of the account. Type it exactly as it is shown at the top of the page.'

const remove = async (c: C) => {
  const form = c.get('form')
  const account = await c.get('api').get<Account>(accountApi(c))
  if (form.one('confirm') !== account.name) {
    const refused = { message: OTHER_NAME, failures: [] }
    return show(c, { at: 'delete', entered: { values: form.values, refused } })
  }
  await c.get('api').send('DELETE', accountApi(c))
  return doneWith(c, '/dashboard/accounts', 'deleted', account.name)
}

export const settingsPage: Page = {
  tab: TAB,
  routes: new Hono<Dash>()
    .get('/accounts/:account/settings', opening(general))
    .post('/accounts/:account/settings', stepping(general))
    .post('/accounts/:account/credentials', renew)
    .post('/accounts/:account/verify', verify)
    .post('/accounts/:account/writes', stop)
    .post('/accounts/:account/delete', remove),
}
