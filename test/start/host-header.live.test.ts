/**
 * A Host header that names no host, on one's own machine (Cloudflare refuses it before a Worker runs). At b8f2a26 and until now a 500
 * without a reason, or with `a/b` another path than the one that was asked for. Siblings: user information, a port beyond 65535, no path.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, inject, test } from 'vitest'

const { baseUrl } = inject('stack')

/** Everything that is answered to these bytes. */
const answered = async (text: string): Promise<string> => {
  const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => (answer += chunk))
  socket.end(text)
  await once(socket, 'close')
  return answer
}

const asked = (host: string, line = 'GET /health') =>
  answered(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)

test.each([
  'a b',
  '[',
  '%',
  '[::1',
  '127.0.0.1:x',
  '127.0.0.1:99999',
  '1.2.3.999',
  'a/b',
  'a?b',
  'a#b',
  'a\\b',
  'ann@127.0.0.1',
  'ü',
  'a, b',
])('the host %j is told in a 400', async (host) => {
  expect(await asked(host)).toMatch(/^HTTP\/1\.1 400 [\s\S]*The Host header must name a host/)
  expect(await asked(host, 'POST /mcp/x')).toMatch(/^HTTP\/1\.1 400 /)
})

test.each(['127.0.0.1', 'localhost:8787', '[::1]:8787', 'mcp.example.com'])(
  'the host %s is served',
  async (host) => {
    expect(await asked(host)).toMatch(/^HTTP\/1\.1 200 /)
  },
)

test('a request that names no path is a 400 as well', async () => {
  for (const host of ['127.0.0.1', '127.0.0.1:80'])
    expect(await asked(host, 'OPTIONS *')).toMatch(/^HTTP\/1\.1 400 /)
  expect(await asked('127.0.0.1', 'GET http://127.0.0.1/health')).toMatch(/^HTTP\/1\.1 200 /)
})
