/** Slack's incoming webhooks get the shape they expect: text, and blocks of plain text. */
import { afterEach, expect, test, vi } from 'vitest'
import { deliver, wantsNotifications } from '../../src/account/notify/deliver.ts'
import type { Env } from '../../src/core/env.ts'
import { isSlack, slackBody } from '../../src/rules/sentences/slack.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const pending = {
  type: 'approval.pending',
  timestamp: '2026-11-30T12:00:00.000Z',
  text: '“Month-end <close>” drafted $4,000.00 to 2 suppliers; it waits for approval',
  data: {
    approval_id: 'd',
    payees: [
      { id: 's1', name: '<https://evil.test|Acme>', total: '3000.00' },
      { id: 's2', name: null, total: '1000.00' },
    ],
    more_payees: 3,
    warnings: ['This is the first payment to <!channel>.'],
    call_reason: 'November rent',
    approval_url: 'https://mcp.test/dashboard/approval/d',
  },
}

test('an approval says what decides whether to open the page, with a button to it, and nobody’s name is a link or a call', () => {
  const { text, blocks } = JSON.parse(slackBody(JSON.stringify(pending)))
  expect(text).toBe('“Month-end &lt;close&gt;” drafted $4,000.00 to 2 suppliers; it waits for approval')
  expect(blocks).toEqual([
    { type: 'section', text: { type: 'plain_text', text: pending.text, emoji: false } },
    {
      type: 'section',
      text: {
        type: 'plain_text',
        text: [
          '• <https://evil.test|Acme>: $3000.00',
          '• s2: $1000.00',
          '• and 3 more',
          '⚠ This is the first payment to <!channel>.',
          'Reason given: November rent',
        ].join('\n'),
        emoji: false,
      },
    },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          text: { type: 'plain_text', text: 'Open' },
          url: 'https://mcp.test/dashboard/approval/d',
        },
      ],
    },
  ])
})

test('heads are all there, however many', () => {
  const heads = Array.from({ length: 101 }, (_, at) => ({ chain: `c${at}`, seq: at, hash: 'ab'.repeat(32) }))
  const { blocks } = JSON.parse(
    slackBody(JSON.stringify({ type: 'audit.heads', text: 'x', data: { heads } })),
  )
  const said = blocks.map((block: { text: { text: string } }) => block.text.text)
  for (const { chain, seq, hash } of heads) expect(said.join('\n')).toContain(`• ${chain} ${seq}:${hash}`)
  for (const one of said) expect(one.length).toBeLessThan(3_000)
  expect(blocks.length).toBeLessThanOrEqual(50)
})

test('a notification that says little is a sentence alone', () => {
  const body = JSON.stringify({
    type: 'x',
    text: 'Something',
    data: { payees: 'none', approval_url: 'javascript:x' },
  })
  expect(JSON.parse(slackBody(body)).blocks).toHaveLength(1)
})

test.each([
  ['https://hooks.slack.com/services/T/B/x', undefined, true],
  ['https://hooks.slack-gov.com/services/T/B/x', undefined, true],
  ['https://proxy.test/slack', 'slack', true],
  ['https://hooks.slack.com.evil.test/x', undefined, false],
  ['https://ops.test/hooks.slack.com', undefined, false],
])('%s with format %s is Slack: %s', (url, format, is) => {
  expect(isSlack(url, format)).toBe(is)
})

const sentWith = async (env: Partial<Env>): Promise<Request | undefined> => {
  let sent: Request | undefined
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    sent = new Request(url, init)
    return new Response('ok')
  })
  await deliver(env as Env, { id: 'msg_1', body: JSON.stringify(pending) }, 0)
  return sent
}
const secret = `whsec_${btoa('x'.repeat(24))}`

test('Slack needs no secret and gets no signature; the generic form has both', async () => {
  const slack = { NOTIFY_URL: 'https://hooks.slack.com/services/T/B/x' }
  const generic = { NOTIFY_URL: 'https://ops.test/x', NOTIFY_SECRET: secret }
  expect([slack, generic].map((env) => wantsNotifications(env as Env))).toEqual([true, true])
  const [toSlack, toOps] = [await sentWith({ ...slack, NOTIFY_SECRET: secret }), await sentWith(generic)]
  expect([...toSlack!.headers.keys()].sort()).toEqual(['content-type', 'user-agent'])
  expect(Object.keys((await toSlack!.json()) as object)).toEqual(['text', 'blocks'])
  expect(toOps!.headers.get('webhook-signature')).toMatch(/^v1,/)
  expect(await toOps!.json()).toEqual(pending)
})

test('a format that is not known notifies nobody', () => {
  vi.spyOn(console, 'error').mockReturnValue()
  expect(
    wantsNotifications({
      NOTIFY_URL: 'https://ops.test/x',
      NOTIFY_SECRET: secret,
      NOTIFY_FORMAT: 'teams',
    } as Env),
  ).toBe(false)
  vi.restoreAllMocks()
})
