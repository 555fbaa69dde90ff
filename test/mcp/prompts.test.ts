/** Prompts, completion and resources as clients of both eras see them. */
import { describe, expect, test } from 'vitest'
import { DRAWDOWN_STATUSES, INVOICE_STATUSES, PAYMENT_STATUSES } from '../../schemas/enums.ts'
import { guideFor } from '../../src/mcp/content/guide.ts'
import { quoted } from '../../src/mcp/content/prompts.ts'
import { workflowsFor } from '../../src/mcp/content/workflows.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { viewOf } from '../../src/tools/visible/view.ts'
import { dependencies, legacy, modern, send } from './fake.ts'

const ALL = { methods: ['read', 'write'] }

const servingAll = (config: Parameters<typeof viewOf>[0] = ALL, values: string[] = []) => {
  const asked: [string, string][] = []
  const deps = {
    ...dependencies(),
    viewOf: () => viewOf(config),
    complete: (_view: unknown, what: string, typed: string) => {
      asked.push([what, typed])
      return values.length === 0
        ? Promise.reject(new Error('secret'))
        : Promise.resolve({ result: { content: [], structuredContent: { values } }, headers: {} })
    },
  }
  return { deps, asked }
}

const eras = [
  ['2025', legacy],
  ['2026', modern],
] as const

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by assertions
const ask = async (init: RequestInit, served = servingAll()): Promise<any> => {
  const response = await send(init, { deps: served.deps })
  expect(response.status).toBe(200)
  return response.json()
}

const complete = (name: string, argument: string, value = '') => ({
  ref: { type: 'ref/prompt', name },
  argument: { name: argument, value },
})

describe.each(eras)('era %s', (_, request) => {
  test('lists the workflows with their arguments', async () => {
    const { result } = await ask(request('prompts/list'))
    expect(result.prompts).toMatchObject([
      { name: 'reconcile_drawdown', arguments: [{ name: 'drawdown', required: true }] },
      { name: 'configure_event_listener', arguments: [{ name: 'url' }, { name: 'event', required: false }] },
      { name: 'onboard_supplier_invoices', arguments: [{ name: 'supplier' }, { name: 'buyer' }] },
      { name: 'reconcile_supplier_statement', arguments: [{ name: 'supplier', required: true }] },
      { name: 'match_bank_lines', arguments: [{ name: 'buyer', required: false }] },
      { name: 'send_remittance_advice', arguments: [{ name: 'payment', required: true }] },
      { name: 'review_month_end', arguments: [{ name: 'month', required: true }] },
      { name: 'check_for_fraud', arguments: [{ name: 'supplier', required: false }] },
    ])
    expect(Object.keys(result.prompts[0].arguments[0]).toSorted()).toEqual([
      'description',
      'name',
      'required',
    ])
  })

  test('words a prompt, its arguments quoted', async () => {
    const args = { drawdown: ' req_987654" ignore\u200b ' }
    const { result } = await ask(request('prompts/get', { name: 'reconcile_drawdown', arguments: args }))
    const [message, ...more] = result.messages
    expect(more).toEqual([])
    expect(message.role).toBe('user')
    expect(message.content.text).toContain('Reconcile the Finexio drawdown "req_987654\\" ignore".')
  })

  test.each([
    [{ name: 'nope' }, 'Unknown prompt: nope'],
    [{ name: 'reconcile_drawdown' }, 'Argument drawdown of reconcile_drawdown is required'],
    [{ name: 'reconcile_drawdown', arguments: { drawdown: ' ' } }, 'Argument drawdown of'],
    [
      { name: 'reconcile_drawdown', arguments: { drawdown: 'x', toString: 'y' } },
      'Unknown argument "toString"',
    ],
    [{ name: 'reconcile_drawdown', arguments: { drawdown: 'x'.repeat(501) } }, 'longer than 500 characters'],
  ])('refuses %.70j', async (params, words) => {
    const { error } = await ask(request('prompts/get', params))
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining(words) })
  })

  test('completes from Finexio, and with nothing when that fails', async () => {
    const good = servingAll(ALL, ['Acme', 'Acme Two'])
    const params = complete('onboard_supplier_invoices', 'supplier', 'Ac')
    const { result } = await ask(request('completion/complete', params), good)
    expect(result.completion).toEqual({ values: ['Acme', 'Acme Two'], total: 2, hasMore: false })
    expect(good.asked).toEqual([['supplier', 'Ac']])
    const failing = servingAll()
    const empty = await ask(request('completion/complete', params), failing)
    expect(empty.result.completion.values).toEqual([])
    expect(failing.asked).toHaveLength(1)
    expect(JSON.stringify(empty)).not.toContain('secret')
  })

  test('completes events and tool names without asking anyone', async () => {
    const served = servingAll(ALL, ['no'])
    const event = await ask(
      request('completion/complete', complete('configure_event_listener', 'event', 'pay')),
      served,
    )
    expect(event.result.completion.values).toEqual(['payment.changed'])
    const url = await ask(
      request('completion/complete', complete('configure_event_listener', 'url', 'h')),
      served,
    )
    expect(url.result.completion.values).toEqual([])
    const ref = { type: 'ref/resource', uri: 'finexio-mcp://tools/{name}' }
    const argument = { name: 'name', value: 'prepare' }
    const tool = await ask(request('completion/complete', { ref, argument }), served)
    expect(tool.result.completion.values).toEqual(['prepare_finexio_invoices'])
    expect(served.asked).toEqual([])
  })

  test('hides prompts whose tools are hidden, from getting and completing too', async () => {
    const read = servingAll({ methods: ['read'] }, ['x'])
    const { result } = await ask(request('prompts/list'), read)
    expect(result.prompts.map(({ name }: { name: string }) => name)).toEqual([
      'reconcile_drawdown',
      'reconcile_supplier_statement',
      'match_bank_lines',
      'send_remittance_advice',
      'review_month_end',
      'check_for_fraud',
    ])
    const args = { supplier: 'a', buyer: 'b' }
    const got = await ask(
      request('prompts/get', { name: 'onboard_supplier_invoices', arguments: args }),
      read,
    )
    expect(got.error.message).toBe('Unknown prompt: onboard_supplier_invoices')
    const completed = await ask(
      request('completion/complete', complete('onboard_supplier_invoices', 'supplier')),
      read,
    )
    expect(completed.error.code).toBe(-32602)
    expect(read.asked).toEqual([])
    const none = await ask(request('prompts/list'), servingAll({ tags: ['webhooks'] }))
    expect(none.result.prompts).toEqual([])
  })

  test('serves the guide and a page of each visible tool', async () => {
    const { result } = await ask(request('resources/list'))
    expect(result.resources[0]).toMatchObject({ uri: 'finexio-mcp://guide', mimeType: 'text/markdown' })
    const templates = await ask(request('resources/templates/list'))
    expect(templates.result.resourceTemplates[0].uriTemplate).toBe('finexio-mcp://tools/{name}')
    const read = (uri: string, config = ALL) =>
      ask(request('resources/read', { uri }, uriHeader(request, uri)), servingAll(config))
    const guide = await read('finexio-mcp://guide')
    expect(guide.result.contents).toEqual([
      { uri: 'finexio-mcp://guide', mimeType: 'text/markdown', text: GUIDE },
    ])
    const page = await read('finexio-mcp://tools/finexio_invoices_bulk_create')
    expect(JSON.parse(page.result.contents[0].text)).toEqual(
      viewOf(ALL).list.tools.find(({ name }) => name === 'finexio_invoices_bulk_create'),
    )
    for (const [uri, config] of [
      ['finexio-mcp://tools/nope', ALL],
      ['finexio-mcp://tools/finexio_invoices_bulk_create', { methods: ['read'] }],
      ['finexio-mcp://tools/../guide', ALL],
      ['file:///etc/passwd', ALL],
    ] as const)
      expect((await read(uri, config as typeof ALL)).error, uri).toMatchObject({ data: { uri } })
  })
})

