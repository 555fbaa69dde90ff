/**
 * A batch of which Finexio's answer did not name every invoice. Seen on 2026-12-01: `resolve_finexio_write` said "It was carried out.
 * Do not repeat it." without looking, the row that was never stored was refused for 7 days as "already submitted … succeeded", no page
 * listed it, and the trail said of all its money that Finexio accepted it.
 * Siblings: it is there, is there with another amount, is not there at two looks a day apart, is settled by hand either way; two
 * unnamed rows of which one is there.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { call } from '../api/support.ts'
import { BATCH, CENTS, connected, invoicesOf, made, payingFinexio, type Reply, tool } from './paying.ts'

let finexio: ReturnType<typeof payingFinexio>
let now: number

beforeEach(() => {
  finexio = payingFinexio()
  now = Date.now()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const later = (ms: number) => {
  now += ms
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(now)
}
const MINUTES = 5 * 60_000
const DAY = 24 * 3_600_000 + 1

const KEY = 'key-of-batch'
const half = (rows: object[]) => Response.json(made(rows).slice(0, 1))
const created = () => new Date(now).toISOString()
/** Invoices as the list shows them. */
const shown = (count: number, more: object = {}) =>
  made(invoicesOf(count)).map((row) => ({ ...row, ...more, status: 'created', created: created() }))

const sentInPart = async (count = 2, reply: Reply = half) => {
  const at = await connected({ limits: { per_day: { cents: CENTS * 10 } } })
  const ann = await call('POST', '/api-token', {
    body: { name: 'Ann', kind: 'person', grants: [`approve:${at.account}`] },
  })
  finexio.reply = reply
  const answer = await tool(at.url, BATCH, { body: invoicesOf(count), idempotency_key: KEY })
  finexio.reply = (rows) => Response.json(made(rows))
  finexio.invoices = shown(1)
  return { ...at, answer, person: ann.body.token as string }
}
type Sent = Awaited<ReturnType<typeof sentInPart>>

const resolve = async ({ url }: Sent) =>
  (await tool(url, 'resolve_finexio_write', { idempotency_key: KEY })).data
const alone = ({ url }: Sent, index = 1) =>
  tool(url, BATCH, { body: [invoicesOf(index + 1)[index]], idempotency_key: `alone-key-${index}` })

const told = async ({ account }: Sent) => {
  const { body } = await call('GET', `/log?integrated_account_id=${account}&log_type=all&limit=100`)
  // biome-ignore lint/suspicious/noExplicitAny: looked into by assertions
  const rows = (body.result as any[]).filter(({ log_type }) => /write|payee/.test(log_type)).reverse()
  const { cents, unsettled_cents } = (await call('GET', `/integrated-account/${account}/usage`)).body.days.at(
    -1,
  )
  return {
    payees: rows
      .filter(({ log_type }) => log_type === 'payee')
      .map(({ event, cents: own }) => `${event} ${own}`),
    concluded: rows.filter(({ event }) => event === 'concluded').map(({ sentence }) => sentence as string),
    money: [cents - unsettled_cents, unsettled_cents],
  }
}
const unknowns = async ({ account }: Sent) =>
  (await call('GET', `/integrated-account/${account}/unknown-write`)).body.result
const pageOf = async ({ account }: Sent) =>
  (await call('GET', `/integrated-account/${account}/unknown-write/${KEY}`)).body
const settle = ({ account, person }: Sent, carried_out: boolean) =>
  call('POST', `/integrated-account/${account}/unknown-write/${KEY}/settle`, {
    key: person,
    body: { carried_out, reason: 'Seen in the portal' },
  })

