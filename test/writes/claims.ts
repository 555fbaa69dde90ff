/** Claims as the call path makes them, for tests of what an account's object says to them. */
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import type { ClaimRequest } from '../../src/rules/write-contract.ts'
import { makeAccount, makeServer } from '../accounts/support.ts'

/** Bytes of a digest's length, different for different texts. */
export const print = (text: string) => new TextEncoder().encode(text.padEnd(32).slice(0, 32))

const FIRST = [print('invoice 1')]

export const claimRequest = (more: Partial<ClaimRequest> = {}): ClaimRequest => ({
  key: 'key-of-caller',
  minted: crypto.randomUUID(),
  tool: 'finexio_invoices_bulk_create',
  effect: 'money',
  serverId: 'server',
  requestId: 'request',
  letIn: { digest: null, revision: '1.1', caller: { kind: 'url' } },
  fingerprint: print('a'),
  subjects: FIRST,
  equals: more.subjects ?? FIRST,
  target: {},
  movements: [{ buyer: 'b', supplier: 's', cents: 500, count: 1 }],
  largest: 500,
  fields: [],
  changes: null,
  vouching: [],
  concerns: [],
  unchecked: [],
  guard: null,
  approval: null,
  ...more,
})

/** An account with one MCP server, and claims through it. */
export const accountWithServer = async (config: ServerConfig = {}) => {
  const account = await makeAccount()
  const server = await makeServer(account.id, null, { methods: ['read', 'write'], ...config })
  const request = (more: Partial<ClaimRequest> = {}) => claimRequest({ serverId: server.id, ...more })
  return { ...account, server, request }
}
