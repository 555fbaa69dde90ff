/** A process of its own: Finexio as three fixed answers, as fast as Node gives them. Prints its port. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PAGE_ROWS, PAYMENT_ID, payment } from './payment.ts'

const page = (results: readonly unknown[]) => ({ count: results.length, next: null, previous: null, results })
const rows = Array.from({ length: PAGE_ROWS }, (_, index) =>
  payment(`pay-bench-${String(index).padStart(4, '0')}`, PAGE_ROWS - index),
)

const answers = new Map(
  Object.entries({
    [`/v2/payments/${PAYMENT_ID}/`]: payment(PAYMENT_ID, 0),
    '/v2/payments/': page(rows),
    '/v2/webhooks/': page([]),
  }).map(([path, body]) => [path, Buffer.from(JSON.stringify(body))]),
)

let asked = 0

const server = createServer((request, response) => {
  if (request.url === '/asked') return response.end(String(asked))
  asked++
  const body = answers.get(request.url!.split('?', 1)[0]!)
  response.writeHead(body ? 200 : 404, {
    'content-type': 'application/json',
    'content-length': body?.length ?? 0,
  })
  response.end(body)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
// The benchmark holds this process's stdin: it ends with it.
process.stdin.on('close', () => process.exit()).resume()