describe('before anybody looked', () => {
  test('the answer says whose outcome is unknown and how to look it up', async () => {
    const sent = await sentInPart()
    expect(sent.answer.data).toMatchObject({ outcome: 'differs', unknown_rows: [1] })
    expect(sent.answer.data.note).toMatch(
      /OUTCOME UNKNOWN in part: .*body\[1\] \(invoice "M-2", \$2,160\.50, supplier sup_2\).*Ask resolve_finexio_write with that key what became of it/,
    )
    const replay = await tool(sent.url, BATCH, { body: invoicesOf(2), idempotency_key: KEY })
    expect(replay.data).toMatchObject({ replayed: true, outcome: 'differs', unknown_rows: [1] })
  })

  test('a repeat of the row is refused as unknown, one of the named row as submitted', async () => {
    const sent = await sentInPart()
    expect((await alone(sent)).text).toMatch(
      /nobody knows yet whether it was stored: body\[0\] \(invoice "M-2".*key-of-batch, unknown\)\. Ask resolve_finexio_write with that key/,
    )
    expect((await alone(sent, 0)).text).toMatch(/already submitted from here: body\[0\] \(invoice "M-1"/)
    const whole = await tool(sent.url, BATCH, { body: invoicesOf(2) })
    expect(whole.text).toMatch(/an equal write .*was accepted in part.*Ask resolve_finexio_write/)
    expect(whole.text).not.toMatch(/Finexio refuses the same number/)
    expect(finexio.batches).toBe(1)
  })

  test('it is listed with the money of that row alone, and the trail claims no more', async () => {
    const sent = await sentInPart()
    expect(await unknowns(sent)).toMatchObject([
      { idempotency_key: KEY, state: 'succeeded', accepted_in_part: true, count: 1, total_cents: CENTS / 2 },
    ])
    const { concluded, payees, money } = await told(sent)
    expect(concluded).toEqual([
      expect.stringMatching(
        /^Finexio accepted \$4,321\.00.*; its answer does not confirm all of the batch, and whether it accepted another \$2,160\.50 nobody knows yet$/,
      ),
    ])
    expect([payees, money]).toEqual([
      [`instructed ${CENTS}`, `payment_unknown ${CENTS / 2}`],
      [CENTS, CENTS / 2],
    ])
  })
})

test('the row that is there is settled as instructed, with its id', async () => {
  const sent = await sentInPart()
  finexio.invoices = shown(2)
  const answer = await resolve(sent)
  expect(answer).toMatchObject({ outcome: 'succeeded', found_count: 2 })
  expect(answer.result).toEqual([
    { index: 0, id: 'inv_0', invoice_number: 'M-1' },
    { index: 1, id: 'inv_1', invoice_number: 'M-2' },
  ])
  const { concluded, payees, money } = await told(sent)
  expect(payees.slice(2)).toEqual([`instructed ${CENTS / 2}`])
  expect(concluded.at(-1)).toMatch(/^Finexio accepted \$2,160\.50/)
  expect(money).toEqual([CENTS * 1.5, 0])
  expect(await unknowns(sent)).toEqual([])
  expect((await resolve(sent)).outcome).toBe('succeeded')
  expect((await told(sent)).payees).toEqual(payees)
  expect((await alone(sent)).text).toMatch(/already submitted from here/)
  const replay = await tool(sent.url, BATCH, { body: invoicesOf(2), idempotency_key: KEY })
  expect(replay.data).toMatchObject({ outcome: 'succeeded', result: answer.result })
})

test('the row that is not there stays reserved until it is not there a day later, then it goes alone', async () => {
  const sent = await sentInPart()
  const early = await resolve(sent)
  expect(early).toMatchObject({ outcome: 'unknown', missing_rows: [1], result: [{ index: 0, id: 'inv_0' }] })
  expect(early.note).toMatch(/may still appear/)
  later(MINUTES)
  const first = await resolve(sent)
  expect(first.note).toMatch(
    /^There: body\[0\] \("M-1", inv_0\)\. Not known: body\[1\]\. 1 of 2 there when looked at.*settle_url/,
  )
  expect((await alone(sent)).text).toMatch(/nobody knows yet/)
  expect((await told(sent)).money).toEqual([CENTS, CENTS / 2])
  expect((await unknowns(sent))[0].last_look).toMatch(/^1 of 2 there when looked at/)
  later(DAY)
  const done = await resolve(sent)
  expect(done).toMatchObject({ outcome: 'succeeded', incomplete: true, missing_rows: [1] })
  expect(done.note).toMatch(/Not there: body\[1\].*may be sent again/)
  const { payees, concluded } = await told(sent)
  expect(payees.slice(2)).toEqual([`not_paid ${CENTS / 2}`])
  expect(concluded.at(-1)).toMatch(/\$2,160\.50/)
  expect(concluded.at(-1)).not.toMatch(/accepted/)
  expect((await resolve(sent)).note).toMatch(/in part: body\[1\] was not/)
  expect((await alone(sent)).data.outcome).toBe('succeeded')
})

test('of two unnamed rows the one that is there is named, and all wait until all is known', async () => {
  const sent = await sentInPart(3)
  finexio.invoices = shown(2)
  later(MINUTES)
  const answer = await resolve(sent)
  expect(answer).toMatchObject({ outcome: 'unknown', missing_rows: [2] })
  expect(answer.result.map(({ id }: { id: string }) => id)).toEqual(['inv_0', 'inv_1'])
  expect((await unknowns(sent))[0]).toMatchObject({ count: 2 })
  later(DAY)
  expect(await resolve(sent)).toMatchObject({ outcome: 'succeeded', missing_rows: [2] })
  const { payees, concluded } = await told(sent)
  expect(payees.slice(3)).toEqual([`instructed ${CENTS / 2}`, `not_paid ${Math.floor(CENTS / 3)}`])
  expect(concluded.at(-1)).toMatch(/^Finexio accepted \$2,160\.50/)
  expect(await unknowns(sent)).toEqual([])
})

test('another amount at Finexio settles nothing: a person does', async () => {
  const dear = (rows: object[]) => Response.json(made(rows).map((row) => ({ ...row, amount_cents: 99_900 })))
  const sent = await sentInPart(1, dear)
  expect((await told(sent)).concluded).toEqual([
    expect.stringMatching(/does not confirm it: whether it accepted \$4,321\.00 nobody knows yet/),
  ])
  finexio.invoices = shown(1, { amount_cents: 99_900 })
  later(MINUTES)
  const answer = await resolve(sent)
  expect(answer.outcome).toBe('unknown')
  expect(answer.note).toMatch(/body\[0\] \("M-1", inv_0\) is there with \$999\.00, and \$4,321\.00 was sent/)
  later(DAY)
  expect((await resolve(sent)).outcome).toBe('unknown')
  finexio.invoices = []
  later(MINUTES)
  await resolve(sent)
  later(DAY)
  expect((await resolve(sent)).outcome).toBe('rejected')
  expect((await alone(sent, 0)).data.outcome).toBe('succeeded')
})

test.each([
  [true, [CENTS * 1.5, 0], `instructed ${CENTS / 2}`, /already submitted/],
  [false, [CENTS, 0], `not_paid ${CENTS / 2}`, null],
])('a person settles the unnamed row alone: carried out %s', async (found, money, event, refused) => {
  const sent = await sentInPart()
  expect(await pageOf(sent)).toMatchObject({ accepted_in_part: true, count: 1 })
  expect((await settle(sent, found)).status).toBe(200)
  const { payees, money: counted } = await told(sent)
  expect([payees.slice(2), counted]).toEqual([[event], money])
  expect(await pageOf(sent)).toMatchObject({ accepted_in_part: false })
  expect((await settle(sent, found)).status).toBe(409)
  const repeat = await alone(sent)
  if (refused) expect(repeat.text).toMatch(refused)
  else expect(repeat.data.outcome).toBe('succeeded')
  expect((await resolve(sent)).note).toMatch(found ? /was carried out/ : /in part/)
})
