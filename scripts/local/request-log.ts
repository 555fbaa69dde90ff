/** A line for each request, for whoever runs the product on their own machine. Never a token: paths of MCP URLs are cut, queries dropped. */

type Fetch = (request: Request, env: unknown, ctx: unknown) => Response | Promise<Response>

/** Longest part of a path that is shown: an id has 36 letters, every token more. */
const LONGEST_PART = 36
const ASSET = /^\/dashboard\/assets\//

const shownPath = (path: string): string =>
  path
    .split('/')
    .map((part, at, parts) => {
      const token = parts[1] === 'mcp' && at === 2 && part !== 's'
      return token || part.length > LONGEST_PART || !/^[\w.:-]*$/.test(part) ? '…' : part
    })
    .join('/')

/** Methods, tools and prompts are written so. A token pasted in their place has digits. */
const word = (value: unknown): string =>
  typeof value === 'string' && /^[a-z_]{1,64}(?:\/[a-zA-Z_]{1,32}){0,2}$/.test(value) ? value : ''

/** Method and tool of a JSON-RPC request; empty for everything else. */
const asked = async (request: Request): Promise<string> => {
  if (request.method !== 'POST' || !request.headers.get('content-type')?.includes('json')) return ''
  const body = (await request.json().catch(() => null)) as {
    method?: unknown
    params?: { name?: unknown }
  } | null
  return [word(body?.method), word(body?.params?.name)].filter(Boolean).join(' ')
}

/** Longest wait for a body that its handler did not wait for either. */
const SOON_MS = 50

const soon = (): Promise<string> => new Promise((done) => setTimeout(done, SOON_MS, ''))

const LINE = /^\d\d:\d\d:\d\d {2}\d{3} {2}/

/** Whether a line that the Worker printed is one of these. */
export const isRequestLine = (line: string): boolean => LINE.test(line)

/** @returns the same handler, which prints time, method, path, what an MCP client asked, status and milliseconds */
export const withRequestLog = (handler: { fetch: Fetch }): { fetch: Fetch } => ({
  ...handler,
  fetch: async (request: Request, env: unknown, ctx: unknown) => {
    const { pathname } = new URL(request.url)
    if (ASSET.test(pathname)) return handler.fetch(request, env, ctx)
    const what = pathname.startsWith('/mcp/') ? asked(request.clone()) : ''
    const start = Date.now()
    const response = await handler.fetch(request, env, ctx)
    const took = Date.now() - start
    // What was refused before its body had come is answered now, and not when the body has come.
    const line = [request.method, shownPath(pathname), await Promise.race([what, soon()])]
    console.log(
      `${new Date(start).toISOString().slice(11, 19)}  ${response.status}  ${line.filter(Boolean).join(' ')}  ${took} ms`,
    )
    return response
  },
})
