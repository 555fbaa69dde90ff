/** What clients are told of cards, and what cards are made of. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stop } from 'esbuild'
import { afterAll, describe, expect, test } from 'vitest'
import { ASSETS, builtCards } from '../../../scripts/assets/build.ts'
import { cardContents } from '../../../src/mcp/cards/resource.ts'
import type { ServerConfig } from '../../../src/rules/server-settings.ts'
import { type Card, cardMetaOf, cards, fileOf, uriOf } from '../../../src/tools/cards.ts'
import { catalogue } from '../../../src/tools/catalogue.ts'
import { viewOf } from '../../../src/tools/visible/view.ts'
import { assets } from '../../support/assets.ts'
import { dependencies, legacy, modern, send } from '../fake.ts'

const textOf = (card: Card) => readFileSync(join(ASSETS, fileOf(card)), 'utf8')

const ALL: ServerConfig = { methods: ['read', 'write'] }
const eras = [
  ['2025', legacy],
  ['2026', modern],
] as const

type Listed = { name: string; uri: string; _meta?: Record<string, unknown> }

describe.each(eras)('in %s', (_era, request) => {
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by assertions
  const ask = async (method: string, params: Record<string, unknown> = {}, config = ALL): Promise<any> => {
    const headers: Record<string, string> =
      request === modern && typeof params.uri === 'string' ? { 'mcp-name': params.uri } : {}
    const response = await send(request(method, params, headers), {
      deps: { ...dependencies(), viewOf: () => viewOf(config) },
    })
    return response.json()
  }
  const toolsWithMeta = async (config: ServerConfig): Promise<Listed[]> =>
    (await ask('tools/list', {}, config)).result.tools.filter(({ _meta }: Listed) => _meta !== undefined)

  test('exactly the tools that a card declares point to it, in every spelling', async () => {
    const tools = await toolsWithMeta(ALL)
    expect(tools.map(({ name }) => name).sort()).toEqual(cards.map(({ tool }) => tool).sort())
    for (const { name, _meta } of tools) {
      const uri = uriOf(cards.find(({ tool }) => tool === name)!)
      expect(_meta).toMatchObject({
        ui: { resourceUri: uri },
        'ui/resourceUri': uri,
        'openai/outputTemplate': uri,
      })
    }
  })

  test('a hidden tool hides its card, and discovery mode has none', async () => {
    const payments: ServerConfig = { methods: ['read'], tags: ['payments'] }
    expect((await toolsWithMeta(payments)).map(({ name }) => name)).toEqual([
      'analyze_finexio_payables',
      'list_all_finexio_payments',
    ])
    expect(await toolsWithMeta({ ...ALL, tool_exposure: 'discovery' })).toEqual([])
    for (const config of [payments, { ...ALL, tool_exposure: 'discovery' }] as ServerConfig[]) {
      const uri = uriOf(cards.find(({ name }) => name === 'timeline')!)
      expect((await ask('resources/read', { uri }, config)).error).toMatchObject({ data: { uri } })
    }
    const { resources } = (await ask('resources/list', {}, payments)).result
    expect(resources.map(({ name }: Listed) => name)).toEqual([
      'guide',
      'payments-card',
      'chart-card',
      'review-month-end',
    ])
  })

  test('a card is a resource: listed, read, with nothing to reach', async () => {
    const { resources } = (await ask('resources/list')).result
    for (const card of cards) {
      const uri = uriOf(card)
      expect(resources).toContainEqual(
        expect.objectContaining({ uri, title: card.title, mimeType: 'text/html;profile=mcp-app' }),
      )
      const [contents] = (await ask('resources/read', { uri })).result.contents
      expect(contents).toEqual(await cardContents(card, assets))
      expect(contents.text).toBe(textOf(card))
      expect(contents._meta.ui).toEqual({
        csp: { connectDomains: [], resourceDomains: [], frameDomains: [] },
        prefersBorder: true,
      })
    }
  })

  test('the extension is declared', async () => {
    const handshake = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    }
    const { result } = request === legacy ? await ask('initialize', handshake) : await ask('server/discover')
    expect(result.capabilities.extensions).toMatchObject({ 'io.modelcontextprotocol/ui': {} })
  })

  test('the tool list has one hash, whoever asks and however often', async () => {
    const hashes = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const { tools } = (await ask('tools/list')).result
        return createHash('sha256').update(JSON.stringify(tools)).digest('hex')
      }),
    )
    const made = createHash('sha256')
      .update(JSON.stringify(viewOf(ALL).list.tools))
      .digest('hex')
    expect(new Set(hashes)).toEqual(new Set([made]))
  })
})

describe('a declaration', () => {
  test.each(cards)('$name shows a tool that only reads', (card) => {
    expect(catalogue.find(({ name }) => name === card.tool)?.effect).toBe('read')
    expect(uriOf(card)).toMatch(/^ui:\/\/finexio\/[a-z]+\/v\d+\.html$/)
  })

  test('tools without a card are told nothing of cards', () => {
    expect(cardMetaOf('get_single_finexio_payment_by_id')).toEqual({})
  })
})

describe('the made documents', () => {
  afterAll(() => stop())

  test('are what their sources make, and no other is deployed: npm run assets', async () => {
    const made = await builtCards()
    for (const card of cards) expect(textOf(card)).toBe(made[fileOf(card)])
    expect(readdirSync(join(ASSETS, 'cards')).map((name) => `cards/${name}`)).toEqual(
      Object.keys(made).sort(),
    )
  })

  test('of a deployment without them are missed by a clear error', async () => {
    const nothing = { fetch: async () => new Response(null, { status: 404 }) } as unknown as typeof assets
    await expect(cardContents(cards[0]!, nothing)).rejects.toThrow('not among the deployed files')
  })

  test.each(cards)('the card $name is one file that loads nothing and writes no markup', (card) => {
    const text = textOf(card)
    expect(text.length).toBeLessThan(20_000)
    expect(text).not.toMatch(/https?:\/\/(?!$)|\b(?:src|href)=|@import|url\(/)
    expect(text).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(|fetch\(|XMLHttpRequest|WebSocket|localStorage/,
    )
    expect(text.match(/<script|<style/g)).toEqual(['<style', '<script'])
  })

  test('name no tool that writes, save where the chat is asked to', () => {
    const writers = catalogue.filter(({ effect }) => effect !== 'read').map(({ name }) => name)
    const named = cards.flatMap((card) =>
      writers.filter((tool) => textOf(card).includes(tool)).map((tool) => `${card.name}: ${tool}`),
    )
    expect(named).toEqual(['invoices: finexio_invoices_bulk_create'])
  })
})
