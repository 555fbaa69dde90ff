/** Departures from JSON-RPC and MCP that clients of 2025 and earlier are known to make, put right before the SDK looks. */
import { PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server'
import { asObject, isObject, type JsonObject, parseText } from '../../core/json.ts'
import { INVALID_PARAMS, INVALID_REQUEST } from '../transport/refusal.ts'

const metaOf = (message: JsonObject | null): JsonObject | null => asObject(asObject(message?.params)?._meta)

/** True when the message itself claims a revision of 2026 or later. */
export const claimsModern = (message: JsonObject | null): boolean =>
  metaOf(message)?.[PROTOCOL_VERSION_META_KEY] !== undefined

/** True when the caller wants progress of this call. */
export const wantsProgress = (message: JsonObject | null): boolean =>
  metaOf(message)?.progressToken !== undefined

const NOBODY: JsonObject = { name: 'unknown', version: 'unknown' }

/** What a handshake must hold, and what is put in its place where an old client left it out. */
const HANDSHAKE: JsonObject = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: NOBODY }

/** Null says that there is no such member. */
const withoutNulls = (value: JsonObject): JsonObject =>
  Object.values(value).includes(null)
    ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
    : value

/** As deep as capabilities and names of a client go. The same value where nothing is null. */
const withoutNullsBelow = (value: unknown): unknown => {
  if (!isObject(value)) return value
  const bare = withoutNulls(value)
  const members = Object.entries(bare).map(([key, member]) => [key, withoutNullsBelow(member)] as const)
  return members.every(([key, member]) => member === bare[key]) ? bare : Object.fromEntries(members)
}

/** Some clients write the arguments as JSON text. */
const withReadArguments = (params: JsonObject): JsonObject => {
  if (typeof params.arguments !== 'string') return params
  const read = parseText(params.arguments)
  return read.ok && isObject(read.value) ? { ...params, arguments: read.value } : params
}

/** Arguments of a prompt are texts: null is none. What null means for a tool, its own schema says. */
const withoutNullArguments = (method: unknown, params: JsonObject): JsonObject => {
  const given = method === 'prompts/get' ? asObject(params.arguments) : null
  const bare = given && withoutNulls(given)
  return bare === given ? params : { ...params, arguments: bare }
}

/** What is neither missing nor null stays as it is, for the SDK to judge. The same value where nothing is. */
const withHandshake = (method: unknown, params: JsonObject): JsonObject => {
  if (method !== 'initialize') return params
  const whole = Object.keys(HANDSHAKE).every((key) => key in params) ? params : { ...HANDSHAKE, ...params }
  const info = asObject(withoutNullsBelow(whole.clientInfo))
  const named = !info || ('name' in info && 'version' in info) ? info : { ...NOBODY, ...info }
  const clientInfo = named ?? whole.clientInfo
  const capabilities = withoutNullsBelow(whole.capabilities)
  const isSame = clientInfo === whole.clientInfo && capabilities === whole.capabilities
  return isSame ? whole : { ...whole, capabilities, clientInfo }
}

/** `params` that are not an object are refused in words. The same value where nothing had to be put right. */
const paramsOf = ({ method, params = null }: JsonObject): unknown => {
  if (params === null) return method === 'initialize' ? HANDSHAKE : undefined
  if (!isObject(params)) return params
  const given = withoutNullArguments(method, withReadArguments(withoutNulls(params)))
  const meta = asObject(given._meta)
  const bare = meta && withoutNulls(meta)
  return withHandshake(method, bare === meta ? given : { ...given, _meta: bare })
}

const repaired = (message: JsonObject): JsonObject => {
  const params = paramsOf(message)
  if (params === message.params) return message
  const { params: _, ...rest } = message
  return params === undefined ? rest : { ...rest, params }
}

/**
 * Truto's SDKs leave out `jsonrpc` everywhere, `id` and `capabilities` on `initialize`, and read plain JSON back; others write
 * null for what they leave out. Messages of the modern era are returned as they are.
 */
export const lenient = (value: unknown): unknown => {
  const message = asObject(value)
  if (typeof message?.method !== 'string' || claimsModern(message)) return value
  const withoutId = message.method === 'initialize' && !('id' in message)
  const whole = repaired(message)
  if ('jsonrpc' in message && !withoutId) return whole
  return { jsonrpc: '2.0', ...(withoutId && { id: 0 }), ...whole }
}

type Check = readonly [holds: boolean, words: string]

export type Problem = { status: number; code: number; message: string }

const isText = (value: unknown): boolean => typeof value === 'string'

const completionChecks = ({ ref, argument, context }: JsonObject): Check[] => {
  const { type, name, uri } = asObject(ref) ?? {}
  const asked = asObject(argument) ?? {}
  return [
    [
      (type === 'ref/prompt' && isText(name)) || (type === 'ref/resource' && isText(uri)),
      'params.ref must be {"type": "ref/prompt", "name": …} or {"type": "ref/resource", "uri": …}.',
    ],
    [isText(asked.name) && isText(asked.value), 'params.argument must have a name and a value, both texts.'],
    [context === undefined || isObject(context), 'params.context must be an object.'],
  ]
}

/** What a method cannot do without: the SDK would answer the dump of its validator. */
const NEEDED: Readonly<Record<string, (params: JsonObject) => Check[]>> = {
  'tools/call': ({ name }) => [[isText(name), 'params.name must name a tool.']],
  'prompts/get': ({ name, arguments: args }) => [
    [isText(name), 'params.name must name a prompt.'],
    [
      Object.values(asObject(args) ?? {}).every(isText),
      'params.arguments must be texts, such as {"month": "2026-11"}.',
    ],
  ],
  'resources/read': ({ uri }) => [[isText(uri), 'params.uri must be the address of a resource, a text.']],
  'completion/complete': completionChecks,
}

const isId = (id: unknown): boolean => isText(id) || Number.isSafeInteger(id)

/** What the SDK calls "not a valid JSON-RPC message", without saying why. */
const requestProblem = (message: JsonObject): string | null => {
  if (message.jsonrpc !== '2.0') return 'jsonrpc must be "2.0".'
  return 'id' in message && !isId(message.id)
    ? 'id must be a text or a whole number of at most 2^53 - 1, and not null.'
    : null
}

/** What is wrong with a message and its parameters, in words; null: nothing that is looked at here. */
export const problemIn = (value: unknown): Problem | null => {
  const message = asObject(value)
  if (typeof message?.method !== 'string') return null
  const wrongRequest = requestProblem(message)
  if (wrongRequest) return { status: 400, code: INVALID_REQUEST, message: `Invalid request: ${wrongRequest}` }
  const needed = Object.hasOwn(NEEDED, message.method) ? NEEDED[message.method]! : () => []
  const params = asObject(message.params === undefined ? {} : message.params)
  if (!params)
    return { status: 400, code: INVALID_REQUEST, message: 'Invalid request: params must be an object.' }
  const { _meta, arguments: args, cursor } = params
  const token = asObject(_meta)?.progressToken
  const checks: Check[] = [
    [_meta === undefined || isObject(_meta), 'params._meta must be an object.'],
    [
      token === undefined || typeof token === 'string' || Number.isInteger(token),
      'params._meta.progressToken must be a text or a whole number.',
    ],
    [cursor === undefined || typeof cursor === 'string', 'params.cursor must be a text.'],
    [args === undefined || isObject(args), 'params.arguments must be an object.'],
    ...needed(params),
  ]
  const wrong = checks.find(([holds]) => !holds)
  return wrong ? { status: 200, code: INVALID_PARAMS, message: `Invalid params: ${wrong[1]}` } : null
}
