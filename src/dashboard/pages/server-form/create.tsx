/** Making an MCP server. What an address says fills nothing in: whoever presses the button has entered it, and sees first what it may do. */
import { Hono } from 'hono/tiny'
import { plural } from '../../../core/words.ts'
import { zoneOf } from '../../../identity/zone.ts'
import { effectiveConfig } from '../../../rules/server-settings.ts'
import type { C, Dash, Page } from '../../app-type.ts'
import type { SentForm } from '../../form-data.ts'
import { type Entered, Form, NOTHING, orAgain, Press } from '../../parts/form.tsx'
import { ACCOUNTS, page } from '../../parts/page.tsx'
import { principalsFor } from '../../parts/principals.ts'
import { Section } from '../../parts/section.tsx'
import { May, seenThrough, ToolList } from '../../parts/server/preview.tsx'
import { Facts } from '../../parts/table.tsx'
import { Refused } from '../../refused.ts'
import type { Account, NewServer } from '../../shapes.ts'
import { accountApi, accountPath } from '../account-head.tsx'
import { createdPage } from '../created.tsx'
import {
  configIn,
  endProblems,
  expiryIn,
  filterIn,
  NEW_EXPIRIES,
  newFields,
  refilled,
  sentFields,
} from './change.ts'
import { maySay, ServerForm } from './frame.tsx'
import { TEMPLATE_NAMES, TEMPLATES, TemplateButtons } from './templates.tsx'
import { rulesOf } from './words.ts'

const readConfig = (form: SentForm) => configIn(form, seenThrough(filterIn(form)).effects)

const pathOf = (account: Account) => `${accountPath(account.id)}/servers/new`

/** The template whose settings the form has. */
const templateOf = (form: SentForm) => {
  const settings = (of: SentForm) => JSON.stringify(readConfig(of))
  return TEMPLATES.find(({ config }) => settings(refilled(form, config)) === settings(form))?.value
}

const endIn = (c: C, form: SentForm) => expiryIn(form, NEW_EXPIRIES, { now: Date.now(), zone: zoneOf(c) })

/** The same for a form that is not done yet. */
const endSoFar = (c: C, form: SentForm) =>
  NEW_EXPIRIES.some((offered) => offered === form.one('expires')) ? endIn(c, form) : ''

const formPage = async (c: C, account: Account, form: SentForm, entered: Entered = NOTHING) =>
  page(
    c,
    {
      title: 'Create MCP server',
      place: 'accounts',
      crumbs: [ACCOUNTS, { href: accountPath(account.id), label: account.name }],
      lead: 'A URL of its own for one agent or person.',
    },
    <ServerForm
      action={pathOf(account)}
      account={account}
      people={await principalsFor(c, undefined)}
      form={form}
      entered={entered}
      config={readConfig(form).value}
      ends={endSoFar(c, form)}
      keep={null}
      button={['Review before creating', 'review']}
      start={<TemplateButtons present={templateOf(form)} />}
    />,
    entered.refused ? 400 : 200,
  )

const accountOf = (c: C) => c.get('api').get<Account>(accountApi(c))

/** What the form asks for. @throws Refused 400 for fields that cannot be read */
const askedIn = (c: C, form: SentForm) => {
  const { value: config, problems } = readConfig(form)
  const expires_at = endIn(c, form)
  const wrong = [...problems, ...endProblems(expires_at)]
  if (wrong.length > 0) throw new Refused(400, 'Some fields cannot be read: see below.', wrong)
  return { name: form.one('name'), holder: form.maybe('holder'), config, expires_at }
}

const make = async (c: C, account: Account, form: SentForm) => {
  const made = await c.get('api').send<NewServer>('POST', [...accountApi(c), 'mcp'], askedIn(c, form))
  return createdPage(c, { account, made, title: 'The URL is ready' })
}

/** What would be made, in sentences and setting by setting; the fields travel on with it. */
const review = async (c: C, account: Account, form: SentForm) => {
  const { name, config, expires_at, holder } = askedIn(c, form)
  const { tools, problems } = seenThrough(effectiveConfig(config, account))
  if (problems.length > 0) throw new Refused(400, problems.join('; '))
  const people = await principalsFor(c, undefined)
  return page(
    c,
    {
      title: `Create ${name || 'MCP server'}`,
      place: 'accounts',
      crumbs: [ACCOUNTS, { href: accountPath(account.id), label: account.name }],
      lead: 'Nothing is made yet. The URL is shown once, right after this.',
    },
    <Form action={pathOf(account)} class="stack">
      <section class="card stack" aria-labelledby="may">
        <May says={maySay(c, config, account, expires_at)} />
        <Facts
          facts={[
            ['Works through it', people.find(({ id }) => id === holder)?.name ?? 'nobody is named'],
            ...rulesOf(config),
          ]}
        />
      </section>
      <Section id="tools-title" title={plural(tools.length, 'tool')} card>
        <ToolList tools={tools} />
      </Section>
      {sentFields(form).map(([field, value]) => (
        <input type="hidden" name={field} value={value} />
      ))}
      <div class="row">
        <Press value="create" label="Create MCP server" tone="primary" busy="Working" />
        <Press value="preview" label="Change something" />
      </div>
    </Form>,
  )
}

const STEPS = { review, create: make }

const post = async (c: C) => {
  const form = c.get('form')
  const account = await accountOf(c)
  const step = form.offered('step', ['create', 'review', 'preview', ...TEMPLATE_NAMES])
  const template = TEMPLATES.find(({ value }) => value === step)
  if (template) return formPage(c, account, refilled(form, template.config))
  if (step !== 'create' && step !== 'review') return formPage(c, account, form)
  return orAgain(
    c,
    () => STEPS[step](c, account, form),
    (entered) => formPage(c, account, form, entered),
  )
}

export const createServerPage: Page = {
  routes: new Hono<Dash>()
    .get('/accounts/:account/servers/new', async (c) => formPage(c, await accountOf(c), newFields()))
    .post('/accounts/:account/servers/new', post),
}
