/** Finexio as a function: what tools send is kept, what they get is given. For tests of one tool at a time. */

import { expect } from 'vitest'
import { asObject } from '../../src/core/json.ts'
import { canonical } from '../../src/core/keys.ts'
import type { Finexio, FinexioRequest } from '../../src/finexio/types.ts'
import type { Settlement } from '../../src/rules/write-contract.ts'
import { callTool } from '../../src/tools/call/call.ts'
import type { CallEnvironment } from '../../src/tools/call/environment.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { ONE_ROUND } from '../../src/tools/contract.ts'
import type { Writes } from '../../src/tools/writing/writes.ts'

type Answer = (request: FinexioRequest) => unknown

export const NOW = Date.parse('2026-11-23T12:00:00Z')

export const fakeFinexio = (answer: Answer) => {
  const sent: FinexioRequest[] = []
  const finexio: Finexio = {
    send: async (request) => {
      sent.push(request)
      return { status: 200, body: await answer(request), rate: null }
    },
  }
  return { finexio, sent }
}

/** A ledger that lets everything through, and notes how it ended. */
export const openWrites = (settled: Settlement[] = [], more: Partial<Writes> = {}): Writes => ({
  serverId: 'server-1',
  requestId: 'request-1',
  letIn: { digest: null, revision: '1.1', caller: { kind: 'url' } },
  // Looking for duplicates costs requests: tests that are about it turn it on.
  knownPayees: async () => ({ rows: [], acceptance: null }),
  observePayees: async () => [],
  noticePayees: async () => {},
  settings: { duplicate_guard: { requests: 0 } },
  sees: () => true,
  digest: async (value) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(canonical(value)))),
  claim: async ({ key }) => ({ kind: 'claimed', key: key ?? 'minted-key' }),
  preview: async () => ({ obstacle: null, room: { cents: null, count: null } }),
  settle: async (settlement) => {
    settled.push(settlement)
  },
  draft: async () => ({ kind: 'too_many' }),
  approvalUrl: (id) => `https://mcp.test/dashboard/approval/${id}`,
  unknownUrl: (key) => `https://mcp.test/dashboard/unknown-writes/account/${key}`,
  readDraft: async () => null,
  waitingInvoices: async () => ({ invoices: [], unread: 0, sent: { found: [], uncompared: [] } }),
  cancelDraft: async () => 'no such draft',
  isUndoable: async () => false,
  readWrite: async () => null,
  settlesAfter: () => 24 * 3_600_000,
  noteLook: async () => {},
  secret: async () => null,
  ...more,
})

const utf8 = new TextEncoder()

export { ONE_ROUND }

type More = Partial<Omit<CallEnvironment, 'writes'>> & { writes?: Writes }

export const environment = (
  finexio: Finexio,
  { writes = openWrites(), ...more }: More = {},
): CallEnvironment => ({
  openFinexio: async () => finexio,
  textFormat: 'csv',
  upstream429: 'result',
  scope: 'server-1',
  account: { status: 'active', read_only: false },
  credentialRefused: () => {},
  writes: () => writes,
  orders: {},
  sees: () => true,
  recordUrl: (path) => `https://finexio.test/v2${path}`,
  learnOrder: () => {},
  now: () => NOW,
  report: (error) => {
    throw error
  },
  ...more,
})

/** Calls a tool by name against a fake Finexio. */
export const callWith = async (name: string, args: unknown, answer: Answer, more: More = {}) => {
  const { finexio, sent } = fakeFinexio(answer)
  const tool = catalogue.find((candidate) => candidate.name === name)!
  const { result, rows, headers, http, ran } = await callTool(
    tool,
    args,
    environment(finexio, more),
    ONE_ROUND,
  )
  // What was made of the rows to measure them is what a client gets: it must be of the rows that the structure ends up with.
  if (rows !== undefined) expect(rows).toBe(JSON.stringify(asObject(result.structuredContent)?.result))
  const text = result.content.map((block) => ('text' in block ? block.text : '')).join('\n')
  return {
    result,
    rows,
    data: result.structuredContent as ReturnType<typeof JSON.parse>,
    text,
    sent,
    headers,
    http,
    ran,
  }
}

export const envelope = (results: readonly unknown[], more: object = {}) => ({
  count: results.length,
  next: null,
  previous: null,
  results,
  ...more,
})

/** A supplier of the newer family that can be paid, as far as `more` says nothing else. */
export const payableSupplier = (id: string, more: object = {}) => ({
  id,
  name: 'A supplier',
  external_reference_id: id,
  payment_method: 'Check',
  delivery_method: 'Mail',
  remit_address_1: '1 Nowhere Lane',
  remit_city: 'Springfield',
  remit_state: 'IL',
  remit_zipcode: '00000',
  enabled: true,
  ...more,
})
