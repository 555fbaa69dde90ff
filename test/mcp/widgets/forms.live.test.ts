/** The cards of questions in a real browser: each form with real results, and what is odd in them. */
import { describe, expect, test } from 'vitest'
import { AXE } from '../../support/axe.ts'
import { picture as keep } from '../../support/pictures.ts'
import type { Shown } from './host.ts'
import type { Result } from './results.ts'
import { dollars, type Name, newStage, spoken } from './stage.ts'

const { show, bent, resultOf, callReal } = newStage([
  'chart',
  'trace',
  'statement',
  'bank',
  'readiness',
  'duplicates',
  'reconciliation',
  'payments',
])

const main = async ({ frame }: Shown): Promise<string> => (await frame.locator('main').innerText()) ?? ''
const texts = ({ frame }: Shown, selector: string) => frame.locator(selector).allTextContents()

/** Nothing stands out of the frame, nothing that an audit of accessibility finds. */
const sound = async ({ frame }: Shown, width: number) => {
  expect(await frame.evaluate('document.documentElement.scrollWidth')).toBe(width)
  await frame.evaluate(AXE)
  const { violations } = (await frame.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })",
  )) as Result
  expect(violations.map(({ id, nodes }: Result) => `${id}: ${nodes[0].html}`)).toEqual([])
}

/** @param answer of the card's tool to these arguments */
const narrow = async (name: Name, result: Result, picture?: string): Promise<Shown> => {
  const shown = await show(name, { result, width: 390 })
  await sound(shown, 390)
  if (picture) await keep(shown.page.locator('iframe'), `cards/${name}-${picture}-390`)
  return shown
}

describe('chart', () => {
  const analyze = (args: object) => callReal('analyze_finexio_payables', args)

  test('a bar for each month, and the total of the server', async () => {
    const { result, total } = resultOf('chart').structuredContent
    const shown = await show('chart')
    const cents = result.map(({ amount_cents }: Result) => amount_cents)
    expect(await texts(shown, 'tbody td:last-child')).toEqual(cents.map(dollars))
    expect(await texts(shown, '.total, tfoot td:last-child')).toEqual([
      dollars(total.amount_cents),
      dollars(total.amount_cents),
    ])
    const widths = (await shown.frame.evaluate(
      `[...document.querySelectorAll('.bar i')].map(({ style }) => parseFloat(style.width))`,
    )) as number[]
    expect(widths.indexOf(Math.max(...widths))).toBe(cents.indexOf(Math.max(...cents)))
    expect(Math.max(...widths)).toBe(100)
  })

  test.each([
    ['months in two parts', { over: 'payments', by: ['month', 'status'], from: '2026-06-01' }, 'months'],
    ['aging', { over: 'invoices', by: ['aging'] }, 'aging'],
    ['aging of suppliers', { over: 'invoices', by: ['supplier', 'aging'], top: 3 }, 'aging-suppliers'],
    [
      'two periods compared',
      {
        over: 'payments',
        by: ['supplier'],
        from: '2026-10-01',
        to: '2026-10-31',
        compare: 'period_before',
        measure: ['sum', 'average', 'share'],
        top: 5,
      },
      'compared',
    ],
    ['rows', { over: 'payments', where: [{ column: 'status', is: ['failed'] }], list: 5 }, 'rows'],
  ] as const)('%s: every group and figure, at 390 px', async (_, args, picture) => {
    const result = await analyze(args)
    const { result: groups, total, listed = [] } = result.structuredContent
    const shown = await narrow('chart', result, picture)
    expect(await shown.frame.locator('.total').textContent()).toBe(dollars(total.amount_cents))
    const more = shown.frame.getByRole('button', { name: /^Show all \d+ groups/ })
    if ((await more.count()) > 0) await more.click()
    const said = await main(shown)
    for (const { amount_cents } of [...groups, ...listed]) expect(said).toContain(dollars(amount_cents))
    for (const { failure_reason } of listed) expect(said).toContain(failure_reason)
    if (picture === 'aging') expect(await shown.frame.locator('div > .bar i').count()).toBe(groups.length)
  })

  test('odd: amounts that are missing, below zero or text are no zero and no bar', async () => {
    const result = bent('chart', (data) => {
      data.result = [
        { month: '2026-01', count: 1, amount_cents: null },
        { month: '2026-02', count: 1, amount_cents: '77' },
        { month: '2026-03', count: 1, amount_cents: -500 },
        { month: null, count: 1, amount_cents: 900 },
      ]
      data.total = { count: null }
      data.is_partial_response = true
    })
    const shown = await narrow('chart', result)
    expect(await texts(shown, 'tbody td:last-child')).toEqual(['–', '–', '-$5.00', '$9.00'])
    expect(await texts(shown, '.total, tfoot td')).toEqual(['–', '–', '–'])
    expect(await shown.frame.locator('.verdict').textContent()).toContain('Only part was read')
    expect(await main(shown)).not.toContain('$0.00')
  })

  test('odd: no groups, groups of a kind that nobody knows, and one name of a thousand letters', async () => {
    for (const rows of [[], [{ galaxy: 'x', count: 3 }], [{ status: 'W'.repeat(1_000), count: 3 }], 'no']) {
      const result = bent('chart', (data) => {
        data.result = rows
      })
      await narrow('chart', result)
    }
  })
})

