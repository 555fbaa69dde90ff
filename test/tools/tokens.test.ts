/** Every token of a tool list is paid in every chat. Prints the table; the ceilings stand in bench/budgets.json. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { expect, test } from 'vitest'
import budgets from '../../bench/budgets.json' with { type: 'json' }
import { tagTokens, tokenFigures, toolTokens } from '../../bench/rows/tokens.ts'
import { toolPreview } from '../../src/tools/visible/preview.ts'
import { viewOf } from '../../src/tools/visible/view.ts'
import { callWith, envelope } from './fake-finexio.ts'

const NAMES = Object.keys(budgets.lists) as (keyof typeof budgets.lists)[]

test('no list and no tool is above its ceiling', () => {
  const figures = tokenFigures()
  const lists = NAMES.map((name) => `${String(figures[name]).padStart(7)} of ${budgets.lists[name]}  ${name}`)
  const tools = toolTokens().map(({ name, tokens }) => `${String(tokens).padStart(7)}  ${name}`)
  console.info(
    `${figures.tools} tools, ${figures.read_only_tools} read-only\n${[...lists, ...tools].join('\n')}`,
  )
  const above = NAMES.filter((name) => figures[name] > budgets.lists[name])
  expect(above).toEqual([])
})

test('no server of one tag is above its ceiling, and each tag has one', () => {
  const figures = tagTokens()
  const ceilings: Readonly<Record<string, number>> = budgets.tags
  const rows = Object.entries(figures).map(
    ([tag, tokens]) => `${String(tokens).padStart(7)} of ${ceilings[tag]}  ${tag}`,
  )
  console.info(`with one tag:\n${rows.join('\n')}`)
  expect(Object.keys(figures).toSorted()).toEqual(Object.keys(ceilings).toSorted())
  expect(Object.keys(figures).filter((tag) => figures[tag]! > ceilings[tag]!)).toEqual([])
})

/** What people ask about a payment. */
const USEFUL = [
  'id',
  'amount_cents',
  'amount',
  'status',
  'payment_method',
  'delivery_method',
  'tracking_id',
  'instrument_number',
  'originating_counterparty_id',
  'receiving_counterparty_id',
  'created',
  'refund_timestamp',
]

/** As long as the payments for which the ceilings were set: about 11,300 tokens for 50. */
const payment = (at: number) => ({
  id: `pay_${555_000 + at}`,
  amount_cents: 10_000 + 37 * at,
  currency: 'USD',
  originating_counterparty_id: `buy_${100 + (at % 3)}`,
  receiving_counterparty_id: `sup_${200 + (at % 20)}`,
  payment_method: ['check', 'ach', 'card'][at % 3],
  reissue_payment_method: null,
  delivery_method: ['mail', null, 'email'][at % 3],
  reconciliation_id: null,
  tracking_id: `RC${555_000 + at}`,
  instrument_number: ['000712', null, '4242'][at % 3],
  status: ['pending', 'in-progress', 'settled'][at % 3],
  events: [
    {
      timestamp: '2026-11-20T15:10:00.590000',
      event_code: 'PU00',
      event_name: 'requested',
      stage: 'processing',
    },
  ],
  invoices: [
    {
      id: `inv_${9_000 + at}`,
      invoice_number: `FAKE-${1_000 + at}`,
      payment_amount_cents: 10_000 + 37 * at,
      metadata: {},
    },
  ],
  adjustments: [],
  created: `2026-11-20T15:${String(59 - at).padStart(2, '0')}:00.575000`,
  updated: '2026-11-21T15:13:28.104000',
  funding_drawdown_request_id: 'U000-000-000F',
  refund_user: null,
  refund_timestamp: null,
  refund_reason: null,
  refund_comment: null,
  refund_ticket_number: null,
  finexio_express: false,
})

test.each([
  { methods: ['read'] },
  { methods: ['read', 'write'] },
  { methods: ['custom'] },
  { methods: ['read'], tags: ['payments'] },
  { methods: ['read', 'write'], tool_exposure: 'discovery' as const },
])('what previews tell of a list is within 6 % of what it costs: %j', (config) => {
  const real = encode(JSON.stringify(viewOf(config).list.tools)).length
  expect(Math.abs(toolPreview.tokensOf(config) / real - 1)).toBeLessThan(0.06)
})

test('50 payments with the twelve useful fields', async () => {
  const tokens = (text: string) => encode(text).length
  const payments = Array.from({ length: 50 }, (_, at) => payment(at))
  const { text, data } = await callWith('list_all_finexio_payments', { limit: 50 }, () => envelope(payments))
  const raw = tokens(JSON.stringify(payments))
  const both = tokens(text) + tokens(JSON.stringify(data))
  console.info(`50 payments: ${raw} tokens raw, ${tokens(text)} of text, ${both} with structuredContent`)
  expect(raw).toBeGreaterThan(11_000)
  expect(Object.keys(data.result[0])).toEqual(expect.arrayContaining(USEFUL))
  expect(text.split('\n')).toHaveLength(52)
  expect(tokens(text)).toBeLessThanOrEqual(budgets.answers['50 payments, text'])
  expect(both).toBeLessThanOrEqual(budgets.answers['50 payments, text and structuredContent'])
})
