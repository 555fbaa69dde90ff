/** Changing an MCP server: the form shows what is stored, the difference is shown before it is saved, and only that is saved. */
import { Hono } from 'hono/tiny'
import * as z from 'zod'
import { zoneOf } from '../../../identity/zone.ts'
import { ConfigChangeInput, mergeConfig, ServerConfigInput } from '../../../rules/server-settings.ts'
import { toolPreview } from '../../../tools/visible/preview.ts'
import { sentencesFor } from '../../../tools/visible/summary.ts'
import type { C, Dash, Page } from '../../app-type.ts'
import { hiddenIn } from '../../form-data.ts'
import { NOTHING } from '../../parts/form.tsx'
import { Note } from '../../parts/notes.tsx'
import { ACCOUNTS, page } from '../../parts/page.tsx'
import { type Principal, principalsFor } from '../../parts/principals.ts'
import { May } from '../../parts/server/preview.tsx'
import { Facts } from '../../parts/table.tsx'
import { Refused } from '../../refused.ts'
import { type Entry, opening, type Reviewed, stepping } from '../../reviewed.tsx'
import type { Account, Server } from '../../shapes.ts'
import { Expiry } from '../account.tsx'
import { accountApi, accountPath, serverApi } from '../account-head.tsx'
import { type Change, changeIn, fieldsOf, type Stored, shownOf } from './change.ts'
import { ServerForm } from './frame.tsx'
import { looserIn } from './looser.ts'
import { differencesOf, keptRules } from './words.ts'

type Loaded = {
  account: Account
  server: Server
  /** Who may be named as its holder. */
  people: Principal[]
  /** In which the reader sees times, and means days. */
  zone: string
}

/** The account and the server of the address. @throws Refused 404 */
const load = async (c: C): Promise<Loaded> => {
  const api = c.get('api')
  const [account, server] = await Promise.all([
    api.get<Account>(accountApi(c)),
    api.get<Server>(serverApi(c)),
  ])
  return { account, server, people: await principalsFor(c, server.holder), zone: zoneOf(c) }
}

const serverPath = ({ account, server }: Loaded) => `${accountPath(account.id)}/servers/${server.id}`

const BaseInput = z.object({
  name: z.string(),
  holder: z.string().nullable(),
  config: z.looseObject(ServerConfigInput.shape),
  expires_at: z.string().nullable(),
})

const ChangeInput = z.strictObject({
  name: z.string().optional(),
  holder: z.string().nullable().optional(),
  config: ConfigChangeInput.optional(),
  expires_at: z.string().nullable().optional(),
})

const Kept = ({ server }: { server: Server }) => {
  const kept = keptRules(server.config)
  return kept.length === 0 ? null : (
    <section class="stack tight" aria-labelledby="kept">
      <h2 id="kept">Also set, and left as it is</h2>
      <Facts facts={kept} />
    </section>
  )
}

/** What another version stored stays until somebody changes it: it shows no tool. */
const Unknown = ({ server: { unknown = [] } }: { server: Server }) =>
  unknown.length === 0 ? null : (
    <Note tone="bad" title="Some of it this version does not know">
      <p>It shows no tool and stays as it is unless you change it: {unknown.join('; ')}.</p>
    </Note>
  )

const whole = ({ name, config, expires_at, holder }: Server): Stored => ({
  name,
  config,
  expires_at,
  holder: holder?.id ?? null,
})

/** As far as the form shows it. */
const stored = (server: Server): Stored => ({ ...whole(server), config: shownOf(server.config) })

const changed = (before: Stored, { config, ...rest }: Change): Stored => ({
  ...before,
  ...rest,
  config: mergeConfig(before.config, config),
})

type Shown = Entry<Stored, Change>

const filled = (c: C, { server, zone }: Loaded, { entered, change }: Shown) =>
  entered.refused ? c.get('form') : fieldsOf(changed(stored(server), change ?? {}), zone, change?.expires_at)