describe('trace', () => {
  test('the steps of a failed payment in order, with the reason and the zone of the reader', async () => {
    const { events, why, invoice } = resultOf('trace').structuredContent
    const shown = await show('trace', { timeZone: 'America/New_York' })
    const said = await texts(shown, '.timeline .who')
    expect(said).toEqual([
      'Invoice received',
      ...events.map(({ description }: Result) => description).reverse(),
    ])
    expect(await shown.frame.locator('.timeline > li').last().getAttribute('class')).toBe('wrong')
    const verdict = await shown.frame.locator('.verdict').textContent()
    expect(verdict).toMatch(/^Failed since \w+ \d+, \d+, \d+:\d\d [AP]M E[SD]T: /)
    expect(verdict).toContain(`${why}. ${events[0].description}`)
    expect(await main(shown)).toContain(invoice.supplier_name)
  })

  test('several numbers, each with a word of its own', async () => {
    const { invoice } = resultOf('trace').structuredContent
    const numbers = [invoice.invoice_number, 'NOWHERE-1']
    const result = await callReal('trace_finexio_invoice', { invoice_numbers: numbers })
    const shown = await narrow('trace', result, 'several')
    expect(await texts(shown, '.tree .badge')).toEqual(['Failed', 'Not found'])
    expect(await main(shown)).toContain('no invoice found')
    const many = await callReal('trace_finexio_invoice', { receiving_counterparty_id: 'sup_123' })
    const choice = await narrow('trace', many)
    expect(await choice.frame.locator('.verdict').textContent()).toBe('Several fit, and none was picked.')
  })

  test.each([
    [
      'a refund',
      (data: Result) => {
        Object.assign(data, { verdict: 'not_paid', since: '2026-11-29T10:00:00' })
        Object.assign(data.payment, {
          refund_timestamp: '2026-11-29T10:00:00',
          refund_reason: 'Duplicate <b>',
        })
      },
      /^Not paid since/,
      'Refunded Duplicate <b>',
    ],
    [
      'no payment yet',
      (data: Result) => {
        Object.assign(data, { verdict: 'not_paid', payment: null, events: [], drawdown: null })
      },
      /^Not paid: /,
      'With the supplier',
    ],
    [
      'a word of 2030, events without anything',
      (data: Result) => {
        Object.assign(data, { verdict: 'teleported', events: [{}, null], check: 'x', invoice: { id: 'i' } })
      },
      /^Teleported/,
      'An event without a name',
    ],
  ] as const)('odd: %s', async (_, bend, verdict, step) => {
    const shown = await narrow('trace', bent('trace', bend))
    expect(await shown.frame.locator('.verdict').textContent()).toMatch(verdict)
    expect(await texts(shown, '.timeline .who')).toContain(step)
  })

  test('odd: a payment that could not be read is not said to be missing; nothing found', async () => {
    const unread = bent('trace', (data) => {
      Object.assign(data, { verdict: 'not_paid', payment: null, events: [], is_partial_response: true })
    })
    expect(await main(await narrow('trace', unread))).not.toContain('not yet')
    const none = { structuredContent: { matches_count: 0, matches: [], note: 'Looked.' }, content: [] }
    const shown = await narrow('trace', none)
    expect(await main(shown)).toContain('No invoice was found.')
  })
})

