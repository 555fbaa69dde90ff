/** Connections that break, which a Worker cannot do: a Node proxy stands between the product and the sandbox. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type FlakyProxy, startFlakyProxy } from '../../sandbox/flaky-proxy.ts'
import type { Stack } from '../../scripts/local/stack.ts'
import { type Connected, type Result, sdkClients } from '../clients/sdk-clients.ts'
import { times } from '../support/size.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant } from '../support/tenant.ts'
import { ALL, argsOf, TOOLS } from './table.ts'

let proxy: FlakyProxy
let stack: Stack
/** One of an account of its own for each way to break: a lost write holds back its equals in the whole account. */
let clients: Connected[]
let requestCounts: (() => Promise<number>)[]

beforeAll(async () => {
  const { sandboxUrl } = inject('stack')
  proxy = await startFlakyProxy({ target: sandboxUrl! })
  stack = await startBuilt({ finexioBaseUrl: `${proxy.url}/v2` })
  const tenants = await Promise.all([0, 1, 2, 3].map(() => newTenant({ ...stack, sandboxUrl })))
  requestCounts = tenants.map(({ requestCount }) => requestCount)
  clients = await Promise.all(tenants.map(async ({ serve }) => sdkClients.at(-1)!.connect(await serve(ALL))))
})
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()))
  await stack.stop()
  await proxy.close()
})

const wordsOf = (result: Result) => {
  expect(result.isError).toBe(true)
  return result.content.map(({ text }) => text).join('\n')
}

describe.each(TOOLS)('$name', (tool) => {
  const { name, effect } = tool
  test.each([
    ['before the answer, the request lost', 'before', false, 0],
    ['before the answer, the request carried out', 'before', true, 1],
    ['in the middle of the answer', 'middle', true, 2],
  ] as const)('a connection dropped %s: one request, the right words', async (_, mode, forward, account) => {
    const [client, requestCount] = [clients[account]!, requestCounts[account]!]
    proxy.drop(mode, { forward })
    const before = { seen: proxy.seen, arrived: await requestCount() }
    const text = wordsOf(await client.call(name, argsOf(tool)))
    expect(proxy.seen - before.seen).toBe(1)
    expect((await requestCount()) - before.arrived).toBe(forward ? 1 : 0)
    expect(text).toMatch(/connection to Finexio broke/)
    if (effect === 'read') expect(text).toMatch(/nothing was retried/)
    else expect(text).toMatch(/OUTCOME UNKNOWN.*not repeated.*Ask resolve_finexio_write with that key/s)
  })
})

/** Half a minute of waiting, as an agent would: at full size alone. With short limits every-tool.test.ts does it always. */
const waiting = times(0, 1) === 1
if (waiting)
  test('an answer that never comes ends every tool in its time, after one request each', async () => {
    const before = proxy.seen
    proxy.drop('never', { times: TOOLS.length })
    const results = await Promise.all(TOOLS.map((tool) => clients[3]!.call(tool.name, argsOf(tool))))
    expect(proxy.seen - before).toBe(TOOLS.length)
    for (const [index, result] of results.entries()) {
      const writes = TOOLS[index]!.effect !== 'read'
      expect(wordsOf(result)).toMatch(
        writes ? /within 20 s.*OUTCOME UNKNOWN/ : /within 30 s.*nothing was retried/,
      )
    }
  })
