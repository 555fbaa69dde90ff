/**
 * Every tool that reads a list, and every guard, × every answer with status 200 that is no whole list: none says whole. The lists of a tool
 * are those that it asks of a sane Finexio, so a new tool is covered by itself. At commit b8f2a26, 877 of 1,124 failed: they said
 * whole, or gave no reason; and a count of millions ended the process.
 */
import { describe, expect, test } from 'vitest'
import type { Written } from '../../src/account/tables/ledger/unsettled.ts'
import { createFinexio } from '../../src/finexio/client.ts'
import type { WriteSettings } from '../../src/rules/server-settings.ts'
import type { ClaimRequest, Settlement } from '../../src/rules/write-contract.ts'
import { callTool } from '../../src/tools/call/call.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import type { Tool } from '../../src/tools/tool.ts'
import { environment, NOW, ONE_ROUND, openWrites } from '../tools/fake-finexio.ts'
import { ASK_NOTHING, argumentsOf } from './every-tool.ts'
import { finexioWith, isPagedList, MALFORMED, type Malformed } from './malformed.ts'

/** An invoice that nobody sees at Finexio: what a malformed list says of it is that it was not read. */
const LOST: Written = {
  key: 'key-of-lost-write',
  tool: 'finexio_invoices_bulk_create',
  state: 'unknown',
  at: NOW - 600_000,
  claimedAt: NOW - 600_000,
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

const run = async (
  tool: Tool,
  args: object,
  broken: Parameters<typeof finexioWith>[0],
  settings: WriteSettings,
) => {
  const { asked, options } = finexioWith(broken)
  const settled: Settlement[] = []
  const claims: ClaimRequest[] = []
  const writes = openWrites(settled, {
    settings,
    readWrite: async () => LOST,
    claim: async (request) => {
      claims.push(request)
      return { kind: 'claimed', key: 'minted-key' }
    },
  })
  const { result } = await callTool(tool, args, environment(createFinexio(options), { writes }), ONE_ROUND)
  const [block] = result.content
  const text = block?.type === 'text' ? block.text : ''
  const structured = (result.structuredContent ?? {}) as Record<string, unknown>
  return { isError: result.isError === true, text, structured, asked, settled, claims }
}

const NO_GUARD: WriteSettings = { duplicate_guard: { requests: 0 } }

const listsOf = async (tool: Tool, args: object, settings: WriteSettings): Promise<string[]> => {
  const { asked } = await run(tool, args, null, settings)
  return [...new Set(asked.map(({ list }) => list).filter((list) => list !== null))]
}

/** Words that an answer has only when nothing is missing. */
const WHOLE =
  /No more pages|that is the whole list|add up|Nothing is open\.|No supplier fits|No invoice fits|(^|[^:] )No possible duplicates|has this id, internal id or exact name|No counterparty has/
const ALL_INVOICES = /[Cc]ompared with all|all that Finexio has|Looked through all/

const REASON =
  /not known to be whole|not the list|no JSON|an HTML page|plain text|could not be|cannot be read|not everything could be looked at|were not looked into|too many names hold|Partial: /

const reads = catalogue.filter(({ name, effect }) => effect === 'read' && !(name in ASK_NOTHING))
const cases = await Promise.all(
  reads.map(async (tool) => ({
    tool,
    args: argumentsOf(tool),
    lists: await listsOf(tool, argumentsOf(tool), NO_GUARD),
  })),
)

/** Arguments that lead a tool through lists that the usual ones do not. */
const further = [
  ['trace_finexio_invoice', { supplier_name: 'Acme' }],
  ['list_all_finexio_counterparty_history', { internal_id: 'a-1' }],
  ['audit_finexio_counterparty_changes', { object_id: 'sup_999' }],
  ['check_finexio_supplier_readiness', { name: 'nobody' }],
  ['analyze_finexio_payables', { over: 'payments', by: ['supplier'] }],
  ['analyze_finexio_payables', { over: 'invoices', by: ['method'] }],
  ['search', { query: 'A-1' }],
] as const

for (const [name, args] of further) {
  const tool = catalogue.find((one) => one.name === name)!
  cases.push({ tool, args, lists: await listsOf(tool, args, NO_GUARD) })
}

/** A first page that is good by itself. Whoever takes nothing but names from it, and finds them all there, misses nothing. */
const GOOD_FIRST_PAGE = ['a count of millions', 'the same page again', 'a list that shrinks']
const isEnough = ({ name }: Tool, template: string, as: string): boolean =>
  GOOD_FIRST_PAGE.includes(as) &&
  ((/^(analyze|audit|find|get_finexio_remittance)_/.test(name) && template === '/counterparties/') ||
    // It says which page is the next one.
    name === 'get_single_finexio_drawdown_by_id')

const matrix = cases.flatMap(({ tool, args, lists }) =>
  lists.flatMap((template) =>
    MALFORMED.filter(({ isPaged }) => !isPaged || isPagedList(template))
      .filter(({ name }) => !isEnough(tool, template, name))
      .map(
        (as) =>
          [
            `${tool.name} ${JSON.stringify(args).slice(0, 60)}`,
            template,
            as.name,
            { tool, args, template, as },
          ] as const,
      ),
  ),
)

test('every list tool and most composites are in the matrix', () => {
  const named = new Set(cases.filter(({ lists }) => lists.length > 0).map(({ tool }) => tool.name))
  const lists = catalogue.filter(({ name }) => name.startsWith('list_all_'))
  expect(lists.filter(({ name }) => !named.has(name))).toEqual([])
  for (const name of ['search', 'trace_finexio_invoice', 'resolve_finexio_write', 'prepare_finexio_invoices'])
    expect(named).toContain(name)
})

describe('no tool says whole', () => {
  test.each(matrix)('%s: %s gives %s', async (_, __, ___, { tool, args, template, as }) => {
    const { isError, text, structured, settled, asked } = await run(tool, args, { template, as }, NO_GUARD)
    expect(text).not.toMatch(WHOLE)
    if (template === '/invoices/') expect(text).not.toMatch(ALL_INVOICES)
    expect(text + (structured.note ?? '')).toMatch(REASON)
    expect(
      isError ||
        structured.is_partial_response === true ||
        structured.outcome === 'unknown' ||
        text.includes('too many names hold'),
      text,
    ).toBe(true)
    expect(settled).toEqual([])
    expect(asked.length).toBeLessThan(130)
  })
})

const GUARDS: readonly [string, WriteSettings][] = [
  ['duplicates', {}],
  ['first payments, refused', { ...NO_GUARD, first_payment: 'refuse' }],
  ['first payments, approved', { ...NO_GUARD, first_payment: 'approve' }],
  ['changed suppliers, refused', { ...NO_GUARD, changed_supplier: { days: 30, action: 'refuse' } }],
  ['changed suppliers, approved', { ...NO_GUARD, changed_supplier: { days: 30, action: 'approve' } }],
]

const batch = catalogue.find(({ name }) => name === 'finexio_invoices_bulk_create')!
const invoices = argumentsOf(batch)

/** What a guard does not ask of a list says nothing for it; and a payment that was seen was made, whatever else is missing. */
const isBeside = (guard: string, template: string, as: Malformed) => {
  if (guard.startsWith('changed')) return template.startsWith('/reconciliation')
  if (!guard.startsWith('first')) return false
  return template.endsWith('/history') || as.text({ id: 'SEEN' }, 1, '').includes('SEEN')
}

const guarded = await Promise.all(
  GUARDS.map(async ([guard, settings]) => ({
    guard,
    settings,
    lists: await listsOf(batch, invoices, settings),
  })),
)

describe('no guard takes silence for an answer', () => {
  test.each(GUARDS)('%s: a sane Finexio holds nothing back', async (_, settings) => {
    const { claims, asked } = await run(batch, invoices, null, settings)
    expect(claims.map(({ concerns, unchecked }) => [concerns, unchecked])).toEqual([[[], []]])
    expect(asked.at(-1)?.verb).toBe('POST')
  })

  test.each(
    guarded.flatMap(({ guard, settings, lists }) =>
      lists.flatMap((template) =>
        MALFORMED.filter(
          (as) => (!as.isPaged || isPagedList(template)) && !isBeside(guard, template, as),
        ).map((as) => [guard, template, as.name, { settings, template, as }] as const),
      ),
    ),
  )('%s: %s gives %s', async (_, __, ___, { settings, template, as }) => {
    const { claims, text, asked } = await run(batch, invoices, { template, as }, settings)
    expect(text).not.toMatch(/Compared with all/)
    // Either it is not claimed at all, or with what makes the claim refuse or wait.
    for (const { concerns, unchecked } of claims)
      expect(concerns.length + unchecked.length).toBeGreaterThan(0)
    if (claims.length === 0) expect(asked.every(({ verb }) => verb === 'GET')).toBe(true)
  })
})