describe('statement', () => {
  test('each line beside its verdict; toggles by keyboard alone', async () => {
    const { lines, verdicts, owed_cents, reply } = resultOf('statement').structuredContent
    const shown = await show('statement')
    expect(await shown.frame.locator('.total').textContent()).toBe(dollars(owed_cents))
    expect(await texts(shown, '.pair .amount')).toEqual(
      lines.slice(0, 15).map(({ amount_cents }: Result) => dollars(amount_cents)),
    )
    const paid = verdicts.find(({ verdict }: Result) => verdict === 'paid')
    await shown.frame.locator('.chip', { hasText: `Paid ${paid.count}` }).focus()
    await shown.page.keyboard.press('Enter')
    expect(await texts(shown, '.pair .badge')).toEqual(Array(paid.count).fill('Paid'))
    await shown.frame.locator('summary').focus()
    await shown.page.keyboard.press('Enter')
    expect(await shown.frame.locator('.letter').textContent()).toBe(reply)
    expect(spoken(shown, 'tools/call')).toEqual([])
  })

  test('odd: amounts, numbers, verdicts and sums that are not there', async () => {
    const result = bent('statement', (data) => {
      Object.assign(data, { owed_cents: null, under_way_cents: undefined, supplier_name: null })
      Object.assign(data.lines[0], { amount_cents: null, number: null })
      Object.assign(data.lines[1], { verdict: 'constructor', since: 'one day', near: 'x' })
      data.lines[2] = null
      data.lines[3] = { line: 9, verdict: 'unpaid', number: `</script><img src=x> ${'9'.repeat(300)}` }
    })
    const shown = await narrow('statement', result)
    expect(await texts(shown, '.total')).toEqual(['–'])
    expect((await texts(shown, '.pair .amount')).slice(0, 4)).toEqual(['–', expect.any(String), '–', '–'])
    expect((await texts(shown, '.pair .badge')).slice(0, 3)).toEqual([
      'Under way',
      'Constructor',
      'No verdict',
    ])
    expect(await shown.frame.locator('.verdict').textContent()).toContain('– is owed')
    expect(await main(shown)).not.toContain('$0.00')
    expect(await shown.frame.locator('img').count()).toBe(0)
  })
})

describe('bank', () => {
  test('what is undecided is said first, candidates stay candidates', async () => {
    const { lines, undecided_count } = resultOf('bank').structuredContent
    expect(undecided_count).toBe(1)
    const shown = await show('bank')
    expect(await shown.frame.locator('.verdict').textContent()).toBe('1 line undecided.')
    const { candidates } = lines.find(({ verdict }: Result) => verdict === 'candidates')
    expect(await main(shown)).toContain(`Perhaps ${candidates[0]}`)
  })

  test('odd: nothing counted, a drawdown without a line and without an amount, lines in part', async () => {
    const result = bent('bank', (data) => {
      Object.assign(data, { undecided_count: null, is_partial_response: true })
      data.drawdowns_without_line = [{ id: 'DJ1', trace_id: null }, null]
      data.drawdowns_without_line_count = 2
      Object.assign(data.lines[0], { date: null, direction: 'sideways', ids: [null, {}] })
    })
    const shown = await narrow('bank', result)
    expect(await shown.frame.locator('.verdict').textContent()).toBe(
      'Not everything was read. – lines undecided.',
    )
    expect(await texts(shown, 'section .amount')).toEqual(['–', '–'])
  })
})

describe('readiness', () => {
  test('who cannot be paid comes first, by name, with the reason', async () => {
    const { result, not_ready_count, suppliers_count } = resultOf('readiness').structuredContent
    const shown = await show('readiness')
    expect(await shown.frame.locator('.verdict').textContent()).toBe(
      `${not_ready_count} of ${suppliers_count} suppliers cannot be paid yet.`,
    )
    const said = await main(shown)
    for (const { name, why, ready } of result.slice(0, 10)) {
      expect(said).toContain(name)
      if (!ready) expect(said).toContain(why)
    }
    await shown.frame.locator('.chip', { hasText: 'Not ready' }).click()
    expect(await shown.frame.locator('.tree > li').count()).toBe(not_ready_count)
  })

  test.each([
    ['counts that are not there', { not_ready_count: null }, 'How many are ready is not known.'],
    ['no supplier', { suppliers_count: 0, not_ready_count: 0, result: [] }, 'No supplier fits.'],
    [
      'a part, without reasons',
      {
        is_partial_response: true,
        not_ready_count: 1,
        result: [{ id: 'x', ready: 'yes', missing: ['toString'] }],
      },
      'Not all suppliers were read. 1 of',
    ],
  ])('odd: %s', async (_, change, verdict) => {
    const result = bent('readiness', (data) => Object.assign(data, change))
    const shown = await narrow('readiness', result)
    expect(await shown.frame.locator('.verdict').textContent()).toContain(verdict)
    if (verdict.startsWith('Not all')) expect(await texts(shown, '.tree .badge')).toEqual(['Not ready'])
  })
})

