/**
 * One deadline for all of a call. At b8f2a26 looks of 14.5 s each let the POST leave at 43.5 s, answered at 62.6 s, with
 * first_payment at 72.5 s (B19); by then the client had given up.
 */
import { describe, expect, test } from 'vitest'
import { FinexioFailure } from '../../src/finexio/failure.ts'
import type { Finexio, FinexioRequest } from '../../src/finexio/types.ts'
import type { WriteSettings } from '../../src/rules/server-settings.ts'
import type { Settlement } from '../../src/rules/write-contract.ts'
import { callTool } from '../../src/tools/call/call.ts'
import { LATEST_WRITE_MS, withDeadline } from '../../src/tools/call/deadline.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { TOOL_TIME_MS } from '../../src/tools/tool.ts'
import { envelope, environment, ONE_ROUND, openWrites } from '../tools/fake-finexio.ts'

const START = Date.parse('2026-11-23T12:00:00Z')
const BATCH = catalogue.find(({ name }) => name === 'finexio_invoices_bulk_create')!
const body = [
  {
    invoice_number: 'SLOW-1',
    amount_cents: 500,
    invoice_date: '2026-11-23',
    originating_counterparty_id: 'buy_1',
    receiving_counterparty_id: 'sup_1',
  },
]

type Sent = { verb: string; at: number; withinMs: number }

/** Every answer takes a while, or as long as it is waited for. */
const slow = (takesMs: number) => {
  let now = START
  const sent: Sent[] = []
  const answer = (request: FinexioRequest) => {
    if (request.verb === 'POST') return [{ ...body[0], id: 'inv_1' }]
    const row = { id: 'inv_0', ...body[0], invoice_number: `OLD-${now}`, created: '2026-11-01T00:00:00Z' }
    return envelope([row], { count: 9, next: `https://finexio.test/v2/invoices/?page=${sent.length + 1}` })
  }
  const finexio: Finexio = {
    send: async (request) => {
      sent.push({ verb: request.verb, at: now - START, withinMs: request.withinMs! })
      now += Math.min(takesMs, request.withinMs!)
      if (takesMs > request.withinMs!)
        throw new FinexioFailure({ kind: 'no_answer', status: null, message: 'late', rate: null, sent: true })
      return { status: 200, body: answer(request), rate: null }
    },
  }
  return { finexio, sent, now: () => now }
}

const pay = async (takesMs: number, settings: WriteSettings) => {
  const { finexio, sent, now } = slow(takesMs)
  const settled: Settlement[] = []
  const writes = { ...openWrites(settled), settings }
  const outcome = await callTool(BATCH, { body }, environment(finexio, { writes, now }), ONE_ROUND)
  const [block] = outcome.result.content
  const text = block?.type === 'text' ? block.text : ''
  return { sent, settled, text, took: now() - START, outcome: outcome.ran!.outcome }
}

// Siblings: looks of 1, 9, 12, 17.4 and 34 s, with rules about payees and without a guard.
describe.each([1_000, 9_000, 12_000, 14_500, 17_400, 34_000])('answers that take %i ms each', (takesMs) => {
  test.each<[string, WriteSettings]>([
    ['the guard', {}],
    [
      'the guard and first_payment',
      { first_payment: 'refuse', changed_supplier: { days: 30, action: 'refuse' } },
    ],
    ['first_payment alone', { duplicate_guard: { requests: 0 }, first_payment: 'approve' }],
    ['no look', { duplicate_guard: { requests: 0 } }],
  ])('%s: no write leaves after 35 s, and all is over after 45 s', async (_, settings) => {
    const { sent, settled, text, took, outcome } = await pay(takesMs, settings)
    for (const { verb, at, withinMs } of sent) {
      expect(at).toBeLessThan(LATEST_WRITE_MS)
      expect(at + withinMs).toBe(verb === 'POST' ? TOOL_TIME_MS : LATEST_WRITE_MS)
    }
    expect(took).toBeLessThanOrEqual(TOOL_TIME_MS)
    const posts = sent.filter(({ verb }) => verb === 'POST')
    expect(posts.length).toBeLessThanOrEqual(1)
    if (posts.length === 0) {
      expect(text).toMatch(/[Nn]othing was (sent|submitted)|was not sent|could not be found out/)
      expect(settled.every(({ state }) => state === 'not_sent')).toBe(true)
      expect(outcome).not.toBe('unknown')
    }
  })
})

test('a claim after which time ran out is settled as not sent: its key and its money are free', async () => {
  const { finexio, sent, now } = slow(0)
  let late = 0
  const settled: Settlement[] = []
  const open = openWrites(settled)
  const claim: typeof open.claim = async (request) => {
    late = LATEST_WRITE_MS
    return open.claim(request)
  }
  const environs = environment(finexio, { writes: { ...open, claim }, now: () => now() + late })
  const { result } = await callTool(BATCH, { body }, environs, ONE_ROUND)
  expect(sent).toEqual([])
  expect(settled).toMatchObject([{ state: 'not_sent' }])
  expect(JSON.stringify(result.content)).toMatch(/time for one call ran out.*Nothing was sent/)
})

test('a read may use the whole time of its call, and no more', async () => {
  const { finexio, sent, now } = slow(0)
  for (const [passed, within] of [
    [0, 45_000],
    [36_000, 9_000],
  ] as const) {
    const reading = withDeadline(finexio, { startedAt: now() - passed, writes: false, now })
    await reading.send({ verb: 'GET', path: '/invoices/', template: '/invoices/', effect: 'read' })
    expect(sent.at(-1)?.withinMs).toBe(within)
  }
  const over = withDeadline(finexio, { startedAt: now() - TOOL_TIME_MS, writes: false, now })
  const asked = over.send({ verb: 'GET', path: '/invoices/', template: '/invoices/', effect: 'read' })
  await expect(asked).rejects.toMatchObject({ kind: 'not_sent' })
})
