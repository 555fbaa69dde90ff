/** Cards in a real browser, inside a page that plays the host: real results, both widths, both themes. */
import { describe, expect, test } from 'vitest'
import { cards } from '../../../src/tools/cards.ts'
import { AXE } from '../../support/axe.ts'
import { picture } from '../../support/pictures.ts'
import { times } from '../../support/size.ts'
import type { Shown } from './host.ts'
import { type Result, rawCall } from './results.ts'
import { dollars, newStage, spoken } from './stage.ts'

const { show, bent, resultOf, called, serve, callReal } = newStage()

const centsOf = (rows: Result[], field = 'amount_cents') =>
  rows.reduce((sum, row) => sum + (row[field] ?? 0), 0)

/** Each width and each theme once; all four of them at full size. */
const looks = cards.flatMap(({ name }) =>
  [390, 800]
    .flatMap((width) => (['light', 'dark'] as const).map((theme) => ({ name, width, theme })))
    .filter(({ width, theme }) => times(Number((width === 390) === (theme === 'light')), 1) === 1),
)

/** What all cards share is tried with a few of them, and with all at full size. */
const some = cards.slice(0, times(3, cards.length))

describe('every card', () => {
  test.each(looks)(
    '$name at $width px, $theme: whole, readable, nothing cut',
    async ({ name, width, theme }) => {
      const shown = await show(name, { width, theme, callTool: callReal })
      const { frame, page } = shown
      if (name === 'payments') await frame.locator('td.supplier bdi').first().waitFor()
      const measure = () =>
        frame.evaluate(
          `(() => { const { scrollWidth, scrollHeight, clientHeight } = document.documentElement
        const scrolls = [...document.querySelectorAll('body *')].filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowY))
        return { scrollWidth, left: scrollHeight - clientHeight, scrolls: scrolls.length } })()`,
        )
      // The host makes room when the card has said its height, which takes a moment on a busy machine.
      await expect.poll(measure, { timeout: 10_000 }).toEqual({ scrollWidth: width, left: 0, scrolls: 0 })
      await frame.evaluate(AXE)
      const { violations } = (await frame.evaluate(
        "axe.run(document, { resultTypes: ['violations'] })",
      )) as Result
      expect(violations.map(({ id, nodes }: Result) => `${id}: ${nodes[0].html}`)).toEqual([])
      const background = await frame.evaluate('getComputedStyle(document.documentElement).backgroundColor')
      expect(background).toBe(theme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(31, 31, 33)')
      await picture(page.locator('iframe'), `cards/${name}-${width}-${theme}`)
    },
  )

  test.each(some)('$name speaks the documented handshake, and nothing else unasked', async ({ name }) => {
    const shown = await show(name)
    const methods = shown.said.map(({ method }) => method)
    expect(methods.slice(0, 2)).toEqual(['ui/initialize', 'ui/notifications/initialized'])
    // The payments ask for names, once.
    const asked = name === 'payments' ? ['tools/call'] : []
    expect(methods.slice(2).filter((method) => method !== 'ui/notifications/size-changed')).toEqual(asked)
    expect(shown.said[0]!.params).toMatchObject({
      protocolVersion: '2026-01-26',
      appInfo: { name: `finexio-${name}` },
      appCapabilities: {},
    })
    const { width, height } = spoken(shown, 'ui/notifications/size-changed').at(-1)!.params
    expect([width, height]).toEqual([
      800,
      await shown.frame.evaluate('Math.ceil(document.documentElement.getBoundingClientRect().height)'),
    ])
  })

  test.each(cards.flatMap(({ name }) => [390, 800].slice(0, times(1, 2)).map((width) => ({ name, width }))))(
    '$name shows hostile text as text at $width px',
    async ({ name, width }) => {
      const hostile = `<img src=x onerror="document.title='pwned'"> \u202Egnp.exe <script>1</script> {{7*7}}`
      const everywhere = (value: Result): Result => {
        if (Array.isArray(value)) return value.map(everywhere)
        if (typeof value === 'object' && value !== null)
          return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, everywhere(of)]))
        return typeof value === 'string' ? hostile : value
      }
      const result = bent(name, (_data, whole) => {
        whole.structuredContent = everywhere(whole.structuredContent)
        whole._meta = { 'dev.finexio-mcp/card': { submits: true, names: { [hostile]: hostile } } }
      })
      const { frame } = await show(name, { result, width })
      expect(await frame.locator('img, script:not(body > script)').count()).toBe(0)
      expect(await frame.locator('main').textContent()).toContain('<img src=x onerror=')
      expect(await frame.evaluate('document.title')).not.toContain('pwned')
      expect(await frame.evaluate('document.documentElement.scrollWidth')).toBe(width)
    },
  )

  test.each(cards)('$name survives a result of another shape', async ({ name }) => {
    const odd = {
      structuredContent: { result: [null, 7], payments: 'x', body: [{}], problems: {} },
      content: [],
    }
    const { frame } = await show(name, { result: odd })
    expect(await frame.locator('h1').count()).toBe(1)
  })

  test.each(some)(
    '$name says what went wrong, that a call was canceled, and waits before',
    async ({ name }) => {
      const waiting = await show(name, { result: undefined })
      expect(await waiting.frame.getByText('Waiting for Finexio').count()).toBe(1)
      await waiting.tell('ui/notifications/tool-cancelled', { reason: 'user' })
      await waiting.frame.getByText('The call was canceled.').waitFor()
      const failed = { isError: true, content: [{ type: 'text', text: 'Finexio is limiting: wait 17 s.' }] }
      const { frame } = await show(name, { result: failed })
      expect(await frame.locator('main').textContent()).toBe('Finexio is limiting: wait 17 s.')
    },
  )
})

