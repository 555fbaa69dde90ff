/** What loosens settings waits for another person: by every route, for every kind. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { call, credentials, fakeFinexio } from '../api/support.ts'
import {
  agree,
  ask,
  awake,
  company,
  directory,
  reject,
  second,
  shared,
  somebody,
  stateOf,
  waits,
} from './loosening-support.ts'

// Nothing here leans on the lease: what would wait for it waits for nothing.
vi.mock('../../src/account/lease.ts', async (load) => ({
  ...(await load<typeof import('../../src/account/lease.ts')>()),
  afterLease: async () => {},
}))

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const TIGHT = {
  methods: ['read', 'write'],
  limits: { per_day: { cents: 5_000 } },
  approval: { over_cents: 100 },
  fixed: { '*': { dry_run: true } },
  allowed_suppliers: ['s1'],
  first_payment: 'refuse',
  changed_supplier: { days: 30, action: 'refuse' },
  webhook_hosts: ['hooks.example.com'],
  webhook_secrets: 'vault_only',
  require_api_token_auth: true,
}
const soon = () => new Date(Date.now() + 86_400_000).toISOString()
const later = () => new Date(Date.now() + 2 * 86_400_000).toISOString()

const disableAll = async () => {
  const { people } = await directory().listPeople(1_000)
  for (const { id } of people) await directory().changePerson(id, { disabled: true })
}

describe('by PATCH of a server each of these waits, and acts once another person agrees', () => {
  // Sibling 10 of the second reading: loosened by leaving out.
  test.each<[what: string, config: object]>([
    ['limits: {}', { limits: {} }],
    ['limits: null', { limits: null }],
    ['a higher limit', { limits: { per_day: { cents: 5_001 } } }],
    ['fixed: {}', { fixed: {} }],
    ['allowed_suppliers: null', { allowed_suppliers: null }],
    ['a supplier more', { allowed_suppliers: ['s1', 's2'] }],
    ['approval: none', { approval: 'none' }],
    ['as the account says, which is none', { approval: null }],
    ['first_payment: null', { first_payment: null }],
    ['first_payment: approve', { first_payment: 'approve' }],
    ['fewer days', { changed_supplier: { days: 29, action: 'refuse' } }],
    ['a confirm door', { approval_door: 'confirm' }],
    ['webhook_hosts: null', { webhook_hosts: null }],
    ['any secrets', { webhook_secrets: 'any' }],
    ['no second factor', { require_api_token_auth: false }],
    ['no duplicate guard', { duplicate_guard: { requests: 0 } }],
    ['an origin', { allowed_origins: ['https://tools.example.com'] }],
  ])('%s', async (_, config) => {
    const { account, ben, cleo } = await shared()
    const server = await awake(account, TIGHT)
    const before = (await ask(ben.key, 'GET', server)).body.config
    const answer = await ask(ben.key, 'PATCH', server, { config })
    expect(answer.body).toMatchObject({ waits_for: 'a second person', acted: [], acts_at: null })
    expect([answer.status, answer.body.loosens.length]).toEqual([202, 1])
    expect((await ask(ben.key, 'GET', server)).body.config).toEqual(before)
    expect(await agree(cleo.key, answer.body.settings_draft_id)).toBe(200)
    expect((await ask(ben.key, 'GET', server)).body.config).not.toEqual(before)
  })

  test('expires_at later or null, another holder, none', async () => {
    const { account, ada, ben, cleo } = await shared()
    const server = await awake(account, TIGHT, { expires_at: soon(), holder: ada.id })
    for (const body of [
      { expires_at: later() },
      { expires_at: null },
      { holder: ben.id },
      { holder: null },
    ]) {
      const id = await waits(ask(ben.key, 'PATCH', server, body))
      expect(await agree(cleo.key, id)).toBe(200)
    }
    const { body } = await ask(ben.key, 'GET', server)
    expect([body.expires_at, body.holder]).toEqual([null, undefined])
    expect((await ask(ben.key, 'PATCH', server, { expires_at: soon() })).status).toBe(200)
  })

  // Sibling 9: write tools by another name, here on a server that reads.
  test.each([
    { tools: ['finexio_invoices_bulk_create'] },
    { methods: ['bulk_create'] },
    { methods: ['custom'] },
  ])('a server that reads becomes one that writes: %j', async (config) => {
    const { account, ben } = await shared()
    const server = await awake(account, { methods: ['read'] })
    await waits(ask(ben.key, 'PATCH', server, { config }))
    expect((await ask(ben.key, 'GET', server)).body.config).toEqual({ methods: ['read'] })
  })
})

test('limits of the account: a new one acts at once, a higher one and none wait for a second person', async () => {
  const { account, ada, ben } = await shared()
  const path = `/integrated-account/${account}`
  const limits = { per_day: { cents: 1_000 } }
  expect((await ask(ada.key, 'PATCH', path, { limits })).body).toMatchObject({ limits })
  for (const looser of [{ per_day: { cents: 1_001 } }, { per_day: { count: 5 } }, {}])
    await waits(ask(ada.key, 'PATCH', path, { limits: looser }))
  expect((await ask(ada.key, 'GET', path)).body).toMatchObject({ limits })
  expect((await ask(ada.key, 'PATCH', path, { limits: { per_day: { cents: 999 } } })).status).toBe(200)
  expect((await ask(ben.key, 'PATCH', path, { limits: { per_week: { cents: 1 } } })).status).toBeGreaterThan(
    399,
  )
})

// Seen at b8f2a26: one person alone could shorten the retention to 30 days, and the rows that told of them were gone.
describe('fewer rows of the trail wait for a second person', () => {
  const DAYS = 'audit_retention_days'
  const MB = 'audit_max_mb'
  const kept = async ({ account, ada }: Awaited<ReturnType<typeof company>>) => {
    const { body } = await ask(ada.key, 'GET', `/integrated-account/${account}`)
    return [body[DAYS], body[MB]]
  }

  // Siblings: by size, to the bound, both, and one that is lowered while the other is raised.
  test.each<[what: string, body: object, loosens: string[], now: number[], then: number[]]>([
    ['a day less', { [DAYS]: 399 }, [DAYS], [400, 6_000], [399, 6_000]],
    ['a megabyte less', { [MB]: 5_999 }, [MB], [400, 6_000], [400, 5_999]],
    ['as small as it can be', { [MB]: 100 }, [MB], [400, 6_000], [400, 100]],
    ['both', { [DAYS]: 30, [MB]: 100 }, [DAYS, MB], [400, 6_000], [30, 100]],
    ['fewer days in more room', { [DAYS]: 30, [MB]: 9_000 }, [DAYS], [400, 9_000], [30, 9_000]],
  ])('%s', async (_, body, loosens, now, then) => {
    const people = await company()
    const { account, ada, cleo } = people
    const answer = await ask(ada.key, 'PATCH', `/integrated-account/${account}`, body)
    expect(answer.status).toBe(202)
    expect(answer.body.loosens.map(({ key }: { key: string }) => key)).toEqual(loosens)
    expect(await kept(people)).toEqual(now)
    expect(await agree(cleo.key, answer.body.settings_draft_id)).toBe(200)
    expect(await kept(people)).toEqual(then)
  })

  // Siblings: the same value, and more of either.
  test.each([
    ['the same', { [DAYS]: 400, [MB]: 6_000 }, [400, 6_000]],
    ['more days', { [DAYS]: 401 }, [401, 6_000]],
    ['more room', { [MB]: 9_000 }, [400, 9_000]],
  ])('%s acts at once', async (_, body, then) => {
    const people = await company()
    expect((await ask(people.ada.key, 'PATCH', `/integrated-account/${people.account}`, body)).status).toBe(
      200,
    )
    expect(await kept(people)).toEqual(then)
  })
})

test('what narrows acts at once, what loosens waits, and a rename is neither', async () => {
  const { account, ben } = await shared()
  const server = await awake(account, TIGHT)
  const body = {
    name: 'Renamed',
    config: { limits: { per_day: { cents: 1 } }, first_payment: null, methods: ['read'] },
  }
  const answer = await ask(ben.key, 'PATCH', server, body)
  expect(answer.status).toBe(202)
  expect(answer.body.acted).toEqual(['methods', 'limits'])
  expect(answer.body.loosens).toEqual([{ key: 'first_payment', before: 'refuse', after: null }])
  const now = (await ask(ben.key, 'GET', server)).body
  expect([now.name, now.config.methods, now.config.limits, now.config.first_payment]).toEqual([
    'Renamed',
    ['read'],
    { per_day: { cents: 1 } },
    'refuse',
  ])
})

describe('who may agree', () => {
  test('not who asked, not a system, not the admin key, not somebody without a role for it', async () => {
    const { account, ben, cleo, audrey, ada } = await shared()
    const robot = await somebody('Robot', ['manage'], undefined, 'system').catch(() => null)
    const server = await awake(account, TIGHT)
    const id = await waits(ask(ben.key, 'PATCH', server, { config: { limits: null } }))
    expect(await agree(ben.key, id)).toBe(403)
    if (robot) expect([401, 403]).toContain(await agree(robot.key, id))
    expect(await agree('the-root-of-all-tests-4f8Kq2Zx7-Lm', id)).toBe(403)
    expect(await agree(audrey.key, id)).toBe(403)
    expect((await ask(ben.key, 'GET', `/settings-draft/${id}`)).body.cannot_agree).toMatch(/asked/)
    expect((await ask(cleo.key, 'GET', `/settings-draft/${id}`)).body.cannot_agree).toBeNull()
    expect(await agree(ada.key, id)).toBe(200)
    expect(await agree(cleo.key, id)).toBe(409)
  })

  test('not somebody whose role is for another account, or younger than the change (siblings 21, 18)', async () => {
    const { account, ben } = await shared()
    const other = (await company()).account
    const server = await awake(account, TIGHT)
    await second(false)
    const elsewhere = await somebody('Elsewhere', [`approve:${other}`])
    await second(true)
    const id = await waits(ask(ben.key, 'PATCH', server, { config: { limits: null } }))
    expect(await agree(elsewhere.key, id)).toBe(404)
    await second(false)
    const young = await somebody('Young', ['approve'])
    await second(true)
    expect(await agree(young.key, id)).toBe(403)
  })

  test('not who issued the key of the asker, nor by a key that the asker issued (siblings 2, 13, 29)', async () => {
    const { account, ada } = await shared()
    const server = await awake(account, TIGHT)
    await second(false)
    const dan = await somebody('Dan', ['manage'], ada.key)
    const system = await somebody('Sys', ['manage'], ada.key, 'system')
    const puppet = await somebody('Puppet', ['approve'], ada.key)
    await second(true)
    for (const key of [dan.key, system.key]) {
      const id = await waits(ask(key, 'PATCH', server, { config: { limits: null } }))
      expect(await agree(ada.key, id)).toBe(403)
      expect(await reject(ada.key, id)).toBe(200)
    }
    const id = await waits(ask(ada.key, 'PATCH', server, { config: { limits: null } }))
    expect(await agree(puppet.key, id)).toBe(403)
  })
})

describe('a change lapses', () => {
  test('when its key was changed and put back (sibling 12), of two for one key the second', async () => {
    const { account, ada, ben, cleo } = await shared()
    const server = await awake(account, TIGHT)
    const id = await waits(ask(ben.key, 'PATCH', server, { config: { limits: null } }))
    const other = await waits(
      ask(ada.key, 'PATCH', server, { config: { limits: { per_day: { cents: 9_000 } } } }),
    )
    const rest = await waits(ask(ada.key, 'PATCH', server, { config: { first_payment: null } }))
    expect(await agree(cleo.key, other)).toBe(200)
    expect(await stateOf(id)).toEqual(['lapsed', expect.stringContaining('limits')])
    expect(await agree(cleo.key, id)).toBe(409)
    // Another key of the same server waits on.
    expect(await agree(cleo.key, rest)).toBe(200)
    const again = await waits(ask(ben.key, 'PATCH', server, { config: { limits: null } }))
    await ask(ada.key, 'PATCH', server, { config: { limits: { per_day: { cents: 5 } } } })
    expect(await agree(cleo.key, again)).toBe(409)
    expect((await ask(ben.key, 'GET', server)).body.config.limits).toEqual({ per_day: { cents: 5 } })
  })

  test('when who asked lost the role or was disabled (sibling 14), or the server is gone', async () => {
    const { account, ada, ben, cleo } = await company()
    const server = await awake(account, TIGHT)
    const one = await waits(ask(ben.key, 'PATCH', server, { config: { limits: null } }))
    const two = await waits(ask(ada.key, 'PATCH', server, { config: { first_payment: null } }))
    expect((await ask(ada.key, 'DELETE', `/api-token/${ben.tokenId}`)).status).toBe(200)
    expect(await agree(cleo.key, one)).toBe(409)
    expect(await stateOf(one)).toEqual(['lapsed', expect.stringContaining('may not')])
    expect((await ask(ada.key, 'DELETE', server)).status).toBe(200)
    expect(await agree(cleo.key, two)).toBe(409)
    expect((await stateOf(two))[0]).toBe('lapsed')
  })

  test('when the account changes what "as the account says" means (sibling 11)', async () => {
    const { account, ada, ben, cleo } = await company()
    const server = await awake(account, { ...TIGHT, approval: 'always' })
    await ask(ada.key, 'PATCH', `/integrated-account/${account}`, { approval: { over_cents: 100 } })
    const id = await waits(ask(ben.key, 'PATCH', server, { config: { approval: null } }))
    await ask(ada.key, 'PATCH', `/integrated-account/${account}`, { approval: 'always' })
    expect(await agree(cleo.key, id)).toBe(409)
    const named = await ask(ada.key, 'PATCH', `/integrated-account/${account}`, { approval: 'none' })
    expect(named.status).toBe(202)
  })

  test('two agree at once: it acts once', async () => {
    const { account, ada, ben, cleo } = await shared()
    const server = await awake(account, TIGHT)
    const id = await waits(ask(ben.key, 'PATCH', server, { config: { limits: null } }))
    const both = await Promise.all([agree(cleo.key, id), agree(ada.key, id)])
    expect(both.sort()).toEqual([200, 409])
  })
})

describe('accounts', () => {
  test('the default of approval, read-only and another user wait; the rest does not', async () => {
    const { account, ada, cleo } = await company()
    const path = `/integrated-account/${account}`
    await ask(ada.key, 'PATCH', path, { approval: 'always', read_only: true })
    await awake(account, { methods: ['read'] })
    const answer = await ask(ada.key, 'PATCH', path, { approval: 'none', read_only: false, name: 'Globex' })
    expect(answer.body.acted).toEqual(['name'])
    const draft = (await ask(cleo.key, 'GET', `/settings-draft/${answer.body.settings_draft_id}`)).body
    expect(draft.reaches).toEqual(['Agent'])
    expect((await ask(ada.key, 'GET', path)).body).toMatchObject({
      name: 'Globex',
      approval: 'always',
      read_only: true,
    })
    expect(await agree(cleo.key, draft.id)).toBe(200)
    expect((await ask(ada.key, 'GET', path)).body).toMatchObject({ approval: 'none', read_only: false })
    const renewed = { credentials: { ...credentials, password: 'new' } }
    expect((await ask(ada.key, 'PATCH', path, renewed)).status).toBe(200)
    const other = { credentials: { username: 'other', password: 'secret-word' } }
    const moved = await ask(ada.key, 'PATCH', path, other)
    expect(moved.status).toBe(202)
    expect(moved.text).not.toContain('secret-word')
    expect(await agree(cleo.key, moved.body.settings_draft_id)).toBe(200)
  })

  test('writes that were stopped go on when another person agrees; stopping again ends what waits', async () => {
    const { account, ada, cleo, audrey } = await company()
    const path = `/integrated-account/${account}/writes`
    expect((await ask(audrey.key, 'PUT', path, { stopped: true })).status).toBe(200)
    expect((await ask(audrey.key, 'PUT', path, { stopped: false })).status).toBe(403)
    const one = await waits(ask(ada.key, 'PUT', path, { stopped: false }))
    expect((await ask(audrey.key, 'PUT', path, { stopped: true })).status).toBe(200)
    expect(await agree(cleo.key, one)).toBe(409)
    const two = await waits(ask(ada.key, 'PUT', path, { stopped: false }))
    expect(await agree(cleo.key, two)).toBe(200)
    expect((await ask(ada.key, 'GET', path)).body).toMatchObject({ stopped: false })
  })

  test('so do those of the deployment, and going without a second person waits as well', async () => {
    const { ada, cleo } = await shared()
    expect((await ask(ada.key, 'PUT', '/writes', { stopped: true })).status).toBe(200)
    const id = await waits(ask(ada.key, 'PUT', '/writes', { stopped: false }))
    expect(await agree(cleo.key, id)).toBe(200)
    expect((await ask(ada.key, 'GET', '/writes')).body).toMatchObject({ stopped: false })
    const off = await waits(ask(ada.key, 'PATCH', '/deployment', { second_person_for_settings: false }))
    expect((await ask(ada.key, 'GET', '/deployment')).body.second_person_for_settings).toBe(true)
    expect(await agree(cleo.key, off)).toBe(200)
    expect((await ask(ada.key, 'GET', '/deployment')).body.second_person_for_settings).toBe(false)
  })
})

describe('people', () => {
  test('more grants, an identity and being enabled wait; less of each acts at once', async () => {
    await second(true)
    const { ada, cleo } = await shared()
    const made = await ask(ada.key, 'POST', '/person', {
      name: 'New',
      issuer: 'https://id.example.com',
      subject: `new-${crypto.randomUUID()}`,
      grants: ['approve'],
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ asleep: true, grants: [], issuer: null, waits_for: 'a second person' })
    const path = `/person/${made.body.id}`
    expect(await agree(cleo.key, made.body.settings_draft_id)).toBe(200)
    expect((await ask(ada.key, 'GET', path)).body).toMatchObject({
      grants: ['approve'],
      issuer: 'https://id.example.com',
    })
    const answer = await ask(ada.key, 'PATCH', path, { grants: ['audit'] })
    expect(answer.status).toBe(202)
    expect((await ask(ada.key, 'GET', path)).body.grants).toEqual([])
    expect(await agree(cleo.key, answer.body.settings_draft_id)).toBe(200)
    expect((await ask(ada.key, 'GET', path)).body.grants).toEqual(['audit'])
    expect((await ask(ada.key, 'PATCH', path, { disabled: true })).status).toBe(200)
    await waits(ask(ada.key, 'PATCH', path, { disabled: false }))
    await waits(ask(ada.key, 'PATCH', path, { issuer: 'https://id.example.com', subject: 'somebody else' }))
    expect((await ask(ada.key, 'PATCH', path, { issuer: null, subject: null })).status).toBe(200)
  })

  test('a new token lets nobody in until another person agrees, and its role is no older than that', async () => {
    await second(true)
    const { ada, cleo, account } = await shared()
    const made = await ask(ada.key, 'POST', '/api-token', {
      name: 'Fresh',
      kind: 'person',
      grants: ['manage'],
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ asleep: true, token: expect.any(String) })
    const { token, settings_draft_id } = made.body
    const path = `/integrated-account/${account}/mcp`
    expect((await ask(token, 'GET', path)).status).toBe(401)
    expect(await agree(cleo.key, settings_draft_id)).toBe(200)
    expect((await ask(token, 'GET', path)).status).toBe(200)
    const listed = (await ask(ada.key, 'GET', '/api-token?limit=100')).body.result
    expect(listed.find(({ id }: { id: string }) => id === made.body.id).asleep).toBeUndefined()
  })
})

test('a webhook secret that may be sent to another host waits; new values for the same hosts do not', async () => {
  await second(true)
  const { account, ben, cleo } = await shared()
  const path = `/integrated-account/${account}/secret/hooks`
  const body = { username: 'u', password: 'not-to-be-seen', allowed_hosts: ['a.example.com'] }
  const made = await ask(ben.key, 'PUT', path, body)
  expect([made.status, made.text.includes('not-to-be-seen')]).toEqual([202, false])
  expect(await agree(cleo.key, made.body.settings_draft_id)).toBe(200)
  expect((await ask(ben.key, 'PUT', path, { ...body, password: 'renewed' })).status).toBe(200)
  expect((await ask(ben.key, 'PUT', path, { ...body, allowed_hosts: ['b.example.com'] })).status).toBe(202)
})

test('the trail says who asked and who agreed, and of what waits where it can be seen', async () => {
  const { account, ben, cleo, audrey } = await shared()
  const server = await awake(account, TIGHT)
  const id = await waits(ask(ben.key, 'PATCH', server, { config: { limits: null } }))
  expect(await agree(cleo.key, id)).toBe(200)
  const { result } = (
    await ask(audrey.key, 'GET', `/log?log_type=all&integrated_account_id=${account}&limit=20`)
  ).body
  const rows = result.filter((row: { settings_draft_id?: string }) => row.settings_draft_id === id)
  expect(
    rows.map((row: Record<string, unknown>) => [row.actor_id, row.agreed_by, row.http_status_code]),
  ).toEqual([
    [ben.id, cleo.id, 200],
    [ben.id, undefined, 202],
  ])
})

test('turning it on needs two of whom neither has seen the key of the other (sibling 29)', async () => {
  await second(false)
  await disableAll()
  const turn = () => call('PATCH', '/deployment', { body: { second_person_for_settings: true } })
  expect((await turn()).status).toBe(409)
  const one = await somebody('One', ['admin'])
  await somebody('Puppet of One', ['approve'], one.key)
  expect((await turn()).body.message).toMatch(/Two people/)
  await somebody('Two', ['approve'])
  expect((await turn()).status).toBe(200)
})

// O9: until this change a change made while nobody else had to agree was not noticed by what waited.
test('a change that waits ends when its key changes, also while no second person is needed, with its server, and not with others', async () => {
  const { account, ben } = await company()
  const server = await awake(account, TIGHT)
  const limit = (cents: number) => ({ config: { limits: { per_day: { cents } } } })
  const [limits, suppliers] = [
    await waits(ask(ben.key, 'PATCH', server, limit(9_000))),
    await waits(ask(ben.key, 'PATCH', server, { config: { allowed_suppliers: null } })),
  ]
  await second(false)
  expect((await ask(ben.key, 'PATCH', server, limit(7_000))).status).toBe(200)
  expect((await ask(ben.key, 'PATCH', server, limit(5_000))).status).toBe(200)
  await second(true)
  expect(await stateOf(limits)).toEqual(['lapsed', 'limits changed since it was asked for.'])
  expect(await stateOf(suppliers)).toEqual(['pending', null])
  expect((await ask(ben.key, 'DELETE', server)).status).toBe(200)
  expect((await stateOf(suppliers))[0]).toBe('lapsed')
})

test('a change of a server that ends waits no longer than that', async () => {
  const { account, ben } = await company()
  const end = soon()
  const server = await awake(account, TIGHT, { expires_at: end })
  const { body } = await ask(ben.key, 'PATCH', server, { config: { allowed_suppliers: null } })
  expect(body.waits_until).toBe(end)
})
