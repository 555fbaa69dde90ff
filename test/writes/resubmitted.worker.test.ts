/**
 * An invoice that Finexio lets come again. Seen on 2026-12-01: refused from here for 7 days as "already submitted … Leave these rows
 * out", and the dry run warned that "Finexio refuses the same number": the ledger was asked before anybody had looked.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BATCH, connected, invoicesOf, payingFinexio, tool } from './paying.ts'

let finexio: ReturnType<typeof payingFinexio>

beforeEach(() => {
  finexio = payingFinexio()
})
afterEach(() => vi.unstubAllGlobals())

const LOOKS = { duplicate_guard: { requests: 40 } }
const shown = (more: object = {}) =>
  invoicesOf(1).map((row) => ({
    ...{ ...row, id: 'inv_0', status: 'complete', created: new Date().toISOString() },
    ...{ can_be_resubmitted: true, ...more },
  }))

/** Sends M-1, and then again once Finexio shows it so. */
const sentOnce = async (config: object, then: object[]) => {
  const { url } = await connected(config)
  const send = (more: object) => tool(url, BATCH, { body: invoicesOf(1), ...more })
  expect((await send({ idempotency_key: 'first-key' })).data.outcome).toBe('succeeded')
  finexio.invoices = then
  return send
}
const again = { idempotency_key: 'second-key' }

test('what was refunded goes once more, dry run and real run alike, and then is held as before', async () => {
  const send = await sentOnce(LOOKS, shown())
  expect((await send({ ...again, dry_run: true })).data).toMatchObject({
    verdict: 'would_be_sent',
    warnings: [],
  })
  finexio.reply = (rows) => Response.json(rows.map((row) => ({ ...row, id: 'inv_again' })))
  expect((await send(again)).data.outcome).toBe('succeeded')
  expect((await send({ idempotency_key: 'third-key' })).text).toMatch(/already submitted from here/)
  expect(finexio.batches).toBe(2)
})

// Siblings: it is there and may not come again, Finexio shows it not at all, under another id, and nobody looked.
test.each<[string, object, object[], RegExp]>([
  ['may not come again', LOOKS, shown({ can_be_resubmitted: false }), /is invoice inv_0 already/],
  ['is not shown', LOOKS, [], /already submitted from here/],
  ['is shown under another id alone', LOOKS, shown({ id: 'inv_of_another' }), /already submitted from here/],
  ['was not looked for', {}, shown(), /already submitted from here/],
])('what %s is refused, and it is said when it would go', async (_, config, then, words) => {
  const send = await sentOnce(config, then)
  for (const more of [again, { ...again, dry_run: true }]) {
    const { data, text } = await send(more)
    const said = data?.warnings?.join(' ') ?? text
    expect(said).toMatch(words)
    if (said.includes('from here')) expect(said).toMatch(/can_be_resubmitted.*duplicate_guard/)
  }
  expect(finexio.batches).toBe(1)
})

test('the warning about an equal write does not claim what Finexio does not say', async () => {
  const send = await sentOnce(LOOKS, shown())
  const [warning] = (await send({ dry_run: true })).data.warnings
  expect(warning).toMatch(
    /Finexio refuses the same number, unless it shows can_be_resubmitted: then it may go under a key of its own/,
  )
  expect((await send({ ...again, dry_run: true })).data.verdict).toBe('would_be_sent')
})