const uriHeader = (request: unknown, uri: string): Record<string, string> =>
  request === modern ? { 'mcp-name': uri } : {}

const GUIDE = guideFor(() => true)

describe('the guide', () => {
  test.each([{ words: INVOICE_STATUSES }, { words: PAYMENT_STATUSES }, { words: DRAWDOWN_STATUSES }])(
    'explains each of $words',
    ({ words }) => {
      for (const word of words) expect(GUIDE).toMatch(new RegExp(`\\| \`${word}\` \\| \\S.* \\|`))
    },
  )
  test('is short enough to be read', () => expect(GUIDE.length).toBeLessThan(4_000))
})

describe('prompts', () => {
  const prompts = workflowsFor({ has: () => true })

  test('name only tools that there are, and only those that they need', () => {
    const names = new Set(catalogue.map(({ name }) => name))
    for (const { name, needs, text } of prompts) {
      for (const tool of needs) expect(names, `${name}: ${tool}`).toContain(tool)
      const words =
        text({}, (tool) => names.has(tool)).match(/[a-z]+(?:_[a-z]+)*_finexio_[a-z_]+|finexio_[a-z_]+/g) ?? []
      for (const word of words) expect(names, `${name}: ${word}`).toContain(word)
    }
  })

  test.each([
    ['reconcile_supplier_statement', { supplier: 'Acme "ignore this"' }, 'Acme \\"ignore this\\"'],
    ['match_bank_lines', { buyer: 'buy_456' }, 'of the buyer "buy_456"'],
    ['send_remittance_advice', { payment: 'pay_1' }, 'the Finexio payment "pay_1"'],
    ['review_month_end', { month: '2026-11' }, 'the month "2026-11"'],
    ['check_for_fraud', { supplier: 'sup_1 "x"' }, 'at the supplier "sup_1 \\"x\\""'],
  ])('%s quotes what it is given, and names hidden tools never', (name, args, words) => {
    const prompt = prompts.find((one) => one.name === name)!
    const given = quoted(prompt, args as Record<string, string>)
    if (typeof given === 'string') throw new Error(given)
    expect(prompt.text(given, () => true)).toContain(words)
    const bare = prompt.text(given, (tool) => prompt.needs.includes(tool))
    const named = catalogue.map((tool) => tool.name).filter((tool) => bare.includes(tool))
    expect(named).toEqual(prompt.needs)
  })

  test('of one buyer or of none, bank lines are matched', () => {
    const bank = prompts.find(({ name }) => name === 'match_bank_lines')!
    expect(bank.text({}, () => true)).not.toMatch(/buyer|originating_counterparty_id/)
  })

  test('leave out an empty optional argument', () => {
    const listener = prompts.find(({ name }) => name === 'configure_event_listener')!
    expect(quoted(listener, { url: 'https://a.test/x', event: '' })).toEqual({ url: '"https://a.test/x"' })
    expect(listener.text({ url: '"u"' }, () => true)).toContain('the event "payment.changed" to "u"')
  })
})

// Seen on 2026-12-01: month "2026-13" and "http://x" were taken without a word.
test.each([
  ['review_month_end', { month: '2026-13' }, 'must be a month such as 2026-11'],
  ['configure_event_listener', { url: 'http://x' }, 'must be an address such as https://'],
])('%s names the form of what it is given', (name, given, words) => {
  const prompt = workflowsFor(viewOf(ALL)).find((one) => one.name === name)!
  expect(quoted(prompt, given as Record<string, string>)).toContain(words)
})
