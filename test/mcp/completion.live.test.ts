/** Completion against the sandbox: at most one request each, nothing when Finexio says no. */
import { beforeEach, describe, expect, inject, test } from 'vitest'
import { newTenant, type Tenant } from '../support/tenant.ts'

let tenant: Tenant

beforeEach(async () => {
  tenant = await newTenant(inject('stack'))
})

const ask = async (url: string, prompt: string, argument: string, value: string) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'completion/complete',
      params: { ref: { type: 'ref/prompt', name: prompt }, argument: { name: argument, value } },
    }),
  })
  const { result } = (await response.json()) as { result?: { completion: { values: string[] } } }
  return { status: response.status, values: result?.completion.values }
}

const asked = async () => (await tenant.requests()).filter(({ path }) => !path.endsWith('/webhooks/'))

describe('completion', () => {
  test('of a supplier, by part of its name, in one request', async () => {
    const url = await tenant.serve({ methods: ['read', 'write'] })
    const { values } = await ask(url, 'onboard_supplier_invoices', 'supplier', 'alpha')
    expect(values!.length).toBeGreaterThan(0)
    for (const value of values!) expect(value.toLowerCase()).toContain('alpha')
    expect(await asked()).toMatchObject([{ method: 'GET', query: { type: 'Supplier', name: 'alpha' } }])
  })

  test('of a drawdown, by the beginning of its id, in one request', async () => {
    const url = await tenant.serve()
    const all = await ask(url, 'reconcile_drawdown', 'drawdown', '')
    expect(all.values!.length).toBeGreaterThan(1)
    expect(await asked()).toHaveLength(1)
    const [first] = all.values!
    const { values } = await ask(url, 'reconcile_drawdown', 'drawdown', first!.slice(0, -1).toUpperCase())
    expect(values).toContain(first)
  })

  test('is empty when Finexio fails or limits, and asks once', async () => {
    const url = await tenant.serve()
    await tenant.throttleNext()
    expect(await ask(url, 'reconcile_drawdown', 'drawdown', '')).toEqual({ status: 200, values: [] })
    await tenant.sandbox.addFault({ status: 500 })
    expect(await ask(url, 'reconcile_drawdown', 'drawdown', '')).toEqual({ status: 200, values: [] })
    expect(await asked()).toHaveLength(2)
  })

  test('asks nothing where arguments are fixed, or the text is too long', async () => {
    const [buyer] = ['buy_456']
    const fixed = await tenant.serve({
      fixed: { list_all_finexio_drawdowns: { originating_counterparty_id: buyer } },
    })
    expect(await ask(fixed, 'reconcile_drawdown', 'drawdown', '')).toEqual({ status: 200, values: [] })
    const url = await tenant.serve()
    expect(await ask(url, 'reconcile_drawdown', 'drawdown', 'x'.repeat(201))).toEqual({
      status: 200,
      values: [],
    })
    expect(await asked()).toEqual([])
  })
})
