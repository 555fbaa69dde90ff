/** The kill switch of the whole deployment, over REST and in the account that claims. */
import { expect, test } from 'vitest'
import { LEASE_MS } from '../../src/account/lease.ts'
import { call } from '../api/support.ts'
import { accountWithServer, print } from './claims.ts'

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
  expect((await stopping).body).toEqual({ stopped: true })
  expect(performance.now() - begun).toBeGreaterThanOrEqual(LEASE_MS)
  for (let again = 0; again < 20; again++) expect(await claim()).toBe('stopped')
  expect((await call('GET', '/writes')).body).toEqual({ stopped: true })
  expect((await throwSwitch(false)).body).toEqual({ stopped: false })
  expect(await claim()).toBe('claimed')
})

test('an account that asks while it is thrown hears of it at once', async () => {
  const { object, request } = await accountWithServer()
  const stopping = throwSwitch(true)
  await expect.poll(async () => (await call('GET', '/writes')).body).toEqual({ stopped: true })
  expect((await object.claimWrite(request())).kind).toBe('stopped')
  await stopping
  await throwSwitch(false)
})
