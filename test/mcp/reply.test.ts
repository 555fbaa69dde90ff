/** ChatGPT's opening as it was seen on the wire (clients.md 4), in each form of `config.reply`; and who gets which form. */
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../src/rules/admission.ts'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { dependencies, letIn, modern, nothingSeen, post, STRANGER, send } from './fake.ts'

type Reply = ServerConfig['reply']
const CHATGPT = {
  'user-agent': 'openai-mcp/1.0.0',
  accept: 'application/json, text/event-stream',
  'x-openai-session': 'v1/abc',
  'x-openai-subject': 'v1/def',
}
const CLIENT = { name: 'openai-mcp', version: '1.0.0' }

const serving = (reply: Reply) => dependencies(nothingSeen(), letIn(reply && { reply }))

/** One JSON message, in whichever form it came. */
const read = async (response: Response) => {
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  if (!type.startsWith('text/event-stream'))
    return { form: 'json', message: text === '' ? null : JSON.parse(text) }
  const [, data] = /^event: message\ndata: ([^\n]*)\n\n$/.exec(text) ?? []
  return { form: 'sse', message: JSON.parse(data!) }
}

const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: CLIENT }
const old = (method: string, params?: object, id: number | undefined = 1) =>
  post({ jsonrpc: '2.0', ...(id !== undefined && { id }), method, ...(params && { params }) }, CHATGPT)
const call = (name: string) => old('tools/call', { name, arguments: { x: 1 } })

/** A fresh handshake for each batch: `server/discover`, then the handshake of 2025, the list, calls. */
const batch = (): RequestInit[] => [
  modern('server/discover', {}, CHATGPT),
  old('initialize', initialize),
  post({ jsonrpc: '2.0', method: 'notifications/initialized' }, CHATGPT),
  old('tools/list'),
  call('echo'),
  call('throttled'),
  call('throttled_http'),
]

const opening = async (reply: Reply) => {
  const answers = []
  const limited: Verdict = { kind: 'limited', limit: 50, remaining: 0, reset: 3, allowed_origins: [] }
  for (let round = 0; round < 3; round++)
    for (const init of batch()) answers.push(await send(init, { deps: serving(reply) }))
  answers.push(await send(call('echo'), { deps: dependencies(nothingSeen(), limited) }))
  answers.push(await send(old('initialize', initialize), { deps: serving(reply), path: STRANGER }))
  return Promise.all(
    answers.map(async (response) => {
      const headers = Object.fromEntries(response.headers)
      for (const own of ['content-type', 'x-request-id', 'content-length']) delete headers[own]
      return { status: response.status, headers, ...(await read(response)) }
    }),
  )
}

const STATUS = [200, 200, 202, 200, 200, 200, 429]
const withoutForm = (answers: Awaited<ReturnType<typeof opening>>) =>
  answers.map(({ form: _, ...rest }) => rest)

test.each<[Reply, string]>([
  [undefined, 'sse'],
  ['auto', 'sse'],
  ['sse', 'sse'],
  ['json', 'json'],
])(
  'reply %s: ChatGPT’s opening, three handshakes, a 429, its own limit and an expired URL',
  async (reply, form) => {
    const answers = await opening(reply)
    expect(answers.map(({ status }) => status)).toEqual([...STATUS, ...STATUS, ...STATUS, 429, 404])
    // What is no answer to a message stays what it is: an HTTP error in JSON, a 202 without a body.
    for (const answer of answers) expect(answer.form).toBe(answer.status === 200 ? form : 'json')
    const [discovered, shaken, , listed, echoed, throttled, http] = answers
    expect(discovered?.message.result.supportedVersions).toContain('2026-07-28')
    expect(shaken?.message.result.protocolVersion).toBe('2025-11-25')
    expect(listed?.message.result.tools).toHaveLength(4)
    expect(echoed?.message.result.structuredContent).toEqual({ x: 1 })
    for (const { headers } of [throttled!, http!])
      expect(headers).toMatchObject({
        'ratelimit-remaining': '0',
        'ratelimit-reset': '7',
        'retry-after': '7',
      })
    expect(throttled?.message.result.isError).toBe(true)
    expect(http?.message.error.code).toBe(429)
    expect(answers.at(-2)?.headers).toMatchObject({ 'ratelimit-limit': '50', 'retry-after': '3' })
    expect(answers.at(-1)?.message.error.message).toMatch(/No MCP server answers at this URL/)
    expect(withoutForm(answers)).toEqual(withoutForm(await opening('json')))
  },
)

const ASK = { 'user-agent': 'x', accept: 'application/json, text/event-stream' }
const asking = (headers: Record<string, string>) =>
  post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } }, headers)

describe('who gets which form', () => {
  test.each<[string, Reply, Record<string, string>, string]>([
    ['ChatGPT', undefined, CHATGPT, 'sse'],
    ['ChatGPT’s Work tab', undefined, { ...ASK, 'user-agent': 'openai-mcp/1.0.0 (Codex)' }, 'sse'],
    ['a later ChatGPT', 'auto', { ...ASK, 'user-agent': 'OpenAI-MCP/2.0' }, 'sse'],
    ['another client', 'auto', { ...ASK, 'user-agent': 'claude-user' }, 'json'],
    ['one that only mentions it', 'auto', { ...ASK, 'user-agent': 'not openai-mcp' }, 'json'],
    ['one without a name', 'auto', { accept: 'application/json, text/event-stream' }, 'json'],
    ['any client, where the operator says so', 'sse', ASK, 'sse'],
    ['one that takes everything', 'sse', { accept: '*/*' }, 'sse'],
    ['one that says nothing', 'sse', {}, 'sse'],
    ['one that takes JSON alone, as Truto’s SDK does', 'sse', { accept: 'application/json' }, 'json'],
    ['one that refuses streams', 'sse', { accept: 'application/json, text/event-stream;q=0' }, 'json'],
    ['one that likes streams less', 'sse', { accept: 'application/json, text/event-stream; q=0.5' }, 'sse'],
    ['ChatGPT, where JSON is set', 'json', CHATGPT, 'json'],
  ])('%s, reply %s', async (_, reply, headers, form) => {
    expect((await read(await send(asking(headers), { deps: serving(reply) }))).form).toBe(form)
  })

  test('the client’s own words decide nothing: neither its clientInfo nor its X-Openai headers', async () => {
    const { 'user-agent': _, ...rest } = CHATGPT
    const shaken = post({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize }, rest)
    expect((await read(await send(shaken, { deps: serving('auto') }))).form).toBe('json')
  })

  test('GET stays a 405 that names POST, for ChatGPT too', async () => {
    const response = await send({ headers: CHATGPT }, { deps: serving('sse') })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

test('line ends inside a message do not end its event', async () => {
  const params = { name: 'echo', arguments: { text: 'a\n\nb\r\nc\u2028d' } }
  const sent = post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }, CHATGPT)
  const { message } = await read(await send(sent, { deps: serving('auto') }))
  expect(message.result.structuredContent).toEqual(params.arguments)
})
