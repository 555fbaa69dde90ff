/**
 * A page of accounts that is just full, beside one that ended. Seen at commit 0de9742c: the alarm threw before anything left, heads,
 * notifications and pushed rows, every day anew.
 */
import { runDurableObjectAlarm } from 'cloudflare:test'
import { expect, test, vi } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { env, makeAccount } from '../accounts/support.ts'
import { called, DAY, managed } from '../audit/support.ts'
import { settings } from './support.ts'

type Heads = { heads: { chain: string }[]; more: boolean }

test('99, 100 and 101 accounts and one that ended: every head leaves, and nothing stands in its way', async () => {
  const restore = settings({
    NOTIFY_URL: 'https://ops.test/hook',
    NOTIFY_SECRET: `whsec_${btoa('x'.repeat(24))}`,
  })
  vi.useFakeTimers({ toFake: ['Date'] })
  const heard: Heads[] = []
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    const { type, data } = JSON.parse(String(init.body))
    if (type === 'audit.heads') heard.push(data)
    return new Response(null, { status: 204 })
  })
  const directory = directoryObject(env)
  const list = (id: string) => directory.put({ id, name: 'Acme', created_at: 0 })
  const { id, object } = await makeAccount()
  await list(id)
  await object.record([called()])
  await directory.remove(id)
  await directory.record([managed('PUT /writes')])
  for (const more of [99, 1, 1]) {
    for (let at = 0; at < more; at++) await list(crypto.randomUUID())
    heard.length = 0
    vi.setSystemTime(Date.now() + DAY)
    await expect
      .poll(async () => {
        await runDurableObjectAlarm(directory)
        return heard.at(-1)?.more
      })
      .toBe(false)
    const chains = heard.flatMap(({ heads }) => heads.map(({ chain }) => chain)).sort()
    expect(chains).toEqual(['deployment', id].sort())
  }
  vi.unstubAllGlobals()
  vi.useRealTimers()
  restore()
})
