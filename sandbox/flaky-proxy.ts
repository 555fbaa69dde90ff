/** A small Node proxy in front of the sandbox that breaks connections on demand, because a Worker cannot. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where the next requests break: before any answer, in the middle of it, or by silence. */
export type Break = 'before' | 'middle' | 'never'

export type FlakyProxy = {
  url: string
  /** Requests that reached the proxy so far, broken ones included. */
  readonly seen: number
  /** Breaks the next `times` requests (default 1). `before` does not reach the sandbox unless `forward` is true. */
  drop: (mode: Break, options?: { times?: number; forward?: boolean }) => void
  /** Ends the proxy and every connection it still holds open. */
  close: () => Promise<void>
}

type Plan = { mode: Break; times: number; forward: boolean }

/** A complete-looking head whose body never gets complete. */
const cut = (response: ServerResponse, body: Buffer, status: number, headers: IncomingMessage['headers']) => {
  const { 'transfer-encoding': _, ...kept } = headers
  response.writeHead(status, { ...kept, 'content-length': String(body.length + 1) })
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.socket?.destroy())
}

const passOn = (target: URL, incoming: IncomingMessage, answer: (upstream: IncomingMessage) => void) => {
  const onward = request(
    {
      hostname: target.hostname,
      port: target.port,
      path: incoming.url,
      method: incoming.method,
      headers: incoming.headers,
    },
    answer,
  )
  onward.on('error', () => incoming.socket.destroy())
  incoming.pipe(onward)
}

const broken = (plan: Plan, target: URL, incoming: IncomingMessage, response: ServerResponse): void => {
  if (plan.mode === 'never') {
    if (plan.forward) passOn(target, incoming, (upstream) => upstream.resume())
    return
  }
  if (plan.mode === 'before' && !plan.forward) {
    incoming.socket.destroy()
    return
  }
  passOn(target, incoming, (upstream) => {
    const parts: Buffer[] = []
    upstream.on('data', (part: Buffer) => parts.push(part))
    upstream.on('end', () => {
      if (plan.mode === 'before') incoming.socket.destroy()
      else cut(response, Buffer.concat(parts), upstream.statusCode ?? 200, upstream.headers)
    })
  })
}

/**
 * Starts the proxy on loopback.
 * @param target origin of the sandbox; the client's Host header is passed on, so links point at the proxy
 * @param port 0 or absent: any free one
 */
export const startFlakyProxy = async ({
  target,
  port = 0,
}: {
  target: string
  port?: number
}): Promise<FlakyProxy> => {
  const origin = new URL(target)
  let plan: Plan | null = null
  let seen = 0
  const server = createServer((incoming, response) => {
    seen += 1
    if (plan) {
      const now = plan
      plan = now.times > 1 ? { ...now, times: now.times - 1 } : null
      broken(now, origin, incoming, response)
      return
    }
    passOn(origin, incoming, (upstream) => {
      response.writeHead(upstream.statusCode ?? 502, upstream.headers)
      upstream.pipe(response)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get seen() {
      return seen
    },
    drop: (mode, { times = 1, forward = false } = {}) => {
      plan = { mode, times, forward }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
