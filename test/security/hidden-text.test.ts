/** What people cannot see, in every place where Finexio's text can stand, reaches no model. */
import { describe, expect, test } from 'vitest'
import { LONGEST_TEXT } from '../../src/core/text.ts'
import { createFinexio } from '../../src/finexio/client.ts'
import { entry, finexioOf, invoice, payment, type World } from '../tools/composites/world.ts'
import { callWith, envelope } from '../tools/fake-finexio.ts'

const points = (...codes: number[]) => codes.map((code) => String.fromCodePoint(code))

const SAMPLES: readonly string[] = [
  ...points(0x00, 0x01, 0x07, 0x08, 0x0b, 0x0c, 0x0e, 0x1a, 0x1b, 0x1f, 0x7f),
  ...points(0x80, 0x85, 0x8d, 0x90, 0x9b, 0x9d, 0x9f),
  ...points(0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x200e, 0x200f, 0x061c),
  ...points(
    0x200b,
    0x200c,
    0x200d,
    0x2060,
    0x2061,
    0x2063,
    0x2064,
    0xfeff,
    0x00ad,
    0x034f,
    0x180e,
    0x3164,
    0xffa0,
    0x115f,
  ),
  ...points(0xe0001, 0xe0020, 0xe0041, 0xe007e, 0xe007f, 0xfe0f, 0xe0100),
  ...points(0x2028, 0x2029, 0xfff9, 0xfffb, 0xe000),
  '\u001b[31m',
  '\u001b[2J',
  '\u001b]8;;http://x.test\u0007',
  '\u001b]0;title\u001b\\',
]

const FIELDS = [
  'name',
  'external_reference_id',
  'care_of',
  'remit_address_1',
  'remit_city',
  'category',
  'notes',
] as const

/** One sample in ten places: seven fields, a key, a value beneath it, and a list within. */
const supplier = (mark: string) => {
  const text = `Pay${mark}now`
  return {
    id: 's-1',
    ...Object.fromEntries(FIELDS.map((field) => [field, text])),
    metadata: { [text]: text },
    contacts: [{ external_reference_id: 'c', name: text }],
    created: '2026-11-01T00:00:00',
  }
}

/** A mark as such, or as JSON text would write it. */
const traces = (mark: string) => [mark, JSON.stringify(mark).slice(1, -1)]

const strings = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...strings(inner)])
}

describe('hidden text', () => {
  test('60 samples, all different', () => {
    expect(SAMPLES.length).toBe(60)
    expect(new Set(SAMPLES).size).toBe(60)
  })

  test.each(SAMPLES.map((mark) => [JSON.stringify(mark), mark]))(
    '%s survives in none of ten fields',
    async (_, mark) => {
      const record = supplier(mark)
      const answers = [
        await callWith('get_single_finexio_supplier_by_id', { id: 's-1' }, () => record),
        await callWith('list_all_finexio_suppliers', { fields: ['*'] }, () => envelope([record])),
        await callWith('list_all_finexio_suppliers', { fields: ['*'] }, () => envelope([record]), {
          textFormat: 'json',
        }),
      ]
      for (const { data, text } of answers) {
        const clean = strings(data).filter((part) => part === 'Paynow')
        expect(clean).toHaveLength(10)
        for (const trace of traces(mark))
          expect([text, ...strings(data)].filter((part) => part.includes(trace))).toEqual([])
      }
    },
  )

  test('nor in what Finexio says of an error', async () => {
    const text = `no${SAMPLES.join('')}entry`
    const answer = (status: number, body: unknown) =>
      createFinexio({
        baseUrl: 'https://api.test/v2',
        webhookBaseUrl: 'https://api.test/v2',
        credentials: { username: 'u', password: 'p' },
        fetch: async () => Response.json(body, { status }),
      })
    for (const [status, body] of [
      [404, { detail: text }],
      [400, { [text]: [text] }],
      [403, { statusCode: 403, message: text }],
      [429, { detail: text }],
      [500, { message: text }],
    ] as const) {
      const { text: said, data } = await callWith(
        'get_single_finexio_supplier_by_id',
        { id: 's-1' },
        (request) =>
          answer(status, body)
            .send(request)
            .then((reply) => reply.body),
      )
      expect(data).toBeUndefined()
      for (const mark of SAMPLES) expect(said.includes(mark), `${status} ${JSON.stringify(mark)}`).toBe(false)
    }
  })
})

