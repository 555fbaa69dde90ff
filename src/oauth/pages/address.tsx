/** What somebody sees who opens an MCP URL in a browser: the same for every token, so that nobody learns which exist. */
import { page } from './page.tsx'

/** Whether a browser asks for a page. Clients of MCP that open a stream by GET name `text/event-stream`. */
export const wantsPage = ({ method, headers }: Request): boolean => {
  if (method !== 'GET') return false
  const accept = headers.get('accept') ?? ''
  return accept.includes('text/html') && !accept.includes('text/event-stream')
}

/** What a browser gets in the place of JSON that refuses it: an address that leads nowhere, or one that is for programs. @param status of that answer */
export const notForPeople = (status: number): Response =>
  page(
    { title: status === 404 ? 'There is no such page' : 'This address is for programs', status },
    <>
      <p>
        {status === 404
          ? 'Nothing is at this address. It may be mistyped, or what it showed may be gone.'
          : 'The management API answers here to whoever brings a key. GET /openapi.json describes it.'}
      </p>
      <p>
        <a href="/dashboard">Dashboard</a>: accounts, MCP servers, approvals and the audit trail.
      </p>
    </>,
  )

/** 405, as for every GET there; it repeats nothing of the address, and no link from it tells the address. */
export const addressPage = (): Response => {
  const response = page(
    { title: 'An address for MCP clients', status: 405, headers: new Headers({ allow: 'POST' }) },
    <>
      <p>
        There is nothing to see here: this is where an assistant or agent reaches Finexio. Paste the address
        into a client that speaks MCP, such as ChatGPT, Claude or Cursor.
      </p>
      <p>Treat the address as a password: whoever has it may be able to use the account behind it.</p>
      <p>
        <a href="/dashboard">Dashboard</a>: make, limit and end such addresses.
      </p>
    </>,
  )
  response.headers.set('referrer-policy', 'no-referrer')
  response.headers.set('x-robots-tag', 'noindex')
  return response
}
