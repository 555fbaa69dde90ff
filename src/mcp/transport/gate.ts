/**
 * Who may speak to an MCP server, in this order: web origin, shape of the token, HTTP and body (answered last), the account's
 * verdict. A foreign origin waits for the verdict too, since a server may name origins of its own; unless it is named
 * there it gets one and the same 403, so that it learns nothing of tokens.
 */
import type { Env } from '../../core/env.ts'
import { asObject } from '../../core/json.ts'
import { configurationProblem } from '../../core/keys.ts'
import { isLoopback } from '../../core/public-url.ts'
import { bearerIn } from '../../core/request.ts'
import type { Admission, AskedCall, CallerInput, Verdict } from '../../rules/admission.ts'
import { readToken } from '../../rules/mcp-token.ts'
import { type ReadMessage, traceparentIn } from './http.ts'
import {
  foreignOrigin,
  overOwnLimit,
  type RequestId,
  refuse,
  requestIdOf,
  unauthorized,
  unknownServer,
} from './refusal.ts'

// Which web pages may call an MCP endpoint. Programs send no Origin and are not concerned.

const ASSISTANTS = [
  'https://chatgpt.com',
  'https://chat.openai.com',
  'https://claude.ai',
  'https://claude.com',
]
/** The host of an Origin header (RFC 6454, 7), IPv6 in brackets. */
const HOST = /^https?:\/\/(\[[\da-f:]+\]|[^/:@[\]]+)(?::\d{1,5})?$/

const isLocal = (origin: string): boolean => isLoopback(HOST.exec(origin)?.[1] ?? '')

type OriginSettings = { ALLOWED_ORIGINS?: string; LOCAL_DEVELOPMENT?: string }

const configured = (list = ''): string[] =>
  list
    .split(',')
    .map((entry) => entry.trim().replace(/\/$/, '').toLowerCase())
    .filter(Boolean)

/**
 * @param origin the Origin header, null when absent
 * @returns false only for a page that is neither an assistant's, nor configured, nor (in local development) on loopback
 */
export const originAllowed = (origin: string | null, settings: OriginSettings): boolean => {
  if (origin === null || ASSISTANTS.includes(origin)) return true
  if (settings.LOCAL_DEVELOPMENT === 'true' && isLocal(origin)) return true
  return configured(settings.ALLOWED_ORIGINS).includes(origin)
}

/** Whether a server names this origin itself. @param list its `allowed_origins` */
const originNamed = (
  origin: string | null,
  list: readonly string[],
  { LOCAL_DEVELOPMENT }: OriginSettings,
): boolean => {
  if (origin === null || !list.includes(origin)) return false
  return LOCAL_DEVELOPMENT === 'true' || !isLocal(origin)
}

/** One request to the account's object. The verdict does not tell malformed, unknown, expired and revoked tokens apart. */
export type Admit = (token: string, presented: CallerInput) => Promise<Verdict>

/** One kind of MCP URL (with a token, or with a server id): how its last part is checked. */
export type Way = {
  /** Whether it has the right shape, without asking anybody. */
  fits(name: string): boolean
  admit: Admit
  /** The response to a caller without the API token or access token that the server also requires. */
  unauthorized(name: string, id: RequestId): Response
}

/** The URL that holds a token. */
export const byToken = (admit: Admit): Way => ({
  fits: (token) => readToken(token) !== null,
  admit,
  unauthorized: (_token, id) => unauthorized(id),
})

/** `origin`: as in `Entry`. */
export type Shown = { origin: string | null; response: Response }

/**
 * `origin`: whom the response may be shown to; null when nobody asked or the origin is refused.
 * `refused`: the account's verdict where that is why.
 */
export type Entry = { origin: string | null } & (
  | { ok: true; admission: Admission; message: unknown }
  | { ok: false; response: Response; refused?: Exclude<Verdict['kind'], 'admitted'> }
)

/** The API token that a request brings besides its URL. */
export const bearerOf = (request: Request): string | null => bearerIn(request.headers.get('authorization'))

/** Methods that may call Finexio, and so count towards the account's own limits: all else is answered under any load. */
const COUNTED: ReadonlySet<unknown> = new Set(['tools/call', 'completion/complete'])

const isCounted = (read: ReadMessage): boolean => read.ok && COUNTED.has(asObject(read.message)?.method)

const askedIn = (request: Request, read: ReadMessage, requestId: string): AskedCall => {
  const message = read.ok ? read.message : null
  const tool = asObject(asObject(message)?.params)?.name
  return {
    requestId,
    tool: typeof tool === 'string' ? tool : null,
    traceparent: traceparentIn(request, message),
  }
}

/** undefined: the account could not be asked. */
const ask = async ({ admit }: Way, name: string, presented: CallerInput): Promise<Verdict | undefined> => {
  try {
    return await admit(name, presented)
  } catch (error) {
    const kind = error instanceof Error ? error.name : typeof error
    const message = configurationProblem(error)
    console.error({ event: 'admission_fault', error: kind, ...(message && { message }) })
    return undefined
  }
}

const originsOf = (verdict: Verdict | undefined): readonly string[] => {
  if (verdict?.kind === 'admitted') return verdict.admission.server.config.allowed_origins ?? []
  return verdict?.kind === 'unauthorized' || verdict?.kind === 'limited' ? verdict.allowed_origins : []
}

const refusalFor = (
  verdict: Exclude<Verdict, { kind: 'admitted' }> | undefined,
  read: ReadMessage,
  unauthorizedFor: (id: RequestId) => Response,
): Response => {
  const id = read.ok ? requestIdOf(read.message) : null
  switch (verdict?.kind) {
    case undefined:
      return refuse(503, 'This MCP server could not be looked up just now. Nothing was sent to Finexio.')
    case 'unknown':
      return unknownServer()
    case 'unauthorized':
      return unauthorizedFor(id)
    case 'limited':
      return overOwnLimit(verdict, id)
  }
}

/**
 * @param name the token, or what takes its place in the URL; null where the URL has no place for one
 * @param read reads the HTTP request; runs only for names of the right shape, and its refusal is shown only to callers
 *   who were let in
 */
export const enter = async (
  request: Request,
  name: string | null,
  env: Env,
  way: Way,
  read: (request: Request) => Promise<ReadMessage>,
  requestId: string = crypto.randomUUID(),
): Promise<Entry> => {
  const sent = request.headers.get('origin')
  const known = originAllowed(sent, env)
  const foreign = (): Entry => ({ ok: false, origin: null, response: foreignOrigin() })
  if (name === null || !way.fits(name))
    return known ? { ok: false, origin: sent, response: unknownServer() } : foreign()
  const body = await read(request)
  const presented = { bearer: bearerOf(request), counts: false }
  // A page that may not call uses up nothing.
  if (!known && !originNamed(sent, originsOf(await ask(way, name, presented)), env)) return foreign()
  const counts = isCounted(body)
  const asked = counts ? { asked: askedIn(request, body, requestId) } : {}
  const verdict = await ask(way, name, { ...presented, counts, ...asked })
  if (verdict?.kind !== 'admitted') {
    const response = refusalFor(verdict, body, (id) => way.unauthorized(name, id))
    return { ok: false, origin: sent, refused: verdict?.kind, response }
  }
  if (!body.ok) return { ok: false, origin: sent, response: body.response }
  return { ok: true, origin: sent, admission: verdict.admission, message: body.message }
}
