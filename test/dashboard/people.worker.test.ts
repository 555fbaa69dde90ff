/** People, and who decides, in the dashboard. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { filledWith, formIn } from './forms-in.ts'
import { browser } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

type Fields = Record<string, string | string[]>

const PEOPLE = '/dashboard/people'

const signedIn = async () => {
  const ann = browser()
  await ann.signIn()
  /** The form of a page, sent with some fields changed, then what is shown saved. */
  const change = async (path: string, fields: Fields) => {
    const form = formIn((await ann.get(path)).text, path)
    const review = await ann.send('POST', path, { form: filledWith(form, fields) })
    const save = () =>
      ann.send('POST', path, { form: filledWith(formIn(review.text, path), { step: 'save' }) })
    return { review, save }
  }
  return { ann, change }
}

const person = async (name: string, more: object = {}) =>
  (await call('POST', '/person', { body: { name, ...more } })).body.id as string

const read = async (id: string) => (await call('GET', `/person/${id}`)).body

test('a person is added with an identity and roles for one account', async () => {
  const { ann } = await signedIn()
  const account = await connect('Added Corp')
  const form = formIn((await ann.get(PEOPLE)).text, PEOPLE)
  const asked = {
    name: 'Ann Added',
    email: 'ann@example.com',
    issuer: 'https://idp.example.com',
    subject: `ann-${account}`,
    roles: ['', 'approve', 'audit'],
    accounts_who: 'only',
    accounts: ['', account],
  }
  const answer = await ann.send('POST', PEOPLE, { form: filledWith(form, asked) })
  expect(answer.location).toBe(`${PEOPLE}?done=saved`)
  const { result } = (await call('GET', '/person?limit=100')).body
  const added = result.find(({ name }: { name: string }) => name === 'Ann Added')
  expect(added).toMatchObject({
    kind: 'person',
    email: 'ann@example.com',
    grants: [`approve:${account}`, `audit:${account}`],
    disabled: false,
  })
  expect((await ann.get(PEOPLE)).text).toContain('approve writes: Added Corp')
  const without = { ...asked, subject: 'other', accounts: [''] }
  const refused = await ann.send('POST', PEOPLE, { form: filledWith(form, without) })
  expect([refused.status, refused.text.includes('Choose the accounts')]).toEqual([400, true])
})

test('of a person only what was changed is sent; a lost grant and a disabling are shown first', async () => {
  const { change } = await signedIn()
  const id = await person('Bob', { grants: ['manage', 'audit'], email: 'bob@example.com' })
  const path = `${PEOPLE}/${id}`
  const untouched = await change(path, {})
  expect(untouched.review.location).toBe(`${path}?done=unchanged`)
  const { review, save } = await change(path, { roles: ['', 'audit'], disabled: ['0', '1'] })
  expect(formIn(review.text, path).get('change')).toBe('{"grants":["audit"],"disabled":true}')
  expect(review.text).toContain('manage MCP servers for all accounts, audit for all accounts')
  expect(review.text).not.toContain('allows more')
  expect(await read(id)).toMatchObject({ disabled: false, grants: ['manage', 'audit'] })
  await save()
  expect(await read(id)).toMatchObject({ disabled: true, grants: ['audit'], email: 'bob@example.com' })
  const back = await change(path, { disabled: '0' })
  expect(back.review.text).toContain('allows more')
})

test('a person who was changed meanwhile is shown again, not saved', async () => {
  const { change } = await signedIn()
  const id = await person('Cyd')
  const { save } = await change(`${PEOPLE}/${id}`, { name: 'Cyd Renamed' })
  await call('PATCH', `/person/${id}`, { body: { disabled: true } })
  expect((await save()).status).toBe(409)
  expect(await read(id)).toMatchObject({ name: 'Cyd', disabled: true })
})

