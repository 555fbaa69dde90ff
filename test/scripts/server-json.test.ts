/** `npm run server-json`: an entry for the MCP registry. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resourceIdOf } from '../../src/rules/resource-id.ts'

const script = join(import.meta.dirname, '../../scripts/server-json/main.ts')
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

const id = resourceIdOf({ accountId: crypto.randomUUID(), serverId: crypto.randomUUID() })

test('of a deployment: the id is asked for, and nothing in it is secret', () => {
  const { status, stdout } = run('https://mcp.example.com')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: 'com.example.mcp/finexio-mcp',
    title: 'Finexio',
    description: expect.stringMatching(/^.{1,100}$/),
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    remotes: [
      {
        type: 'streamable-http',
        url: 'https://mcp.example.com/mcp/s/{id}',
        variables: { id: { description: expect.any(String), isRequired: true } },
      },
    ],
  })
})

test('of one server whose clients sign in, under a name of its own', () => {
  const { stdout } = run(`https://mcp.example.com/mcp/s/${id}`, '--name', 'io.github.me/finexio')
  const { name, remotes } = JSON.parse(stdout)
  expect(name).toBe('io.github.me/finexio')
  expect(remotes).toEqual([{ type: 'streamable-http', url: `https://mcp.example.com/mcp/s/${id}` }])
})

const CANARY = 'fxmcp_7Qcanary0000000000000000000000000000000000000000000000'

// A token in the path; siblings: a token elsewhere, a password, an id of another shape, and hosts that nobody outside reaches.
test.each([
  'https://mcp.example.com/mcp/TOKEN',
  'https://mcp.example.com/mcp/TOKEN/sse',
  'https://mcp.example.com/mcp/s/TOKEN',
  'https://mcp.example.com/?token=TOKEN',
  `https://mcp.example.com/mcp/s/${id}#TOKEN`,
  'https://me:TOKEN@mcp.example.com',
  `http://mcp.example.com/mcp/s/${id}`,
  'https://127.0.0.1',
  'https://localhost',
  'https://10.0.0.7',
  'mcp.example.com/mcp/TOKEN',
])('%s is refused, and not repeated', (address) => {
  const { status, stdout, stderr } = run(address.replace('TOKEN', CANARY))
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^Give the https origin/)
  expect(stderr).not.toContain('canary')
})

test('a name that the registry would refuse is refused here', () => {
  for (const name of ['finexio', 'a/b/c', 'a b/c', '']) {
    const { status, stderr } = run('https://mcp.example.com', '--name', name)
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^--name must be/)])
  }
})