test.each([
  ['payments', true],
  ['trace', true],
  ['chart', false],
] as const)(
  'F18, sibling: %s of a host that never answers the handshake, with a result: %s',
  async (name, hasResult) => {
    const { page, frame } = await show(name, {
      mute: true,
      clock: true,
      ...(!hasResult && { result: undefined }),
    })
    expect(await frame.getByText('Waiting for Finexio').count()).toBe(1)
    await page.clock.runFor(11_000)
    if (hasResult) await frame.locator('h1').waitFor()
    else await frame.getByText('No answer has reached this card yet.').waitFor()
    expect(await frame.getByRole('button', { name: 'Show supplier names' }).count()).toBe(0)
  },
)

test.each(some)(
  'F18: $name says after 10 s of silence where the answer is ("Waiting for Finexio" for ever at b8f2a26), and shows what comes later',
  async ({ name }) => {
    const { page, frame, tell } = await show(name, { result: undefined, clock: true })
    await page.clock.runFor(9_000)
    expect(await frame.getByText('Waiting for Finexio').count()).toBe(1)
    await page.clock.runFor(2_000)
    await frame.getByText('No answer has reached this card yet.').waitFor()
    await tell('ui/notifications/tool-result', { isError: true, content: [{ type: 'text', text: 'Late.' }] })
    await frame.getByText('Late.').waitFor()
    await page.clock.runFor(20_000)
    expect(await frame.locator('main').textContent()).toBe('Late.')
  },
)

describe('the bridge', () => {
  test('follows the theme of the host, and the browser where the host tells none', async () => {
    const { frame, tell } = await show('payments', { prefers: 'dark' })
    const scheme = () => frame.evaluate('getComputedStyle(document.body).color')
    expect(await scheme()).toBe('rgb(242, 242, 243)')
    await tell('ui/notifications/host-context-changed', { theme: 'light' })
    await expect.poll(scheme).toBe('rgb(23, 25, 28)')
    await tell('ui/notifications/host-context-changed', { locale: 'de-DE' })
    expect(await scheme()).toBe('rgb(23, 25, 28)')
  })

  test('answers the host, and refuses methods that it does not have', async () => {
    const { tell, answered } = await show('payments')
    await tell('ui/resource-teardown', {}, 7)
    await tell('ping', {}, 8)
    await tell('ui/nope', {}, 9)
    await expect
      .poll(() => answered)
      .toMatchObject([
        { id: 7, result: {} },
        { id: 8, result: {} },
        { id: 9, error: { code: -32601 } },
      ])
  })

  test('hears its parent alone', async () => {
    const { frame } = await show('payments')
    const before = await frame.locator('main').textContent()
    const forged = {
      jsonrpc: '2.0',
      method: 'ui/notifications/tool-result',
      params: { structuredContent: { result: [] } },
    }
    await frame.evaluate(`window.postMessage(${JSON.stringify(forged)}, '*')`)
    await frame.evaluate('new Promise((resolve) => setTimeout(resolve, 50))')
    expect(await frame.locator('main').textContent()).toBe(before)
  })

  test('says so when the host refuses the handshake', async () => {
    const { frame } = await show('payments', { refuses: true, result: undefined })
    await frame.getByText('This chat cannot show the card.').waitFor()
  })

  test('offers nothing that the host cannot do', async () => {
    const { frame } = await show('payments', { capabilities: { logging: {} } })
    expect(await frame.getByRole('button', { name: 'Show supplier names' }).count()).toBe(0)
    const tree = await show('reconciliation', { capabilities: { logging: {} } })
    expect(await tree.frame.getByRole('button', { name: 'View scan' }).count()).toBe(0)
  })
})

