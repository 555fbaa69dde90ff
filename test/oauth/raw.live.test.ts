/** What only a raw connection can send: clients of HTTP refuse it themselves. */
import { connect } from 'node:net'
import { expect, inject, test } from 'vitest'
import { newTenant } from '../support/tenant.ts'

const stack = inject('stack')

const statusOf = (method: string, path: string, headers: string[], body = ''): Promise<string> =>
  new Promise((done, failed) => {
    const { hostname, port } = new URL(stack.baseUrl)
    const socket = connect(Number(port), hostname)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('close', () => done(text.split('\r\n')[0]!))
    socket.on('error', failed)
    const lines = [`${method} ${path} HTTP/1.1`, `Host: ${hostname}:${port}`, 'Connection: close', ...headers]
    socket.write(`${lines.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  })

// A23, seen at b8f2a26: 500. Siblings: other control characters, bytes beyond ASCII, Basic at the token endpoint.
test.each(['a\0b', 'fxapi_\0', 'a\x01b', 'a\x7fb', 'a\xffb'])(
  'a bearer of %j is refused, not a fault',
  async (bearer) => {
    const tenant = await newTenant(stack)
    const server = (await tenant.create({ require_api_token_auth: true })) as unknown as Record<
      string,
      string
    >
    const json = 'Content-Type: application/json'
    const form = 'Content-Type: application/x-www-form-urlencoded'
    const list = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
    const seen = [
      await statusOf('GET', '/integrated-account', [`Authorization: Bearer ${bearer}`]),
      await statusOf('POST', new URL(server.url!).pathname, [json, `Authorization: Bearer ${bearer}`], list),
      await statusOf(
        'POST',
        new URL(server.resource_url!).pathname,
        [json, `Authorization: Bearer ${bearer}`],
        list,
      ),
      await statusOf(
        'POST',
        '/oauth/token',
        [form, `Authorization: Basic ${bearer}`],
        'grant_type=refresh_token&refresh_token=x',
      ),
    ]
    for (const line of seen) expect(line).toMatch(/^HTTP\/1\.1 4\d\d /)
  },
)
