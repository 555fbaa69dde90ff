/**
 * Which invoices an MCP server is told to have sent: its own, by number, supplier and any buyer that it paid for, as long as the ledger
 * knows of them.
 */
import { expect, test } from 'vitest'
import { invoices } from '../../schemas/invoices.ts'
import { digestOfValue } from '../../src/core/keys.ts'
import type { Settlement } from '../../src/rules/write-contract.ts'
import { readSentInvoices, type SoughtInvoices } from '../../src/tools/writing/sent-invoices.ts'
import { recordSubject } from '../../src/tools/writing/subjects.ts'
import { readWaitingInvoices } from '../../src/tools/writing/waiting-invoices.ts'
import { env } from '../accounts/support.ts'
import { accountWithServer, print } from './claims.ts'

type Account = Awaited<ReturnType<typeof accountWithServer>>
type Invoice = { number: string; buyer?: string; supplier?: string }

/** A write of one invoice. @param end null: nobody has settled it */
const send = async (
  account: Account,
  { number, buyer = 'b1', supplier = 's1' }: Invoice,
  end: Partial<Settlement> | null,
) => {
  const { id, object, request, server } = account
  const row = {
    originating_counterparty_id: buyer,
    receiving_counterparty_id: supplier,
    invoice_number: number,
  }
  const digest = await digestOfValue(env, id, recordSubject(invoices, row))
  const key = `key of ${number}`
  const movements = [{ buyer, supplier, cents: 500, count: 1, invoices: [[0, 500] as const] }]
  const letIn = { digest: server.digest, revision: '1.1', caller: { kind: 'url' } } as const
  const own = { key, fingerprint: print(number), subjects: [digest], equals: [digest], movements, letIn }
  expect(await object.claimWrite(request(own))).toEqual({ kind: 'claimed', key })
  if (end) await object.settleWrite({ key, state: 'succeeded', kept: null, ...end })
  return digest
}

const asked = ({ id, server }: Account) => ({
  ...{ accountId: id, serverId: server.id, sees: () => true, report: () => {} },
})
const read = async (account: Account, sought: SoughtInvoices, more: object = {}) =>
  (await readWaitingInvoices(env, { ...asked(account), ...more }, sought)).sent

const found = async (account: Account, sought: SoughtInvoices, more: object = {}) =>
  (await read(account, sought, more)).found.map(({ number, state }) => `${number} ${state}`)

const open = () => accountWithServer({ duplicate_guard: { requests: 0 } })

test.each([
  ['succeeded', {}, ['N-1 succeeded']],
  ['under way', null, ['N-1 claimed']],
  ['unknown', { state: 'unknown' }, ['N-1 unknown']],
  ['refused in part', { state: 'rejected', kept: { partial: true } }, ['N-1 unknown']],
  ['accepted without being named', { unsure: [0] }, ['N-1 unknown']],
  ['refused', { state: 'rejected' }, []],
  ['not sent', { state: 'not_sent' }, []],
] as const)('a write that is %s', async (_, end, told) => {
  const account = await open()
  await send(account, { number: ' n-1 ' }, end as Partial<Settlement> | null)
  expect(await found(account, { numbers: ['N-1', 'N-2'], supplier: 's1' })).toEqual(told)
})

test('only of this supplier, whichever buyer pays; without a supplier whoever it is', async () => {
  const account = await open()
  await send(account, { number: 'N-1', buyer: 'b2' }, {})
  await send(account, { number: 'N-2', supplier: 's2' }, {})
  const numbers = ['n-1', 'N-2']
  expect(await found(account, { numbers, supplier: 's1' })).toEqual(['N-1 succeeded'])
  expect(await found(account, { numbers, supplier: 's3' })).toEqual([])
  expect(await found(account, { numbers, supplier: null })).toEqual(['N-1 succeeded', 'N-2 succeeded'])
})

test('nothing of another MCP server, nor by a tool that this one does not show', async () => {
  const account = await open()
  await send(account, { number: 'N-1' }, {})
  const sought = { numbers: ['N-1'], supplier: 's1' }
  expect(await found(account, sought, { serverId: 'another' })).toEqual([])
  expect(await found(account, sought, { sees: () => false })).toEqual([])
  const digest = await digestOfValue(env, account.id, ['invoices', 'B1', 'S1', 'N-1'])
  expect(await account.object.sentRecords('another', [digest])).toEqual([null])
})

test('numbers beyond the bound are counted, and none of them is called sent or not sent', async () => {
  const account = await open()
  await send(account, { number: 'N-1' }, {})
  await send(account, { number: 'N-2', buyer: 'b2' }, {})
  const pairs = [
    { buyer: 'b1', supplier: 's1' },
    { buyer: 'b2', supplier: 's1' },
  ]
  const sent = await readSentInvoices(env, asked(account), { numbers: ['N-1', 'N-2', 'N-3'] }, pairs, 3)
  expect(sent.found.map(({ number }) => number)).toEqual(['N-1'])
  expect(sent.uncompared).toEqual(['N-2', 'N-3'])
})
