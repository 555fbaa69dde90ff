/** One tenant per request: many at once on one Worker, the same ids everywhere, and no row of another. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Stack } from '../../scripts/local/stack.ts'
import { times } from '../support/size.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant } from '../support/tenant.ts'

const TENANTS = times(25, 100)
const ROUNDS = times(6, 100)

type Row = ReturnType<typeof JSON.parse>
type Client = { username: string; url: string }

let stack: Stack
let clients: Client[]

const connect = async (index: number): Promise<Client> => {
  const tenant = await newTenant(stack, `tenant-${index}-of-${TENANTS}`)
  return { username: tenant.username, url: await tenant.serve({ methods: ['read'] }) }
}

beforeAll(async () => {
  stack = await startBuilt()
  clients = []
  for (let index = 0; index < TENANTS; index++) clients.push(await connect(index))
}, 300_000)
afterAll(() => stack.stop())

const call = async (url: string, name: string, args: object): Promise<Row> => {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(message),
  })
  expect(response.status).toBe(200)
  const { result } = (await response.json()) as { result: Row }
  return result
}

/** Questions whose answers carry the tenant's name, about ids that every tenant has. */
const QUESTIONS = [
  {
    name: 'get_single_finexio_drawdown_by_id',
    args: { id: 'req_987654' },
    names: (data: Row): string[] => data.payments.map(({ supplier_name }: Row) => supplier_name),
  },
  {
    name: 'list_all_finexio_suppliers',
    args: { limit: 10 },
    names: (data: Row): string[] => data.result.map(({ name }: Row) => name),
  },
  {
    name: 'get_single_finexio_supplier_by_id',
    args: { id: 'sup_123' },
    names: (data: Row): string[] => [data.name],
  },
]

test(`${TENANTS} tenants, ${ROUNDS} calls each, side by side: every row is the tenant's own`, async () => {
  let foreign = 0
  let seen = 0
  for (let round = 0; round < ROUNDS; round++) {
    const answers = clients.map(async ({ username, url }, index) => {
      const { name, args, names } = QUESTIONS[(round + index) % QUESTIONS.length]!
      const { isError, structuredContent, content } = await call(url, name, args)
      expect(isError, content[0].text).toBeFalsy()
      const found = names(structuredContent)
      expect(found.length).toBeGreaterThan(0)
      seen += found.length
      foreign += found.filter((text) => !text.endsWith(`(${username})`)).length
    })
    await Promise.all(answers)
  }
  expect(foreign).toBe(0)
  expect(seen).toBeGreaterThan(TENANTS * ROUNDS)
}, 300_000)
