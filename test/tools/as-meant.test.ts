/**
 * Arguments as callers and their clients write them (faults B6, B17, B18, B25, B33, F3, F4). At commit b8f2a26 every refused one below was
 * sent to Finexio, five spellings of a UUID were five suppliers, and what a client wrote as JSON text was refused.
 */
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../src/tools/catalogue.ts'
import type { WriteTool } from '../../src/tools/tool.ts'
import { callWith, envelope, NOW, openWrites } from './fake-finexio.ts'

const BATCH = 'finexio_invoices_bulk_create'
const PATCH = 'finexio_suppliers_partial_update'
const BUYER = '5a000001-0000-4000-8000-00000000abcd'
const SUPPLIER = '5a000002-0000-4000-8000-00000000abcd'

const invoice = (more: object = {}) => ({
  invoice_number: 'A-1',
  amount_cents: 100,
  invoice_date: '2026-11-20',
  originating_counterparty_id: BUYER,
  receiving_counterparty_id: SUPPLIER,
  ...more,
})

const answers = ({ verb, body }: { verb: string; body?: unknown }) =>
  verb === 'POST' && Array.isArray(body)
    ? body.map((row, at) => ({ id: `i-${at}`, ...(row as object) }))
    : verb === 'GET'
      ? envelope([])
      : { id: SUPPLIER, ...(body as object) }

const call = (name: string, args: object, more = {}) => callWith(name, args, answers, more)

const spellings = (uuid: string): string[] => [
  uuid.toUpperCase(),
  uuid.replaceAll('-', ''),
  `{${uuid}}`,
  `urn:uuid:${uuid}`,
  // Siblings: padded, all at once, hyphens left out here and there.
  `  ${uuid}\t`,
  `URN:UUID:{${uuid.replaceAll('-', '').toUpperCase()}}`,
  uuid.replace('-', ''),
]

describe('a UUID has one spelling', () => {
  test.each(spellings(SUPPLIER))(
    '%j is one supplier: in the movement, as duplicate key, in what is sent',
    async (id) => {
      const args = { body: [invoice({ receiving_counterparty_id: id }), invoice({ invoice_number: 'A-2' })] }
      const { sent } = await call(BATCH, args)
      const ids = (sent[0]!.body as { receiving_counterparty_id: string }[]).map(
        (row) => row.receiving_counterparty_id,
      )
      expect(ids).toEqual([SUPPLIER, SUPPLIER])
      const tool = catalogue.find(({ name }) => name === BATCH) as WriteTool
      const { facts, invoices } = tool.plan(args, NOW)
      expect(facts.movements).toMatchObject([{ buyer: BUYER, supplier: SUPPLIER, cents: 200, count: 2 }])
      expect(new Set(invoices.map(({ supplier }) => supplier))).toEqual(new Set([SUPPLIER]))
    },
  )

  test.each(spellings(SUPPLIER))('%j in a path, a filter and a drawdown', async (id) => {
    for (const [name, args, where] of [
      ['get_single_finexio_supplier_by_id', { id }, 'path'],
      ['list_all_finexio_counterparty_history', { object_id: id }, 'query'],
      ['list_all_finexio_drawdown_payments', { processor_request_id: id }, 'path'],
      [PATCH, { id, notes: 'x' }, 'path'],
    ] as const) {
      const { sent } = await call(name, args)
      const there = decodeURIComponent(JSON.stringify(sent[0]![where]))
      expect([there.includes(SUPPLIER), there.includes(id)], name).toEqual([true, false])
    }
  })

  test('other ids stay as they are, without the blanks around them; references of the caller keep their case', async () => {
    const { sent } = await call(BATCH, { body: [invoice({ receiving_counterparty_id: ' Sup_9A ' })] })
    expect(sent[0]!.body).toEqual([invoice({ receiving_counterparty_id: 'Sup_9A' })])
    const reference = SUPPLIER.toUpperCase()
    const contact = await call('update_a_finexio_supplier_contact_by_id', {
      supplier_id: SUPPLIER,
      id: reference,
      primary: true,
    })
    expect(contact.sent[0]!.path).toContain(reference)
  })
})

