/** Cards as real clients find them: from a tool to its resource. */
import { describe, expect, inject, test } from 'vitest'
import { cards, uriOf } from '../../src/mcp/widgets/cards.ts'
import { newTenant } from '../support/tenant.ts'
import { sdkClients } from './sdk-clients.ts'

describe.each(sdkClients)('$name', ({ connect }) => {
  test('finds the card of each tool, reads it, and gets a result that matches the output schema', async () => {
    const tenant = await newTenant(inject('stack'))
    const client = await connect(await tenant.serve({ methods: ['read'] }))
    const meta = await client.toolMeta()
    expect(Object.keys(meta).sort()).toEqual(cards.map(({ tool }) => tool).sort())
    for (const card of cards) {
      expect(meta[card.tool]).toMatchObject({ ui: { resourceUri: uriOf(card) } })
      expect(await client.read(uriOf(card))).toMatchObject({
        uri: uriOf(card),
        mimeType: 'text/html;profile=mcp-app',
        text: expect.stringMatching(/^<!doctype html>/),
        _meta: { ui: { prefersBorder: true, csp: { connectDomains: [], resourceDomains: [] } } },
      })
    }
    expect((await client.call('list_all_finexio_payments', { limit: 2 })).structuredContent).toMatchObject({
      result_count: 2,
    })
    await client.close()
  })

  test('finds none where their tools are hidden', async () => {
    const tenant = await newTenant(inject('stack'))
    const client = await connect(await tenant.serve({ methods: ['read'], tags: ['webhooks'] }))
    expect(await client.toolMeta()).toEqual({})
    expect(await client.resourceUris()).toEqual(['finexio-mcp://guide'])
    await expect(client.read(uriOf(cards[0]!))).rejects.toThrow()
    await client.close()
  })
})
