/**
 * A drawdown with 30 check payments, from a real client through the real Worker to a Finexio that takes its time: one
 * call, the fewest requests, and little more time than the round trips that cannot be spared.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAccount, createServer as createMcpServer } from '../../../scripts/local/management.ts'
import type { Stack } from '../../../scripts/local/stack.ts'
import { type Connected, sdkClients } from '../../clients/sdk-clients.ts'
import { times } from '../../support/size.ts'
import { startBuilt } from '../../support/stack.ts'
import { paged, payment } from './world.ts'

const CHECKS = 30
/** What one request to this Finexio takes: much more than anything the product itself does. */
const ROUND_TRIP_MS = 250
/** The drawdown, its payments, then refunds and images, six at once. */
const ROUND_TRIPS = 2 + Math.ceil((1 + CHECKS) / 6)
/** Beside other tests the machine is busy; one request after another would be four times the round trips. */
const SLACK = times(3, 1.3)
/** How many images are asked for one by one, each a round trip to wait for. */
const SINGLY = times(5, CHECKS)

const payments = Array.from({ length: CHECKS }, (_, at) =>
  payment(at + 1, { supplier_name: `Supplier ${at}` }),
)
const sum = payments.reduce((cents, { amount_cents }) => cents + Number(amount_cents), 0)

const bodyAt = (path: string): unknown => {
  if (path.startsWith('/v2/webhooks/')) return paged([])
  if (path.endsWith('/images')) return [{ check_image_url: `https://images.test${path}` }]
  if (path === '/v2/payments/') return paged([])
  if (path.endsWith('/payments')) return paged(payments)
  return { processor_request_id: 'd1', amount_cents: sum, status: 'received' }
}

const seen = { asked: 0, underWay: 0, most: 0 }
let upstream: Server
let stack: Stack
let client: Connected

const listening = async (): Promise<string> => {
  upstream = createServer((request, response) => {
    seen.asked++
    seen.most = Math.max(seen.most, ++seen.underWay)
    const text = JSON.stringify(bodyAt(new URL(request.url!, 'http://x').pathname))
    setTimeout(() => {
      seen.underWay--
      response.writeHead(200, { 'content-type': 'application/json' }).end(text)
    }, ROUND_TRIP_MS)
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v2`
}

beforeAll(async () => {
  const finexioBaseUrl = await listening()
  stack = await startBuilt({ finexioBaseUrl })
  const credentials = { username: 'u', password: 'p' }
  const { id } = await createAccount(stack, { name: 'slow', credentials, base_url: finexioBaseUrl })
  const { url } = await createMcpServer(stack, id, { name: 'reader', config: { methods: ['read'] } })
  client = await sdkClients[0]!.connect(url)
  // The first call opens connections.
  await client.call('get_single_finexio_payment_image_by_id', { payment_id: 'p1' })
})

afterAll(async () => {
  await client?.close()
  await stack?.stop()
  upstream?.close()
})

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  Object.assign(seen, { asked: 0, most: 0 })
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

test(`one call against ${1 + SINGLY}, in the time of the round trips that cannot be spared`, async () => {
  let told: Record<string, unknown> = {}
  const together = await timed(async () => {
    const { structuredContent } = await client.call('reconcile_finexio_drawdown', { id: 'd1' })
    told = structuredContent as Record<string, unknown>
  })
  expect(told).toMatchObject({
    payments_count: CHECKS,
    reconciled: true,
    open_count: 0,
    requests: 3 + CHECKS,
    is_partial_response: false,
  })
  expect(seen).toMatchObject({ asked: 3 + CHECKS, most: 6 })
  expect(together).toBeLessThanOrEqual(SLACK * ROUND_TRIPS * ROUND_TRIP_MS)

  const singly = await timed(async () => {
    await client.call('get_single_finexio_drawdown_by_id', { id: 'd1' })
    for (const { id } of payments.slice(0, SINGLY))
      await client.call('get_single_finexio_payment_image_by_id', { payment_id: id })
  })
  expect(seen.asked).toBe(2 + SINGLY)
  expect(singly).toBeGreaterThan((2 + SINGLY) * ROUND_TRIP_MS)
  console.info(
    `1 call ${Math.round(together)} ms, ${1 + SINGLY} calls ${Math.round(singly)} ms; ${ROUND_TRIPS} round trips are ${ROUND_TRIPS * ROUND_TRIP_MS} ms`,
  )
})
