/** What widens is made asleep, what the admin key loosens waits for a day: seen from the doors that they would open. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { DirectoryObject } from '../../src/account/directory-object.ts'
import { admitToken } from '../../src/account/door/admission.ts'
import { call, env, fakeFinexio } from '../api/support.ts'
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

let sent: ReturnType<typeof fakeFinexio>
let them: Company
beforeAll(async () => {
  fakeFinexio()
  them = await company()
  vi.unstubAllGlobals()
})
beforeEach(() => {
  sent = fakeFinexio(() => new Response())
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const ROOT = 'the-root-of-all-tests-4f8Kq2Zx7-Lm'
const letsIn = async (token: string): Promise<string> =>
  (await admitToken(env, token, { bearer: null, counts: false })).kind

const servers = () => `/integrated-account/${them.account}/mcp`

describe('a server', () => {
  // Sibling 9: by whatever name the writing tool was let in.
  test.each([{ methods: ['write'] }, { tools: ['finexio_invoices_bulk_create'] }, { methods: ['custom'] }])(
    'that writes (%j) exists asleep until another person agrees',
    async (config) => {
      const { status, body } = await ask(them.ben.key, 'POST', servers(), { name: 'Pays', config })
      expect([status, body.asleep, body.waits_for]).toEqual([201, true, 'a second person'])
      expect(await letsIn(body.token)).toBe('unknown')
      expect((await ask(them.ben.key, 'GET', `${servers()}/${body.id}`)).body.asleep).toBe(true)
      expect(await agree(them.ben.key, body.settings_draft_id)).toBe(403)
      expect(await agree(them.cleo.key, body.settings_draft_id)).toBe(200)
      expect(await letsIn(body.token)).toBe('admitted')
      expect((await ask(them.ben.key, 'GET', `${servers()}/${body.id}`)).body.asleep).toBeUndefined()
    },
  )

  test('leaves one row of those who try its URL meanwhile', async () => {
    const config = { methods: ['write'] }
    const { body } = await ask(them.ben.key, 'POST', servers(), { name: 'Tried', config })
    const asked = { requestId: crypto.randomUUID(), tool: 'list_all_finexio_payments', traceparent: null }
    for (let tries = 0; tries < 3; tries++)
      expect(await admitToken(env, body.token, { bearer: null, counts: true, asked })).toEqual({
        kind: 'unknown',
      })
    const log = `/log?integrated_account_id=${them.account}&log_type_filter[refused_by]=server_asleep`
    const { result } = (await call('GET', log)).body
    expect(result).toMatchObject([{ mcp_server_id: body.id, mcp_server_name: 'Tried' }])
    expect(result[0].sentence).toContain('the agreement of another person')
  })

  test('that reads is awake at once', async () => {
    const { status, body } = await ask(them.ben.key, 'POST', servers(), { name: 'Reads' })
    expect([status, body.settings_draft_id, await letsIn(body.token)]).toEqual([201, undefined, 'admitted'])
  })

  test('that is edited while it sleeps does not wake as something nobody saw (sibling 15)', async () => {
    const config = { methods: ['write'], limits: { per_day: { cents: 10_000 } }, approval: 'always' }
    const { body } = await ask(them.ben.key, 'POST', servers(), { name: 'Pays', config })
    const server = `${servers()}/${body.id}`
    const edit = await waits(
      ask(them.ben.key, 'PATCH', server, { config: { limits: null, approval: 'none' } }),
    )
    expect(await agree(them.cleo.key, edit)).toBe(200)
    expect(await agree(them.cleo.key, body.settings_draft_id)).toBe(409)
    expect(await letsIn(body.token)).toBe('unknown')
    // Rotating it asks anew, for what it is by now.
    const rotated = await ask(them.ben.key, 'POST', `${server}/rotate`)
    expect(await agree(them.cleo.key, rotated.body.settings_draft_id)).toBe(200)
    expect([await letsIn(body.token), await letsIn(rotated.body.token)]).toEqual(['unknown', 'admitted'])
  })

  test('that was rejected stays asleep, and one on another account is none the wider (sibling 6)', async () => {
    const { body } = await ask(them.ben.key, 'POST', servers(), {
      name: 'Pays',
      config: { methods: ['write'] },
    })
    expect(await reject(them.cleo.key, body.settings_draft_id, { reason: 'no' })).toBe(200)
    expect(await letsIn(body.token)).toBe('unknown')
    fakeFinexio()
    const beside = await ask(them.ada.key, 'POST', '/integrated-account', {
      name: 'Beside',
      credentials: { username: 'ap-user', password: 'correct horse battery' },
    })
    const path = `/integrated-account/${beside.body.id}/mcp`
    const server = await ask(them.ada.key, 'POST', path, { name: 'Pays', config: { methods: ['write'] } })
    expect(await letsIn(server.body.token)).toBe('unknown')
  })
})

describe('rotation', () => {
  test('of a server that pays unasked ends the old URL at once; the new one sleeps (sibling 1)', async () => {
    const server = await awake(them.account, { methods: ['read', 'write'] })
    const { body } = await ask(them.ben.key, 'POST', `${server}/rotate`)
    expect([body.asleep, await letsIn(body.token)]).toEqual([true, 'unknown'])
    const again = await ask(them.ben.key, 'POST', `${server}/rotate`)
    expect(await agree(them.cleo.key, body.settings_draft_id)).toBe(409)
    expect(await agree(them.cleo.key, again.body.settings_draft_id)).toBe(200)
    expect([await letsIn(body.token), await letsIn(again.body.token)]).toEqual(['unknown', 'admitted'])
  })

  test.each([
    { methods: ['write'], approval: 'always' },
    { methods: ['write'], require_api_token_auth: true },
    {},
  ])('of %j is no way for money by itself', async (config) => {
    const server = await awake(them.account, config)
    const { body } = await ask(them.ben.key, 'POST', `${server}/rotate`)
    expect([body.asleep, body.settings_draft_id]).toEqual([undefined, undefined])
  })
})

const inDirectory = <Result>(run: (storage: DurableObjectStorage) => Result): Promise<Result> => {
  const directories = env.DIRECTORY as DurableObjectNamespace<DirectoryObject>
  const stub = directories.get(directories.idFromName('directory'))
  return runInDurableObject(stub, (_: DirectoryObject, { storage }) => run(storage))
}

const age = (id: string, hours: number) =>
  inDirectory(({ sql }) => {
    const by = hours * 3_600_000
    sql.exec(
      'UPDATE settings_draft SET created_at = created_at - ?, acts_at = acts_at - ?, expires_at = expires_at - ? WHERE id = ?',
      ...[by, by, by, id],
    )
  })

describe('what the admin key loosens', () => {
  const loosen = async () => {
    const server = await awake(them.account, { methods: ['write'], approval: 'always' })
    const answer = await ask(ROOT, 'PATCH', server, { config: { approval: 'none' } })
    return { server, answer, id: answer.body.settings_draft_id as string }
  }

  test('acts after 24 hours and not earlier, by nobody', async () => {
    const { server, answer, id } = await loosen()
    expect([answer.status, answer.body.waits_for]).toEqual([202, '24 hours'])
    expect(Date.parse(answer.body.acts_at) - Date.now()).toBeGreaterThan(23.9 * 3_600_000)
    for (const key of [them.cleo.key, them.ada.key, ROOT]) expect(await agree(key, id)).toBe(403)
    await age(id, 23)
    expect((await stateOf(id))[0]).toBe('pending')
    await age(id, 1.01)
    expect((await stateOf(id))[0]).toBe('agreed')
    expect((await ask(ROOT, 'GET', server)).body.config.approval).toBe('none')
  })

  test('acts by the alarm of the directory, without anybody who looks', async () => {
    const { server, id } = await loosen()
    await age(id, 24.01)
    const directories = env.DIRECTORY as DurableObjectNamespace<DirectoryObject>
    expect(await runDurableObjectAlarm(directories.get(directories.idFromName('directory')))).toBe(true)
    expect((await ask(ROOT, 'GET', server)).body.config.approval).toBe('none')
  })

  test('can be canceled by whoever approves, and by nobody else', async () => {
    const { server, id } = await loosen()
    expect(await reject(them.ben.key, id)).toBe(403)
    expect(await reject(them.audrey.key, id)).toBe(403)
    expect(await reject(them.cleo.key, id, { reason: 'not mine' })).toBe(200)
    await age(id, 30)
    expect(await stateOf(id)).toEqual(['canceled', 'not mine'])
    expect((await ask(ROOT, 'GET', server)).body.config.approval).toBe('always')
  })

  test('waits for a week where the key has silenced everybody who approves (sibling 8)', async () => {
    const { server, id } = await loosen()
    expect((await ask(ROOT, 'PATCH', `/person/${them.cleo.id}`, { disabled: true })).status).toBe(200)
    await age(id, 25)
    expect((await stateOf(id))[0]).toBe('pending')
    expect((await ask(ROOT, 'GET', server)).body.config.approval).toBe('always')
    // Nobody is locked out for good.
    await age(id, 24 * 6)
    expect((await stateOf(id))[0]).toBe('agreed')
    await directory().changePerson(them.cleo.id, { disabled: false })
  })

  test('acts at once while settings need nobody else', async () => {
    const server = await awake(them.account, { methods: ['write'], approval: 'always' })
    await second(false)
    expect((await ask(ROOT, 'PATCH', server, { config: { approval: 'none' } })).status).toBe(200)
    await second(true)
  })
})

test('a change that nobody decides expires after 72 hours, and its body is gone', async () => {
  const server = await awake(them.account, { methods: ['write'], approval: 'always' })
  const id = await waits(ask(them.ada.key, 'PATCH', server, { config: { approval: 'none' } }))
  await age(id, 72.01)
  expect((await stateOf(id))[0]).toBe('expired')
  expect(await agree(them.ben.key, id)).toBe(409)
  const stored = await inDirectory(({ sql }) => [
    ...sql.exec('SELECT body IS NOT NULL AS kept FROM settings_draft WHERE state = ?', 'agreed'),
  ])
  expect(stored.every(({ kept }) => kept === 0)).toBe(true)
  expect(sent.every(({ url }) => !url.includes('mcp'))).toBe(true)
})

test('one-person mode: only while its owner is the only enabled person (sibling 28)', async () => {
  await second(false)
  const { people } = await directory().listPeople(1_000)
  for (const { id } of people) await directory().changePerson(id, { disabled: id !== them.ada.id })
  const asked = { accountId: them.account, caller: null, decider: null }
  const mode = async () => (await directory().readAuthority(asked)).one_person
  const set = () => call('PATCH', '/deployment', { body: { one_person: them.ada.id } })
  expect((await set()).status).toBe(200)
  expect(await mode()).toBe(them.ada.id)
  await directory().changePerson(them.ben.id, { disabled: false })
  expect(await mode()).toBeNull()
  // Set already, so nothing changes, and it goes on sleeping.
  expect([(await set()).status, await mode()]).toEqual([200, null])
  await directory().changePerson(them.ben.id, { disabled: true })
  expect(await mode()).toBe(them.ada.id)
})
