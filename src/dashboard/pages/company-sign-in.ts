/** Signing in to the dashboard at the company's identity provider (OpenID Connect, authorization code with PKCE). */
import { Hono } from 'hono/tiny'
import { actorOfPerson } from '../../identity/actor.ts'
import { AUTHORIZE, originFor } from '../../identity/addresses.ts'
import { type Attempt, NO_ROLE, recordAttempt } from '../../identity/attempts.ts'
import { companyOf, recognize } from '../../identity/company.ts'
import { personBehindAccess } from '../../identity/provider/access.ts'
import { keepPending, takePending } from '../../identity/provider/pending-cookie.ts'
import type { Refusal } from '../../identity/provider/refusal.ts'
import type { Provider } from '../../identity/provider/settings.ts'
import { beginSignIn, endSessionUrl, finishSignIn } from '../../identity/provider/sign-in.ts'
import type { SignedIn } from '../../identity/provider/signed-in.ts'
import { maySignIn, openSession } from '../../identity/session.ts'
import type { C, Dash } from '../app-type.ts'
import { barePage } from '../gate.tsx'
import { HOME, mayUseDashboard } from '../parts/page.tsx'
import { nextOf } from './next.ts'

/** In the trail, of the deployment. */
const ACTION = 'GET /dashboard/sign-in/company'
const CALLBACK = '/dashboard/sign-in/company/callback'

const refusedPage = (c: C, { status, message }: Pick<Refusal, 'status' | 'message'>) =>
  barePage(c, status, 'Not signed in', message, '/dashboard/sign-in')

const notHere = (c: C, problem: string | null) =>
  refusedPage(c, {
    status: problem === null ? 403 : 500,
    message: problem ?? 'This deployment has no company sign-in. Sign in with an API token.',
  })

const CONSENT = `${AUTHORIZE}?`

/** Where a sign-in leads: a page of the dashboard, or back to the page that lets a client in. */
const placeAfter = (c: C): string => {
  const asked = c.req.query('consent')
  return asked === undefined ? nextOf(c.req.query('next') ?? '') : CONSENT + new URLSearchParams(asked)
}

const begin = async (c: C) => {
  const { provider, access, problem } = companyOf(c.env)
  const [now, next] = [Date.now(), placeAfter(c)]
  if (access && maySignIn(c)) {
    const jwt = c.req.header('cf-access-jwt-assertion') ?? ''
    return admitted(c, { roles: null }, await personBehindAccess(access, jwt, now), next, now)
  }
  if (!provider || !maySignIn(c)) return notHere(c, problem)
  const redirectUri = originFor(c.req.raw, c.env) + CALLBACK
  const begun = await beginSignIn(provider, { redirectUri, next }, now)
  if (!begun.ok) return refusedPage(c, begun)
  await keepPending(c, begun.pending)
  return c.redirect(begun.url, 303)
}

const NOT_BEGUN = 'This sign-in was not started in this browser, or more than 10 minutes ago. Start again.'
const NOBODY = { who: null }

const USELESS =
  'You are known here, but no role lets you see or decide anything in the dashboard. Ask an administrator for manage, approve or audit, or for a group of the company that gives one: groups are read anew at each sign-in.'

const finish = async (c: C) => {
  if (c.req.raw.method !== 'GET') return c.body(null)
  const now = Date.now()
  const { provider, problem } = companyOf(c.env)
  if (!provider || !maySignIn(c)) return notHere(c, problem)
  const pending = await takePending(c, now)
  if (!pending) return refusedPage(c, { status: 400, message: NOT_BEGUN })
  const callback = pending.redirectUri + new URL(c.req.url).search
  return admitted(c, provider, await finishSignIn(provider, pending, callback, now), pending.next, now)
}

/** Opens a session for somebody whom the provider named, if they are known here and have something to see. */
const admitted = async (
  c: C,
  provider: Pick<Provider, 'roles'>,
  signedIn: SignedIn | Refusal,
  next: string,
  now: number,
) => {
  const refuse = async (why: Pick<Refusal, 'status' | 'message'>, attempt: Pick<Attempt, 'who' | 'by'>) => {
    await recordAttempt(c.env, { ...attempt, action: ACTION, status: why.status })
    return refusedPage(c, why)
  }
  if (!signedIn.ok) return refuse(signedIn, NOBODY)
  const recognized = await recognize(c.env, provider, signedIn, now)
  if (!recognized.ok) return refuse({ status: 403, message: recognized.why }, NOBODY)
  const { person, mapped, endsAt } = recognized
  const actor = actorOfPerson(person, [...person.grants, ...mapped])
  if (!next.startsWith(CONSENT) && !mayUseDashboard(actor))
    return refuse({ status: 403, message: USELESS }, { who: actor, by: NO_ROLE })
  await openSession(c, { kind: 'person', id: person.id, mapped, endsAt })
  await recordAttempt(c.env, { who: actor, action: ACTION, status: 303 })
  return c.redirect(next || HOME, 303)
}

/** Ends the provider's own session too. A page of its own, since browsers do not let a form lead to another host. */
const signOutThere = async (c: C) => {
  const { provider } = companyOf(c.env)
  const back = `${originFor(c.req.raw, c.env)}/dashboard/sign-in?done=signed-out`
  return c.redirect((provider && (await endSessionUrl(provider, back))) ?? back, 303)
}

/** Reached without a session. */
export const companySignInRoutes = new Hono<Dash>()
  .get('/sign-in/company', begin)
  .get('/sign-in/company/callback', finish)
  .get('/sign-in/company/sign-out', signOutThere)
