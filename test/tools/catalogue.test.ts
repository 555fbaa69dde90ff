import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { catalogue } from '../../src/tools/catalogue.ts'
import { inputJsonSchema } from '../../src/tools/json-schema.ts'
import { defineTool, hints } from '../../src/tools/tool.ts'
import { schemasOf } from '../../src/tools/visible/worded.ts'
import { listed } from './listed.ts'

/** Section 6.3 of the API reference: every name is part of the contract. */
const NAMES = `
list_all_finexio_counterparties create_a_finexio_counterparty get_single_finexio_counterparty_by_id
update_a_finexio_counterparty_by_id finexio_counterparties_partial_update list_all_finexio_counterparty_history
list_all_finexio_suppliers create_a_finexio_supplier get_single_finexio_supplier_by_id
update_a_finexio_supplier_by_id finexio_suppliers_partial_update list_all_finexio_supplier_contacts
create_a_finexio_supplier_contact update_a_finexio_supplier_contact_by_id delete_a_finexio_supplier_contact_by_id
list_all_finexio_buyers create_a_finexio_buyer get_single_finexio_buyer_by_id update_a_finexio_buyer_by_id
finexio_buyers_partial_update list_all_finexio_buyer_contacts create_a_finexio_buyer_contact
update_a_finexio_buyer_contact_by_id delete_a_finexio_buyer_contact_by_id list_all_finexio_invoices
get_single_finexio_invoice_by_id finexio_invoices_bulk_create list_all_finexio_payments
get_single_finexio_payment_by_id get_single_finexio_payment_image_by_id list_all_finexio_webhooks
create_a_finexio_webhook get_single_finexio_webhook_by_id update_a_finexio_webhook_by_id
finexio_webhooks_partial_update delete_a_finexio_webhook_by_id list_all_finexio_drawdowns
get_single_finexio_drawdown_by_id list_all_finexio_drawdown_payments`
  .trim()
  .split(/\s+/)

/** Tools that stand on operations instead of being one. */
const isComposite = ({ needs, covers, follows }: (typeof catalogue)[number]) =>
  (needs ?? covers ?? follows) !== undefined
const operations = catalogue.filter((tool) => !isComposite(tool))

const byName = new Map(catalogue.map((tool) => [tool.name, tool]))

const nodes = (schema: unknown): Record<string, unknown>[] => {
  if (typeof schema !== 'object' || schema === null) return []
  return [schema as Record<string, unknown>, ...Object.values(schema).flatMap(nodes)]
}

describe('the catalogue', () => {
  it('has exactly the 39 tools of the reference', () => {
    expect(operations.map(({ name }) => name).toSorted()).toEqual(NAMES.toSorted())
    expect(operations).toHaveLength(39)
  })

  it.each(catalogue.filter(({ needs, covers, effect }) => (needs ?? covers) && effect === 'read'))(
    '$name only reads, and stands on tools that only read',
    ({ effect, needs = [], covers = [] }) => {
      expect(effect).toBe('read')
      for (const name of [...needs, ...covers]) expect(byName.get(name)?.effect).toBe('read')
    },
  )

  it('has 19 reads and 20 writes, and money where a payment or its destination is decided', () => {
    const of = (effect: string) => operations.filter((tool) => tool.effect === effect).map(({ name }) => name)
    expect(of('read')).toHaveLength(19)
    expect(of('money').toSorted()).toEqual(
      [
        'finexio_invoices_bulk_create',
        ...['counterparty', 'supplier', 'buyer'].flatMap((one) => [
          `create_a_finexio_${one}`,
          `update_a_finexio_${one}_by_id`,
        ]),
        ...['counterparties', 'suppliers', 'buyers'].map((many) => `finexio_${many}_partial_update`),
      ].toSorted(),
    )
  })

  it('has composites that read alone and stand on operations there are', () => {
    for (const { name, effect, needs = [], covers = [] } of catalogue.filter(isComposite)) {
      // The only one that writes changes nothing at Finexio.
      expect(effect, name).toBe(name === 'cancel_finexio_draft' ? 'write' : 'read')
      expect(NAMES, name).toEqual(expect.arrayContaining([...needs, ...covers]))
    }
  })

  it.each(catalogue)('$name: names, texts and schemas that every client accepts', (tool) => {
    expect(tool.name).toMatch(/^[a-z0-9_]{1,64}$/)
    expect(tool.title.length).toBeGreaterThan(3)
    expect(tool.description.length).toBeGreaterThan(20)
    const { inputSchema, outputSchema } = listed(tool)
    for (const schema of [inputSchema, outputSchema]) {
      expect(schema.type).toBe('object')
      expect(schema).not.toHaveProperty('anyOf')
      expect(schema).not.toHaveProperty('oneOf')
      for (const node of nodes(schema)) {
        expect(node).not.toHaveProperty('$ref')
        expect(node).not.toHaveProperty('$defs')
        expect(Array.isArray(node.items)).toBe(false)
      }
    }
    expect(inputSchema.additionalProperties).toBe(false)
    expect(Object.keys(hints[tool.effect])).toHaveLength(4)
  })

  it('offers paging and columns on every list, and Finexio’s page number on none', () => {
    for (const tool of catalogue.filter(({ method }) => method === 'list')) {
      const properties = inputJsonSchema(tool.input).properties as Record<string, unknown>
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(['limit', 'next_cursor', 'fields']))
      expect(properties).not.toHaveProperty('page')
    }
  })

  it('carries the tags that filters rely on', () => {
    expect(byName.get('list_all_finexio_counterparty_history')?.tags).toEqual(['counterparty_history'])
    expect(byName.get('get_single_finexio_payment_image_by_id')?.tags).toContain('payments')
    expect(byName.get('list_all_finexio_buyer_contacts')?.tags).toContain('counterparties')
    expect(byName.get('list_all_finexio_drawdown_payments')?.tags).toContain('drawdowns')
  })

  it('prints state codes as a pattern, not as 72 words', () => {
    const { properties } = inputJsonSchema(byName.get('create_a_finexio_buyer')!.input) as {
      properties: Record<string, unknown>
    }
    expect(properties.state).toMatchObject({ type: 'string', pattern: '^[A-Z]{2}$' })
  })
})

// At b8f2a26 all 104 schemas were built at every start, 34 of its 112 ms (H6). Siblings: a copy of a tool, and a second listing.
it('makes no schema of a tool when it is declared, and of a copy none but what was built', () => {
  const [input, output] = [z.object({ id: z.string() }), z.object({ id: z.string() })]
  const times = [input, output].map((type) => vi.spyOn(type._zod, 'processJSONSchema'))
  const tool = defineTool({ ...catalogue.find(({ effect }) => effect === 'read')!, input, output } as never)
  schemasOf({ ...tool }, () => true)
  schemasOf(tool, () => true)
  expect(times.map(({ mock }) => mock.calls.length)).toEqual([0, 0])
})
