/** The two untyped packages, as far as the benchmark uses them. */
declare module 'workerd' {
  /** CommonJS: its `default` is the path of the workerd binary. */
  const workerd: { default: string }
  export default workerd
}

declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  type Options = {
    url: string
    connections: number
    /** Seconds. */
    duration: number
    method: 'POST'
    headers: Record<string, string>
    body: string
    /** Each request as it is about to be sent. */
    requests?: { setupRequest<Request extends object>(request: Request): Request & { body: string } }[]
  }
  type Result = { errors: number; timeouts: number; non2xx: number; '2xx': number; duration: number }
  /** Emits `response` with (client, status, bytes, milliseconds). */
  const autocannon: (options: Options) => EventEmitter & PromiseLike<Result>
  export default autocannon
}
