/** A Node proxy before the sandbox that holds requests until a test lets them go: what is under way stays under way. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** `on`: to the sandbox; `cut`: the connection breaks; else an HTTP status with an empty body. */
type Way = 'on' | 'cut' | number

type Held = { username: string; method: string; path: string; go(way: Way): void }

export type HeldProxy = {
  url: string
  /** From now on requests of this tenant wait. @param path what is in their address; absent: all */
  hold(username: string, path?: string): void
  heldOf(username: string): Held[]
  /** Requests of a tenant that came so far. */
  arrivedOf(username: string): number
  /** Lets go what waits of this tenant, and all that comes. */
  release(username: string, way?: Way): void
  close(): Promise<void>
}

const usernameOf = ({ headers }: IncomingMessage): string =>
  atob(headers.authorization?.split(' ')[1] ?? '').split(':')[0]!

const passOn = (target: URL, incoming: IncomingMessage, response: ServerResponse) => {
  const { hostname, port } = target
  const { url: path, method, headers } = incoming
  const onward = request({ hostname, port, path, method, headers }, (upstream) => {
    response.writeHead(upstream.statusCode ?? 502, upstream.headers)
    upstream.pipe(response)
  })
  onward.on('error', () => incoming.socket.destroy())
  incoming.pipe(onward)
}

/** @param target origin of the sandbox */
export const startHeldProxy = async (target: string): Promise<HeldProxy> => {
  const origin = new URL(target)
  const holding = new Map<string, string>()
  const held = new Map<string, Held[]>()
  const arrived = new Map<string, number>()
  const heldOf = (username: string) => held.get(username) ?? []
  const server = createServer((incoming, response) => {
    const username = usernameOf(incoming)
    arrived.set(username, (arrived.get(username) ?? 0) + 1)
    let gone = false
    const go = (way: Way) => {
      if (gone) return
      gone = true
      if (way === 'on') return passOn(origin, incoming, response)
      if (way === 'cut') return incoming.socket.destroy()
      return response.writeHead(way).end()
    }
    const { method = '', url: path = '' } = incoming
    const waits = holding.get(username)
    if (waits === undefined || !path.includes(waits)) return go('on')
    held.set(username, [...heldOf(username), { username, method, path, go }])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (username, path = '') => void holding.set(username, path),
    heldOf,
    arrivedOf: (username) => arrived.get(username) ?? 0,
    release: (username, way = 'on') => {
      holding.delete(username)
      for (const one of heldOf(username)) one.go(way)
      held.delete(username)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
