/**
 * A change of settings that ends without anybody's decision leaves a row, in the deployment's trail and in that of each account that
 * it would have reached. Before, it left none: a known gap of issue 11. Kind: whatever ends it. In the list: expired. Siblings that
 * are not: its key changed meanwhile, the key that asked for it ended, its server was deleted.
 */
import { runDurableObjectAlarm } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { call, fakeFinexio } from '../api/support.ts'
import {
  agree,
  ask,
  awake,
  type Company,
  company,
  directory,
  reject,
  second,
  stateOf,
  waits,
} from './loosening-support.ts'

vi.mock('../../src/account/lease.ts', async (load) => ({
  ...(await load<typeof import('../../src/account/lease.ts')>()),
  afterLease: async () => {},
}))

beforeEach(() => {
  fakeFinexio()
})
afterEach(async () => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  await second(false)
})

const later = (ms: number) => {
  const time = Date.now() + ms
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(time)
}

type Row = {
  outcome: string
  settings_draft_id: string
  target_name: string
  changed: string[]
  asked_by_name: string
}

const rowsIn = async (trail: string, id: string): Promise<Row[]> => {
  const { body } = await call('GET', `/log?log_type=settings&integrated_account_id=${trail}&limit=100`)
  return body.result.filter((row: Row) => row.settings_draft_id === id)
}

const CONFIG = { methods: ['read', 'write'], limits: { per_day: { cents: 5_000 } } }
const WIDER = { config: { limits: null } }

test.each<[string, string, (of: Company, id: string, path: string) => Promise<unknown>]>([
  [
    'nobody decided in time',
    'expired',
    async () => {
      later(3 * 24 * 3_600_000 + 1_000)
      await runDurableObjectAlarm(directory())
    },
  ],
  [
    'its key changed meanwhile',
    'lapsed',
    ({ ben }, _, path) => ask(ben.key, 'PATCH', path, { config: { limits: { per_day: { cents: 100 } } } }),
  ],
  [
    'the key that asked for it ended',
    'lapsed',
    async ({ ben, cleo }, id) => {
      await call('DELETE', `/api-token/${ben.tokenId}`)
      expect(await agree(cleo.key, id)).toBe(409)
    },
  ],
  ['its server was deleted', 'lapsed', ({ ben }, _, path) => ask(ben.key, 'DELETE', path)],
])('%s: a row says %s in both trails', async (_, outcome, end) => {
  const of = await company()
  const path = await awake(of.account, CONFIG)
  const id = await waits(ask(of.ben.key, 'PATCH', path, WIDER))
  expect(await rowsIn('deployment', id)).toEqual([])
  await end(of, id, path)
  const row = {
    outcome,
    target_name: 'Agent',
    changed: ['limits'],
    asked_by_name: expect.stringMatching(/^Ben/),
  }
  expect(await rowsIn('deployment', id)).toMatchObject([row])
  await expect.poll(() => rowsIn(of.account, id)).toMatchObject([row])
  expect((await stateOf(id))[0]).toBe(outcome)
})

test('what somebody decided leaves its management row alone', async () => {
  const of = await company()
  const path = await awake(of.account, CONFIG)
  const id = await waits(ask(of.ben.key, 'PATCH', path, WIDER))
  expect(await reject(of.cleo.key, id)).toBe(200)
  expect(await rowsIn('deployment', id)).toEqual([])
})

test('deciding on it again says what became of it', async () => {
  const of = await company()
  const path = await awake(of.account, CONFIG)
  const id = await waits(ask(of.ben.key, 'PATCH', path, WIDER))
  expect(await agree(of.cleo.key, id)).toBe(200)
  // At d9f6ffd2: "is agreed: it cannot be decided any more."
  for (const decision of ['agree', 'reject'])
    expect((await ask(of.cleo.key, 'POST', `/settings-draft/${id}/${decision}`, {})).body).toMatchObject({
      statusCode: 409,
      message: expect.stringMatching(/was agreed to at .*Z by Cleo \d+, and has taken effect/),
    })
})
