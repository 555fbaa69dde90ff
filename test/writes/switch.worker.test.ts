/** The kill switch of the whole deployment, over REST and in the account that claims. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { LEASE_MS } from '../../src/account/lease.ts'
import { call, connect, fakeFinexio } from '../api/support.ts'
import { accountWithServer, print } from './claims.ts'

beforeAll(() => {
  fakeFinexio()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const throwSwitch = (stopped: boolean) => call('PUT', '/writes', { body: { stopped } })

test('once it answers, no account claims a write, not even one that just did; released, it takes no longer', async () => {
  const { object, request } = await accountWithServer()
  let count = 0
  const claim = async () => {
    const one = { key: `key-number-${++count}`, fingerprint: print(String(count)), subjects: [] }
    return (await object.claimWrite(request(one))).kind
  }
  expect(await claim()).toBe('claimed')
  const begun = performance.now()
  const stopping = throwSwitch(true)
  expect((await stopping).body).toMatchObject({ stopped: true })
  expect(performance.now() - begun).toBeGreaterThanOrEqual(LEASE_MS)
  for (let again = 0; again < 20; again++) expect(await claim()).toBe('stopped')
  expect((await call('GET', '/writes')).body).toMatchObject({ stopped: true, stopped_by: 'admin key' })
  expect((await throwSwitch(false)).body).toEqual({
    ...{ stopped: false, stopped_by: null, stopped_at: null, reason: null },
  })
  expect(await claim()).toBe('claimed')
})

test('an account that asks while it is thrown hears of it at once', async () => {
  const { object, request } = await accountWithServer()
  const stopping = throwSwitch(true)
  await expect.poll(async () => (await call('GET', '/writes')).body).toMatchObject({ stopped: true })
  expect((await object.claimWrite(request())).kind).toBe('stopped')
  await stopping
  await throwSwitch(false)
})

/** At b8f2a26 the switch said that writes were stopped, and neither who did it, nor why, nor when. */
test.each(['account', 'deployment'])(
  'who audits reads who stopped the writes of the %s, when and why',
  async (whose) => {
    const id = await connect('Stopped')
    const path = whose === 'account' ? `/integrated-account/${id}/writes` : '/writes'
    const nobody = { stopped: false, stopped_by: null, stopped_at: null, reason: null }
    const key = async (name: string, grant: string) =>
      (await call('POST', '/api-token', { body: { name, kind: 'person', grants: [grant] } })).body.token
    const auditor = await key('Audrey', 'audit')
    expect((await call('GET', path, { key: auditor })).body).toEqual(nobody)
    const before = Date.now()
    const put = (stopped: boolean, reason: string, by?: string) =>
      call('PUT', path, { body: { stopped, reason }, ...(by && { key: by }) })
    await put(true, 'An agent misbehaves\u202e\n=1+1', auditor)
    const stopped = {
      stopped: true,
      stopped_by: 'Audrey',
      reason: expect.stringContaining('An agent misbehaves'),
    }
    // Whoever stops them once more is not who did.
    await put(true, 'me too')
    const { body } = await call('GET', path, { key: auditor })
    expect(body).toMatchObject(stopped)
    expect(body.reason).not.toContain('\u202e')
    expect(Date.parse(body.stopped_at)).toBeGreaterThanOrEqual(before)
    expect((await put(false, 'mended')).body).toEqual(nobody)
    expect((await call('GET', path, { key: auditor })).body).toEqual(nobody)
  },
)