/** All samples at once in every text that a composite could quote; it must be read as if they were not there. */
const hidden = `Pay${SAMPLES.join('')}now`
const party = { id: 's1', name: hidden, type: 'Supplier', internal_id: hidden }
const ODD: World = {
  parties: [party, { ...party, id: 'b1', type: 'Buyer' }],
  suppliers: [{ ...party, external_reference_id: hidden, payment_method: hidden }],
  invoices: [
    invoice(1, { invoice_number: hidden, status: hidden }),
    invoice(2, { invoice_number: hidden, status: hidden }),
  ],
  payments: [
    payment(1, {
      status: hidden,
      payment_method: 'check',
      tracking_id: hidden,
      refund_timestamp: '2026-11-01T00:00:00',
      refund_reason: hidden,
      events: [{ timestamp: hidden, event_name: hidden, description: hidden }],
    }),
  ],
  drawdown: { processor_request_id: hidden, status: hidden, amount_cents: 1, buyer_name: hidden },
  drawdowns: () => [{ processor_request_id: 'd1', status: hidden }],
  funded: [
    payment(1, { id: `${hidden}1`, supplier_name: hidden, status: hidden, amount_cents: null }),
    payment(2, { id: `${hidden}2`, supplier_name: hidden, status: hidden }),
  ],
  history: [entry('2026-11-01T00:00:00', { [hidden]: [hidden, hidden] }, { actor: hidden, action: hidden })],
  image: () => ({ check_image_url: `https://x.test/${hidden}` }),
}

describe('composites', () => {
  test.each([
    ['trace_finexio_invoice', { id: 'i1' }],
    ['trace_finexio_invoice', { invoice_number: 'N-1' }],
    ['trace_finexio_invoice', { receiving_counterparty_id: 's1' }],
    ['reconcile_finexio_drawdown', { id: 'd' }],
    ['analyze_finexio_payables', { over: 'payments', by: ['supplier', 'status'], list: 9 }],
    ['analyze_finexio_payables', { over: 'payments', by: ['method', 'failure_reason'], list: 9 }],
    ['analyze_finexio_payables', { over: 'invoices', by: ['buyer', 'status'], list: 9 }],
    [
      'analyze_finexio_payables',
      { over: 'payments', where: [{ column: 'supplier', is: ['Paynow'] }], by: ['supplier'] },
    ],
    ['analyze_finexio_payables', { over: 'suppliers', list: 9 }],
    ['find_possible_duplicate_finexio_invoices', {}],
    ['audit_finexio_counterparty_changes', { object_id: 's1' }],
    ['audit_finexio_counterparty_changes', { object_id: 's1', field: 'Paynov' }],
    ['check_finexio_supplier_readiness', {}],
    ['search', { query: 'Paynow' }],
    ['fetch', { id: 'counterparty:s1' }],
    ['fetch', { id: 'payment:p1' }],
  ])('%s %j quotes nothing that nobody sees', async (tool, args) => {
    for (const textFormat of ['csv', 'json'] as const) {
      const { data, text, result } = await callWith(tool, args, finexioOf(ODD), { textFormat })
      expect(result.isError, text).toBeUndefined()
      expect([text, ...strings(data)].some((part) => part.toLowerCase().includes('paynow'))).toBe(true)
      for (const mark of SAMPLES)
        for (const trace of traces(mark))
          expect(
            [text, ...strings(data)].filter((part) => part.includes(trace)),
            JSON.stringify(mark),
          ).toEqual([])
    }
  })
})

describe('caps', () => {
  test('a body of 10 MB is not read, and says so', async () => {
    const finexio = createFinexio({
      baseUrl: 'https://api.test/v2',
      credentials: { username: 'u', password: 'p' },
      fetch: async () =>
        Response.json({ count: 1, next: null, results: [{ id: 'x', note: 'z'.repeat(10_000_000) }] }),
    })
    const calls: [string, object][] = [
      ['list_all_finexio_invoices', {}],
      ['analyze_finexio_payables', { over: 'invoices' }],
    ]
    for (const [tool, args] of calls) {
      const { text, result } = await callWith(
        tool,
        args,
        async (request) => (await finexio.send(request)).body,
      )
      expect([result.isError, text.length < 500]).toEqual([true, true])
      expect(text).toMatch(/larger than this server reads/)
    }
  })

  test('a text of 9 MB is cut to its cap, and says by how much', async () => {
    const record = { ...supplier(''), notes: 'x'.repeat(9_000_000) }
    const { data, text } = await callWith('get_single_finexio_supplier_by_id', { id: 's-1' }, () => record)
    expect(data.notes).toBe(`${'x'.repeat(LONGEST_TEXT)}… [cut: ${9_000_000 - LONGEST_TEXT} more characters]`)
    expect(text.length).toBeLessThan(4_000)
  })

  test('rows of 10 MB in all end their page at 100 KB, which is announced', async () => {
    const rows = Array.from({ length: 100 }, (_, at) => ({
      ...supplier(''),
      id: `s-${at}`,
      notes: 'y'.repeat(100_000),
    }))
    for (const textFormat of ['csv', 'json'] as const) {
      const args = { fields: ['id', 'notes'], limit: 500 }
      const { text } = await callWith('list_all_finexio_suppliers', args, () => envelope(rows), {
        textFormat,
      })
      expect(text.length).toBeLessThanOrEqual(101_000)
      expect(text).toMatch(/This page ends after 43 rows, at 100 KB; next_cursor goes on there/)
    }
  })
})
