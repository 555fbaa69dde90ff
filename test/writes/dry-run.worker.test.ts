/** A dry run cannot differ from the real run: any settings, any history, any call, in the account's own object. */
import { runInDurableObject } from 'cloudflare:test'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { FinexioFailure } from '../../src/finexio/failure.ts'
import type { FailureKind, FinexioRequest } from '../../src/finexio/types.ts'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { present } from '../../src/tools/present/present.ts'
import { writesAt } from '../../src/tools/writing/writes.ts'
import { env, makeAccount, makeServer } from '../accounts/support.ts'
import { times } from '../support/size.ts'
import { callWith, envelope } from '../tools/fake-finexio.ts'

const BATCH = 'finexio_invoices_bulk_create'
const PATCH = 'finexio_suppliers_partial_update'
type Row = Record<string, unknown>
type Call = { name: string; args: Row }

const cents = fc.constantFrom(100, 4_000, 20_000)
const row = fc.record({
  invoice_number: fc.constantFrom('A-1', ' a-1 ', 'B-2', 'C-3', 'D-4', 'E-5', 'F-6', 'SEEN-1', 'FREE-1'),
  amount_cents: fc.oneof({ weight: 29, arbitrary: cents }, { weight: 1, arbitrary: fc.constantFrom(0, 1.5) }),
  originating_counterparty_id: fc.constantFrom('b1', 'b2'),
  receiving_counterparty_id: fc.constantFrom('s1', 's1', 's2', 'new'),
  invoice_date: fc.constant('2026-11-20'),
})
const key = fc.constantFrom(undefined, 'key-one-1', 'key-two-2', 'key-three')
const withKey = (args: Row, idempotency_key?: string): Row => ({
  ...args,
  ...(idempotency_key && { idempotency_key }),
})

const batch = fc
  .tuple(fc.array(row, { minLength: 1, maxLength: 3 }), key)
  .map(([body, at]): Call => ({ name: BATCH, args: withKey({ body }, at) }))
const change = fc
  .tuple(
    fc.constantFrom('s1', 's2', 'gone'),
    fc.constantFrom(
      { payment_terms: 5 },
      { bank_account_number: '5551234567' },
      { name: 'X' },
      { payment_terms: 6 },
      {},
    ),
    key,
  )
  .map(([id, values, at]): Call => ({ name: PATCH, args: withKey({ id, ...values }, at) }))
const call = fc.oneof({ weight: 4, arbitrary: batch }, { weight: 1, arbitrary: change })

const both = fc.record({ cents: fc.constantFrom(0, 5_000, 25_000), count: fc.constantFrom(1, 3) })
const limit = fc.oneof(
  both,
  both.map(({ count }) => ({ count })),
  both.map(({ cents }) => ({ cents })),
)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
const settings = fc.record({
  limits: maybe(
    fc.record(
      {
        per_invoice: fc.constant({ cents: 4_000 }),
        per_call: limit,
        per_day: limit,
        per_30_days: limit,
        per_supplier_day: limit,
      },
      { requiredKeys: [] },
    ),
  ),
  approval: fc.constantFrom('none' as const, 'none' as const, undefined, 'always' as const, {
    over_cents: 5_000,
  }),
  approval_door: maybe(fc.constantFrom('dashboard' as const, 'confirm' as const)),
  allowed_buyers: maybe(fc.constantFrom(['b1'], ['b1', 'b2'], [])),
  allowed_suppliers: maybe(fc.constantFrom(['s1'], ['s1', 's2', 'new'])),
  first_payment: maybe(fc.constantFrom('approve' as const, 'refuse' as const)),
  changed_supplier: maybe(
    fc.record({ days: fc.constant(30), action: fc.constantFrom('approve' as const, 'refuse' as const) }),
  ),
  duplicate_guard: maybe(fc.constantFrom({ requests: 0 }, { requests: 1 }, { requests: 12 })),
})

type Reply = 'done' | FailureKind
const past = fc.record({
  call,
  reply: fc.constantFrom<Reply>(
    'done',
    'done',
    'done',
    'invalid',
    'throttled',
    'outcome_unknown',
    'not_sent',
  ),
  withdraw: fc.boolean(),
})
const state = fc.constantFrom(...Array(10).fill('open'), 'stopped', 'throttled reads')