describe('payments', () => {
  const rowsIn = ({ frame }: Shown) => frame.locator('tbody tr')
  const amountsIn = async ({ frame }: Shown) => frame.locator('td.amount_cents').allTextContents()
  const press = ({ frame }: Shown, name: string | RegExp) => frame.getByRole('button', { name }).click()
  const all = (): Result[] => resultOf('payments').structuredContent.result
  /** What was asked for by a press; the names that a card asks for by itself are not. */
  const asked = (shown: Shown) =>
    spoken(shown, 'tools/call').filter(
      ({ params }) => !String((params.arguments as Result).fields).includes('supplier_name'),
    )

  test('ten at first, all on request, with their total', async () => {
    const shown = await show('payments')
    expect(await rowsIn(shown).count()).toBe(10)
    expect(await shown.frame.locator('.total').textContent()).toBe(dollars(centsOf(all())))
    await press(shown, 'Show 25 more')
    await press(shown, 'Show 15 more')
    expect((await amountsIn(shown)).sort()).toEqual(
      all()
        .map(({ amount_cents }) => dollars(amount_cents))
        .sort(),
    )
  })

  test.each([390, 800])('sorts by keyboard at %i px, and says how', async (width) => {
    const shown = await show('payments', { width })
    const heading = shown.frame.getByRole('button', { name: 'Amount' })
    await heading.focus()
    await shown.page.keyboard.press('Enter')
    const byAmount = all().sort((a, b) => b.amount_cents - a.amount_cents)
    const top = (rows: Result[]) => rows.slice(0, 10).map(({ amount_cents }) => dollars(amount_cents))
    expect(await amountsIn(shown)).toEqual(top(byAmount))
    expect(await shown.frame.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending')
    await shown.page.keyboard.press('Enter')
    expect(await amountsIn(shown)).toEqual(top(byAmount.reverse()))
    expect(await shown.frame.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('ascending')
  })

  test('filters by status, method and words, and totals what is left', async () => {
    const shown = await show('payments')
    const failed = all().filter(({ status }) => status === 'failed')
    await press(shown, /^Failed/)
    expect(await rowsIn(shown).count()).toBe(failed.length)
    expect(await shown.frame.locator('.total').textContent()).toBe(dollars(centsOf(failed)))
    await press(shown, /^All/)
    await shown.frame.getByRole('combobox').selectOption('wire')
    const wires = all().filter(({ payment_method }) => payment_method === 'wire')
    expect(await shown.frame.locator('.total').textContent()).toBe(dollars(centsOf(wires)))
    await shown.frame.getByRole('searchbox').pressSequentially(wires[0].tracking_id)
    expect(await rowsIn(shown).count()).toBe(1)
    expect(await amountsIn(shown)).toEqual([dollars(wires[0].amount_cents)])
    await shown.frame.getByRole('searchbox').fill('nothing like this')
    expect(await shown.frame.getByText('No payment matches.').count()).toBe(1)
  })

  test('shows the columns that were asked for, and no total of amounts that are not there', async () => {
    const input = { limit: 3, fields: ['id', 'status'] }
    const shown = await show('payments', {
      input,
      result: await callReal('list_all_finexio_payments', input),
    })
    expect(await shown.frame.locator('thead').textContent()).toBe('Status')
    expect(await shown.frame.locator('.total').textContent()).toBe('–')
    const none = await show('payments', {
      result: bent('payments', (data) => Object.assign(data, { result: [] })),
    })
    expect(await none.frame.getByText('There are no payments.').count()).toBe(1)
  })

  test('reads the next page through the host, from the real server', async () => {
    const shown = await show('payments', { callTool: callReal })
    await press(shown, 'Show 25 more')
    await press(shown, 'Show 15 more')
    await press(shown, 'Load more')
    await shown.frame.getByText('100 payments read').waitFor()
    const [call] = asked(shown)
    const next_cursor = resultOf('payments').structuredContent.next_cursor
    expect(call!.params).toEqual({ name: 'list_all_finexio_payments', arguments: { limit: 50, next_cursor } })
    const { result } = (await callReal('list_all_finexio_payments', { limit: 100 })).structuredContent
    expect(await shown.frame.locator('.total').textContent()).toBe(dollars(centsOf(result)))
  })

  test('asks for a page once, however often the button is pressed and the card drawn meanwhile', async () => {
    const answers = Promise.withResolvers<void>()
    const shown = await show('payments', {
      callTool: async (name, args) => {
        await answers.promise
        return callReal(name, args)
      },
    })
    const force = (name: string) => shown.frame.getByRole('button', { name }).click({ force: true })
    await press(shown, 'Show 25 more')
    await press(shown, 'Show 15 more')
    await press(shown, 'Load more')
    await force('Asking Finexio…')
    await press(shown, 'Date')
    await force('Asking Finexio…')
    await force('Show supplier names')
    expect(await shown.frame.evaluate('document.activeElement.textContent')).toBe('Show supplier names')
    answers.resolve()
    await shown.frame.getByText('100 payments read').waitFor()
    expect(asked(shown)).toHaveLength(1)
  })

  test('puts names for ids without a press, once', async () => {
    const shown = await show('payments', { callTool: callReal })
    const { result } = (await callReal('list_all_finexio_counterparties', { limit: 500 })).structuredContent
    const names = new Set(result.map(({ name }: Result) => name))
    await shown.frame.locator('td.supplier bdi').first().waitFor()
    for (const name of await shown.frame.locator('td.supplier').allTextContents())
      expect(names).toContain(name)
    await press(shown, /^Failed/)
    await shown.frame.getByText('(sandbox) Payment').first().waitFor()
    expect(spoken(shown, 'tools/call')).toHaveLength(1)
    expect(await shown.frame.getByRole('button', { name: 'Show supplier names' }).count()).toBe(0)
  })

  test('keeps ids where names are hidden, and says why when they are asked for', async () => {
    const narrow = await serve({ methods: ['read'], tags: ['payments'] })
    const refused = await show('payments', {
      callTool: async (name, args) =>
        (await rawCall(narrow, name, args)) ?? {
          isError: true,
          content: [{ type: 'text', text: 'Unknown tool' }],
        },
    })
    await press(refused, 'Show supplier names')
    await refused.frame.getByText('Unknown tool').waitFor()
    expect(await refused.frame.locator('td.supplier .id').count()).toBe(10)
  })
})

describe('reconciliation', () => {
  test('the tree of the real drawdown, its sums and its scans', async () => {
    const shown = await show('reconciliation')
    const { frame } = shown
    const data = resultOf('reconciliation').structuredContent
    expect(await frame.locator('.sums strong').allTextContents()).toEqual(
      [data.amount_cents, data.payments_cents, data.invoices_cents].map(dollars),
    )
    expect(await frame.locator('.relation').allTextContents()).toEqual(['=equal to', '=equal to'])
    expect(await frame.locator('.verdict').textContent()).toContain('Drawdown, payments and invoices add up.')
    expect((await frame.locator('.branch > .amount').allTextContents()).sort()).toEqual(
      data.payments.map(({ amount_cents }: Result) => dollars(amount_cents)).sort(),
    )
    expect(await frame.locator('.leaves li').count()).toBe(data.invoices_count)
    const scanned = data.payments.filter(({ check_image_url }: Result) => check_image_url)
    expect(await frame.getByText('Not scanned').count()).toBe(
      data.payments.filter(({ scanned: is }: Result) => is === false).length,
    )
    await frame.getByRole('button', { name: 'View scan' }).first().click()
    await expect.poll(() => spoken(shown, 'ui/open-link')).toHaveLength(1)
    expect(scanned.map(({ check_image_url }: Result) => check_image_url)).toContain(
      spoken(shown, 'ui/open-link')[0]!.params.url,
    )
  })

  test('names every difference, and the payment where it arises', async () => {
    const result = bent('reconciliation', (data) => {
      data.payments[1].invoices[0].net_cents -= 5_000
      data.invoices_cents -= 5_000
      data.amount_cents += 7
    })
    const { frame } = await show('reconciliation', { result })
    expect(await frame.locator('.verdict').textContent()).toMatch(
      /^Drawdown and payments differ by \$0\.07\. Payments and invoices differ by \$50\.00\./,
    )
    expect(await frame.locator('.relation').allTextContents()).toEqual(['≠different from', '≠different from'])
    expect(await frame.locator('.apart').count()).toBe(1)
  })

  test('says what came back, though nothing of it is open', async () => {
    const result = bent('reconciliation', (data) => {
      data.by_money = [
        { money: 'stayed', count: 3 },
        { money: 'bounced', count: 2 },
        { money: 'refunded', count: 1 },
      ]
      data.not_paid = 'Payment p1 was reissued: ask Finexio before paying again.'
    })
    const { frame } = await show('reconciliation', { result })
    expect(await frame.locator('.verdict').textContent()).toMatch(
      /2 failed or canceled\. 1 refunded\. Payment p1 was reissued: ask Finexio before paying again\.$/,
    )
  })

  test('compares nothing that was read in part, and goes on when asked', async () => {
    const result = bent('reconciliation', (data) => {
      Object.assign(data, {
        reconciled: null,
        is_partial_response: true,
        next_cursor: 'next',
        note: 'Partial.',
      })
      for (const payment of data.payments) Object.assign(payment, { scanned: null, check_image_url: null })
    })
    const shown = await show('reconciliation', {
      result,
      callTool: async () => resultOf('reconciliation'),
    })
    expect(await shown.frame.locator('.relation').allTextContents()).toEqual([
      '?not compared with',
      '?not compared with',
    ])
    expect(await shown.frame.getByText('Partial.').count()).toBe(1)
    expect(await shown.frame.locator('.verdict').textContent()).toContain('sums are not compared')
    await shown.frame.getByRole('button', { name: 'Look for the other scans' }).click()
    await shown.frame.getByRole('button', { name: 'View scan' }).first().waitFor()
    expect(spoken(shown, 'tools/call')[0]!.params).toEqual({
      name: 'reconcile_finexio_drawdown',
      arguments: { id: 'req_009988', next_cursor: 'next' },
    })
    expect(await shown.frame.getByText('Partial.').count()).toBe(0)
  })

  test('opens no link but https', async () => {
    const result = bent('reconciliation', (data) => {
      for (const payment of data.payments) payment.check_image_url &&= 'javascript:alert(1)'
    })
    const { frame } = await show('reconciliation', { result })
    expect(await frame.getByRole('button', { name: 'View scan' }).count()).toBe(0)
    expect(await frame.getByText('Scanned', { exact: true }).count()).toBeGreaterThan(0)
  })
})

describe('invoices', () => {
  const data = (): Result => resultOf('invoices').structuredContent
  const asks = /^Ask to submit 11 invoices/

  test('rows with names, problems by row, the total', async () => {
    const { frame } = await show('invoices')
    expect(await frame.locator('.total').textContent()).toBe(dollars(data().total_cents))
    await frame.getByRole('button', { name: 'Show all 11 invoices' }).click()
    expect(await frame.locator('td.amount_cents').allTextContents()).toEqual(
      data().body.map(({ amount_cents }: Result) => dollars(amount_cents)),
    )
    expect((await frame.locator('td.supplier .id').allTextContents()).length).toBe(0)
    expect(await frame.locator('.problems strong').allTextContents()).toEqual(['Row 12'])
  })

  test('its button asks in the chat once, in figures alone, and calls no tool', async () => {
    const shown = await show('invoices')
    await shown.frame.getByRole('button', { name: asks }).click()
    await shown.frame.getByText('Asked in the chat.').waitFor()
    const total = dollars(data().total_cents)
    expect(spoken(shown, 'ui/message').map(({ params }) => params)).toEqual([
      {
        role: 'user',
        content: [
          {
            type: 'text',
            text: `Submit 11 prepared invoices, ${total} in all: call finexio_invoices_bulk_create once, with the body that prepare_finexio_invoices returned, unchanged.`,
          },
        ],
      },
    ])
    expect(spoken(shown, 'tools/call')).toEqual([])
    expect(await shown.frame.getByRole('button', { name: asks }).count()).toBe(0)
  })

  test('can be pressed again when the chat refused', async () => {
    const shown = await show('invoices', { other: { result: { isError: true } } })
    await shown.frame.getByRole('button', { name: asks }).click()
    await shown.frame.getByText('The chat did not allow it.').waitFor()
    expect(await shown.frame.getByRole('button', { name: asks }).isEnabled()).toBe(true)
  })

  test('has no button where the server does not submit, or nothing is ready', async () => {
    const readOnly = await serve({ methods: ['read'] })
    const result = await rawCall(readOnly, 'prepare_finexio_invoices', called('invoices').input)
    expect(result._meta['dev.finexio-mcp/card'].submits).toBe(false)
    const bare = bent('invoices', (_data, whole) => delete whole._meta)
    const none = bent('invoices', (held) => Object.assign(held, { ready_count: 0, body: [] }))
    for (const given of [result, bare, none]) {
      const { frame } = await show('invoices', { result: given })
      expect(await frame.getByRole('button', { name: /submit/ }).count()).toBe(0)
    }
  })
})

describe('timeline', () => {
  test('entries in time, risky ones apart, payments that followed', async () => {
    const { frame } = await show('timeline')
    const data = resultOf('timeline').structuredContent
    const marked = data.result.filter(({ risk }: Result) => risk)
    const risky = new Set(marked.map(({ timestamp, object_id }: Result) => `${timestamp} ${object_id}`))
    const said = await frame.locator('.verdict').textContent()
    expect(said).toContain(`${data.risky_count} risky changes`)
    // "followed soon after", at 452f3913: how soon nobody could tell.
    expect(said).toContain(`${data.payments_after_count} payments followed within ${data.days} days of one.`)
    expect(await frame.locator('.followed h2').textContent()).toContain(`within ${data.days} days of a risky`)
    // C11: "43 changed fields" stood over "All 41", "18 risky changes" over "Risky 16" at b8f2a26.
    expect(await frame.locator('header').textContent()).toContain(`${data.result.length} changed fields`)
    expect(await frame.locator('.chip').allTextContents()).toEqual([
      `All ${data.changes_count}`,
      `Risky ${data.risky_count}`,
    ])
    await frame.getByRole('button', { name: `Risky ${marked.length}` }).click()
    const more = frame.getByRole('button', { name: /^Show all \d+ entries/ })
    await more.click()
    expect(await frame.locator('.timeline > li').count()).toBe(risky.size)
    expect(await frame.locator('.timeline > li:not(.risky)').count()).toBe(0)
    await frame.getByRole('button', { name: `Show all ${data.payments_after_count}`, exact: true }).click()
    expect(await frame.locator('.followed .amount').allTextContents()).toEqual(
      data.payments_after.map(({ amount_cents }: Result) => dollars(amount_cents)),
    )
  })

  test('one party as it was on a day', async () => {
    const input = { internal_id: 'vendor_alpha', state_at: '2026-05-01' }
    const result = await callReal('audit_finexio_counterparty_changes', input)
    const { frame } = await show('timeline', { input, result })
    await frame.getByText('As it was on May 1, 2026').click()
    expect(await frame.locator('.state').textContent()).toContain(result.structuredContent.state.address_1)
    expect(await frame.locator('main').textContent()).not.toMatch(/\d{9}/)
  })
})
