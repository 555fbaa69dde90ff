/** Every tool × every fault of Finexio. The first request fails, and it stays the only one. */
import { describe, expect, test } from 'vitest'
import type { Written } from '../../src/account/tables/ledger/unsettled.ts'
import { createFinexio } from '../../src/finexio/client.ts'
import type { WriteSettings } from '../../src/rules/server-settings.ts'
import type { Settlement } from '../../src/rules/write-contract.ts'
import { callTool } from '../../src/tools/call/call.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import type { Writes } from '../../src/tools/writing/writes.ts'
import { environment, fakeFinexio, NOW, ONE_ROUND, openWrites } from '../tools/fake-finexio.ts'
import { ARGUMENTS, ASK_NOTHING, argumentsOf, FAULTS, type Failing } from './every-tool.ts'

const SILENCE_MS = 40
/** Far below the 17 s that Finexio asks to wait, and more than a busy machine needs. */
const NO_WAIT_MS = 12_000
const NO_GUARD: WriteSettings = { duplicate_guard: { requests: 0 } }

/** A write whose answer was lost, for the tool that looks such a one up. */
const LOST: Written = {
  key: 'key-of-lost-write',
  tool: 'finexio_invoices_bulk_create',
  state: 'unknown',
  at: NOW - 120_000,
  claimedAt: NOW - 120_000,
  kept: null,
  requestId: 'request',
  serverId: 'server-1',
  target: {},
  subjects: [new Uint8Array(32)],
  records: [null],
  sentCents: new Map(),
  look: null,
  absentSince: null,
  calledBy: null,
}

const run = async (name: string, args: object, { send }: Failing, settings: WriteSettings = NO_GUARD) => {
  const verbs: string[] = []
  const settled: Settlement[] = []
  const writes: Writes = { ...openWrites(settled), settings, readWrite: async () => LOST }
  const finexio = createFinexio({
    baseUrl: 'https://finexio.test/v2',
    credentials: { username: 'u', password: 'p' },
    limits: { readMs: SILENCE_MS, writeMs: SILENCE_MS },
    fetch: (url, init) => {
      verbs.push(init.method!)
      return send(url, init)
    },
  })
  const tool = catalogue.find((one) => one.name === name)!
  const begun = performance.now()
  const outcome = await callTool(tool, args, environment(finexio, { writes }), ONE_ROUND)
  const [block] = outcome.result.content
  const text = block?.type === 'text' ? block.text : ''
  return { ...outcome, ran: outcome.ran!, text, verbs, settled, took: performance.now() - begun }
}

type Ran = Awaited<ReturnType<typeof run>>

/** The failure is told, in words and, for a throttle, in numbers: as an error, or as a partial result that says so. */
const expectTold = ({ result, text, ran }: Ran, { throttle }: Failing) => {
  if (result.isError !== true) expect(ran.outcome).toBe('partial')
  expect(text).toMatch(throttle ? /Wait 17 s/ : /Finexio (answered|gave no)|connection to Finexio broke/)
  if (throttle) expect(result._meta?.['dev.finexio-mcp/rate-limit']).toMatchObject({ retry_after: 17 })
}

/** A write that a throttle kept from running is free again; any other fault leaves it unknown, and nothing calls it failed. */
const expectSettled = ({ settled, text, ran }: Ran, { throttle }: Failing) => {
  const refused = throttle === true
  expect(settled.map(({ state }) => state)).toEqual([refused ? 'rejected' : 'unknown'])
  expect(ran.outcome).toBe(refused ? 'throttled' : 'unknown')
  if (!refused) expect(text).toMatch(/OUTCOME UNKNOWN.*not repeated/)
  if (!refused) expect(text).not.toMatch(/not executed/)
}

test('arguments are given for tools that exist', () => {
  const named = [...Object.keys(ARGUMENTS), ...Object.keys(ASK_NOTHING)]
  expect(named.filter((name) => !catalogue.some((tool) => tool.name === name))).toEqual([])
})

const ASKING = catalogue.filter(({ name }) => !(name in ASK_NOTHING))

describe.each(ASKING.map((tool) => [tool.name, argumentsOf(tool)] as const))('%s', (name, args) => {
  test.each(FAULTS)('$name: one request', async (fault) => {
    const ran = await run(name, args, fault)
    expect(ran.verbs, ran.text).toHaveLength(1)
    expect(ran.ran.upstream.requests).toBe(1)
    expect(ran.took).toBeLessThan(NO_WAIT_MS)
    expectTold(ran, fault)
    const tool = catalogue.find((one) => one.name === name)!
    const looksFirst = ran.verbs[0] === 'GET'
    if ('plan' in tool && !looksFirst) expectSettled(ran, fault)
    else expect(ran.settled).toEqual([])
  })
})

test.each(Object.entries(ASK_NOTHING))('%s asks Finexio nothing', async (name, args) => {
  const { finexio, sent } = fakeFinexio(() => null)
  const tool = catalogue.find((one) => one.name === name)!
  await callTool(tool, args, environment(finexio), ONE_ROUND)
  expect(sent).toEqual([])
})

describe.each<[string, WriteSettings]>([
  ['duplicates', {}],
  ['first payments', { ...NO_GUARD, first_payment: 'approve' }],
  ['changed suppliers', { ...NO_GUARD, changed_supplier: { days: 30, action: 'refuse' } }],
])('a look for %s before a batch', (_, settings) => {
  test.each(FAULTS)('$name: the batch does not follow', async (fault) => {
    const name = 'finexio_invoices_bulk_create'
    const ran = await run(name, ARGUMENTS[name]!, fault, settings)
    expect(ran.verbs).toEqual(['GET'])
    expect(ran.settled).toEqual([])
    expect(ran.text).toMatch(/the write itself was not sent/)
    expectTold(ran, fault)
  })
})
