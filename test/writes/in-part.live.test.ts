/** An answer that accepts a write and does not confirm all of it: what it leaves out stays open until it was looked up. */
import { expect, inject, test } from 'vitest'
import { callOver } from '../support/call-over.ts'
import { approver, BATCH, invoice, pay, tenantWith } from './live.ts'

const stack = inject('stack')
const NAMED = { id: '7d6cb3a1-1111-4111-8111-111111111111', invoice_number: 'PART-1', amount_cents: 1_000 }
const ROWS = [invoice('PART-1', 1_000), invoice('PART-2', 2_000)]

/** Two invoices, of which the answer names one. @param applied whether Finexio stored both all the same */
const inPart = async (applied: boolean, json: Record<string, string | number>[] = [NAMED]) => {
  const { tenant, url } = await tenantWith(stack)
  const account = tenant.accountId
  const ann = await approver(stack, ['approve', 'audit'])
  await tenant.sandbox.addFault({ status: 201, path: '/invoices/batch/', json, applied })
  const key = crypto.randomUUID()
  const sent = await pay(url, ROWS, { idempotency_key: key })
  const path = `/integrated-account/${account}/unknown-write`
  const open = () => ann.get<{ result: Record<string, unknown>[] }>(path)
  const resolve = () => callOver(url, 'resolve_finexio_write', { idempotency_key: key })
  return { tenant, url, account, key, sent, ann, open, resolve }
}

const unsettled = async (ann: Awaited<ReturnType<typeof approver>>, account: string) => {
  const { days } = await ann.get<{ days: { cents: number; unsettled_cents: number }[] }>(
    `/integrated-account/${account}/usage`,
  )
  return days.at(-1)!
}

test('what the answer does not name is open, until it is found at Finexio', async () => {
  const { account, sent, ann, open, resolve } = await inPart(true)
  expect(sent.data).toMatchObject({
    outcome: 'differs',
    note: expect.stringMatching(/body\[1\].*Ask resolve/),
  })
  expect((await open()).result).toMatchObject([
    { accepted_in_part: true, total_cents: 2_000, payments: [{ supplier_id: 'sup_999', total: '20.00' }] },
  ])
  expect(await unsettled(ann, account)).toMatchObject({ cents: 3_000, unsettled_cents: 2_000 })
  expect((await resolve()).data).toMatchObject({ outcome: 'succeeded', resolved: true, found_count: 2 })
  expect((await open()).result).toEqual([])
  expect(await unsettled(ann, account)).toMatchObject({ cents: 3_000, unsettled_cents: 0 })
  const { result } = await ann.get<{ result: { sentence: string }[] }>(
    `/log?log_type=payee&integrated_account_id=${account}`,
  )
  const told = result.map(({ sentence }) =>
    sentence.match(/(accepted|Nobody).*?\$\d+/)?.[0].replace(/ .* /, ' '),
  )
  expect(told).toEqual(['accepted $20', 'Nobody $20', 'accepted $10'])
})

test('what is not there is never said to be carried out, and may be sent again when a person settled it', async () => {
  const { url, account, ann, key, open, resolve } = await inPart(false)
  expect((await resolve()).data).toMatchObject({ outcome: 'unknown', found_count: 1, missing_rows: [1] })
  const early = await pay(url, [ROWS[1]!])
  expect(early.text).toMatch(/nobody knows yet/)
  expect(early.text).not.toMatch(/Leave these rows out/)
  await ann.settle(account, key, false)
  expect((await open()).result).toEqual([])
  expect(await unsettled(ann, account)).toMatchObject({ cents: 1_000, unsettled_cents: 0 })
  expect((await resolve()).data).toMatchObject({ outcome: 'succeeded', incomplete: true })
  expect((await pay(url, [ROWS[1]!])).data).toMatchObject({ outcome: 'succeeded' })
  expect((await pay(url, [ROWS[0]!])).isError).toBe(true)
  expect((await callOver(url, BATCH, { body: ROWS, idempotency_key: key })).data).toMatchObject({
    replayed: true,
  })
})

test('an invoice that is answered with another amount is open, and the difference is kept', async () => {
  const other = { ...NAMED, amount_cents: 99_900 }
  const second = { ...NAMED, id: crypto.randomUUID(), invoice_number: 'PART-2', amount_cents: 2_000 }
  const { open, resolve } = await inPart(true, [other, second])
  expect((await open()).result).toMatchObject([{ accepted_in_part: true, total_cents: 1_000 }])
  expect((await resolve()).data).toMatchObject({
    outcome: 'succeeded',
    differs: expect.stringMatching(/99900/),
  })
})
