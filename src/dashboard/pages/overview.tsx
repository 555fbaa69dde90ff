/** The first page: what needs this person now, and what agents instructed this month. */
import { Hono } from 'hono/tiny'
import { plural } from '../../core/words.ts'
import { isLocal, type Session } from '../../identity/session.ts'
import type { C, Dash, Page } from '../app-type.ts'
import { Needs, needsOf, type Seen, WaitingTable, waitingOf } from '../parts/approvals/needs.tsx'
import { MoneyByDay, type MoneyDay } from '../parts/charts.tsx'
import { Empty, LinkButton, Note } from '../parts/notes.tsx'
import { isAdmin, may, page } from '../parts/page.tsx'
import { Section } from '../parts/section.tsx'
import { Tour, tourOf } from '../parts/tour.tsx'
import { Refused } from '../refused.ts'
import type { AccountEntry, AccountUsage, Listed, Overview, SettingsDraft } from '../shapes.ts'

/** Accounts that one page asks what needs somebody, two requests each. */
const AT_ONCE = 50
/** Lists of accounts, a hundred each, that are read to put the urgent ones first. */
const MOST_LISTS = 20

/** `all`: whether every account that the reader may see is in it. */
type Known = { accounts: AccountEntry[]; all: boolean }

const listed = async (c: C): Promise<Known> => {
  const accounts: AccountEntry[] = []
  let next_cursor: string | undefined
  for (let list = 0; list < MOST_LISTS; list++) {
    const query = { limit: '100', next_cursor }
    const page = await c.get('api').get<Listed<AccountEntry>>(['integrated-account'], query)
    accounts.push(...page.result)
    if (page.next_cursor === null) return { accounts, all: true }
    next_cursor = page.next_cursor
  }
  return { accounts, all: false }
}

/** Where something waits or writes are stopped first: that is known without asking each account. */
const urgentFirst = ({ waits, stopped }: Session, accounts: readonly AccountEntry[]): AccountEntry[] => {
  const weights = new Map(waits.map((one) => [one.id, one.waiting]))
  for (const { id } of stopped) weights.set(id, (weights.get(id) ?? 0) + 1)
  const weightOf = ({ id }: AccountEntry) => weights.get(id) ?? 0
  return accounts.toSorted((a, b) => weightOf(b) - weightOf(a))
}

/** The part of all accounts that this page is about. */
type Part = { from: number; to: number; known: Known }

const isWhole = ({ from, to, known }: Part): boolean =>
  known.all && from === 0 && to === known.accounts.length

const PartOf = ({ from, to, known }: Part) => {
  const more = known.accounts.length - to
  const all = `${known.all ? '' : 'more than '}${plural(known.accounts.length, 'account')}`
  return (
    <p class="soft small">
      {`This is about accounts ${from + 1} to ${to} of ${all}, those where something waits for approval or writes are stopped first. `}
      {more > 0 && <a href={`/dashboard?from=${to}`}>{`Look at the next of ${more} more`}</a>}
      {more <= 0 && !known.all && 'The others are on their own pages.'}
    </p>
  )
}

/** Null: not for this person, or gone since it was listed. */
const orNull = async <Answer,>(asked: Promise<Answer>): Promise<Answer | null> => {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Refused && (error.status === 403 || error.status === 404)) return null
    throw error
  }
}

const seenOf =
  (c: C) =>
  async ({ id }: AccountEntry): Promise<Seen[]> => {
    const api = c.get('api')
    const oversees = may(c, 'manage', id) || may(c, 'audit', id)
    const [overview, usage] = await Promise.all([
      orNull(api.get<Overview>(['integrated-account', id, 'overview'])),
      oversees ? orNull(api.get<AccountUsage>(['integrated-account', id, 'usage'], { days: '31' })) : null,
    ])
    return overview ? [{ overview, usage }] : []
  }

const pendingSettings = (c: C) =>
  orNull(c.get('api').get<Listed<SettingsDraft>>(['settings-draft'], { state: 'pending', limit: '5' }))

const Approvals = ({ seen }: { seen: readonly Seen[] }) => {
  const approvals = seen.flatMap(({ overview }) => overview.approvals ?? [])
  const count = approvals.reduce((sum, one) => sum + one.count, 0)
  const mine = approvals.reduce((sum, one) => sum + one.mine, 0)
  if (approvals.length === 0 || count === 0) return null
  const rows = waitingOf(seen).slice(0, 5)
  return (
    <section class="stack" aria-labelledby="waiting">
      <div class="row between">
        <h2 id="waiting">
          {`${plural(count, 'write')} ${count === 1 ? 'waits' : 'wait'} for approval`}
          {mine > 0 && `, ${mine < count ? `${mine} ` : count > 1 ? 'all ' : ''}for you`}
        </h2>
        <a href="/dashboard/approvals">All of them</a>
      </div>
      <WaitingTable rows={rows} several={seen.length > 1} />
    </section>
  )
}

