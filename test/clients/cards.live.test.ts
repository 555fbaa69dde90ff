/** Cards as real clients find them: from a tool to its resource. */
import { describe, expect, inject, test } from 'vitest'
import { cards, uriOf } from '../../src/tools/cards.ts'
import { newTenant } from '../support/tenant.ts'
import { sdkClients } from './sdk-clients.ts'

const row = { vendor: 'Nobody', 'invoice #': 'A-1', amount: '1', date: '2026-11-23' }
const calls: readonly [string, Record<string, unknown>][] = [
  ['list_all_finexio_payments', { limit: 2 }],
  ['reconcile_finexio_drawdown', { id: 'req_009988' }],
  ['prepare_finexio_invoices', { rows: [row], buyer: 'Example1' }],
  ['audit_finexio_counterparty_changes', { limit: 2 }],
  ['analyze_finexio_payables', { over: 'drawdowns', by: ['month'] }],
  ['match_finexio_bank_lines', { lines: 'Date,Description,Amount\n2026-11-23,FINEXIO,-12.00' }],
  ['check_finexio_supplier_readiness', { id: 'sup_123' }],
]

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
    // The client checks each result against the schema that it read with the tool.
    for (const [tool, args] of calls) {
      const { isError, structuredContent } = await client.call(tool, args)
      expect([tool, isError ?? false, structuredContent !== undefined]).toEqual([tool, false, true])
    }
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