const formPage = (c: C, loaded: Loaded, entry: Shown, form = filled(c, loaded, entry)) => {
  const { account, server } = loaded
  const { entered, base = stored(server), change } = entry
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
      people={loaded.people}
      form={form}
      entered={entered}
      config={mergeConfig(server.config, change?.config)}
      stored={server.config}
      ends={change?.expires_at === undefined ? server.expires_at : change.expires_at}
      keep={
        <>
          As it is: <Expiry at={server.expires_at} />
        </>
      }
      button={['Show what changes', 'review']}
    >
      <input type="hidden" name="base" value={JSON.stringify(base)} />
      <Unknown server={server} />
      <Kept server={server} />
    </ServerForm>,
    entered.refused ? 400 : 200,
  )
}

/** What the API would refuse is said beside the field, before anything is shown as if it could be saved. @throws Refused 400 */
const checkedChange = (c: C, base: Stored, { server, people, zone }: Loaded): Change => {
  const { value, problems } = changeIn(c.get('form'), base, { now: Date.now(), zone })
  const parsed = ConfigChangeInput.safeParse(value.config ?? {})
  const known = value.holder == null || people.some(({ id }) => id === value.holder)
  const wrong = [
    ...problems,
    ...(known ? [] : [{ path: 'holder', message: 'must be one of the offered people and systems' }]),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => ({
      path: ['config', ...path].join('.'),
      message,
    })),
    ...(value.config ? toolPreview.problemsOf(mergeConfig(server.config, value.config), server.config) : []),
  ]
  if (wrong.length === 0) return value
  const words = wrong.map(({ path, message }) => `${path.replace('config.', '')}: ${message}`)
  throw new Refused(400, words.join('; '), wrong)
}

const reviewed: Reviewed<Loaded, Stored, Change> = {
  base: BaseInput,
  change: ChangeInput,
  load,
  show: (c, loaded, entry) => formPage(c, loaded, entry),
  changeIn: checkedChange,
  differences: ({ account, server, people, zone }, change) => {
    const before = whole(server)
    const after = changed(before, change)
    const isLooser = looserIn(before, after, account.approval)
    const names = new Map(people.map(({ id, name }) => [id, name]))
    return differencesOf(before, after, { approval: account.approval, names, zone }).map((one) => ({
      ...one,
      looser: isLooser(one),
    }))
  },
  outcome: ({ account, server, zone }, change) => {
    const { config, expires_at } = changed(whole(server), change)
    return (
      <section class="card stack" aria-labelledby="may">
        <May title="What it may do afterwards" says={sentencesFor(config, account, expires_at, zone)} />
      </section>
    )
  },
  seen: ({ account, server }) =>
    JSON.stringify([server.updated_at, account.approval, account.read_only, account.payees, account.limits]),
  action: (loaded) => `${serverPath(loaded)}/edit`,
  home: serverPath,
  frame: (loaded) => ({
    place: 'accounts',
    crumbs: [
      ACCOUNTS,
      { href: accountPath(loaded.account.id), label: loaded.account.name },
      { href: serverPath(loaded), label: loaded.server.name },
    ],
  }),
  save: (c, change, { server }) =>
    c.get('api').send('PATCH', serverApi(c), { ...change, if_updated_at: server.updated_at }),
}

/** The form as it is filled in so far, with what it would expose. */
const preview = async (c: C) => {
  const loaded = await load(c)
  const form = c.get('form')
  const base = hiddenIn(form, 'base', BaseInput)
  const { value } = changeIn(form, base, { now: Date.now(), zone: loaded.zone })
  return formPage(c, loaded, { entered: NOTHING, base, change: value }, form)
}

const step = stepping(reviewed)

export const editServerPage: Page = {
  routes: new Hono<Dash>()
    .get('/accounts/:account/servers/:server/edit', opening(reviewed))
    .post('/accounts/:account/servers/:server/edit', (c) =>
      c.get('form').one('step') === 'preview' ? preview(c) : step(c),
    ),
}
