/** Signing in with a key or a one-time link, and out again. */
import { Hono } from 'hono/tiny'
import { directoryObject } from '../../account/directory-stub.ts'
import type { Child } from '../../core/jsx-runtime.ts'
import { bearerIn, unservedCoding } from '../../core/request.ts'
import { type Actor, actorOfToken, holderOfKey, ROOT } from '../../identity/actor.ts'
import { NO_ROLE, recordAttempt } from '../../identity/attempts.ts'
import { companyOf } from '../../identity/company.ts'
import {
  closeSession,
  isLocal,
  maySignIn,
  openSession,
  randomSecret,
  type SignedInBy,
  secretDigest,
  sessionOf,
} from '../../identity/session.ts'
import { setUpProblems } from '../../identity/set-up.ts'
import type { RefusedBy } from '../../rules/sentences/refused-by.ts'
import { rolesWords } from '../../rules/who/role-words.ts'
import type { C, Dash } from '../app-type.ts'
import { readForm } from '../form-data.ts'
import { barePage, isFromHere, unreadForm } from '../gate.tsx'
import { LinkButton, Note } from '../parts/notes.tsx'
import { Brand, Document, HOME, html, mayUseDashboard } from '../parts/page.tsx'
import { nextOf } from './next.ts'

const LOCAL_HINT =
  'npm start printed the admin key (admin_api_key in its READY line); it is also in .dev.vars. The approver’s API token is APPROVER in .data/demo.env; each next npm start prints a new link for every person.'
const HINT =
  'Your own API token, which an administrator made for you and can make anew: nobody can show it a second time. The deployment’s admin key is for setting up, and approves nothing.'

const DONE = ['signed-out', 'signed-out-here'] as const

type PageState = { next: string; problem?: string; done?: (typeof DONE)[number] }

/** A link and no form: browsers apply `form-action` to where a form is redirected. */
const Company = ({ next, problem }: { next: string; problem: string | null }) =>
  problem === null ? (
    <p>
      <LinkButton
        href={`/dashboard/sign-in/company?next=${encodeURIComponent(next)}`}
        label="Sign in with your company"
        tone="primary"
      />
    </p>
  ) : (
    <Note tone="warn" title="The company’s sign-in cannot be used">
      {problem}
    </Note>
  )

const KeyForm = ({ next, hint }: { next: string; hint: string }) => (
  <form class="card stack" method="post" action="/dashboard/sign-in">
    <h1>Sign in</h1>
    <input type="hidden" name="next" value={next} />
    <div class="field">
      <label for="key">Admin key or API token</label>
      <input
        id="key"
        name="key"
        type="password"
        required
        autocomplete="current-password"
        aria-describedby="key-hint"
      />
      <span class="hint" id="key-hint">
        {hint}
      </span>
    </div>
    <button class="primary" type="submit" data-busy="Signing in">
      Sign in
    </button>
  </form>
)

/** In place of the form: what was left empty or as in an example must not become a key. */
const NotSetUp = ({ problems }: { problems: readonly string[] }) => (
  <Note tone="bad" title="This deployment is not set up yet">
    <ul>
      {problems.map((problem) => (
        <li>{problem}</li>
      ))}
    </ul>
    <p>
      Secrets are also set in Cloudflare’s dashboard: Workers &amp; Pages, this Worker, Settings, Variables
      and Secrets. Then load this page again.
    </p>
  </Note>
)

const Frame = ({ children }: { children?: Child }) => (
  <Document title="Sign in">
    <div class="sign-in">
      <main class="stack" id="main">
        <p class="brand">
          <Brand />
        </p>
        {children}
      </main>
    </div>
  </Document>
)

const signInPage = async (c: C, { next, problem, done }: PageState, given: 200 | 400 | 401 | 403 = 200) => {
  const company = companyOf(c.env)
  const problems = setUpProblems(c.env)
  const status = problems.length > 0 ? 503 : given
  return c.html(
    html(
      <Frame>
        {problem && (
          <Note tone="bad" title="Not signed in">
            {problem}
          </Note>
        )}
        {done && (
          <Note tone="ok" title="You are signed out.">
            {done === 'signed-out-here' && (
              <a href="/dashboard/sign-in/company/sign-out">Sign out at your company as well</a>
            )}
          </Note>
        )}
        {(company.provider ?? company.access ?? company.problem) !== null && (
          <Company next={next} problem={company.problem} />
        )}
        {problems.length > 0 ? (
          <NotSetUp problems={problems} />
        ) : (
          <KeyForm next={next} hint={isLocal(c) ? LOCAL_HINT : HINT} />
        )}
        <p class="soft small">
          A session ends after 12 hours, after 2 hours without use, and with the key that opened it.
        </p>
      </Frame>,
    ),
    status,
  )
}

const show = async (c: C) => {
  const next = nextOf(c.req.query('next') ?? '')
  if (!maySignIn(c))
    return barePage(
      c,
      403,
      'Use https',
      'Sessions never travel in the clear: open this page over https. On this machine, for trying out, set LOCAL_DEVELOPMENT to "true" in .dev.vars.',
    )
  const session = await sessionOf(c)
  if (session) return c.redirect(next || HOME, 303)
  const done = DONE.find((one) => one === c.req.query('done'))
  return signInPage(c, { next, ...(done && { done }) })
}

const USELESS =
  'This API token is for MCP clients: with the role use alone there is nothing to see or decide here. Ask for one with manage, approve, audit or admin.'

const signedInBy = (tokenId: string | null): SignedInBy =>
  tokenId === null ? { kind: 'key' } : { kind: 'api_token', id: tokenId }

