/** A page that shows a card as hosts of MCP Apps do: a sandboxed frame, the standard's default CSP, the documented bridge. */
import type { Browser, Frame, Page } from 'playwright-core'

type Json = Record<string, unknown>
type Message = { method: string; params: Json }

/** The standard's default, which is what no declared domain comes to. */
const CSP = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "media-src 'self' data:",
  "connect-src 'none'",
  "object-src 'none'",
  "frame-src 'none'",
  "base-uri 'self'",
].join('; ')

const HOST = 'https://host.test/'
const CARD = 'https://card.test/'

/**
 * The host's own script: hands the card's messages to the test and its answers back, and gives it the height it asks for.
 * Each card gets a frame of its own in the place of the one before.
 */
const SCRIPT = `
let frame
const tell = (message) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...message }, '*')
addEventListener('message', async ({ source, data }) => {
  const from = frame
  if (source !== from?.contentWindow) return
  if (data.method === 'ui/notifications/size-changed') from.style.height = data.params.height + 'px'
  const answer = await hear(data)
  if (data.method && data.id !== undefined && from === frame) tell({ id: data.id, ...answer })
})
const place = () => new Promise((loaded) => {
  frame?.remove()
  frame = document.createElement('iframe')
  frame.sandbox = 'allow-scripts'
  frame.title = 'card'
  frame.src = '${CARD}'
  frame.onload = () => loaded()
  document.body.append(frame)
})`

const HTML = `<!doctype html><meta charset="utf-8"><style>body{margin:0}iframe{display:block;border:0;width:100%}</style>
<body><script>${SCRIPT}</script>`

export type Shown = {
  page: Page
  frame: Frame
  /** What the card said to its host, the handshake included. */
  said: Message[]
  /** What the card answered to its host's requests. */
  answered: Json[]
  /** Everything that must not happen: errors, refused loads, requests beyond the two documents. */
  faults: string[]
  /** @param id makes it a request */
  tell(method: string, params: Json, id?: number): Promise<void>
}

export type Showing = {
  html: string
  width: number
  theme?: 'light' | 'dark'
  /** Absent: the host told no theme and the browser's own preference counts. */
  prefers?: 'light' | 'dark'
  input?: Json
  /** A whole tool result; absent: none yet. */
  result?: Json
  /** What the server answers to the card's own calls. */
  callTool?: (name: string, args: Json) => Promise<Json>
  capabilities?: Json
  /** Whether the host refuses the handshake. */
  refuses?: boolean
  /** Whether the host never answers anything. */
  mute?: boolean
  /** What the host tells of the reader; absent: nothing. */
  timeZone?: string
  /** What the host answers to everything else. */
  other?: Json
}

const answers = ({ theme, timeZone, callTool, capabilities, refuses, other = { result: {} } }: Showing) => {
  const hostContext = {
    ...(theme && { theme }),
    ...(timeZone && { timeZone }),
    displayMode: 'inline',
    locale: 'en-US',
  }
  return async (method: string, params: Json): Promise<Json> => {
    if (refuses) return { error: { code: -32603, message: 'Another revision.' } }
    if (method === 'ui/initialize')
      return {
        result: {
          protocolVersion: '2026-01-26',
          hostInfo: { name: 'test-host', version: '1' },
          hostCapabilities: capabilities ?? { serverTools: {}, openLinks: {} },
          hostContext,
        },
      }
    if (method !== 'tools/call') return other
    if (!callTool) return { error: { code: -32000, message: 'No tools here.' } }
    return { result: await callTool(String(params.name), params.arguments as Json) }
  }
}

type Hear = (message: { id?: number; method?: string; params?: Json }) => Promise<Json>
type Playing = { html: string; hear: Hear; faults: string[] }

const watch = async (page: Page, playing: () => Playing): Promise<void> => {
  const fault = (text: string) => playing().faults.push(text)
  page.on('pageerror', (error) => fault(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') fault(`console: ${message.text()}`)
  })
  await page.route('**/*', (route) => {
    const url = route.request().url()
    if (url === HOST) return route.fulfill({ contentType: 'text/html', body: HTML })
    const headers = { 'content-security-policy': CSP }
    if (url === CARD) return route.fulfill({ contentType: 'text/html', headers, body: playing().html })
    fault(`request: ${url}`)
    return route.abort()
  })
}

export type Host = {
  page: Page
  /** Shows a card in the place of the one before. @param hear gets what the card says, and answers its requests */
  play(
    card: Pick<Showing, 'html' | 'width' | 'prefers'>,
    hear: Hear,
  ): Promise<{ faults: string[]; frame(): Frame; tell(message: Json): Promise<unknown> }>
}

/** @param clock whether the test moves the page's clock, which then stands for every card of this page */
export const openHost = async (browser: Browser, clock = false): Promise<Host> => {
  let playing: Playing
  const page = await browser.newPage()
  if (clock) await page.clock.install()
  await watch(page, () => playing)
  await page.exposeFunction('hear', (message: Parameters<Hear>[0]) => playing.hear(message))
  await page.goto(HOST)
  return {
    page,
    play: async ({ html, width, prefers = 'light' }, hear) => {
      playing = { html, hear, faults: [] }
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme: prefers })
      // What the card before had under the pointer is not what this one has.
      await page.mouse.move(-1, -1)
      await page.evaluate('place()')
      return {
        faults: playing.faults,
        frame: () => page.frames().find((one) => one.url() === CARD)!,
        tell: (message) => page.evaluate(`tell(${JSON.stringify(message)})`),
      }
    },
  }
}

/** Plays the bridge up to the result. */
export const showCard = async ({ page, play }: Host, showing: Showing): Promise<Shown> => {
  const { input = {}, result } = showing
  const said: Message[] = []
  const initialized = Promise.withResolvers<void>()
  const answer = answers(showing)
  const answered: Json[] = []
  const host = await play(showing, async (message) => {
    const { method, params = {} } = message
    if (method === undefined) answered.push(message)
    if (method === undefined) return {}
    said.push({ method, params })
    if (method === 'ui/notifications/initialized' || showing.refuses || showing.mute) initialized.resolve()
    return showing.mute ? new Promise(() => {}) : answer(method, params)
  })
  await initialized.promise
  const tell: Shown['tell'] = async (method, params, id) => void (await host.tell({ method, params, id }))
  await tell('ui/notifications/tool-input', { arguments: input })
  if (result) await tell('ui/notifications/tool-result', result)
  const frame = host.frame()
  if (result && !showing.mute) await frame.waitForSelector('main:not([aria-busy])')
  return { page, frame, said, answered, faults: host.faults, tell }
}
