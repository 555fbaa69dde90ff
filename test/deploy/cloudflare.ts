/** A Cloudflare API on loopback, and the project's commands run against it with the real wrangler. */
import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** What wrangler asked: `path` below the account. */
export type Asked = { method: string; path: string; body: string }

type Answer = { status: number; body: object }

export const ok = (result: unknown): Answer => ({
  status: 200,
  body: { success: true, errors: [], messages: [], result, result_info: { page: 1, total_pages: 1 } },
})
export const no = (status: number, code: number, message: string): Answer => ({
  status,
  body: { success: false, errors: [{ code, message }], messages: [], result: null },
})

export type Cloudflare = {
  asked: Asked[]
  /** Runs a Node script; `args` as Node takes them. */
  run(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }>
  close(): void
}

const collect = async (stream: AsyncIterable<Buffer | string>): Promise<string> => {
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}

const ACCOUNT = '0'.repeat(32)

/** @param answer to each request */
export const startCloudflare = async (answer: (asked: Asked) => Answer): Promise<Cloudflare> => {
  const asked: Asked[] = []
  const server: Server = createServer(async (request, response) => {
    const path = request.url!.replace(/^.*\/accounts\/0+/, '').split('?')[0]!
    const one = { method: request.method!, path, body: await collect(request.setEncoding('latin1')) }
    asked.push(one)
    const { status, body } = answer(one)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const env = {
    ...process.env,
    CI: 'true',
    CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}/client/v4`,
    CLOUDFLARE_API_TOKEN: 'none',
    CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    WRANGLER_LOG_PATH: join(root, 'node_modules/.cache/wrangler-logs'),
  }
  const run: Cloudflare['run'] = async (...args) => {
    const child = spawn(process.execPath, args, { cwd: root, env })
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    const [stdout, stderr, status] = await Promise.all([collect(child.stdout), collect(child.stderr), ended])
    return { stdout, stderr, status }
  }
  return { asked, run, close: () => server.close() }
}
