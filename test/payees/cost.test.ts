/** Requests to Finexio per write: with payees open, and verified; when they are next paid after the acceptance, and from then on. */
import { expect, test } from 'vitest'
import { careDays, underWayConcern } from '../../src/rules/payees/under-way.ts'
import type { ClaimRequest } from '../../src/rules/write-contract.ts'
import type { Writes } from '../../src/tools/writing/writes.ts'
import { callWith, NOW } from '../tools/fake-finexio.ts'
import { idOf, Kept, ManySuppliers } from './many.ts'

const BATCH = 'finexio_invoices_bulk_create'
const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    invoice_number: `C-${index}`,
    receiving_counterparty_id: idOf(index),
    originating_counterparty_id: 'buy_1',
    amount_cents: 1_000,
    invoice_date: '2026-11-20',
  }))
const UPDATE = 'an update of a supplier'
const WRITES: [string, string, object][] = [
  ['one invoice', BATCH, { body: rows(1) }],
  ['12 invoices', BATCH, { body: rows(12) }],
  ['500 invoices', BATCH, { body: rows(500) }],
  [UPDATE, 'finexio_suppliers_partial_update', { id: idOf(1), remit_email: 'new@s.example' }],
]

/** @returns requests, the write itself included, which is one */
const cost = async (finexio: ManySuppliers, tool: string, args: object, writes: Writes): Promise<number> => {
  finexio.requests = []
  const { data, text } = await callWith(tool, args, finexio.answer, { writes })
  expect(data?.outcome, text).toBe('succeeded')
  const sent = finexio.requests.filter((request) => !request.startsWith('GET'))
  expect(sent.length).toBe(1)
  return finexio.requests.length
}

/** The guard against duplicates as it is where nobody says anything, and none: the rest is what payees cost. */
const costsOf = async (guard: object, [name, tool, args]: (typeof WRITES)[number]) => {
  const finexio = new ManySuppliers(2_000)
  const kept = new Kept(NOW - 60_000)
  const settings = (payees: object) => ({
    settings: { ...guard, ...payees },
    claim: async ({ vouching, minted }: ClaimRequest) => {
      expect(vouching.filter((found) => 'why' in found)).toEqual([])
      return { kind: 'claimed', key: minted } as const
    },
    preview: async ({ changes }: ClaimRequest) => {
      const concern = underWayConcern(changes, careDays([], 'payees' in payees), null, NOW)
      const obstacle = concern && ({ kind: 'needs_approval', reasons: [concern] } as const)
      return { obstacle, room: { cents: null, count: null } }
    },
  })
  const open = await cost(finexio, tool, args, kept.writes(settings({})))
  const first = await cost(finexio, tool, args, kept.writes(settings({ payees: 'verified' })))
  const known = await cost(finexio, tool, args, kept.writes(settings({ payees: 'verified' })))
  return { name, open, first, known }
}

test('the table of requests to Finexio per write', async () => {
  const lines: string[] = []
  for (const [words, guard] of [
    ['duplicate guard off', { duplicate_guard: { requests: 0 } }],
    ['duplicate guard as set by default', {}],
  ] as const)
    for (const write of WRITES) {
      const { name, open, first, known } = await costsOf(guard, write)
      lines.push(`| ${name}, ${words} | ${open} | ${first} | ${known} |`)
      // Payees that are known cost two; before an update it is asked whether money is under way.
      expect([name, known - open <= (name === UPDATE ? 12 : 2)]).toEqual([name, true])
      expect([name, first - open <= 60]).toEqual([name, true])
    }
  console.info(['| write | payees open | verified, first time | verified, known |', ...lines].join('\n'))
})
