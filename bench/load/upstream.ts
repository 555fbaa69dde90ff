/** A process of its own: Finexio as fixed answers, as fast as Node gives them. Prints its port. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { acceptedBatch } from './invoice.ts'
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

/** An upstream that takes no time would leave nothing but the ledger to measure; Finexio's takes longer than this. */
const BATCH_MS = 20

/** Below this path Finexio takes about as long as it really does. */
const SLOW = '/slow'
const SLOW_MS = 300

let asked = 0

const answer = (response: ServerResponse, body: Buffer | undefined) => {
  response.writeHead(body ? 200 : 404, {
    'content-type': 'application/json',
    'content-length': body?.length ?? 0,
  })
  response.end(body)
}

const takeBatch = (request: IncomingMessage, response: ServerResponse) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const accepted = Buffer.from(acceptedBatch(Buffer.concat(parts).toString()))
    setTimeout(() => answer(response, accepted), BATCH_MS)
  })
}

const server = createServer((request, response) => {
  if (request.url === '/asked') return response.end(String(asked))
  asked++
  const path = request.url!.split('?', 1)[0]!
  if (path === '/v2/invoices/batch/') takeBatch(request, response)
  else if (path.startsWith(SLOW))
    setTimeout(() => answer(response, answers.get(path.slice(SLOW.length))), SLOW_MS)
  else answer(response, answers.get(path))
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
// The benchmark holds this process's stdin: it ends with it.
process.stdin.on('close', () => process.exit()).resume()
