/** Where a mistyped path is told what may be meant: the API, without a key where none is asked for, and the dashboard. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { browser } from '../dashboard/support.ts'
import { call, fakeFinexio } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

test.each([
  ['/acounts', '/integrated-account'],
  ['/api/log/verfy', '/log/verify'],
  ['/log/verfy', '/log/verify'],
])('%s', async (path, near) => {
  const { status, body } = await call('GET', path)
  expect([status, body.message]).toEqual([404, `There is nothing at this path: did you mean ${near}?`])
})

test('a page of the dashboard', async () => {
  const { signIn, send } = browser()
  await signIn()
  const { status, text } = await send('GET', '/dashboard/acounts')
  expect(status).toBe(404)
  expect(text).toContain('did you mean /dashboard/accounts?')
})

// At d9f6ffd2: “must be the next of an earlier answer”, which told nobody who had kept number and hash how to write them.
test('from of a verification names its form', async () => {
  const { status, body } = await call('GET', '/log/verify?integrated_account_id=deployment&from=12:abcdef')
  expect([status, body.message]).toEqual([400, expect.stringContaining('must be <seq>:<hash>')])
})