const NO_VALUES = [
  'null',
  'undefined',
  'None',
  'NaN',
  'N/A',
  ' NULL ',
  'n/a',
  '"null"',
  '#N/A',
  '[object Object]',
]

describe('a word for "no value"', () => {
  test.each(NO_VALUES)('%j is refused in ids, numbers, names and bank fields of writes', async (word) => {
    const writes: [string, object, RegExp][] = [
      [BATCH, { body: [invoice({ receiving_counterparty_id: word })] }, /receiving_counterparty_id/],
      [PATCH, { id: SUPPLIER, bank_account_number: word }, /bank_account_number/],
      [PATCH, { id: SUPPLIER, name: word }, /name/],
      [PATCH, { id: word, notes: 'x' }, /id: /],
      // Siblings: a reference, a tax number, a contact's name, the key of a write.
      [PATCH, { id: SUPPLIER, external_reference_id: word }, /external_reference_id/],
      [PATCH, { id: SUPPLIER, tax_id: word }, /tax_id/],
      [PATCH, { id: SUPPLIER, contacts: [{ primary: true, name: word }] }, /contacts\[0\]\.name/],
      [PATCH, { id: SUPPLIER, notes: 'x', idempotency_key: word.trim().padEnd(8) }, /idempotency_key/],
    ]
    for (const [name, args, words] of writes) {
      const { result, text, sent } = await call(name, args)
      expect([result.isError, sent, text], name).toEqual([true, [], expect.stringMatching(words)])
    }
  })

  test.each(NO_VALUES)('%j is refused in what reads look for', async (word) => {
    for (const [name, args] of [
      ['list_all_finexio_payments', { tracking_id: word }],
      ['list_all_finexio_drawdowns', { invoice_number: word }],
      ['list_all_finexio_counterparty_history', { object_id: word }],
      // Siblings: a composite, a lookup by our own search, the reference of a list.
      ['trace_finexio_invoice', { invoice_number: word }],
      ['search', { query: word }],
      ['list_all_finexio_suppliers', { external_reference_id: word }],
    ] as const) {
      const { result, text, sent } = await call(name, args)
      expect([result.isError, sent, text], name).toEqual([true, [], expect.stringMatching(/no value/)])
    }
  })

  test('free text may say so, and null itself means absent', async () => {
    const { sent } = await call(PATCH, { id: SUPPLIER, notes: 'N/A', name: null, contacts: null })
    expect(sent[0]!.body).toEqual({ notes: 'N/A' })
    const list = await call('list_all_finexio_payments', {
      tracking_id: null,
      limit: null,
      created_start: '2026-11-01',
    })
    expect([list.result.isError, list.sent[0]!.query]).toEqual([
      undefined,
      { created_start: '2026-11-01T00:00:00Z' },
    ])
    expect((await call(PATCH, { id: null, notes: 'x' })).text).toMatch(/id: required/)
    // Where null is a value of Finexio it stays one.
    expect((await call(PATCH, { id: SUPPLIER, delivery_method: null })).sent[0]!.body).toEqual({
      delivery_method: null,
    })
  })
})

describe('bank numbers and blanks', () => {
  test.each([
    ['finexio_counterparties_partial_update', { bank_account_number: '12-34' }],
    ['finexio_buyers_partial_update', { drawdown_bank_account_number: '12 34' }],
    ['finexio_buyers_partial_update', { refund_bank_account_number: 'GB12' }],
    [PATCH, { bank_routing_number: '021000022' }],
    // Siblings: too short, a letter, two digits swapped.
    ['finexio_counterparties_partial_update', { bank_routing_number: '2100002' }],
    ['finexio_buyers_partial_update', { drawdown_bank_routing_number: 'O21000021' }],
    ['finexio_buyers_partial_update', { refund_bank_routing_number: '012000021' }],
  ])('%s %j is refused', async (name, fields) => {
    const { result, sent } = await call(name, { id: SUPPLIER, ...fields })
    expect([result.isError, sent]).toEqual([true, []])
  })

  test.each(['bank_account_number', 'bank_routing_number', 'name', 'external_reference_id', 'tax_id'])(
    'a blank %s is refused on a change',
    async (field) => {
      for (const blank of ['', '  ', '\u00a0']) {
        const { result, text, sent } = await call(PATCH, { id: SUPPLIER, [field]: blank })
        expect([result.isError, sent, text]).toEqual([true, [], expect.stringMatching(/blank|empty|digits/)])
      }
    },
  )

  test('what may be emptied is said to be, in the dry run and beside the request that is approved', async () => {
    const args = { id: SUPPLIER, remit_address_1: '', remit_email: '', delivery_method: null, notes: 'x' }
    const { data, sent } = await call(PATCH, { ...args, dry_run: true })
    const named = ['delivery_method', 'remit_email', 'remit_address_1']
    expect(data.warnings).toEqual(named.map((name) => `empties ${name}`))
    expect([data.would_send.empties, sent]).toEqual([named, []])
    const older = await call('finexio_counterparties_partial_update', {
      id: SUPPLIER,
      address_1: '',
      dry_run: true,
    })
    expect(older.data.warnings).toEqual(['empties address_1'])
  })
})

