/** The management REST API as a script calls it. */

export type Management = { baseUrl: string; adminApiKey: string }

export type CreatedServer = { id: string; token: string; url: string }

/** The API refused, or nothing answered (`status` null). */
export class NotManaged extends Error {
  readonly status: number | null
  constructor(message: string, status: number | null = null) {
    super(message)
    this.status = status
  }
}

type NewAccount = { name: string; credentials: { username: string; password: string }; base_url?: string }
type NewServer = {
  name: string
  config?: Record<string, unknown>
  expires_at?: string | null
  /** Id of the person or system that works through it. */
  holder?: string
}

/** Whoever speaks TLS to a port that speaks none, or the other way round, is told of a fault of the protocol. */
const unreachedWords = (baseUrl: string, fault: unknown): string => {
  const { code = '', message = '' } = (fault as { cause?: { code?: string; message?: string } }).cause ?? {}
  const isTls = code.startsWith('ERR_SSL') || /SSL|wrong version number|packet length/i.test(message)
  if (isTls) return `${baseUrl} does not speak https: try http:// in its place.`
  return `Nothing answers at ${baseUrl}: is the address right, and is the Worker there?`
}

type Refusal = {
  message?: string
  truto_is_remote_error?: boolean
  raw_response?: { message?: unknown } | null
}

const refusalIn = (text: string): Refusal => {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

/** Why a request was refused: by its key, by Finexio, or as the API says it. */
const refusedWords = (baseUrl: string, request: string, status: number, text: string): string => {
  const { message = text, truto_is_remote_error: isFinexios = false, raw_response: raw } = refusalIn(text)
  if (status === 401 && !isFinexios)
    return `${baseUrl} does not take this key: it is neither its ADMIN_API_KEY nor an API token that works.`
  const own = typeof raw?.message === 'string' ? ` Finexio's own words: ${raw.message}` : ''
  return `${request} answered ${status}: ${message}${own}`
}

/** Sends one request. Returns the JSON body. @throws NotManaged with status and the API's own message unless 2xx */
export const manage = async <Answer>(
  { baseUrl, adminApiKey }: Management,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> => {
  const response = await fetch(new URL(path, baseUrl), {
    method,
    headers: { authorization: `Bearer ${adminApiKey}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch((fault) => {
    throw new NotManaged(unreachedWords(baseUrl, fault))
  })
  const text = await response.text()
  if (!response.ok)
    throw new NotManaged(refusedWords(baseUrl, `${method} ${path}`, response.status, text), response.status)
  return JSON.parse(text)
}

/** Connects a Finexio account; its credentials are checked upstream first. */
export const createAccount = (api: Management, account: NewAccount): Promise<{ id: string }> =>
  manage(api, 'POST', '/integrated-account', account)

/** Creates an MCP server on an account; its token is shown here and never again. */
export const createServer = (api: Management, accountId: string, server: NewServer): Promise<CreatedServer> =>
  manage(api, 'POST', `/integrated-account/${accountId}/mcp`, server)

/** A link that signs in to the dashboard on this machine, once: within five minutes, with a person's API token within 24 hours. */
export const signInLink = async (api: Management): Promise<string> =>
  (await manage<{ url: string }>(api, 'POST', '/dashboard/sign-in-link')).url
