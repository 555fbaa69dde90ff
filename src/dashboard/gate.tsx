/** Between sign-in and the pages: headers of every answer, no page without a session, no POST that a form of that session did not send. */
import type { MiddlewareHandler } from 'hono'
import { configurationProblem } from '../core/keys.ts'
import { unservedCoding } from '../core/request.ts'
import { pageHeaders } from '../identity/page-headers.ts'
import { sessionOf } from '../identity/session.ts'
import type { C, Dash } from './app-type.ts'
import { readForm } from './form-data.ts'
import { type Dispatch, managementOf } from './management.ts'
import { Badge, LinkButton, Note } from './parts/notes.tsx'
import { Document, html, page } from './parts/page.tsx'
import { Refused } from './refused.ts'

const HEADERS: Readonly<Record<string, string>> = {
  ...pageHeaders("script-src 'self'", "img-src 'self'", "connect-src 'self'"),
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

/** Sets the headers that every answer of the dashboard carries; `no-store` unless the answer says otherwise. */
export const commonHeaders: MiddlewareHandler<Dash> = async (c, next) => {
  await next()
  for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value)
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
}

const ownOrigins = ({ req, env }: C): string[] =>
  [req.url, env.PUBLIC_URL ?? ''].filter((text) => URL.canParse(text)).map((text) => new URL(text).origin)

/** Whether a POST comes from a page of this dashboard. Every browser says where a form was sent from. */
export const isFromHere = (c: C): boolean => {
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  return origin !== undefined && ownOrigins(c).includes(origin) && (site ?? 'same-origin') === 'same-origin'
}

const encoder = new TextEncoder()

/** Compares in constant time; the length is not secret. */
const isSame = (given: string, known: string): boolean => {
  const [a, b] = [encoder.encode(given), encoder.encode(known)]
  return a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b)
}

type Status = 400 | 401 | 403 | 404 | 405 | 409 | 415 | 429 | 500 | 502 | 503

/** A page for somebody about whom nothing is known. */
export const barePage = async (c: C, status: Status, title: string, text: string, link = '/dashboard') =>
  c.html(
    html(
      <Document title={title}>
        <div class="sign-in">
          <main class="card stack">
            <h1>{title}</h1>
            <p class="soft">{text}</p>
            <p>
              <LinkButton href={link} label="Go on" />
            </p>
          </main>
        </div>
      </Document>,
    ),
    status,
  )

const here = ({ req }: C): string => {
  const { pathname, search } = new URL(req.url)
  return pathname + search
}

const noSession = (c: C) =>
  c.req.method === 'GET'
    ? c.redirect(`/dashboard/sign-in?next=${encodeURIComponent(here(c))}`, 303)
    : barePage(
        c,
        401,
        'Your session is over',
        'Nothing was done. Sign in again, then repeat what you wanted.',
        '/dashboard/sign-in',
      )

const FOREIGN =
  'Nothing was done. This form did not come from a page of your session: open the page again and send it from there.'

/** @param why a body cannot be read */
export const unreadForm = (c: C, why: string) =>
  barePage(c, 415, 'The form cannot be read', `Nothing was done. ${why}`)

/** A form that was saved leads to a page: there it is said what waits for another person, and not that all is saved. */
const sayWhatWaits = (c: C): void => {
  const [id, to] = [c.get('api').waiting(), c.res.headers.get('location')]
  if (id === null || to === null) return
  const { pathname, searchParams, hash } = new URL(to, c.req.url)
  searchParams.delete('done')
  searchParams.set('waits', id)
  c.res.headers.set('location', `${pathname}?${searchParams}${hash}`)
}

/** The account that a page is about. */
const accountOf = ({ req }: C): string | null =>
  /^\/dashboard\/accounts\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/.exec(req.path)?.[1] ?? null

export const requireSession =
  (dispatch: Dispatch): MiddlewareHandler<Dash> =>
  async (c, next) => {
    const isPost = c.req.method === 'POST'
    if (isPost && !isFromHere(c)) return barePage(c, 403, 'Refused', FOREIGN)
    const session = await sessionOf(c, accountOf(c))
    if (!session) return noSession(c)
    c.set('session', session)
    c.set('api', managementOf(dispatch, new URL(c.req.url).origin, session, c.env))
    if (isPost) {
      const unserved = unservedCoding(c.req.raw)
      if (unserved !== null) return unreadForm(c, unserved)
      const form = await readForm(c.req.raw)
      if (!form || !isSame(form.one('csrf'), session.csrf)) return barePage(c, 403, 'Refused', FOREIGN)
      c.set('form', form)
    }
    await next()
    sayWhatWaits(c)
  }

const TITLES: Readonly<Record<number, string>> = {
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not possible any more',
  429: 'Too many requests',
}

/** What the API refused where no form could say so. */
const refusedPage = async (c: C, { status, message, retryAfter }: Refused) => {
  const title = TITLES[status] ?? 'That did not work'
  const wait = retryAfter === null ? null : <Badge tone="warn">{`try again in ${retryAfter} s`}</Badge>
  const answer = await page(
    c,
    { title, marks: wait },
    <Note tone="bad" title={message}>
      <a href="/dashboard">Back to the start</a>
    </Note>,
  )
  return new Response(answer.body, { status, headers: answer.headers })
}

/** The page for what a handler threw: the API's refusal in its own words, for a fault of ours no detail. */
export const failed = async (error: Error, c: C): Promise<Response> => {
  if (error instanceof Refused && c.get('session')) return refusedPage(c, error)
  const problem = configurationProblem(error)
  console.error({ event: 'dashboard_fault', error: error.name, ...(problem && { message: problem }) })
  if (problem !== null) return barePage(c, 500, 'This deployment cannot be used', problem)
  return barePage(
    c,
    500,
    'A fault on our side',
    'Something in this server failed. If you were changing something, look at its present state before you repeat it.',
  )
}
