/** The layout of every dashboard page: document head, navigation, the signed-in person, heading. */
import type { Child, JSX } from '../../core/jsx-runtime.ts'
import { grouped } from '../../core/words.ts'
import type { Actor } from '../../identity/actor.ts'
import type { Session } from '../../identity/session.ts'
import { zoneOf } from '../../identity/zone.ts'
import { accountsWith, holds, type Role } from '../../rules/who/roles.ts'
import type { C, Link } from '../app-type.ts'
import { ICON_PATH, SCRIPT_PATH, STYLE_PATH } from '../assets/files.ts'
import { doneWords } from '../done.ts'
import { UndoableContext } from './approvals/who-decides.tsx'
import { CsrfContext, Form, Press } from './form.tsx'
import { Icon } from './icons.tsx'
import { Note } from './notes.tsx'
import { StoppedBanner } from './stopped.tsx'
import { ZoneContext } from './time.tsx'

/** Whether somebody manages the whole deployment. */
export const isAdmin = ({ grants }: Actor): boolean => holds(grants, 'admin', null)

/** Whether somebody has one of these roles anywhere. */
export const hasOne = ({ grants }: Actor, roles: readonly Role[]): boolean =>
  accountsWith(grants, roles)?.length !== 0

/** Whether somebody may follow a link: a page of the deployment refuses whoever has a role for one account alone. */
const isFor =
  ({ actor }: Session) =>
  ({ roles, whole }: Link): boolean =>
    whole ? roles.some((role) => holds(actor.grants, role, null)) : hasOne(actor, roles)

/** Whether the signed-in person has a role for an account. @param accountId null: for the whole deployment */
export const may = (c: C, role: Role, accountId: string | null): boolean =>
  holds(c.get('session').actor.grants, role, accountId)

/** Whether somebody can see or decide anything here. The role `use` alone is for MCP clients. */
export const mayUseDashboard = (actor: Actor): boolean =>
  hasOne(actor, ['manage', 'audit', 'approve', 'admin'])

/** Path of the page that opens after sign-in when no other one was asked for. */
export const HOME = '/dashboard'

/** The HTML document around a page. */
export const Document = ({ title, children }: { title: string; children?: Child }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>{`${title} · Finexio MCP`}</title>
      <link rel="icon" href={ICON_PATH} />
      <link rel="stylesheet" href={STYLE_PATH} />
      <script src={SCRIPT_PATH} defer></script>
    </head>
    <body>{children}</body>
  </html>
)

/** Logo and product name. */
export const Brand = () => (
  <>
    <span class="mark">
      <Icon name="mark" />
    </span>
    Finexio MCP
  </>
)

type SideNavProps = { links: readonly Link[]; place: string | undefined; waiting: number }

/** What waits is counted behind the entry that leads to it. */
const Waiting = ({ count }: { count: number }) => (
  <span class="badge warn count">
    {grouped(count)}
    <span class="unseen"> waiting</span>
  </span>
)

/** On a phone, where the menu is folded: what waits is seen without opening it. */
const Due = ({ count }: { count: number }) => (
  <a class="badge warn due" href="/dashboard/approvals">
    {`${grouped(count)} waiting`}
  </a>
)

const SideNav = ({ links, place, waiting }: SideNavProps) => (
  <nav class="nav" aria-label="Main">
    <ul>
      {links.map((link) => (
        <li>
          <a
            href={link.place === '' ? HOME : `${HOME}/${link.place}`}
            aria-current={link.place === place ? 'page' : undefined}
          >
            <Icon name={link.icon} />
            {link.label}
            {link.place === 'approvals' && waiting > 0 && <Waiting count={waiting} />}
          </a>
        </li>
      ))}
    </ul>
  </nav>
)

const Who = ({ session: { actor } }: { session: Session }) => (
  <div class="who">
    <div class="name stack tight small">
      <b class="wrap">{actor.name}</b>
      <span class="soft">{actor.kind === 'root' ? 'Whole deployment' : actor.kind}</span>
    </div>
    <a class="small soft" href="/dashboard/times">
      {`Times: ${ZoneContext.read()}`}
    </a>
    <Form action="/dashboard/sign-out" class="row">
      <button class="mini" type="submit">
        Sign out
      </button>
      <Press name="everywhere" value="1" label="Sign out everywhere" tone="mini quiet" />
    </Form>
  </div>
)

type MenuProps = { session: Session; links: readonly Link[]; place: string | undefined }