const signIn = async (c: C) => {
  const unserved = unservedCoding(c.req.raw)
  if (unserved !== null) return unreadForm(c, unserved)
  const form = isFromHere(c) && maySignIn(c) ? await readForm(c.req.raw) : null
  if (!form)
    return barePage(c, 403, 'Refused', 'Open the sign-in page and sign in from there.', '/dashboard/sign-in')
  const next = nextOf(form.one('next'))
  const holder = await holderOfKey(c.env, form.one('key'))
  const who = holder?.actor ?? null
  const record = (status: number, by?: RefusedBy) =>
    recordAttempt(c.env, { who, action: 'POST /dashboard/sign-in', status, ...(by && { by }) })
  if (!holder) {
    await record(401)
    return signInPage(
      c,
      {
        next,
        problem:
          'This is neither the admin key nor an API token that is valid: it may have expired or been revoked.',
      },
      401,
    )
  }
  const { actor, tokenId } = holder
  if (!mayUseDashboard(actor)) {
    await record(403, NO_ROLE)
    return signInPage(c, { next, problem: USELESS }, 403)
  }
  await openSession(c, signedInBy(tokenId))
  await record(303)
  return c.redirect(next || HOME, 303)
}

const USED =
  'This link was used before, or is too old: one for the admin key is good for five minutes, one for a person of the demo for 24 hours. Stop npm start and run it again for new ones, or sign in below: as the approver with APPROVER of .data/demo.env.'

/** Deployed there are no such links. */
const NO_LINKS =
  'Links that sign in exist only on the machine that runs npm start. Sign in with your API token; who has none asks an administrator for one.'

/** Another admin key ends every link: whoever made one with the key before, which may have leaked, would sign in by it. */
const codeDigest = ({ env }: C, code: string) =>
  secretDigest(env, 'sign-in code', `${code} ${env.ADMIN_API_KEY?.trim()}`)

/** @param uses whether the link is used up */
const takenBy = async (c: C, uses: boolean) => {
  const digest = await codeDigest(c, c.req.param('code') ?? '')
  return isLocal(c) ? directoryObject(c.env).signInCode(digest, uses) : null
}

/** Null for a link that opens nothing. */
const holderOfLink = async (c: C, taken: { tokenId: string | null } | null): Promise<Actor | null> => {
  if (!taken) return null
  if (taken.tokenId === null) return ROOT
  const token = await directoryObject(c.env).readApiToken(taken.tokenId)
  return token && actorOfToken(token)
}

/** Whom a link signs in, by name: several people of the demo have one each. */
const PressPage = ({ holder: { name, kind, grants } }: { holder: Actor }) => (
  <Frame>
    <form class="card stack" method="post">
      <h1>Sign in</h1>
      <p>
        As <strong>{kind === 'root' ? 'holder of the admin key' : name}</strong>
        {kind === 'root' ? '.' : `, with ${rolesWords(grants)}.`}
      </p>
      <p class="soft">This link signs in once.</p>
      <button class="primary" type="submit" data-busy="Signing in">
        Sign in
      </button>
    </form>
  </Frame>
)

/** Mail scanners, chat previews and browsers that fetch ahead open links: only a person presses the button, which uses the link up. */
const askToPress = async (c: C) => {
  if (!isLocal(c)) return signInPage(c, { next: '', problem: NO_LINKS }, 401)
  const holder = await holderOfLink(c, await takenBy(c, false))
  return holder
    ? c.html(html(<PressPage holder={holder} />))
    : signInPage(c, { next: '', problem: USED }, 401)
}

const byLink = async (c: C) => {
  if (!isFromHere(c))
    return barePage(c, 403, 'Refused', 'Open the link and press its button.', '/dashboard/sign-in')
  const taken = await takenBy(c, true)
  const status = taken ? 303 : 401
  await recordAttempt(c.env, {
    who: await holderOfLink(c, taken),
    action: 'POST /dashboard/sign-in/:code',
    status,
  })
  if (!taken) return signInPage(c, { next: '', problem: isLocal(c) ? USED : NO_LINKS }, 401)
  await openSession(c, signedInBy(taken.tokenId))
  return c.redirect(HOME, 303)
}

/** For `npm start`, on the machine itself: whoever has the admin key may hand it on as a link that works once. */
const makeLink = async (c: C) => {
  const bearer = bearerIn(c.req.header('authorization')) ?? ''
  const holder = isLocal(c) ? await holderOfKey(c.env, bearer) : null
  if (!holder || !mayUseDashboard(holder.actor)) return c.json({ message: 'Not here.' }, 404)
  const code = randomSecret()
  const digest = await codeDigest(c, code)
  await directoryObject(c.env).addSignInCode(digest, holder.tokenId)
  return c.json({ url: new URL(`/dashboard/sign-in/${code}`, c.req.url).href }, 201)
}

/** Reached without a session. */
export const signInRoutes = new Hono<Dash>()
  .get('/sign-in', show)
  .post('/sign-in', signIn)
  .post('/sign-in-link', makeLink)
  .get('/sign-in/:code', askToPress)
  .post('/sign-in/:code', byLink)

/** Ends the session; with `everywhere=1` all sessions of the same key. @throws Refused 400 for any other value of it */
export const signOut = async (c: C) => {
  const form = c.get('form')
  const { byCompany } = c.get('session')
  await closeSession(c, form.has('everywhere') && form.offered('everywhere', ['1']) === '1')
  return c.redirect(`/dashboard/sign-in?done=${byCompany ? 'signed-out-here' : 'signed-out'}`, 303)
}