/** RIGHT-TO-LEFT OVERRIDE, zero width space, tag letters, half of a pair, a terminal escape. */
const UNSEEN = ['\u202e', '\u200b', '\u{e0041}', '\ud83d', '\u001b[31m', '\u2066']

describe('what is shown is what is sent', () => {
  test.each(UNSEEN)('%j from the caller is refused wherever it stands', async (sign) => {
    const text = `Pay${sign}now`
    for (const [name, args, place] of [
      [BATCH, { body: [invoice({ note: text })] }, /body\[0\]\.note/],
      [PATCH, { id: SUPPLIER, name: text }, /name/],
      [BATCH, { body: [invoice({ payment_group_id: text })] }, /payment_group_id/],
      // Siblings: metadata and its keys, a contact, an address, the reason, the key.
      [BATCH, { body: [invoice({ metadata: { po: text } })] }, /metadata\.po/],
      [BATCH, { body: [invoice({ metadata: { [text]: 'po' } })] }, /metadata/],
      [PATCH, { id: SUPPLIER, contacts: [{ primary: true, name: text }] }, /contacts\[0\]\.name/],
      [PATCH, { id: SUPPLIER, remit_address_1: text }, /remit_address_1/],
      [PATCH, { id: SUPPLIER, notes: 'x', reason: text }, /reason/],
      [PATCH, { id: SUPPLIER, notes: 'x', idempotency_key: `${text}-key` }, /idempotency_key/],
      [
        'create_a_finexio_webhook',
        { event: 'payment.changed', url: `https://h.test/${sign}`, username: 'u', password: 'p' },
        /url/,
      ],
    ] as const) {
      const { result, text: said, sent } = await call(name, args)
      expect([result.isError, sent, said], JSON.stringify(args)).toEqual([
        true,
        [],
        expect.stringMatching(place),
      ])
    }
  })

  test('what makes up something that is seen goes through: flags, joined emoji, Persian, line breaks of a note', async () => {
    const note = '👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ می‌خواهم\nsecond line'
    const { sent } = await call(BATCH, { body: [invoice({ note })] })
    expect((sent[0]!.body as { note: string }[])[0]!.note).toBe(note)
  })
})

