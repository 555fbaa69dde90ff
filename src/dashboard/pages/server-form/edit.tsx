/** Changing an MCP server: the form shows what is stored, the difference is shown before it is saved, and only that is saved. */
import { Hono } from 'hono/tiny'
import * as z from 'zod'
import { ConfigChangeInput, mergeConfig, ServerConfigInput } from '../../../rules/server-settings.ts'
import { toolBook } from '../../../tools/visible/book.ts'
import type { C, Dash, Page } from '../../app-type.ts'
import { hiddenIn, type SentForm } from '../../form-data.ts'
import { type Entered, NOTHING, orAgain } from '../../parts/form.tsx'
import { ACCOUNTS, page } from '../../parts/page.tsx'
import { Review, type Why } from '../../parts/review.tsx'
import { Facts } from '../../parts/table.tsx'
import { Refused } from '../../refused.ts'
import type { Account, Server } from '../../shapes.ts'
import { Expiry } from '../account.tsx'
import { accountApi, accountPath, serverApi } from '../account-head.tsx'
import { type Change, changeIn, fieldsOf, type Stored, shownOf } from './change.ts'
import { ServerForm } from './frame.tsx'
import { differencesOf, keptRules } from './words.ts'

type Loaded = { account: Account; server: Server }

/** The account and the server of the address. @throws Refused 404 */
const load = async (c: C): Promise<Loaded> => {
  const api = c.get('api')
  const [account, server] = await Promise.all([
    api.get<Account>(accountApi(c)),
    api.get<Server>(serverApi(c)),
  ])
  return { account, server }
}

/** What a difference was made from: both change when anything does that it shows. */
const seenOf = ({ account, server }: Loaded): string =>
  JSON.stringify([server.updated_at, account.approval, account.read_only])

const serverPath = ({ account, server }: Loaded) => `${accountPath(account.id)}/servers/${server.id}`

const BaseInput = z.object({
  name: z.string(),
  config: z.looseObject(ServerConfigInput.shape),
  expires_at: z.string().nullable(),
})

const ChangeInput = z.strictObject({
  name: z.string().optional(),
  config: ConfigChangeInput.optional(),
  expires_at: z.string().nullable().optional(),
})

type Filled = {
  form: SentForm
  /** What the fields are compared with. */
  base: Stored
  entered?: Entered
  /** The change so far. */
  change?: Change
}

const Kept = ({ server }: { server: Server }) => {
  const kept = keptRules(server.config)
  return kept.length === 0 ? null : (
    <section class="stack tight" aria-labelledby="kept">
      <h2 id="kept">Also set, and left as it is</h2>
      <Facts facts={kept} />
    </section>
  )
}

const formPage = (c: C, loaded: Loaded, { form, base, entered = NOTHING, change = {} }: Filled) => {
  const { account, server } = loaded
  return page(
    c,
    {
      title: `Change ${server.name}`,
      place: 'accounts',
      crumbs: [ACCOUNTS, { href: accountPath(account.id), label: account.name }],
      lead: 'What changes is shown before it is saved. The URL stays the same.',
    },
    <ServerForm
      action={`${serverPath(loaded)}/edit`}
      account={account}
      form={form}
      entered={entered}
      config={mergeConfig(server.config, change.config)}
      keep={
        <>
          As it is: <Expiry at={server.expires_at} />
        </>
      }
      button={['Show what changes', 'review']}
    >
      <input type="hidden" name="base" value={JSON.stringify(base)} />
      <Kept server={server} />
    </ServerForm>,
    entered.refused ? 400 : 200,
  )
}

const stored = ({ name, config, expires_at }: Server): Stored => ({
  name,
  config: shownOf(config),
  expires_at,
})

const show = async (c: C) => {
  const loaded = await load(c)
  const base = stored(loaded.server)
  return formPage(c, loaded, { form: fieldsOf(base), base })
}

const after = ({ server }: Loaded, { name, config, expires_at }: Change): Stored => ({
  name: name ?? server.name,
  config: mergeConfig(server.config, config),
  expires_at: expires_at === undefined ? server.expires_at : expires_at,
})

/** Once more with the fields as the change would leave them. */
const again = async (c: C) => {
  const loaded = await load(c)
  const change = hiddenIn(c.get('form'), 'change', ChangeInput)
  return formPage(c, loaded, {
    form: fieldsOf(after(loaded, change), change.expires_at),
    base: stored(loaded.server),
    change,
  })
}

const unchanged = (c: C, loaded: Loaded) => c.redirect(`${serverPath(loaded)}?done=unchanged`, 303)

const reviewPage = (c: C, loaded: Loaded, change: Change, why: Why = {}) => {
  const { account, server } = loaded
  const differences = differencesOf(server, after(loaded, change), account.approval)
  if (differences.length === 0) return unchanged(c, loaded)
  const path = serverPath(loaded)
  return page(
    c,
    {
      title: 'Look at what changes',
      place: 'accounts',
      crumbs: [
        ACCOUNTS,
        { href: accountPath(account.id), label: account.name },
        { href: path, label: server.name },
      ],
      lead: 'Nothing is saved yet. What is saved holds from the next call on.',
    },
    <Review
      action={`${path}/edit`}
      differences={differences.map((one) => ({ ...one, looser: false }))}
      change={change}
      seen={seenOf(loaded)}
      {...why}
    />,
    why.refused ? 400 : why.meanwhile ? 409 : 200,
  )
}

/** What the API would refuse is said beside the field, before anything is shown as if it could be saved. @throws Refused 400 */
const checked = ({ value, problems }: ReturnType<typeof changeIn>, { server }: Loaded): Change => {
  const parsed = ConfigChangeInput.safeParse(value.config ?? {})
  const wrong = [
    ...problems,
    ...(parsed.error?.issues ?? []).map(({ path, message }) => ({
      path: ['config', ...path].join('.'),
      message,
    })),
    ...(value.config ? toolBook.problemsOf(mergeConfig(server.config, value.config)) : []),
  ]
  if (wrong.length === 0) return value
  const words = wrong.map(({ path, message }) => `${path.replace('config.', '')}: ${message}`)
  throw new Refused(400, words.join('; '), wrong)
}

const review = async (c: C) => {
  const loaded = await load(c)
  const form = c.get('form')
  const base = hiddenIn(form, 'base', BaseInput)
  const read = async () => reviewPage(c, loaded, checked(changeIn(form, base, Date.now()), loaded))
  return orAgain(c, read, (entered) => formPage(c, loaded, { form, base, entered }))
}

const preview = async (c: C) => {
  const loaded = await load(c)
  const form = c.get('form')
  const base = hiddenIn(form, 'base', BaseInput)
  return formPage(c, loaded, { form, base, change: changeIn(form, base, Date.now()).value })
}

const save = async (c: C) => {
  const loaded = await load(c)
  const form = c.get('form')
  const change = hiddenIn(form, 'change', ChangeInput)
  if (form.one('seen') !== seenOf(loaded)) return reviewPage(c, loaded, change, { meanwhile: true })
  const send = async () => {
    await c.get('api').send('PATCH', serverApi(c), change)
    return c.redirect(`${serverPath(loaded)}?done=saved`, 303)
  }
  return orAgain(c, send, async (entered) => reviewPage(c, await load(c), change, entered))
}

const STEPS = { preview, review, again, save }

export const editServerPage: Page = {
  routes: new Hono<Dash>()
    .get('/accounts/:account/servers/:server/edit', show)
    .post('/accounts/:account/servers/:server/edit', (c) =>
      STEPS[c.get('form').offered('step', ['preview', 'review', 'again', 'save'])](c),
    ),
}