/** Beside the page; on a phone behind a button, since its entries would fill half of the screen. A browser without popovers shows them. */
const Menu = ({ session, links, place }: MenuProps) => (
  <>
    {session.waiting > 0 && links.some((link) => link.place === 'approvals') && (
      <Due count={session.waiting} />
    )}
    <button class="opens" type="button" popovertarget="menu">
      Menu
    </button>
    <div id="menu" class="menu" popover="auto">
      <SideNav links={links} place={place} waiting={session.waiting} />
      <Who session={session} />
    </div>
  </>
)

type Crumb = { href: string; label: string }

export const ACCOUNTS: Crumb = { href: '/dashboard/accounts', label: 'Accounts' }

export type PageProps = {
  title: string
  /** Entry of the navigation this page belongs to. */
  place?: string
  crumbs?: readonly Crumb[]
  /** Badges beside the heading. */
  marks?: Child
  /** One line below the heading. */
  lead?: Child
  /** Buttons beside the heading. */
  actions?: Child
}

const Head = ({ title, crumbs = [], marks, lead, actions }: PageProps) => (
  <div class="head">
    <div>
      {crumbs.length > 0 && (
        <nav class="crumbs" aria-label="Breadcrumb">
          {crumbs.map(({ href, label }, index) => (
            <>
              {index > 0 && ' / '}
              <a href={href}>{label}</a>
            </>
          ))}
        </nav>
      )}
      <div class="row">
        <h1>{title}</h1>
        {marks}
      </div>
      {lead && <p class="soft">{lead}</p>}
    </div>
    {actions && <div class="row">{actions}</div>}
  </div>
)

const ONE_PERSON = {
  acts: 'One-person mode: the owner decides on what systems ask for, without a second person.',
  sleeps: 'One-person mode sleeps while anybody else is enabled: a second person decides.',
} as const

/** Said on every page once it is chosen. */
const OnePerson = ({ session: { deployment, onePersonActs } }: { session: Session }) =>
  deployment.one_person === null ? null : (
    <p class="small soft">{ONE_PERSON[onePersonActs ? 'acts' : 'sleeps']}</p>
  )

const undoableFor = ({ actor, deployment }: Session) => {
  if (deployment.second_person_for_settings) return null
  return isAdmin(actor) ? 'mendable' : 'told'
}

type FrameProps = PageProps & {
  session: Session
  links: readonly Link[]
  children?: Child
}

const Frame = ({ session, links, children, ...props }: FrameProps) => (
  <Document title={props.title}>
    <CsrfContext.Provider value={session.csrf}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <div class="app">
        <header class="side">
          <a class="brand" href={HOME}>
            <Brand />
          </a>
          <Menu session={session} links={links.filter(isFor(session))} place={props.place} />
        </header>
        <main id="main">
          <StoppedBanner session={session} />
          <OnePerson session={session} />
          <Head {...props} />
          <UndoableContext.Provider value={undoableFor(session)}>{children}</UndoableContext.Provider>
        </main>
      </div>
    </CsrfContext.Provider>
  </Document>
)

/** A document as text. */
export const html = (document: JSX.Element): string => `<!doctype html>${document}`

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What was sent a moment ago and waits for another person. Any other text of the address shows nothing. */
const WaitsNote = ({ id, root }: { id: string | null | undefined; root: boolean }) =>
  id && ID.test(id) ? (
    <Note tone="warn" title={root ? 'Waits before it acts by itself' : 'Waits for a second person'}>
      {root
        ? 'What lets more pass than before acts after 24 hours (7 days where nobody could cancel it)'
        : 'What lets more pass than before acts only when somebody else agrees'}
      ; what only narrows is saved. <a href={`/dashboard/settings-drafts/${id}`}>See what waits</a>
    </Note>
  ) : null

/** Answers with a page for the signed-in person. @param status HTTP status */
export const page = async (c: C, props: PageProps, children: Child, status: 200 | 400 | 409 = 200) => {
  const done = doneWords(c)
  return c.html(
    html(
      <ZoneContext.Provider value={zoneOf(c)}>
        <Frame {...props} session={c.get('session')} links={c.get('links')}>
          {done !== null && <Note tone="ok" title={done} />}
          <WaitsNote
            id={c.get('api')?.waiting() ?? c.req.query('waits')}
            root={c.get('session').actor.kind === 'root'}
          />
          {children}
        </Frame>
      </ZoneContext.Provider>,
    ),
    status,
  )
}