describe('what clients write as JSON text is read once', () => {
  test.each<[string, object, object]>([
    [BATCH, { body: JSON.stringify([invoice()]) }, { body: [invoice()] }],
    [BATCH, { body: [JSON.stringify(invoice())] }, { body: [invoice()] }],
    [BATCH, { body: [invoice({ amount_cents: '100' })] }, { body: [invoice()] }],
    // Siblings: an object inside, a list of objects inside, a flag.
    [BATCH, { body: [invoice({ metadata: '{"po":"1"}' })] }, { body: [invoice({ metadata: { po: '1' } })] }],
    [PATCH, { id: 's', contacts: '[{"primary":true}]' }, { id: 's', contacts: [{ primary: true }] }],
  ])('%s %j', async (name, given, meant) => {
    const prints: string[] = []
    const writes = openWrites([], {
      claim: async ({ fingerprint }) => {
        prints.push(fingerprint.join())
        return { kind: 'claimed', key: 'k' }
      },
    })
    const [one, other] = [await call(name, given, { writes }), await call(name, meant, { writes })]
    expect(one.sent).toEqual(other.sent)
    expect(one.sent).toHaveLength(1)
    expect(prints[0]).toBe(prints[1])
  })

  test('limits of lists and columns as text', async () => {
    const { sent, result } = await call('list_all_finexio_payments', {
      limit: '2',
      fields: '["id"]',
      created_start: '2026-11-01',
    })
    expect([result.isError, sent.length]).toEqual([undefined, 1])
  })

  test.each([
    { amount_cents: '450.00' },
    { amount_cents: '1e3' },
    { amount_cents: '1,250' },
    { amount_cents: ' ' },
    { amount_cents: 'null' },
  ])('%j stays text and is refused', async (wrong) => {
    const { result, sent } = await call(BATCH, { body: [invoice(wrong)] })
    expect([result.isError, sent]).toEqual([true, []])
  })

  test('text twice over, or nested too deeply, is refused', async () => {
    for (const body of [JSON.stringify(JSON.stringify([invoice()])), '['.repeat(70) + ']'.repeat(70)]) {
      const { result, sent } = await call(BATCH, { body })
      expect([result.isError, sent]).toEqual([true, []])
    }
  })
})

test('what n8n adds to every call is dropped, and nothing else', async () => {
  const extras = { toolCallId: 'c', sessionId: 's', action: 'sendMessage', chatInput: 'pay' }
  const { sent } = await call(BATCH, { body: [invoice()], ...extras })
  expect(sent).toHaveLength(1)
  for (const more of ['tool_call_id', 'session_id', 'chatinput', 'actions']) {
    const refused = await call(BATCH, { body: [invoice()], [more]: 'x' })
    expect([refused.result.isError, refused.sent]).toEqual([true, []])
  }
  expect((await call(BATCH, { body: [invoice({ action: 'x' })] })).text).toMatch(/unknown argument "action"/)
})

test.each([
  ['a list', 'list_all_finexio_suppliers', {}],
  ['a question', 'find_possible_duplicate_finexio_invoices', {}],
  ['a small write', PATCH, { id: SUPPLIER, notes: 'x' }],
])('what n8n adds (F4), sibling: to %s', async (_, name, args) => {
  const extras = { toolCallId: 'c', sessionId: null, action: '', chatInput: { text: 'pay' } }
  const { result, sent } = await call(name, { ...args, ...extras })
  expect(result.isError).toBeUndefined()
  expect(JSON.stringify(sent)).not.toMatch(/toolCallId|sessionId|chatInput/)
})

describe('the header Idempotency-Key', () => {
  const claimed = async (args: object, idempotencyKey: string | null) => {
    const keys: (string | null)[] = []
    const writes = openWrites([], {
      claim: async ({ key }) => {
        keys.push(key)
        return { kind: 'claimed', key: key ?? 'minted' }
      },
    })
    const { text } = await call(BATCH, { body: [invoice()], ...args }, { writes, idempotencyKey })
    return { keys, text }
  }

  test('is the key where the argument is absent, and may say the same', async () => {
    expect((await claimed({}, 'header-key-1')).keys).toEqual(['header-key-1'])
    expect((await claimed({ idempotency_key: 'header-key-1' }, 'header-key-1')).keys).toEqual([
      'header-key-1',
    ])
    expect((await claimed({ idempotency_key: 'argument-key' }, null)).keys).toEqual(['argument-key'])
  })

  test.each([
    ['another one', { idempotency_key: 'argument-key' }, 'header-key-1', /differ/],
    ['too short', {}, 'short', /8 to 100/],
    ['two in one', {}, 'header-key-1, header-key-2', /8 to 100/],
    ['no value', {}, 'undefined', /no value/],
  ])('refused: %s', async (_, args, header, words) => {
    const { keys, text } = await claimed(args, header)
    expect([keys, text]).toEqual([[], expect.stringMatching(words)])
  })

  test('means nothing to a read', async () => {
    const { result } = await call('list_all_finexio_suppliers', {}, { idempotencyKey: 'x' })
    expect(result.isError).toBeUndefined()
  })
})