const failure = (kind: FailureKind) =>
  new FinexioFailure({
    kind,
    status: kind === 'invalid' ? 400 : null,
    message: kind,
    rate: null,
    sent: kind !== 'not_sent',
  })

const stored = (invoice: Row, more: Row = {}): Row => ({
  id: `inv_${JSON.stringify(invoice.invoice_number)}`,
  status: 'pending',
  can_be_resubmitted: false,
  created: '2026-11-20T00:00:00',
  ...invoice,
  ...more,
})
const party = { originating_counterparty_id: 'b1', receiving_counterparty_id: 's1', amount_cents: 1 }

/** A Finexio with two invoices, two old suppliers and a new one. */
const world = () => {
  const invoices = [
    stored({ ...party, invoice_number: 'SEEN-1' }, { payment_id: 'p1' }),
    stored({ ...party, invoice_number: 'FREE-1' }, { can_be_resubmitted: true }),
    stored({ ...party, invoice_number: 'OLD-1', receiving_counterparty_id: 's2' }, { payment_id: 'p2' }),
  ]
  const read = ({ template, path }: FinexioRequest) => {
    if (template === '/invoices/') return envelope(invoices)
    if (!/\{id\}/.test(template)) return envelope([])
    if (path.includes('gone')) throw failure('not_found')
    return {
      id: path.split('/').filter(Boolean).at(-1),
      name: 'Acme',
      external_reference_id: 'ref',
      enabled: true,
    }
  }
  const write = ({ body, path }: FinexioRequest) => {
    if (!Array.isArray(body)) return { id: path.split('/').filter(Boolean).at(-1), ...(body as Row) }
    const made = body.map((invoice) => stored(invoice))
    invoices.push(...made)
    return made
  }
  return { reply: 'done' as Reply, reads: true, read, write }
}

const opened = async (config: ServerConfig) => {
  const { id: accountId, object } = await makeAccount()
  const server = await makeServer(accountId, null, config)
  const finexio = world()
  const writes = () =>
    writesAt({
      env,
      accountId,
      serverId: server.id,
      requestId: crypto.randomUUID(),
      settings: config,
      letIn: { digest: null, revision: '1.1', caller: { kind: 'url' } },
      sees: () => true,
      origin: 'https://mcp.test',
      report: (error) => {
        throw error
      },
    })
  const answer = (request: FinexioRequest) => {
    if (request.verb === 'GET') {
      if (!finexio.reads) throw failure('throttled')
      return finexio.read(request)
    }
    if (finexio.reply !== 'done') throw failure(finexio.reply)
    return finexio.write(request)
  }
  const run = ({ name, args }: Call, more: Row = {}) =>
    callWith(name, { ...args, ...more }, answer, { writes: writes() })
  const tables = () =>
    runInDurableObject(object, (_, { storage }) =>
      ['ledger', 'ledger_subject', 'movement', 'draft', 'audit'].map((table) =>
        JSON.stringify(storage.sql.exec(`SELECT * FROM ${table}`).toArray(), (_key, value) =>
          value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value,
        ),
      ),
    )
  return { object, finexio, run, tables, writes }
}

type Ran = Awaited<ReturnType<typeof callWith>>
const sentBy = ({ sent }: Ran) => sent.filter(({ verb }) => verb !== 'GET')
const NOTHING = 'Nothing was sent to Finexio.'

/** What the real run has to be, if the dry run was right. */
const sameAs = (tool: string, dry: Ran, real: Ran) => {
  if (dry.result.isError) return expect([real.result.isError, real.text]).toEqual([true, dry.text])
  const { verdict, would_send, warnings, total_cents } = dry.data
  const left = sentBy(real)
  if (verdict === 'would_be_sent') {
    expect(left).toHaveLength(1)
    const { verb, template, body } = left[0]!
    const shown = Array.isArray(body) ? body.map((one) => present(one as Row)) : present(body as Row)
    expect(would_send).toMatchObject({ request: `${verb} ${template}`, body: shown })
    return expect([warnings, real.data.total_cents]).toEqual([[], total_cents])
  }
  expect(left).toEqual([])
  if (verdict === 'replay') return expect(real.data).toMatchObject({ outcome: 'succeeded', replayed: true })
  if (verdict === 'needs_approval') {
    expect(real.data.outcome).toBe('pending_approval')
    return (
      real.data.reasons && expect([...real.data.reasons, ...(real.data.warnings ?? [])]).toEqual(warnings)
    )
  }
  expect([verdict, real.result.isError]).toEqual(['refused', true])
  return expect([`${tool}: ${warnings[0]} ${NOTHING}`, warnings[0]]).toContain(real.text)
}