describe('duplicates', () => {
  test('each beside the earlier one, with the reason and what was paid', async () => {
    const shown = await show('duplicates')
    const { result } = resultOf('duplicates').structuredContent
    expect(await texts(shown, '.pair .who')).toEqual(
      result.flatMap((row: Result) => [row.invoice_number, row.earlier_number]),
    )
    expect(await texts(shown, '.branch .badge')).toEqual(['One of the two paid', 'Both paid'])
    expect(await texts(shown, '.branch .who')).toEqual(result.map(({ supplier }: Result) => supplier))
  })

  test.each([
    ['nothing', { result: [], possible_duplicates_count: 0 }, 'Nothing looks entered twice.'],
    [
      'nothing, in part',
      { result: [], possible_duplicates_count: 0, is_partial_response: true },
      'Not everything',
    ],
    [
      'a row of nothing',
      { result: [{}, null], possible_duplicates_count: null },
      'How many there are is not known.',
    ],
  ])('odd: %s', async (_, change, verdict) => {
    const result = bent('duplicates', (data) => Object.assign(data, change))
    const shown = await narrow('duplicates', result)
    expect(await shown.frame.locator('.verdict').textContent()).toContain(verdict)
    expect(await main(shown)).not.toContain('$0.00')
  })
})

describe('what the reconciliation says of its sums', () => {
  const verdict = async (bend: (data: Result) => void) => {
    const shown = await show('reconciliation', { result: bent('reconciliation', bend) })
    return [await shown.frame.locator('.verdict').textContent(), shown] as const
  }

  // At b8f2a26 the card said "add up" of all four.
  test.each([
    [
      'refunds that could not be read',
      (data: Result) => Object.assign(data, { refunds_known: false, is_partial_response: true }),
      'agree, but refunds are not known.',
    ],
    [
      'two payments whose differences cancel out',
      (data: Result) => {
        data.reconciled = false
        data.differences = ['payment a …', 'payment b …']
      },
      'agree, single payments differ from their invoices.',
    ],
    [
      'a drawdown without an amount',
      (data: Result) => Object.assign(data, { reconciled: null, amount_cents: null }),
      'The drawdown comes without an amount',
    ],
    [
      'payments that an earlier call listed',
      (data: Result) => data.payments.splice(2),
      'still open among the 2 payments listed.',
    ],
  ])('%s', async (_, bend, words) => {
    const [said, { frame }] = await verdict(bend)
    expect(said).toContain(words)
    expect(await frame.locator('.verdict.good').count()).toBe(0)
  })

  test('odd: an invoice without an amount is not zero; a payment without invoices says so', async () => {
    const [, shown] = await verdict((data) => {
      for (const one of data.payments[0].invoices)
        Object.assign(one, { net_cents: null, payment_amount_cents: null })
      data.payments[1].invoices = []
      data.payments[2].refunded_at = '2026-11-29T10:00:00'
    })
    expect(await texts(shown, '.apart')).toEqual(['It lists no invoices.'])
    expect(await main(shown)).toContain('Refunded Nov 29, 2026')
  })
})

describe('payments', () => {
  test('names and reasons of failure that the result holds need no press', async () => {
    const fields = ['supplier_name', 'status', 'amount_cents', 'failure_reason', 'receiving_counterparty_id']
    const result = await callReal('list_all_finexio_payments', { status: 'failed', limit: 3, fields })
    const shown = await narrow('payments', result, 'failed')
    const rows: Result[] = result.structuredContent.result
    expect((await texts(shown, 'td.supplier')).toSorted()).toEqual(
      rows.map(({ supplier_name }) => supplier_name).toSorted(),
    )
    expect(await main(shown)).toContain(rows[0].failure_reason)
    expect(await shown.frame.getByRole('button', { name: 'Show supplier names' }).count()).toBe(0)
  })

  test('odd: an amount that is missing is named beside the sum, which it is no part of', async () => {
    const result = bent('payments', (data) => {
      data.result.splice(3)
      data.result[0].amount_cents = null
    })
    const shown = await show('payments', { result })
    const [, a, b] = result.structuredContent.result
    expect(await texts(shown, '.total')).toEqual([dollars(a.amount_cents + b.amount_cents)])
    expect(await shown.frame.locator('header .sub').textContent()).toContain('1 without an amount')
  })
})
