/** What waits is counted in the menu, for those who may see it, without asking any account (C6). At b8f2a26 there was no count. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject, draftsOf } from '../../src/account/account-stub.ts'
import { sealDraft, sealPage } from '../../src/account/vault/drafts.ts'
import { mintDraftId } from '../../src/rules/resource-id.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { claimRequest, print } from '../writes/claims.ts'
import { browser } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const draftIn = async (account: string): Promise<string> => {
  const config = { methods: ['read', 'write'], approval: 'always' }
  const { body } = await call('POST', `/integrated-account/${account}/mcp`, {
    body: { name: 'Agent', config },
  })
  const id = mintDraftId(account)
  const sealed = await sealDraft(env, account, id, { args: {}, payees: [] })
  const page = await sealPage(env, account, id, {
    would_send: { request: 'POST /invoices/batch/' },
    names: {},
  })
  await accountObject(env, account).draftWrite({
    ...{
      id,
      request: claimRequest({
        serverId: body.id,
        key: id,
        fingerprint: print(id.slice(-30)),
        subjects: [print(id.slice(-30))],
      }),
      reasons: [{ kind: 'always' }],
      reason: null,
    },
    summary: { count: 1, total_cents: 500, suppliers: [], target: null, fields: [] },
    ...{
      caller: { kind: 'url' },
      wrapped_key: sealed.wrapped_key,
      body: sealed.ciphertext,
      page,
      notice: {},
    },
  })
  return id
}

const menuOf = async (grants: string[]) => {
  const { body } = await call('POST', '/api-token', {
    body: { name: `N ${crypto.randomUUID()}`, kind: 'person', grants },
  })
  const person = browser()
  await person.signIn(body.token)
  return async () => {
    const [, count] =
      /(\d+)<span class="unseen"> waiting/.exec((await person.get('/dashboard/approvals')).text) ?? []
    return Number(count ?? 0)
  }
}

test('whoever approves or audits sees what waits in their accounts, and nothing once it is decided', async () => {
  const [a, b] = [await connect('A'), await connect('B')]
  const [ofA, ofB, ofBoth] = [
    await menuOf([`approve:${a}`]),
    await menuOf([`audit:${b}`]),
    await menuOf(['approve']),
  ]
  const counts = async () => [await ofA(), await ofB(), await ofBoth()]
  expect(await counts()).toEqual([0, 0, 0])
  const first = await draftIn(a)
  await draftIn(a)
  await draftIn(b)
  await expect.poll(counts).toEqual([2, 1, 3])
  await draftsOf(accountObject(env, a)).cancel(first, 'withdrawn by its caller', { request_id: 'request' })
  await expect.poll(counts).toEqual([1, 1, 2])
  await call('DELETE', `/integrated-account/${b}`)
  await expect.poll(counts).toEqual([1, 0, 1])
})