/** What the admin key asks for acts by itself: nobody agrees to it. */
const whatFor = (drafts: readonly SettingsDraft[]): string =>
  [
    drafts.some(({ acts_at }) => acts_at === null) && 'for another person',
    drafts.some(({ acts_at }) => acts_at !== null) && 'for its time, since the admin key asked',
  ]
    .filter(Boolean)
    .join(', or ')

const Settings = ({ drafts }: { drafts: readonly SettingsDraft[] }) =>
  drafts.length > 0 && (
    <Note
      tone="warn"
      title={`${drafts.length >= 5 ? 'Several changes' : plural(drafts.length, 'change')} of settings ${drafts.length === 1 ? 'waits' : 'wait'}: ${whatFor(drafts)}`}
    >
      <a href="/dashboard/settings-drafts">See what waits</a>
    </Note>
  )

/** All days of this month in UTC, summed over accounts: bars keep their width, on its first day too. */
const monthOf = (seen: readonly Seen[], now: number): MoneyDay[] => {
  const at = new Date(now)
  const month = at.toISOString().slice(0, 8)
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
  const sum = (days: readonly MoneyDay[], key: 'cents' | 'unsettled_cents') =>
    days.reduce((total, day) => total + day[key], 0)
  const byDay = Map.groupBy(
    seen.flatMap(({ usage }) => usage?.days ?? []),
    ({ day }) => day,
  )
  return Array.from({ length: last }, (_, index) => {
    const day = `${month}${String(index + 1).padStart(2, '0')}`
    const own = byDay.get(day) ?? []
    return { day, cents: sum(own, 'cents'), unsettled_cents: sum(own, 'unsettled_cents') }
  })
}

const Connect = ({ admin }: { admin: boolean }) => (
  <Empty
    icon="account"
    title="No account is connected yet"
    action={
      admin ? <LinkButton href="/dashboard/accounts/new" label="Connect Finexio" tone="primary" /> : null
    }
  >
    Connect the Finexio login your team uses. It is checked with Finexio first; then you make a URL for each
    agent or person, and each URL can do only what you allow.
  </Empty>
)

const tourFor = (c: C, seen: readonly Seen[], all: boolean) =>
  all && isAdmin(c.get('session').actor)
    ? tourOf(
        seen.map(({ overview: { id }, usage }) => ({
          id,
          servers: usage?.servers.length ?? 0,
          called: usage?.servers.some(({ last_used_at }) => last_used_at !== null) ?? false,
        })),
        isLocal(c),
      )
    : null

type BodyProps = { c: C; seen: readonly Seen[]; drafts: SettingsDraft[]; part: Part }

const Body = ({ c, seen, drafts, part }: BodyProps) => {
  const all = isWhole(part)
  const needs = needsOf(seen)
  const tour = tourFor(c, seen, all)
  const waits = seen.some(({ overview }) => (overview.approvals?.count ?? 0) > 0)
  return (
    <>
      {tour && <Tour {...tour} />}
      <Approvals seen={seen} />
      <Settings drafts={drafts} />
      {needs.length > 0 && (
        <Section id="needs" title="To look at" card>
          <Needs needs={needs} several={seen.length > 1} />
        </Section>
      )}
      {needs.length === 0 && !waits && drafts.length === 0 && (
        <Note
          tone="ok"
          title={all ? 'Nothing needs you now' : 'Nothing needs you in the accounts that this page looked at'}
        >
          No write waits, no outcome is unknown, no limit is nearly used, and no URL ends within two weeks.
        </Note>
      )}
      {seen.some(({ usage }) => usage !== null) && <MoneyByDay days={monthOf(seen, Date.now())} />}
      {!all && <PartOf {...part} />}
    </>
  )
}

const show = async (c: C) => {
  const [known, drafts] = await Promise.all([listed(c), pendingSettings(c)])
  const asked = Number(c.req.query('from') ?? 0)
  const from = Number.isSafeInteger(asked) && asked > 0 && asked < known.accounts.length ? asked : 0
  const accounts = urgentFirst(c.get('session'), known.accounts).slice(from, from + AT_ONCE)
  const seen = (await Promise.all(accounts.map(seenOf(c)))).flat()
  const part = { from, to: from + accounts.length, known }
  return page(
    c,
    { title: 'Overview', place: '', lead: 'What needs you now, and what agents did with money.' },
    seen.length === 0 ? (
      <Connect admin={isAdmin(c.get('session').actor)} />
    ) : (
      <Body c={c} seen={seen} drafts={drafts?.result ?? []} part={part} />
    ),
  )
}

export const overviewPage: Page = {
  link: { place: '', label: 'Overview', icon: 'overview', roles: ['manage', 'audit', 'approve', 'admin'] },
  routes: new Hono<Dash>().get('/', show),
}
