/** What the real wrangler says of a Worker's secrets, with a Cloudflare that is a server of this test. */
import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'

const wrangler = join(import.meta.dirname, '../../scripts/deploy/wrangler.ts')

let cloudflare: Server
afterEach(() => void cloudflare.close())

/** What `secretNames` comes to when Cloudflare answers so: its names, or what it throws. */
const namesWith = async (status: number, body: object): Promise<string> => {
  cloudflare = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => cloudflare.listen(0, '127.0.0.1', resolve))
  const { port } = cloudflare.address() as AddressInfo
  const script = `import { secretNames } from ${JSON.stringify(wrangler)}
    try { console.log(JSON.stringify(secretNames(undefined))) } catch ({ message }) { console.log(message) }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: {
      ...process.env,
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}/client/v4`,
      CLOUDFLARE_API_TOKEN: 'none',
      CLOUDFLARE_ACCOUNT_ID: '0'.repeat(32),
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_LOG_PATH: join(import.meta.dirname, '../../node_modules/.cache/wrangler-logs'),
    },
  })
  let output = ''
  for await (const chunk of child.stdout) output += chunk
  return output.trim()
}

const failed = (code: number, message: string) => ({
  success: false,
  errors: [{ code, message }],
  messages: [],
  result: null,
})

test('a Worker that was never deployed has none', async () => {
  expect(await namesWith(404, failed(10007, 'This Worker does not exist on your account.'))).toBe('[]')
})

test('a Worker that is there has those it has', async () => {
  const result = [{ name: 'TOKEN_PEPPER', type: 'secret_text' }]
  expect(await namesWith(200, { success: true, errors: [], messages: [], result })).toBe('["TOKEN_PEPPER"]')
})

test.each([
  [403, failed(10000, 'Authentication error')],
  [500, failed(10013, 'An unknown error has occurred.')],
  [404, failed(7003, 'Could not route to the path, perhaps your object identifier is invalid?')],
])('an answer of %i is no Worker without secrets', async (status, body) => {
  expect(await namesWith(status, body)).toMatch(/nothing was changed/)
})
