import { expect, test, vi } from 'vitest'
import { FinexioFailure } from '../../src/finexio/failure.ts'
import { callWith } from './fake-finexio.ts'

const refusedLogin = () => {
  throw new FinexioFailure({ kind: 'bad_credentials', status: 403, message: '', rate: null, sent: true })
}

test('an account whose credential was refused is not asked again, by reads or writes', async () => {
  const account = { status: 'needs_reauth', read_only: false } as const
  for (const name of ['list_all_finexio_webhooks', 'delete_a_finexio_webhook_by_id']) {
    const { result, sent } = await callWith(name, {}, () => [], { account })
    expect(result.isError).toBe(true)
    expect(JSON.stringify(result.content)).toMatch(/credentials.*Nothing was sent to Finexio/)
    expect(sent).toHaveLength(0)
  }
})

test('a read-only account reads and refuses to write', async () => {
  const account = { status: 'active', read_only: true } as const
  const read = await callWith('list_all_finexio_webhooks', {}, () => [], { account })
  expect(read.result.isError).toBeUndefined()
  const write = await callWith('delete_a_finexio_webhook_by_id', { id: 'w' }, () => null, { account })
  expect(JSON.stringify(write.result.content)).toMatch(/read-only \(405\)/)
  expect(write.sent).toHaveLength(0)
})

test('a refused credential is told to the account, other failures are not', async () => {
  const credentialRefused = vi.fn()
  await callWith('list_all_finexio_webhooks', {}, refusedLogin, { credentialRefused })
  expect(credentialRefused).toHaveBeenCalledOnce()
  await callWith('list_all_finexio_webhooks', { limit: 'x' }, refusedLogin, { credentialRefused })
  expect(credentialRefused).toHaveBeenCalledOnce()
})

test('a reason is kept for the audit, without long numbers, and is not sent', async () => {
  const args = { id: 'w', reason: 'Closed account 1234 5678 90 per mail 12' }
  const { ran, sent } = await callWith('delete_a_finexio_webhook_by_id', args, () => null)
  expect(ran).toMatchObject({
    tool: 'delete_a_finexio_webhook_by_id',
    effect: 'write',
    outcome: 'succeeded',
    reason: 'Closed account •••• per mail 12',
    upstream: { requests: 1, status: 200, route: 'DELETE /webhooks/{id}/' },
  })
  expect(JSON.stringify(sent)).not.toContain('reason')
})