test('roles that the form cannot show in one go stay as they are while other things change', async () => {
  const { change } = await signedIn()
  const account = await connect('Mixed Corp')
  const grants = ['audit', `manage:${account}`]
  const id = await person('Dee', { grants })
  const { review, save } = await change(`${PEOPLE}/${id}`, { name: 'Dee Dee' })
  expect(formIn(review.text, `${PEOPLE}/${id}`).get('change')).toBe('{"name":"Dee Dee"}')
  await save()
  expect(await read(id)).toMatchObject({ name: 'Dee Dee', grants })
  const touched = await change(`${PEOPLE}/${id}`, { roles: ['', 'audit'] })
  expect(touched.review.text).toMatch(
    /audit for all accounts, manage MCP servers for Mixed Corp.*audit for Mixed Corp/s,
  )
})

test('who decides is a setting that is shown before it holds', async () => {
  const { change, ann } = await signedIn()
  const id = await person('Only Owner')
  const path = '/dashboard/deployment'
  const { people } = await directoryObject(env).listPeople(1_000)
  const others = people.filter((one) => one.id !== id)
  for (const one of others) await directoryObject(env).changePerson(one.id, { disabled: true })
  expect((await ann.get(path)).text).toContain('One person can turn approval off')
  const { review, save } = await change(path, { second_person_for_settings: ['0'], one_person: id })
  expect(review.text).toContain('Only Owner')
  expect((await call('GET', '/deployment')).body.one_person).toBeNull()
  await save()
  expect((await call('GET', '/deployment')).body).toMatchObject({
    second_person_for_settings: false,
    one_person: id,
  })
  await call('PATCH', '/deployment', { body: { second_person_for_settings: false, one_person: null } })
  for (const one of others) await directoryObject(env).changePerson(one.id, { disabled: false })
  const wrong: Fields[] = [{ one_person: 'x' }, { one_person: [] }, { second_person_for_settings: [] }]
  for (const form of wrong) expect((await change(path, form)).review.status).toBe(400)
})

test('an auditor sees people and who decides, and can change neither', async () => {
  const { body } = await call('POST', '/api-token', {
    body: { name: 'Eve', kind: 'person', grants: ['audit'] },
  })
  const id = await person('Fay')
  const eve = browser()
  await eve.signIn(body.token)
  for (const path of [PEOPLE, `${PEOPLE}/${id}`, '/dashboard/deployment']) {
    const { status, text } = await eve.get(path)
    expect([path, status, text.includes('name="step"'), text.includes('Add one')]).toEqual([
      path,
      200,
      false,
      false,
    ])
  }
  expect((await eve.post(`${PEOPLE}/${id}/remove`)).status).toBe(403)
  expect((await read(id)).name).toBe('Fay')
})

test('a server names who works through it; whoever may not list people can name themselves', async () => {
  const account = await connect('Held Corp')
  const at = `/dashboard/accounts/${account}/servers`
  const id = await person('Gil', { kind: 'system' })
  const { ann, change } = await signedIn()
  const form = formIn((await ann.get(`${at}/new`)).text, `${at}/new`)
  await ann.send('POST', `${at}/new`, {
    form: filledWith(form, { name: 'Held', holder: id, step: 'create' }),
  })
  const { result } = (await call('GET', `/integrated-account/${account}/mcp`)).body
  expect(result[0].holder).toMatchObject({ id, name: 'Gil' })
  const { review, save } = await change(`${at}/${result[0].id}/edit`, { holder: '', step: 'review' })
  expect(review.text).toMatch(/Who works through it.*Gil.*nobody is named/s)
  await save()
  expect(
    (await call('GET', `/integrated-account/${account}/mcp/${result[0].id}`)).body.holder,
  ).toBeUndefined()

  const { body } = await call('POST', '/api-token', {
    body: { name: 'Hal', kind: 'person', grants: [`manage:${account}`] },
  })
  const hal = browser()
  await hal.signIn(body.token)
  const { text } = await hal.get(`${at}/new`)
  expect(text).toContain('>Hal<')
  expect(text).not.toContain('>Gil')
})
