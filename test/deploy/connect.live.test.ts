/** `npm run connect`: one documented command makes the first account and a reading URL for it. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { legacy } from '../mcp/fake.ts'

const stack = inject('stack')
const script = join(import.meta.dirname, '../../scripts/connect/main.ts')

const connect = async (args: string[], settings: Record<string, string> = {}) => {
  const env = {
    PATH: process.env.PATH,
    ADMIN_API_KEY: stack.adminApiKey,
    FINEXIO_USERNAME: `connect-${crypto.randomUUID()}`,
    FINEXIO_PASSWORD: 'connect-password-canary',
    ...settings,
  }
  const child = spawn(process.execPath, [script, ...args], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { status, output }
}

test('an account is connected, and its URL reads until its time is over', async () => {
  const { status, output } = await connect([stack.baseUrl, '--name', 'First', '--hours', '0.5'])
  expect(status, output).toBe(0)
  const [, account] = /Account (\S+) is connected/.exec(output)!
  const [url] = /http\S+\/mcp\/fxmcp_\w+/.exec(output)!
  const listed = await (await fetch(url, legacy('tools/list'))).json()
  const { tools } = (listed as { result: { tools: { annotations: { readOnlyHint: boolean } }[] } }).result
  expect(tools.every(({ annotations }) => annotations.readOnlyHint)).toBe(true)
  type Servers = { result: { name: string; expires_at: string }[] }
  const { result } = await manage<Servers>(stack, 'GET', `/integrated-account/${account}/mcp`)
  expect(result).toEqual([expect.objectContaining({ name: 'First, reading' })])
  const left = Date.parse(result[0]!.expires_at) - Date.now()
  expect(Math.round(left / 60_000)).toBe(30)
  expect(output).toContain(result[0]!.expires_at)
})

// Seen until now: the account was made, and its URL refused for a name of 209 letters.
test('the longest name leaves room for that of the URL', async () => {
  const { status, output } = await connect([stack.baseUrl, '--name', crypto.randomUUID().padEnd(200, 'n')])
  expect([status, output]).toEqual([0, expect.stringMatching(/\/mcp\/fxmcp_/)])
})

// Seen on 2026-11-30: the second run made a twin, and said nothing of the first. Siblings: the name in other letters, --again, another name.
test('twice: the account of that name is named, and nothing is made unless it is meant', async () => {
  const name = `Twice ${crypto.randomUUID()}`
  const first = await connect([stack.baseUrl, '--name', name])
  const [, account] = /Account (\S+) is connected/.exec(first.output)!
  for (const same of [name, name.toUpperCase()]) {
    const { status, output } = await connect([stack.baseUrl, '--name', same])
    expect([status, output]).toEqual([1, expect.stringMatching(`named "${name}" already \\(${account}`)])
    expect(output).toMatch(/Nothing was made[\s\S]*--name <another name>[\s\S]*--again/)
  }
  expect((await connect([stack.baseUrl, '--name', name, '--again'])).status).toBe(0)
  expect((await connect([stack.baseUrl, '--name', `${name} 2`])).status).toBe(0)
})

test('no address: nothing is made, and the usage says what to do', async () => {
  const { status, output } = await connect([], {})
  expect([status, output]).toEqual([2, expect.stringMatching(/Usage: npm run connect -- https:/)])
})

test.each<[string, string[], Record<string, string>, RegExp]>([
  ['no scheme', ['mcp.example.com'], {}, /https address/],
  ['a key in the clear', ['http://mcp.example.com'], {}, /https address/],
  ['no admin key', [stack.baseUrl], { ADMIN_API_KEY: '' }, /Set ADMIN_API_KEY/],
  ['no password', [stack.baseUrl], { FINEXIO_PASSWORD: '' }, /Set FINEXIO_PASSWORD/],
  // The first new user ran it four times to learn what it wanted.
  [
    'all three settings missing',
    [stack.baseUrl],
    { ADMIN_API_KEY: '', FINEXIO_USERNAME: ' ', FINEXIO_PASSWORD: '' },
    /Set ADMIN_API_KEY, FINEXIO_USERNAME, FINEXIO_PASSWORD in/,
  ],
  [
    'everything wrong at once',
    ['mcp.example.com', '--hours', '0'],
    { ADMIN_API_KEY: '' },
    /https address[\s\S]*Set ADMIN_API_KEY[\s\S]*--hours must be/,
  ],
  ['hours that are none', [stack.baseUrl, '--hours', 'abc'], {}, /--hours must be/],
  ['hours that are empty', [stack.baseUrl, '--hours', ''], {}, /--hours must be/],
  ['less than a minute', [stack.baseUrl, '--hours', '0.001'], {}, /--hours must be/],
  // Seen until now, and nothing was said of it: the account was made, and then its URL refused ("Invalid time value").
  ['an end beyond what a date can be', [stack.baseUrl, '--hours', '2.4e9'], {}, /--hours must be/],
  ['an end beyond the year 9999', [stack.baseUrl, '--hours', '1000000000'], {}, /--hours must be/],
  // Siblings: a number of a program, a key that no client can send (it was told as "Nothing answers").
  ['hours in another base', [stack.baseUrl, '--hours', '0x10'], {}, /--hours must be/],
  ['a key of two lines', [stack.baseUrl], { ADMIN_API_KEY: 'a\nb' }, /ADMIN_API_KEY is no key/],
  [
    'a wrong admin key',
    [stack.baseUrl],
    { ADMIN_API_KEY: 'wrong' },
    /does not take this key: it is neither its ADMIN_API_KEY/,
  ],
  [
    'credentials that Finexio refuses',
    [stack.baseUrl],
    { FINEXIO_PASSWORD: 'wrong' },
    /answered 401: Finexio refuses these credentials\. Nothing was stored/,
  ],
])('%s: nothing is made, and the message says what to do', async (_, args, settings, words) => {
  const name = `never ${crypto.randomUUID()}`
  const { status, output } = await connect([...args, '--name', name], settings)
  expect([status, output]).toEqual([1, expect.stringMatching(words)])
  expect(output).not.toMatch(/connect-password-canary| {4}at /)
  const { result } = await manage<{ result: { name: string }[] }>(
    stack,
    'GET',
    '/integrated-account?limit=100',
  )
  expect(result.filter((one) => one.name === name)).toEqual([])
})
