import { createHmac } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { destinationOf } from '../../src/account/notify/deliver.ts'
import { secretOf, signedHeaders } from '../../src/account/notify/sign.ts'
import type { Env } from '../../src/core/env.ts'

const secret = `whsec_${Buffer.from('24 bytes are needed here').toString('base64')}`

test('the signature is HMAC-SHA-256 over id, time and body, as another implementation computes it', async () => {
  const body = '{"type":"account.needs_reauth"}'
  const headers = await signedHeaders(secretOf(secret)!, { id: 'msg_1', seconds: 1_674_087_231, body })
  const expected = createHmac('sha256', '24 bytes are needed here')
    .update(`msg_1.1674087231.${body}`)
    .digest('base64')
  expect(headers).toMatchObject({
    'webhook-id': 'msg_1',
    'webhook-timestamp': '1674087231',
    'webhook-signature': `v1,${expected}`,
  })
})

test('known answer of the published example', async () => {
  const key = secretOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')!
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', seconds: 1_614_265_330, body: '{"test": 2432232314}' }
  expect((await signedHeaders(key, message))['webhook-signature']).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  )
})

test.each(['', 'whsec_', 'whsec_short', secret.slice(6), `${secret}!`, undefined])(
  '%s is no secret',
  (text) => {
    expect(secretOf(text)).toBeNull()
  },
)

test.each([
  ['https://hooks.example.com/x', undefined, true],
  ['http://hooks.example.com/x', undefined, false],
  ['http://127.0.0.1:9/x', undefined, false],
  ['http://127.0.0.1:9/x', 'true', true],
  ['http://10.0.0.1/x', 'true', false],
  ['not an address', 'true', false],
  [undefined, 'true', false],
])('%s (local development %s) is used: %s', (NOTIFY_URL, LOCAL_DEVELOPMENT, used) => {
  expect(destinationOf({ NOTIFY_URL, LOCAL_DEVELOPMENT } as Env) !== null).toBe(used)
})

test('half a setting notifies nobody, and is logged once without the values', async () => {
  // Another file may have heard it before: it is said once for each isolate.
  vi.resetModules()
  const { wantsNotifications } = await import('../../src/account/notify/deliver.ts')
  const log = vi.spyOn(console, 'error').mockReturnValue()
  const whole = { NOTIFY_URL: 'https://hooks.example.com/x', NOTIFY_SECRET: secret }
  expect([wantsNotifications({} as Env), wantsNotifications(whole as Env), log.mock.calls]).toEqual([
    false,
    true,
    [],
  ])
  const halves = [
    { NOTIFY_URL: whole.NOTIFY_URL },
    { NOTIFY_SECRET: secret },
    { ...whole, NOTIFY_SECRET: 'whsec_x' },
  ]
  for (const half of [...halves, { ...whole, NOTIFY_URL: 'http://hooks.example.com/x' }])
    expect(wantsNotifications(half as Env)).toBe(false)
  expect(log.mock.calls).toEqual([
    [{ event: 'configuration_fault', message: expect.stringContaining('NOTIFY_SECRET') }],
  ])
  expect(JSON.stringify(log.mock.calls)).not.toContain('hooks.example.com')
  log.mockRestore()
})
