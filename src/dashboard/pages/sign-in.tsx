/** Signing in with a key or a one-time link, and out again. */

import { Hono } from 'hono/tiny'
import { directoryObject } from '../../account/directory-stub.ts'
import { bearerIn } from '../../core/request.ts'
import { type Actor, ADMIN_KEY, actorOf } from '../../identity/actor.ts'
import {
  closeSession,
  isLocal,
  maySignIn,
  openSession,
  randomSecret,
  secretDigest,
  sessionOf,
} from '../../identity/session.ts'
import type { C, Dash } from '../app-type.ts'
import { readForm } from '../form-data.ts'
import { barePage, isFromHere } from '../gate.tsx'
import { Note } from '../parts/notes.tsx'
import { Brand, Document, homeOf, html } from '../parts/page.tsx'

const LOCAL_HINT =
  'npm start printed the admin key (admin_api_key in its READY line); it is also in .dev.vars.'
const HINT = 'The deployment’s admin key, or an API token that somebody made for you.'

type PageState = { next: string; problem?: string; done?: boolean }

const signInPage = async (c: C, { next, problem, done }: PageState, status: 200 | 400 | 401 | 403 = 200) =>
  c.html(
    await html(
      <Document title="Sign in">
        <div class="sign-in">
          <main class="stack" id="main">
            <p class="brand">
              <Brand />
            </p>
            {problem && (
              <Note tone="bad" title="Not signed in">
                {problem}
              </Note>
            )}
            {done && <Note tone="ok" title="You are signed out." />}
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
                  {isLocal(c) ? LOCAL_HINT : HINT}
                </span>
              </div>
              <button class="primary" type="submit" data-busy="Signing in">
                Sign in
              </button>
            </form>
            <p class="soft small">
              A session ends after 12 hours, after 2 hours without use, and with the key that opened it.
            </p>
          </main>
        </div>
      </Document>,
    ),
    status,
  )

const NEXT = /^\/dashboard\/[\w\-./?=&%:[\]+]*$/

/** Only a page of the dashboard, written as the browser would ask for it: `..` in any spelling would lead out of it. */
const nextOf = (given: string): string => {
  if (!NEXT.test(given) || given.includes('//')) return ''
  const { pathname, search } = new URL(given, 'https://dashboard.invalid')
  return pathname + search === given ? given : ''
}

const show = async (c: C) => {
  const next = nextOf(c.req.query('next') ?? '')
  if (!maySignIn(c))
    return barePage(c, 403, 'Use https', 'Sessions never travel in the clear: open this page over https.')
  const session = await sessionOf(c)
  if (session) return c.redirect(next || homeOf(session), 303)
  return signInPage(c, { next, done: c.req.query('done') === 'signed-out' })
}

const USELESS =
  'This API token may neither manage nor approve anything. It is for MCP clients: ask for one with the scope account:<id> or approve.'

const isUseful = ({ scopes }: Actor): boolean => scopes.some((scope) => scope !== 'mcp')

const signIn = async (c: C) => {
  const form = isFromHere(c) && maySignIn(c) ? await readForm(c.req.raw) : null
  if (!form)
    return barePage(c, 403, 'Refused', 'Open the sign-in page and sign in from there.', '/dashboard/sign-in')
  const next = nextOf(form.one('next'))
  const actor = await actorOf(c.env, form.one('key'))
  if (!actor)
    return signInPage(
      c,
      {
        next,
        problem:
          'This is neither the admin key nor an API token that is valid: it may have expired or been revoked.',
      },
      401,
    )
  if (!isUseful(actor)) return signInPage(c, { next, problem: USELESS }, 403)
  await openSession(c, actor)
  return c.redirect(next || homeOf({ actor, csrf: '' }), 303)
}

const USED =
  'This link was used before or is older than five minutes. Start again for a new one, or sign in with the admin key.'

const byLink = async (c: C) => {
  // Mail scanners and chat previews ask with HEAD: that must not use the link up.
  if (c.req.raw.method !== 'GET') return c.body(null)
  const code = c.req.param('code') ?? ''
  const digest = await secretDigest(c.env, 'sign-in code', code)
  if (!isLocal(c) || !(await directoryObject(c.env).takeSignInCode(digest)))
    return signInPage(c, { next: '', problem: USED }, 401)
  await openSession(c, ADMIN_KEY)
  return c.redirect('/dashboard/accounts', 303)
}

/** For `npm start`, on the machine itself: whoever has the admin key may hand it on as a link that works once. */
const makeLink = async (c: C) => {
  const bearer = bearerIn(c.req.header('authorization')) ?? ''
  const actor = isLocal(c) ? await actorOf(c.env, bearer) : null
  if (actor?.kind !== 'admin_key') return c.json({ message: 'Not here.' }, 404)
  const code = randomSecret()
  await directoryObject(c.env).addSignInCode(await secretDigest(c.env, 'sign-in code', code))
  return c.json({ url: new URL(`/dashboard/sign-in/${code}`, c.req.url).href }, 201)
}

/** Reached without a session. */
export const signInRoutes = new Hono<Dash>()
  .get('/sign-in', show)
  .post('/sign-in', signIn)
  .post('/sign-in-link', makeLink)
  .get('/sign-in/:code', byLink)

/** Ends the session; with `everywhere=1` all sessions of the same key. @throws Refused 400 for any other value of it */
export const signOut = async (c: C) => {
  const form = c.get('form')
  await closeSession(c, form.has('everywhere') && form.offered('everywhere', ['1']) === '1')
  return c.redirect('/dashboard/sign-in?done=signed-out', 303)
}
