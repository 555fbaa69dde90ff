/** Cards in a browser, with the standard's own host behind them: what they say goes over its bridge to the product. */
import {
  Client,
  type JSONRPCMessage,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client'
import { AppBridge, getToolUiResourceUri } from '@modelcontextprotocol/ext-apps/app-bridge'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { openHost } from '../mcp/widgets/host.ts'
import { launchBrowser } from '../support/browser.ts'
import { newTenant } from '../support/tenant.ts'
import { BATCH, invoice, writesOf } from '../writes/live.ts'

type Json = Record<string, unknown>

const info = { name: 'finexio-mcp-tests', version: '1.0.0' }

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** Between the bridge and the host's page: an answer of the bridge is what the page's `hear` waits for. */
const newWire = () => {
  const waiting = new Map<unknown, (answer: Json) => void>()
  const page = Promise.withResolvers<(message: Json) => Promise<unknown>>()
  const transport: Transport = {
    start: async () => undefined,
    close: async () => transport.onclose?.(),
    send: async (message) => {
      const { id, ...answer } = message as { id?: unknown } & Json
      if ('method' in message) await (await page.promise)(message as Json)
      else waiting.get(id)?.(answer)
    },
  }
  const hear = (message: { id?: number; method?: string }): Promise<Json> => {
    const answer =
      message.method !== undefined && message.id !== undefined
        ? new Promise<Json>((resolve) => waiting.set(message.id, resolve))
        : Promise.resolve({})
    transport.onmessage?.(message as JSONRPCMessage)
    return answer
  }
  return { transport, hear, opened: page.resolve }
}

/** What a host does with a tool that has a card, from the list to the shown result. */
const showTool = async (url: string, name: string, args: Json) => {
  const client = new Client(info)
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  const { tools } = await client.listTools()
  const uri = getToolUiResourceUri(tools.find((tool) => tool.name === name)!)!
  const [card] = (await client.readResource({ uri })).contents
  const result = await client.callTool({ name, arguments: args })
  const bridge = new AppBridge(client, info, { serverTools: {}, openLinks: {} })
  const initialized = new Promise((resolve) => bridge.addEventListener('initialized', resolve))
  const sizes: (number | undefined)[] = []
  bridge.addEventListener('sizechange', ({ height }) => sizes.push(height))
  const { transport, hear, opened } = newWire()
  await bridge.connect(transport)
  const html = (card as { text: string }).text
  const { page, play } = await openHost(browser)
  const { faults, frame, tell } = await play({ html, width: 800 }, hear)
  opened(tell)
  onTestFinished(async () => {
    await page.close()
    await client.close()
    expect(faults).toEqual([])
  })
  await initialized
  await bridge.sendToolInput({ arguments: args })
  await bridge.sendToolResult(result as never)
  await frame().waitForSelector('main:not([aria-busy])')
  return {
    bridge,
    frame: frame(),
    sizes,
    result: result.structuredContent as Json,
    call: (tool: string, more: Json) => client.callTool({ name: tool, arguments: more }),
  }
}

test('payments: shown, named by a call of the card, sized, and taken down', async () => {
  const tenant = await newTenant(inject('stack'))
  const url = await tenant.serve({ methods: ['read'] })
  const { bridge, frame, sizes, result } = await showTool(url, 'list_all_finexio_payments', { limit: 3 })
  expect(await frame.locator('h1').count()).toBe(1)
  expect(bridge.getAppVersion()).toMatchObject({ name: 'finexio-payments' })
  const ids = (result.result as { receiving_counterparty_id: string }[]).map(
    (row) => row.receiving_counterparty_id,
  )
  await frame.locator('td.supplier bdi').first().waitFor()
  await expect.poll(() => frame.locator('main').innerText()).not.toContain(ids[0])
  await expect.poll(() => sizes.at(-1)).toBeGreaterThan(100)
  expect(await bridge.teardownResource({})).toEqual({})
})

test('prepared invoices: the card asks the chat to submit them, and they wait for their approval', async () => {
  const tenant = await newTenant(inject('stack'))
  const url = await tenant.serve({ methods: ['read', 'write'], approval: 'always' })
  const today = new Date().toISOString().slice(0, 10)
  const row = { vendor: 'sup_999', 'invoice #': 'HOST-1', amount: '12.00', date: today }
  const { bridge, frame, call } = await showTool(url, 'prepare_finexio_invoices', {
    rows: [row],
    buyer: 'buy_111',
  })
  const asked = new Promise<string>((resolve) => {
    bridge.onmessage = async ({ content }) => {
      resolve(JSON.stringify(content))
      return {}
    }
  })
  await frame.getByRole('button', { name: 'Ask to submit 1 invoice' }).click()
  expect(await asked).toContain(BATCH)
  const { structuredContent } = await call(BATCH, { body: [invoice('HOST-1')] })
  expect(structuredContent).toMatchObject({ outcome: 'pending_approval' })
  expect(await writesOf(tenant)).toEqual([])
})

test('what Finexio limits is said on the card that asked for more, after one request', async () => {
  const tenant = await newTenant(inject('stack'))
  const url = await tenant.serve({ methods: ['read'] })
  const fields = ['id', 'amount_cents']
  const { frame } = await showTool(url, 'list_all_finexio_payments', { limit: 3, fields })
  await tenant.throttleNext()
  const before = await tenant.requestCount()
  await frame.getByRole('button', { name: 'Load more' }).click()
  await frame.getByText('Wait 17 s').waitFor()
  expect(await tenant.requestCount()).toBe(before + 1)
})
