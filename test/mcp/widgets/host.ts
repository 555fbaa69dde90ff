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

/** The host's own script: hands the card's messages to the test and its answers back, and gives it the height it asks for. */
const SCRIPT = `
const frame = document.querySelector('iframe')
const tell = (message) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...message }, '*')
addEventListener('message', async ({ source, data }) => {
  if (source !== frame.contentWindow) return
  if (data.method === 'ui/notifications/size-changed') frame.style.height = data.params.height + 'px'
  const answer = await hear(data)
  if (data.method && data.id !== undefined) tell({ id: data.id, ...answer })
})
frame.src = '${CARD}'`

const HTML = `<!doctype html><meta charset="utf-8"><style>body{margin:0}iframe{display:block;border:0;width:100%}</style>
<iframe sandbox="allow-scripts" title="card"></iframe><script>${SCRIPT}</script>`

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
  /** Whether the test moves the page's clock. */
  clock?: boolean
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

const watch = async (page: Page, html: string): Promise<string[]> => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`)
  })
  await page.route('**/*', (route) => {
    const url = route.request().url()
    if (url === HOST) return route.fulfill({ contentType: 'text/html', body: HTML })
    const headers = { 'content-security-policy': CSP }
    if (url === CARD) return route.fulfill({ contentType: 'text/html', headers, body: html })
    faults.push(`request: ${url}`)
    return route.abort()
  })
  return faults
}

/** @param hear gets what the card says, and answers its requests */
export const openHost = async (
  browser: Browser,
  { html, width, prefers = 'light', clock }: Pick<Showing, 'html' | 'width' | 'prefers' | 'clock'>,
  hear: (message: { id?: number; method?: string; params?: Json }) => Promise<Json>,
) => {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: prefers })
  if (clock) await page.clock.install()
  const faults = await watch(page, html)
  await page.exposeFunction('hear', hear)
  await page.goto(HOST)
  const frame = () => page.frames().find((one) => one.url() === CARD)!
  return { page, faults, frame, tell: (message: Json) => page.evaluate(`tell(${JSON.stringify(message)})`) }
}

/** Opens the host page and plays the bridge up to the result. */
export const showCard = async (browser: Browser, showing: Showing): Promise<Shown> => {
  const { input = {}, result } = showing
  const said: Message[] = []
  const initialized = Promise.withResolvers<void>()
  const answer = answers(showing)
  const answered: Json[] = []
  const host = await openHost(browser, showing, async (message) => {
    const { method, params = {} } = message
    if (method === undefined) answered.push(message)
    if (method === undefined) return {}
    said.push({ method, params })
    if (method === 'ui/notifications/initialized' || showing.refuses || showing.mute) initialized.resolve()
    return showing.mute ? new Promise(() => {}) : answer(method, params)
  })
  await initialized.promise
  const { page, faults } = host
  const tell: Shown['tell'] = async (method, params, id) => void (await host.tell({ method, params, id }))
  await tell('ui/notifications/tool-input', { arguments: input })
  if (result) await tell('ui/notifications/tool-result', result)
  const frame = host.frame()
  if (result && !showing.mute) await frame.waitForSelector('main:not([aria-busy])')
  return { page, frame, said, answered, faults, tell }
}
