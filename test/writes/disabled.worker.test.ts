/**
 * A supplier that Finexio has disabled. Seen on 2026-11-30: `prepare_finexio_invoices` held its rows back, and the write tool sent or
 * drafted them without a word. Siblings of the direct write: a rehearsal, a draft, a batch of which one row alone is for it.
 */
import { afterEach, expect, test, vi } from 'vitest'
import writes from '../../docs/writes.md?raw'
import { call } from '../api/support.ts'
import { connected, pay, payingFinexio } from './paying.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test.each<[string, object, number, object]>([
  ['C10: sent where first payments are looked at', { first_payment: 'approve' }, 1, {}],
  ['sent where changes are looked at', { changed_supplier: { days: 30, action: 'approve' } }, 1, {}],
  ['drafted', { approval: 'always' }, 1, {}],
  ['rehearsed', { approval: 'always' }, 1, { dry_run: true }],
  ['one row of two', { approval: 'always' }, 2, {}],
])('%s: refused, by row and by its own rule', async (_, config, count, more) => {
  const finexio = payingFinexio(['sup_1'])
  const { account, url } = await connected(config)
  await pay(url, count, more)
  expect(finexio.batches).toBe(0)
  expect((await call('GET', `/log?integrated_account_id=${account}&log_type=write`)).body.result).toEqual([])
  const { body } = await call('GET', `/log?integrated_account_id=${account}`)
  const outcome = 'dry_run' in more ? 'dry_run' : 'refused'
  expect(body.result[0]).toMatchObject({
    outcome,
    ...(outcome === 'refused' && { refused_by: 'supplier_disabled' }),
  })
})

// What docs/writes.md says of a batch without further settings, and of those that it names.
test('without settings for payees Finexio alone decides, with any that the document names it is refused', async () => {
  const [, named = ''] =
    /They are read \(and a disabled one is refused\) where ([^;]*?) is set/s.exec(writes) ?? []
  const settings = [...named.matchAll(/`(\w+)`/g)].map(([, name]) => name!)
  expect(settings).toEqual(['first_payment', 'changed_supplier'])
  const values: Record<string, unknown> = {
    first_payment: 'refuse',
    changed_supplier: { days: 30, action: 'refuse' },
  }
  const batches = async (config: object) => {
    const finexio = payingFinexio(['sup_1'])
    const { url } = await connected(config)
    await pay(url)
    return finexio.batches
  }
  expect(await batches({})).toBe(1)
  expect(await batches({ limits: { per_day: { count: 5 } }, allowed_suppliers: ['sup_1'] })).toBe(1)
  for (const name of settings) expect([name, await batches({ [name]: values[name] })]).toEqual([name, 0])
})
