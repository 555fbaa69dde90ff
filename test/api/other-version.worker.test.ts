/** A server whose stored configuration names what this version does not know: all else of it can be changed, and nothing more is shown. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject } from '../../src/account/account-stub.ts'
import { filledWith, formIn } from '../dashboard/forms-in.ts'
import { browser } from '../dashboard/support.ts'
import { call, connect, env, fakeFinexio } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const storedAs = async (config: object) => {
  const account = await connect()
  const path = `/integrated-account/${account}/mcp`
  const { body } = await call('POST', path, { body: { name: 'Old', config: {} } })
  await runInDurableObject(accountObject(env, account), (_, { storage }) => {
    storage.sql.exec('UPDATE server SET config = ?', JSON.stringify(config))
  })
  const one = `${path}/${body.id}`
  const tools = async () =>
    (await call('GET', `/integrated-account/${account}/tools?mcp_id=${body.id}`)).body.result?.length ?? 0
  return { one, tools, edit: `/dashboard/accounts/${account}/servers/${body.id}/edit` }
}

// At d9f6ffd2 every change of `config` was a 400 about what was not changed.
test.each([
  ['a tag beside a known one', { tags: ['payments', 'gone'] }, 'tags: "gone" is no tag'],
  ['a tag alone', { tags: ['gone'] }, 'tags: "gone" is no tag'],
  ['a method', { methods: ['gone_away'] }, 'methods: "gone_away" is no method'],
  ['a tool', { tools: ['gone_finexio_tool'] }, 'tools: "gone_finexio_tool" is not a tool'],
  ['a fixed argument', { fixed: { '*': { gone: 1 } } }, 'fixed: gone is an argument of no tool'],
])('%s', async (_, config, words) => {
  const { one, tools } = await storedAs(config)
  const before = await tools()
  const changed = await call('PATCH', one, { body: { config: { reply: 'json' } } })
  expect([changed.status, changed.body.config]).toEqual([200, { ...config, reply: 'json' }])
  expect(changed.body.unknown).toEqual([expect.stringContaining(words)])
  expect((await call('GET', one)).body.unknown).toEqual(changed.body.unknown)
  expect(await tools()).toBe(before)
  const end = new Date(Date.now() + 3_600_000).toISOString()
  expect((await call('PATCH', one, { body: { name: 'New', expires_at: end } })).body).toMatchObject({
    ...{ name: 'New', expires_at: end, config: { ...config, reply: 'json' } },
  })
  expect((await call('DELETE', one)).status).toBe(200)
})

test('what a change itself brings in has to be known, and a known server has nothing unknown', async () => {
  const { one } = await storedAs({ tags: ['payments', 'gone'] })
  const more = await call('PATCH', one, { body: { config: { tags: ['payments', 'gone', 'other'] } } })
  expect([more.status, more.body.message]).toEqual([400, expect.stringContaining('"other" is no tag')])
  expect(more.body.message).not.toContain('"gone"')
  const { body } = await call('PATCH', one, { body: { config: { tags: ['payments'] } } })
  expect([body.config, body.unknown]).toEqual([{ tags: ['payments'] }, undefined])
})

test('the form says what is unknown and changes all else without losing it', async () => {
  const config = { methods: ['read', 'gone_away'], tags: ['payments', 'gone'] }
  const { one, edit } = await storedAs(config)
  const ann = browser()
  await ann.signIn()
  const page = (await ann.get(edit)).text
  expect(page).toContain('Some of it this version does not know')
  expect(page).not.toContain('No such server can be made')
  expect((await ann.get(edit.replace('/edit', ''))).text.replaceAll(/<wbr ?\/?>/g, '')).toContain(
    'list_all_finexio_payments',
  )
  const form = formIn(page, edit)
  const review = await ann.send('POST', edit, { form: filledWith(form, { reply: 'json', step: 'review' }) })
  expect(review.status).toBe(200)
  await ann.send('POST', edit, { form: filledWith(formIn(review.text, edit), { step: 'save' }) })
  expect((await call('GET', one)).body.config).toEqual({ ...config, reply: 'json' })
})
