/** The frame of every sign-in page, and the headers that keep it from being framed, scripted or cached. */
import type { Child } from '../../core/jsx-runtime.ts'
import { STYLE } from '../../identity/addresses.ts'
import { pageHeaders } from '../../identity/page-headers.ts'

const HEADERS: Readonly<Record<string, string>> = {
  ...pageHeaders(),
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
}

type Frame = { title: string; next?: string; children?: Child }

const Frame = ({ title, next, children }: Frame) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      {next !== undefined && <meta http-equiv="refresh" content={`0;url=${next}`} />}
      <title>{title}</title>
      <link rel="stylesheet" href={STYLE} />
    </head>
    <body>
      <main>
        <h1>{title}</h1>
        {children}
      </main>
    </body>
  </html>
)

/** @param headers cookies to set along with the page */
const respond = (status: number, html: unknown, headers?: Headers): Response => {
  const response = new Response(`<!doctype html>${html}`, { status, headers })
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value)
  return response
}

/** A sign-in page. @param headers cookies to set along with it */
export const page = (
  { title, status = 200, headers }: { title: string; status?: number; headers?: Headers },
  children: Child,
): Response => respond(status, <Frame title={title}>{children}</Frame>, headers)

/** A page that says why there is no sign-in, and what to do. It repeats nothing of the request. */
export const problemPage = (status: number, text: string, headers?: Headers): Response =>
  page({ title: 'Sign-in is not possible', status, headers }, <p>{text}</p>)

/**
 * Sends the browser back to the client. By a page, since a redirect would count as part of sending the form, and the
 * policy lets forms go nowhere but here.
 */
export const leavingPage = (next: string, client: string, headers: Headers): Response => {
  const response = respond(
    200,
    <Frame title={`Back to ${client}`} next={next}>
      <p>
        <a href={next}>Continue</a> if nothing happens.
      </p>
    </Frame>,
    headers,
  )
  response.headers.set('referrer-policy', 'no-referrer')
  return response
}
