/** Ways around a second person that were tried at commit de564f5 and worked: each is closed here as a kind. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { accountObject, credentialsOf, payeesOf, secretsOf } from '../../src/account/account-stub.ts'
import { settingsOf } from '../../src/account/directory-stub.ts'
import { companyOf, recognize } from '../../src/identity/company.ts'
import { agreeingByCompany, livingHolder } from '../../src/identity/holder.ts'
import { type Caller, refOf } from '../../src/rules/admission.ts'
import type { PayeeSight } from '../../src/rules/payees/verified.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import {
  agree,
  ask,
  awake,
  company,
  directory,
  second,
  somebody,
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
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  await second(false)
})

const WIDER = { config: { limits: null } }
const tight = (account: string) =>
  awake(account, { methods: ['read', 'write'], limits: { per_day: { cents: 5_000 } } })

describe('who issued a key has seen it: nobody holds both hands', () => {
  test('of a change, by the keys of two others (seen: 200)', async () => {
    const { account, ada } = await company()
    await second(false)
    const one = await somebody('Keyed one', ['manage'], ada.key)
    const other = await somebody('Keyed other', ['approve'], ada.key)
    const apart = await somebody('Keyed apart', ['approve'])
    const id = await waits(ask(one.key, 'PATCH', await tight(account), WIDER))
    expect(await agree(other.key, id)).toBe(403)
    expect(await agree(apart.key, id)).toBe(200)
  })

  test('when the rule is turned on: two keys that one person issued are one pair of hands', async () => {
    const { ada } = await company()
    await second(false)
    const { people } = await directory().listPeople(1_000)
    for (const { id } of people) if (id !== ada.id) await directory().changePerson(id, { disabled: true })
    await directory().changePerson(ada.id, { disabled: true })
    const issuer = await somebody('Issuer of both', ['admin'])
    await somebody('Pair one', ['manage'], issuer.key)
    await somebody('Pair two', ['approve'], issuer.key)
    await directory().changePerson(issuer.id, { disabled: true })
    const on = await call('PATCH', '/deployment', { body: { second_person_for_settings: true } })
    expect(on.status).toBe(409)
  })
})

describe('what was asked for with a key that has ended lapses', () => {
  test('a stolen API token that was revoked while its holder has another (seen: 200)', async () => {
    const { account, ben, cleo } = await company()
    await second(false)
    const stolen = await call('POST', '/api-token', { body: { holder: ben.id, grants: ['manage'] } })
    const server = await tight(account)
    const id = await waits(ask(stolen.body.token, 'PATCH', server, WIDER))
    expect((await call('DELETE', `/api-token/${stolen.body.id}`)).status).toBe(200)
    expect(await agree(cleo.key, id)).toBe(409)
    expect((await stateOf(id))[0]).toBe('lapsed')
    expect((await ask(ben.key, 'GET', server)).body.config.limits).toBeDefined()
  })

  test('an admin key that was changed since: its 24 hours end (seen: it acted)', async () => {
    const { account } = await company()
    const server = await tight(account)
    const id = await waits(call('PATCH', server, { body: WIDER }))
    vi.useFakeTimers({ now: Date.now() + 25 * 3_600_000, toFake: ['Date'] })
    const changed = { ...env, ADMIN_API_KEY: 'another-root-of-the-tests-9d3Lm6-Qz' }
    const seen = await call(
      'GET',
      `/settings-draft/${id}`,
      { key: 'another-root-of-the-tests-9d3Lm6-Qz' },
      changed,
    )
    expect([seen.status, seen.body.state]).toEqual([200, 'lapsed'])
    const after = await call('GET', server, { key: 'another-root-of-the-tests-9d3Lm6-Qz' }, changed)
    expect(after.body.config.limits).toBeDefined()
  })
})

const deployed = (more: object = {}) => ({
  ...env,
  ...{ OIDC_ISSUER: 'https://login.test', OIDC_CLIENT_ID: 'finexio', OIDC_CLIENT_SECRET: 'secret' },
  OIDC_ROLES: JSON.stringify({ claim: 'groups', map: { leads: ['approve'] } }),
  ...more,
})
const signIn = (settings: ReturnType<typeof deployed>, subject: string, ...claimValues: string[]) => {
  const { provider } = companyOf(settings)
  const issuer = provider!.issuer.origin
  const who = { ok: true as const, issuer, subject, name: subject, email: null }
  const times = { authenticatedAt: 0, idTokenExpiresAt: 0 }
  return recognize(settings, provider!, { ...who, ...times, claimValues }, Date.now())
}
const roles = async (...asked: Parameters<typeof signIn>) => {
  const found = await signIn(...asked)
  return found.ok ? found.mapped : []
}

describe('OIDC_ROLES is a promise about one provider', () => {
  test.each([
    ['another issuer', { OIDC_ISSUER: 'https://evil.test' }],
    // Roles of some providers are given by each application for itself.
    ['another application', { OIDC_CLIENT_ID: 'evil' }],
  ])('%s under the same map waits like an addition (seen: approve at once)', async (_, other) => {
    await company()
    await second(false)
    await settingsOf(env).acceptMapping(null)
    expect(await roles(deployed(), 'lea', 'leads')).toEqual(['approve'])
    await second(true)
    expect(await roles(deployed(), 'lea', 'leads')).toEqual(['approve'])
    expect(await roles(deployed(other), 'eve', 'leads')).toEqual([])
    expect(await roles(deployed(other), 'eve', 'leads')).toEqual([])
    // And back again is the same: what was promised before was promised about nobody since.
    const { body } = await call('GET', '/settings-draft?state=pending', {}, deployed(other))
    expect(body.result.map(({ loosens }: { loosens: { key: string }[] }) => loosens[0]!.key)).toContain(
      'oidc_roles',
    )
  })
})

describe('whoever was shut out here does not come back by a group', () => {
  test.each([
    ['whose identity was taken off them', { issuer: null, subject: null }],
    ['who was removed', null],
    ['whose identity was moved', { subject: 'elsewhere' }],
  ])('somebody disabled %s (seen: a new person with approve)', async (what, change) => {
    await company()
    await second(false)
    await settingsOf(env).acceptMapping(null)
    const subject = `shut-${what.length}`
    const found = await signIn(deployed(), subject, 'leads')
    const { id } = (found as Extract<typeof found, { ok: true }>).person
    expect((await call('PATCH', `/person/${id}`, { body: { disabled: true } })).status).toBe(200)
    const path = `/person/${id}`
    const done = await (change ? call('PATCH', path, { body: change }) : call('DELETE', path))
    expect(done.status).toBe(200)
    expect((await signIn(deployed(), subject, 'leads')).ok).toBe(false)
  })
})

describe('what was judged is what acts', () => {
  test('the switch of the deployment, thrown while a resumption is under way (seen: resumed)', async () => {
    const { ada, audrey } = await company()
    const { DirectoryObject } = await import('../../src/account/directory-object.ts')
    const real = DirectoryObject.prototype.readDeployment
    let thrown = false
    vi.spyOn(DirectoryObject.prototype, 'readDeployment').mockImplementation(function (this: never) {
      const seen = real.call(this)
      if (!thrown) {
        thrown = true
        ;(this as InstanceType<typeof DirectoryObject>).changeDeployment({ writes_stopped: true })
      }
      return seen
    })
    const resumed = await ask(ada.key, 'PUT', '/writes', { stopped: false })
    vi.restoreAllMocks()
    expect(resumed.status).toBe(409)
    expect((await ask(audrey.key, 'GET', '/writes')).body).toMatchObject({ stopped: true })
    await directory().changeDeployment({ writes_stopped: false })
  })
})

test('payees: who turned verified on by a key of theirs does not accept the present alone (seen: 200)', async () => {
  const account = await connect('Payees')
  const pat = await somebody('Pat', ['admin'])
  const robot = await somebody('Robot', ['admin'], pat.key, 'system')
  const other = await somebody('Pia', ['admin'])
  const eyes = await call('POST', '/api-token', { body: { holder: pat.id, grants: ['approve'] } })
  const accept = (key: string) => ask(key, 'POST', `/integrated-account/${account}/payee/acceptance`)
  const set = (key: string) => ask(key, 'PATCH', `/integrated-account/${account}`, { payees: 'verified' })
  expect((await set(robot.key)).status).toBe(200)
  expect((await accept(eyes.body.token)).status).toBe(409)
  // Said once more, it is nobody else's.
  expect((await set(other.key)).status).toBe(200)
  expect((await accept(eyes.body.token)).status).toBe(409)
  const apart = await somebody('Pete', ['approve'])
  expect((await accept(apart.key)).status).toBe(200)
})

describe('who gets another identity is, for all that rests on a sign-in, somebody else', () => {
  const moving = async (subject: string) => {
    const { account } = await company()
    await second(false)
    await settingsOf(env).acceptMapping(null)
    const settings = deployed({
      OIDC_ROLES: JSON.stringify({ claim: 'groups', map: { clerks: ['use'], leads: ['approve'] } }),
    })
    const found = await signIn(settings, subject, 'clerks', 'leads')
    if (!found.ok) throw new Error(found.why)
    const { id } = found.person
    await call('PATCH', `/person/${id}`, { body: { grants: ['use', 'approve'] } })
    return { account, id, person: found.person }
  }
  const patch = (id: string, body: object) => call('PATCH', `/person/${id}`, { body })

  test('a client that they let in is out, also after the identity was put back (seen: it called on)', async () => {
    const { account, id, person } = await moving('moved-client')
    const agreeing = await agreeingByCompany(env, account, person)
    const { rests } = agreeing!
    expect(await livingHolder(env, account, rests)).toMatchObject({ id })
    await patch(id, { subject: 'moved-client-to' })
    expect(await livingHolder(env, account, rests)).toBeNull()
    await patch(id, { subject: 'moved-client' })
    expect(await livingHolder(env, account, rests)).toBeNull()
    const { rests: anew } = (await agreeingByCompany(env, account, person))!
    expect(await livingHolder(env, account, anew)).toMatchObject({ id })
  })

  // Siblings: the draft of such a call; roles of the company; the age of a role.
  test('a draft of theirs does not leave, groups are asked for anew, and roles begin anew', async () => {
    const { account, id, person } = await moving('moved-more')
    const who = (await livingHolder(env, account, (await agreeingByCompany(env, account, person))!.rests))!
    const caller = refOf({ ...who, oauth: { grant_id: 'g', client_id: 'c', client_name: 'C' } } as Caller)
    const asked = { accountId: account, caller, decider: { person: id, token: null } }
    const before = await directory().readAuthority(asked)
    expect([before.callerMayUse, before.decider!.approvesSince]).toEqual([true, expect.any(Number)])
    const moved = await patch(id, { subject: 'moved-more-to' })
    expect(moved.body.mapped_grants).toEqual([])
    const after = await directory().readAuthority(asked)
    expect(after.callerMayUse).toBe(false)
    expect(after.decider!.approvesSince).toBeGreaterThan(before.decider!.approvesSince!)
  })
})

describe('siblings of the switch: what was judged by another state does not act', () => {
  const bytes = new Uint8Array(40)

  test('hosts of a secret that were taken away, and credentials beside settings that were tightened', async () => {
    const account = await connect('Raced')
    const object = accountObject(env, account)
    const sealed = { name: 'hooks', version: 5, wrapped_key: bytes, ciphertext: bytes }
    expect(await secretsOf(object).put(sealed, ['a.example.com'], ['b.example.com'])).toBe(
      'changed_meanwhile',
    )
    expect(await secretsOf(object).put(sealed, ['a.example.com'], [])).toMatchObject({ name: 'hooks' })
    const { revision } = (await object.readAccount())!
    const renewed = { version: 9, wrapped_key: bytes }
    const stale = { revision: revision - 1 }
    expect(await credentialsOf(object).replace(renewed, 'https://finexio.test/v2', stale)).toBeNull()
    expect(await object.changeAccount({ payees: 'open' }, { payees: 'verified' })).toBe('changed_meanwhile')
  })

  test('the rule itself, turned on while somebody turns it off', async () => {
    const changed = await directory().changeDeployment(
      { second_person_for_settings: false },
      { second_person_for_settings: true },
    )
    expect(changed).toBe('changed_meanwhile')
  })
})

test('who issued the key of whoever vouches vouched as well (seen: they decided on the payment)', async () => {
  const account = await connect('Vouched')
  const sight = {
    ...{ supplier: 's1', since: 0, paidBefore: null },
    state: { shown: {}, updated: null, changes: [], whole: true },
  } as unknown as PayeeSight
  const payees = payeesOf(accountObject(env, account))
  const by = { ids: ['vera'], issuers: ['quin'], name: 'Vera' }
  expect(
    await payees.vouch([{ sight, version: 0, call: { called: 'Ms Long' } }], by, { request_id: 'request' }),
  ).toBeNull()
  expect((await payees.known(['s1']))!.rows[0]!.vouch!.by).toEqual(['vera', 'quin'])
})
