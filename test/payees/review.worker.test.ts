/** The review pack out of the trail, the alarm on an account's first page, and the switch of the settings form. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject, payeesOf } from '../../src/account/account-stub.ts'
import { appendAudit } from '../../src/account/tables/audit.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { filledWith, formIn } from '../dashboard/forms-in.ts'
import { browser } from '../dashboard/support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const OLD = Date.now() - 400 * 86_400_000
const sight = (email: string) => ({
  supplier: 'sup_1',
  state: {
    shown: { remit_email: `clear ${email}` as const },
    numbersShown: true,
    changes: [],
    updated: OLD,
    newestEntry: OLD,
  },
  since: null,
  paidBefore: true,
})
const ANN = { ids: ['ann'], issuers: [], name: 'Ann' }
const CALLED = {
  called: 'Rita',
  called_at: Date.now(),
  number_from: 'outside_source',
  source: 'contract',
  note: '=1+1',
}

/** Vouched for, paid, and changed meanwhile. */
const changedAccount = async () => {
  const id = await connect('Payees Corp')
  await call('PATCH', `/integrated-account/${id}`, { body: { payees: 'verified' } })
  const payees = payeesOf(accountObject(env, id))
  await payees.vouch([{ sight: sight('a'), version: 0, call: CALLED }], ANN, { request_id: 'request 1' })
  const fields = [
    { field: 'bank_account_number', before: '****0001', after: '****6789' },
    { field: 'contacts', after: [{ name: '=HYPERLINK("x")' }] },
  ]
  await payees.observe([{ ...sight('b'), fields, unsettled: true }], { request_id: 'request 2' })
  return id
}
const keyWith = async (grants: string[]) =>
  (await call('POST', '/api-token', { body: { name: `${grants}`, kind: 'person', grants } })).body.token

test('has every change with old and new, and who vouched, for whoever audits or approves', async () => {
  const id = await changedAccount()
  for (const role of ['audit', 'approve']) {
    const { body } = await call('GET', `/integrated-account/${id}/payee/review?supplier_id=sup_1`, {
      key: await keyWith([`${role}:${id}`]),
    })
    expect(body).toMatchObject({
      result: [
        {
          event: 'changed',
          unpaid: true,
          fields: [
            { field: 'bank_account_number', before: '****0001', after: '****6789' },
            { field: 'contacts' },
            { field: 'remit_email' },
          ],
        },
        { event: 'called_back', actor_name: 'Ann', called: 'Rita', source: 'contract' },
      ],
      next_cursor: null,
    })
  }
  const { status } = await call('GET', `/integrated-account/${id}/payee/review`, {
    key: await keyWith([`use:${id}`]),
  })
  expect(status).toBe(403)
})

test('has all rows: page after page, and in one CSV that no spreadsheet runs', async () => {
  const id = await changedAccount()
  await runInDurableObject(accountObject(env, id), (_, { storage }) => {
    for (let index = 0; index < 1_100; index++)
      appendAudit(
        storage.sql,
        { type: 'payee', event: 'instructed', request_id: 'r', supplier_id: 'sup_2', cents: index, count: 1 },
        Date.now(),
      )
  })
  const seen = new Set<number>()
  let from: string | null = ''
  for (let pages = 0; from !== null; pages++) {
    const more = from === '' ? '' : `&next_cursor=${from}`
    const { body } = await call('GET', `/integrated-account/${id}/payee/review?limit=500${more}`)
    for (const { seq } of body.result) seen.add(seq)
    from = body.next_cursor
    expect(pages).toBeLessThan(3)
  }
  expect(seen.size).toBe(1_102)
  const ann = browser()
  await ann.signIn(await keyWith(['approve', 'audit']))
  const page = await ann.get(`/dashboard/payees/${id}/review`)
  expect(page.text).toContain('Older rows')
  const csv = (await ann.get(`/dashboard/payees/${id}/review.csv`)).text.trimEnd().split('\r\n')
  expect(csv.length).toBe(1 + 1_100 + 3 + 1)
  expect(csv.find((line) => line.includes('bank_account_number'))).toContain(
    '"bank_account_number","****0001","****6789","true"',
  )
  expect(csv.find((line) => line.includes('called_back'))).toContain("'=1+1")
  const print = (await ann.get(`/dashboard/payees/${id}/review?supplier=sup_1`)).text
  for (const shown of ['****0001 → ****6789', 'called: Rita', 'an invoice was unpaid'])
    expect(print).toContain(shown)
  expect(print).not.toContain('sup_2')
})

test('the first page of an account says that payees changed under unpaid invoices, and leads to them', async () => {
  const id = await changedAccount()
  const ann = browser()
  await ann.signIn()
  const { text } = await ann.get(`/dashboard/accounts/${id}`)
  expect(text).toContain('How 1 supplier is paid changed while an invoice was, or may be, unpaid')
  const link = `/dashboard/payees/${id}?state=changed`
  expect(text).toContain(link)
  const shown = await ann.get(link)
  expect(shown.text).toContain('sup_1')
  expect(shown.text).toContain('an invoice was unpaid')
  const version = (await payeesOf(accountObject(env, id)).known(['sup_1']))!.rows[0]!.version
  await payeesOf(accountObject(env, id)).vouch([{ sight: sight('b'), version, call: CALLED }], ANN, {
    request_id: 'request 3',
  })
  expect((await ann.get(`/dashboard/accounts/${id}`)).text).not.toContain('How 1 supplier')
  expect((await ann.get(link)).text).toContain('Nothing waits for a call-back')
})

test('the settings form turns verified payees on and off, says what is looser, and changes nothing else', async () => {
  const id = await connect('Payees Corp')
  const ann = browser()
  await ann.signIn()
  const path = `/dashboard/accounts/${id}/settings`
  const read = async () => (await call('GET', `/integrated-account/${id}`)).body
  const before = await read()
  const sent = async (step: string, payees: string[]) =>
    ann.send('POST', path, { form: filledWith(formIn((await ann.get(path)).text, path), { payees, step }) })
  const review = await sent('review', ['0', '1'])
  expect(review.text).toContain('only those somebody vouched for')
  const saved = await ann.send('POST', path, {
    form: filledWith(formIn(review.text, path), { step: 'save' }),
  })
  expect([saved.status, (await read()).payees]).toEqual([303, 'verified'])
  expect((await ann.get(path)).text).toMatch(/name="payees"[^>]*checked/)
  const back = await sent('review', ['0'])
  expect(back.text).toContain('allows more')
  await ann.send('POST', path, { form: filledWith(formIn(back.text, path), { step: 'save' }) })
  const { updated_at: _, ...after } = await read()
  expect({ ...before, ...after }).toEqual(before)
})
