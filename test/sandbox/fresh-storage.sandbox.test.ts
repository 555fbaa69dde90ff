/** What the file before has stored is gone (test/support/fresh-storage.ts), so that the order of files cannot matter. */
import { env, reset, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { SandboxEnv } from '../../sandbox/sandbox-object.ts'
import { tenant } from './support.ts'

const inObject = <Answer>(work: (storage: DurableObjectStorage) => Promise<Answer>): Promise<Answer> => {
  const { SANDBOX } = env as unknown as SandboxEnv
  return runInDurableObject(SANDBOX.get(SANDBOX.idFromName('sandbox')), (_, { storage }) => work(storage))
}

const stored = () =>
  inObject(async (storage) => ({
    tenants: storage.sql.exec('SELECT username FROM tenants').toArray(),
    alarm: await storage.getAlarm(),
  }))

test('an object is emptied, rows and alarm', async () => {
  await tenant('fresh').get('/payments/')
  await inObject((storage) => storage.setAlarm(Date.now() + 3_600_000))
  expect(await stored()).toEqual({ tenants: [{ username: 'fresh' }], alarm: expect.any(Number) })
  await reset()
  // Whoever asked it before hears once that it is gone.
  await stored().catch(() => {})
  expect(await stored()).toEqual({ tenants: [], alarm: null })
})
