/** The Worker under `wrangler dev`, as somebody who knows Cloudflare starts it. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { cards, fileOf, uriOf } from '../../src/tools/cards.ts'
import { times } from '../support/size.ts'
import { descendants, freePort, isAlive } from './spawned.ts'

const root = join(import.meta.dirname, '../..')
const vars = join(root, '.dev.vars')
const had = existsSync(vars)
let npm: ChildProcess | null = null

afterEach(() => {
  if (npm?.pid && isAlive(npm.pid)) process.kill(-npm.pid, 'SIGKILL')
  if (!had) rmSync(vars, { force: true })
})

/** `npm run dev:wrangler` until it ends by itself. */
const ran = (settings: Record<string, string>) =>
  new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, ...settings, npm_lifecycle_event: undefined }
    execFile('npm', ['run', 'dev:wrangler'], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr }),
    )
  })

const commandOf = (pid: number) =>
  execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })

const until = async <Value>(look: () => Promise<Value | null>): Promise<Value> => {
  for (;;) {
    const value = await look().catch(() => null)
    if (value !== null) return value
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

test('what wrangler writes beside the sources is seen by neither git nor the type check', () => {
  const text = (name: string) => readFileSync(join(root, name), 'utf8')
  for (const file of ['worker-configuration.d.ts', 'worker-startup.cpuprofile', '.wrangler/'])
    expect(text('.gitignore').split('\n')).toContain(file)
  expect(JSON.parse(text('tsconfig.json')).exclude).toContain('worker-configuration.d.ts')
})

// Seen by the fourth new user: a stack, and the advice to run npm start. Sibling: the sandbox's port, which was not looked at.
test.each(['PORT', 'SANDBOX_PORT'])(
  'a taken %s is said in a sentence, with the command that was run',
  async (setting) => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as AddressInfo
    const ports = {
      PORT: String(await freePort()),
      SANDBOX_PORT: String(await freePort()),
      [setting]: String(port),
    }
    const { status, stdout, stderr } = await ran(ports)
    await new Promise((resolve) => holder.close(resolve))
    expect([status, stderr.trim().split('\n')]).toEqual([
      1,
      [expect.stringContaining(`Port ${port} is taken`)],
    ])
    expect(stderr).toContain(`${setting}=${port + 10} npm run dev:wrangler`)
    expect(stdout).not.toContain('dashboard')
  },
)

/** Half a minute: at full size alone. */
const PORTS = [0].slice(0, times(0, 1))

// At b8f2a26 the dashboard said "Use https" and only Finexio's stage could be connected (G5).
test.each(PORTS)(
  'npm run dev:wrangler connects the sandbox, prints no token, and ends with npm',
  async () => {
    const [port, sandboxPort] = [await freePort(), await freePort()]
    npm = spawn('npm', ['run', 'dev:wrangler'], {
      cwd: root,
      detached: true,
      env: {
        ...process.env,
        PORT: String(port),
        SANDBOX_PORT: String(sandboxPort),
        npm_lifecycle_event: undefined,
      },
    })
    let output = ''
    for (const stream of [npm.stdout!, npm.stderr!]) stream.on('data', (chunk: Buffer) => (output += chunk))
    const base = `http://127.0.0.1:${port}`
    await until(async () => ((await fetch(`${base}/health`)).ok ? true : null))
    expect((await fetch(`${base}/dashboard/sign-in`)).status).toBe(200)
    const { ADMIN_API_KEY: key } = parseEnv(readFileSync(vars, 'utf8'))
    const send = async (path: string, body: unknown) => {
      const answer = await fetch(base + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return (await answer.json()) as { id: string; url: string }
    }
    const { id } = await send('/integrated-account', {
      name: 'A',
      credentials: { username: 'demo', password: 'demo' },
    })
    const { url } = await send(`/integrated-account/${id}/mcp`, { name: 'S', config: { methods: ['read'] } })
    const rpc = async (method: string, params: object) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      })
      return answer.text()
    }
    const called = await rpc('tools/call', { name: 'list_all_finexio_payments', arguments: { limit: 2 } })
    expect(called).toContain('"result_count":2')
    // The files beside the Worker: read by it, and at no address.
    expect(await rpc('resources/read', { uri: uriOf(cards[0]!) })).toContain('<!doctype html>')
    expect((await fetch(`${base}/${fileOf(cards[0]!)}`)).status).toBe(404)
    expect(output).not.toContain('fxmcp_')
    // Seen by the fourth new user: ended by its own id, it left workerd at the port.
    const family = descendants(npm.pid!)
    process.kill(family.find((pid) => commandOf(pid).startsWith('node '))!, 'SIGTERM')
    await until(async () => (family.some(isAlive) ? null : true))
    await until(async () => ((await fetch(`${base}/health`).catch(() => null)) === null ? true : null))
  },
)
