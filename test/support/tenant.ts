/** A Finexio account of its own, in the product and in the sandbox, so that live tests share nothing. */
import { randomUUID } from 'node:crypto'
import { type CreatedServer, createAccount, createServer } from '../../scripts/local/management.ts'
import type { StackAddresses } from '../../scripts/local/stack.ts'
import { type SandboxControl, sandboxControl } from './sandbox-control.ts'

export type Tenant = {
  username: string
  accountId: string
  sandbox: SandboxControl
  /** Creates an MCP server on the account. */
  create(config?: Record<string, unknown>): Promise<CreatedServer>
  /** Like `create`, answering the URL alone. */
  serve(config?: Record<string, unknown>): Promise<string>
  /** The next request to the sandbox is answered with 429: 0 of 60 left, 17 seconds to wait. */
  throttleNext(): Promise<void>
  /** What the product really sent for this tenant, oldest first. */
  requests: SandboxControl['requests']
  requestCount(): Promise<number>
}

const THROTTLED = {
  status: 429,
  headers: {
    'ratelimit-limit': '60',
    'ratelimit-remaining': '0',
    'ratelimit-reset': '17',
    'retry-after': '17',
  },
  json: { detail: 'Request was throttled.' },
}

/** @param stack the running stack, as `inject('stack')` gives it */
export const newTenant = async (stack: StackAddresses, username = `t-${randomUUID()}`): Promise<Tenant> => {
  if (stack.sandboxUrl === null)
    throw new Error('Tenants for tests live in the sandbox, and this stack has none.')
  const sandbox = sandboxControl(stack.sandboxUrl, username)
  const { id } = await createAccount(stack, {
    name: username,
    credentials: { username, password: `password of ${username}` },
    base_url: stack.finexioBaseUrl,
  })
  const create = (config: Record<string, unknown> = {}) => createServer(stack, id, { name: 'test', config })
  return {
    username,
    accountId: id,
    sandbox,
    create,
    serve: async (config) => (await create(config)).url,
    throttleNext: () => sandbox.addFault(THROTTLED),
    requests: sandbox.requests,
    requestCount: async () => (await sandbox.requests()).length,
  }
}
