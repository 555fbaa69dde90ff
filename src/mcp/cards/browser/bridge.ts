/**
 * The bridge of MCP Apps, revision 2026-01-26: JSON-RPC over postMessage with the page that shows this card. A card cannot
 * know which origin shows it, so it speaks to its parent alone and says nothing that the parent did not give it.
 */
import { fieldsOf, type Row } from './values.ts'

const REVISION = '2026-01-26'
const NO_SUCH_METHOD = -32601

type Message = { id?: unknown; method?: unknown; params?: unknown; result?: unknown; error?: unknown }

/** What a host tells a card, each at any time; `context` holds only what changed. */
export type Listeners = {
  input(args: Row): void
  result(result: Row): void
  canceled(): void
  context(context: Row): void
}

export type Bridge = {
  /** Whether the host offers this; hosts that speak of no capabilities at all are tried. */
  offers(capability: 'serverTools' | 'openLinks'): boolean
  /** Runs a tool of the same server. @throws what the host says when it will not */
  callTool(name: string, args: Row): Promise<Row>
  /** Says something in the chat as its user. @throws likewise */
  say(text: string): Promise<void>
  openLink(url: string): Promise<void>
}

const post = (message: object): void => window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*')
const notify = (method: string, params: object): void => post({ method, params })

const waiting = new Map<unknown, (answer: Message) => void>()
let last = 0

const request = (method: string, params: object): Promise<Row> =>
  new Promise((resolve, reject) => {
    const id = ++last
    waiting.set(id, ({ result, error }) => {
      waiting.delete(id)
      if (error === undefined) resolve(fieldsOf(result))
      else reject(new Error(String(fieldsOf(error).message ?? 'The chat did not allow it.')))
    })
    post({ id, method, params })
  })

/** @throws when the host says so inside its answer */
const accepted = async (answer: Promise<Row>): Promise<void> => {
  if ((await answer).isError === true) throw new Error('The chat did not allow it.')
}

const hear = (listeners: Listeners): Record<string, (params: Row) => void> => ({
  'ui/notifications/tool-input': (params) => listeners.input(fieldsOf(params.arguments)),
  'ui/notifications/tool-result': listeners.result,
  'ui/notifications/tool-cancelled': listeners.canceled,
  'ui/notifications/host-context-changed': listeners.context,
})

/** Requests of the host: it is about to take the card away, or asks whether it lives. */
const answer = ({ id, method }: Message): void =>
  method === 'ui/resource-teardown' || method === 'ping'
    ? post({ id, result: {} })
    : post({ id, error: { code: NO_SUCH_METHOD, message: 'A card has no such method.' } })

const receive =
  (listeners: Listeners) =>
  ({ source, data }: MessageEvent): void => {
    const message: Message = fieldsOf(data)
    if (source !== window.parent || fieldsOf(data).jsonrpc !== '2.0') return
    if (typeof message.method !== 'string') waiting.get(message.id)?.(message)
    else if (message.id !== undefined) answer(message)
    else hear(listeners)[message.method]?.(fieldsOf(message.params))
  }

/** Tells the host how high the card is, whenever that changes: it scrolls with the chat, never inside it. */
const reportSize = (): void => {
  let reported = ''
  const tell = () => {
    const { width, height } = document.documentElement.getBoundingClientRect()
    const size = { width: Math.ceil(width), height: Math.ceil(height) }
    const now = JSON.stringify(size)
    if (now === reported) return
    reported = now
    notify('ui/notifications/size-changed', size)
  }
  new ResizeObserver(tell).observe(document.documentElement)
  tell()
}

/** Listens before it speaks, since a host gives a result once. */
export const connect = async (name: string, listeners: Listeners): Promise<Bridge> => {
  window.addEventListener('message', receive(listeners))
  const host = await request('ui/initialize', {
    protocolVersion: REVISION,
    appInfo: { name, version: '1' },
    appCapabilities: { availableDisplayModes: ['inline'] },
  })
  listeners.context(fieldsOf(host.hostContext))
  notify('ui/notifications/initialized', {})
  reportSize()
  const capabilities = fieldsOf(host.hostCapabilities)
  return {
    offers: (capability) => Object.keys(capabilities).length === 0 || capability in capabilities,
    callTool: (tool, args) => request('tools/call', { name: tool, arguments: args }),
    say: (text) => accepted(request('ui/message', { role: 'user', content: [{ type: 'text', text }] })),
    openLink: (url) => accepted(request('ui/open-link', { url })),
  }
}
