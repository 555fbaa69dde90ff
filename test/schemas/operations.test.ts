import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { resources } from '../../schemas/index.ts'

/** Finexio's 39 operations, in its own words: placeholders keep the upstream names. */
const OPERATIONS = `
counterparties.list GET /counterparties/
counterparties.create POST /counterparties/
counterparties.get GET /counterparties/{id}/
counterparties.update PUT /counterparties/{id}/
counterparties.partial_update PATCH /counterparties/{id}/
counterparty_history.list GET /counterparties/history
suppliers.list GET /counterparties/suppliers
suppliers.create POST /counterparties/suppliers
suppliers.get GET /counterparties/suppliers/{id}/
suppliers.update PUT /counterparties/suppliers/{id}/
suppliers.partial_update PATCH /counterparties/suppliers/{id}/
supplier_contacts.list GET /counterparties/suppliers/{id}/contacts
supplier_contacts.create POST /counterparties/suppliers/{id}/contacts
supplier_contacts.update PUT /counterparties/suppliers/{id}/contacts/{external_reference_id}
supplier_contacts.delete DELETE /counterparties/suppliers/{id}/contacts/{external_reference_id}
buyers.list GET /counterparties/buyers
buyers.create POST /counterparties/buyers
buyers.get GET /counterparties/buyers/{id}/
buyers.update PUT /counterparties/buyers/{id}/
buyers.partial_update PATCH /counterparties/buyers/{id}/
buyer_contacts.list GET /counterparties/buyers/{id}/contacts
buyer_contacts.create POST /counterparties/buyers/{id}/contacts
buyer_contacts.update PUT /counterparties/buyers/{id}/contacts/{external_reference_id}
buyer_contacts.delete DELETE /counterparties/buyers/{id}/contacts/{external_reference_id}
invoices.list GET /invoices/
invoices.get GET /invoices/{key}/
invoices.bulk_create POST /invoices/batch/
payments.list GET /payments/
payments.get GET /payments/{key}/
payment_images.get GET /payments/{key}/images
webhooks.list GET /webhooks/
webhooks.create POST /webhooks/
webhooks.get GET /webhooks/{uuid}/
webhooks.update PUT /webhooks/{uuid}/
webhooks.partial_update PATCH /webhooks/{uuid}/
webhooks.delete DELETE /webhooks/{uuid}/
drawdowns.list GET /reconciliation/drawdown
drawdowns.get GET /reconciliation/drawdown/{processor_request_id}
drawdown_payments.list GET /reconciliation/drawdown/{processor_request_id}/payments
`
  .trim()
  .split('\n')

const nameless = (line: string) => line.replace(/\{[^}]*\}/g, '{}')
const all = resources.flatMap((resource) =>
  Object.entries(resource.methods).map(([verb, method]) => ({
    name: `${resource.name}.${verb}`,
    resource,
    verb,
    method,
  })),
)
const named = all.map((entry) => [entry.name, entry] as const)

const TAGS: Record<string, string[]> = {
  counterparties: ['counterparties'],
  counterparty_history: ['counterparty_history'],
  suppliers: ['suppliers', 'counterparties'],
  supplier_contacts: ['supplier_contacts', 'suppliers', 'counterparties'],
  buyers: ['buyers', 'counterparties'],
  buyer_contacts: ['buyer_contacts', 'buyers', 'counterparties'],
  invoices: ['invoices'],
  payments: ['payments'],
  payment_images: ['payment_images', 'payments'],
  webhooks: ['webhooks'],
  drawdowns: ['drawdowns'],
  drawdown_payments: ['drawdown_payments', 'drawdowns'],
}

const isMoney = (name: string) =>
  name === 'invoices.bulk_create' ||
  /^(suppliers|counterparties|buyers)\.(create|update|partial_update)$/.test(name)

describe('operations', () => {
  it('are exactly the 39 of Finexio, with exact slashes', () => {
    const ours = all.map(({ name, method }) => nameless(`${name} ${method.route}`))
    expect(ours.toSorted()).toEqual(OPERATIONS.map(nameless).toSorted())
    expect(ours).toHaveLength(39)
  })

  it('carry the tags that filters rely on', () => {
    expect(Object.fromEntries(resources.map(({ name, tags }) => [name, tags]))).toEqual(TAGS)
  })

  it.each(named)('%s has the effect that its verb and object demand', (name, { method }) => {
    const expected = method.route.startsWith('GET ') ? 'read' : isMoney(name) ? 'money' : 'write'
    expect(method.effect).toBe(expected)
  })

  it('count 19 reads and 20 writes', () => {
    expect(all.filter(({ method }) => method.effect === 'read')).toHaveLength(19)
  })

  it.each(named)('%s declares every placeholder of its route and nothing besides', (_, { method }) => {
    const placeholders = [...method.route.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name)
    expect(Object.keys(method.path?.shape ?? {}).toSorted()).toEqual(placeholders.toSorted())
  })

  it.each(named)('%s has no argument that two parts share', (_, { method }) => {
    const body = method.body instanceof z.ZodArray ? { body: method.body } : (method.body?.shape ?? {})
    const names = [method.path?.shape, method.query?.shape, body].flatMap((part) => Object.keys(part ?? {}))
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(named)('%s says what it is for in few words', (_, { method }) => {
    expect(method.title.length).toBeGreaterThan(5)
    expect(method.title.length).toBeLessThanOrEqual(40)
    expect(method.says).toMatch(/\.$/)
    expect(method.says.length).toBeLessThanOrEqual(200)
    expect(method.says).not.toMatch(/\b(always|must|never|important|ignore|first call)\b/i)
  })

  it.each(named.filter(([, { verb }]) => /update/.test(verb)))(
    '%s repeats the fields of its create without their descriptions',
    (_, { method }) => {
      expect(JSON.stringify(z.toJSONSchema(method.body as z.ZodObject, { io: 'input' }))).not.toContain(
        '"description"',
      )
    },
  )
})

describe('lists', () => {
  const lists = named.filter(([, { method }]) => method.list)

  it('are twelve, of which the contacts come as bare arrays', () => {
    const arrays = lists.filter(([, { method }]) => method.list?.shape === 'array').map(([name]) => name)
    expect(lists).toHaveLength(11)
    expect(arrays.toSorted()).toEqual(['buyer_contacts.list', 'supplier_contacts.list'])
  })

  it.each(lists)('%s shows columns that its records have', (_, { method }) => {
    const fields = Object.keys(method.gives?.shape ?? {})
    const { columns = [], newest = null } = method.list ?? {}
    expect(fields).toEqual(expect.arrayContaining([...columns]))
    expect(new Set(columns).size).toBe(columns.length)
    if (newest) expect(fields).toContain(newest)
  })

  it.each(lists)('%s scans only for words that its filter refuses', (_, { method }) => {
    const scans = Object.entries(method.list?.scans ?? {})
    const accepted = scans.flatMap(([name, words]) =>
      words.filter((word) => method.query?.safeParse({ [name]: word }).success),
    )
    expect(accepted).toEqual([])
  })
})