type Past = { call: Call; reply: Reply; withdraw: boolean }
type Example = [ServerConfig, Past[], Call, boolean, string]

/** Chance alone makes a replay so seldom that a run would miss it: each verdict stands here once, whatever is drawn. */
const EACH = ((): Record<string, Example> => {
  const paid = { ...party, invoice_number: 'B-2', amount_cents: 100, invoice_date: '2026-11-20' }
  const pay: Call = { name: BATCH, args: { body: [paid], idempotency_key: 'key-one-1' } }
  // It waits for the same invoice as `pay`, whose dry run did not name it on 2026-12-01.
  const TWIN: Past = {
    call: { name: BATCH, args: { body: [{ ...paid, amount_cents: 4_000 }] } },
    reply: 'done',
    withdraw: false,
  }
  const wrong: Call = { name: BATCH, args: { body: [{ ...paid, amount_cents: 1.5 }] } }
  return {
    error: [{}, [], wrong, false, 'open'],
    needs_approval: [{ approval: 'always' }, [TWIN], pay, false, 'open'],
    refused: [{ allowed_buyers: [] }, [], pay, false, 'open'],
    replay: [{}, [{ call: pay, reply: 'done', withdraw: false }], pay, true, 'open'],
    would_be_sent: [{}, [], pay, false, 'open'],
  }
})()

test('whatever a dry run says is what the real run then does, and the dry run itself changes nothing', async () => {
  const verdicts = new Set<string>()
  await fc.assert(
    fc.asyncProperty(
      settings,
      fc.array(past, { maxLength: 5 }),
      call,
      fc.boolean(),
      state,
      async (config, history, fresh, again, how) => {
        const { object, finexio, run, tables, writes } = await opened(JSON.parse(JSON.stringify(config)))
        for (const { call: earlier, reply, withdraw } of history) {
          finexio.reply = reply
          const { data } = await run(earlier)
          if (withdraw && data?.approval_id) await writes().cancelDraft(data.approval_id)
        }
        finexio.reply = 'done'
        const next = again ? (history.at(-1)?.call ?? fresh) : fresh
        finexio.reads = how !== 'throttled reads'
        if (how === 'stopped') await object.changeAccount({ writes_stopped: true })
        const before = await tables()
        const dry = await run(next, { dry_run: true })
        expect(sentBy(dry)).toEqual([])
        expect(await tables()).toEqual(before)
        sameAs(next.name, dry, await run(next))
        verdicts.add(dry.result.isError ? 'error' : dry.data.verdict)
      },
    ),
    { numRuns: times(100, 300), examples: Object.values(EACH) as never },
  )
  expect([...verdicts].sort()).toEqual(Object.keys(EACH))
})

test('with the switch of the whole deployment pulled, a dry run says so, and nothing is asked of Finexio', async () => {
  const { run } = await opened({ methods: ['write'] })
  const pay: Call = {
    name: BATCH,
    args: { body: [{ ...party, invoice_number: 'STOP-1', invoice_date: '2026-11-20' }] },
  }
  await directoryObject(env).changeDeployment({ writes_stopped: true })
  const [dry, real] = [await run(pay, { dry_run: true }), await run(pay)]
  await directoryObject(env).changeDeployment({ writes_stopped: false })
  expect(dry.data).toMatchObject({ verdict: 'refused', warnings: [expect.stringMatching(/kill switch/)] })
  sameAs(BATCH, dry, real)
  expect([...dry.sent, ...real.sent]).toEqual([])
  expect((await run(pay)).data.outcome).toBe('succeeded')
})
