/** OIDC_ROLES is changed where a deployment is deployed: what it adds waits like anything else that loosens. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { DirectoryObject } from '../../src/account/directory-object.ts'
import { settingsOf } from '../../src/account/directory-stub.ts'
import { Outgoing } from '../../src/account/push/outgoing.ts'
import { sealSettings } from '../../src/account/vault/settings-drafts.ts'
import { WaitingSettings } from '../../src/account/waiting/waiting-settings.ts'
import { companyOf, recognize } from '../../src/identity/company.ts'
import { call, env } from '../api/support.ts'
import { type Company, company, second } from './loosening-support.ts'

vi.mock('../../src/account/lease.ts', async (load) => ({
  ...(await load<typeof import('../../src/account/lease.ts')>()),
  afterLease: async () => {},
}))

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const deployed = (map: Record<string, string[]>, claim = 'groups') => ({
  ...env,
  ...{ OIDC_ISSUER: 'https://login.test', OIDC_CLIENT_ID: 'finexio', OIDC_CLIENT_SECRET: 'secret' },
  OIDC_ROLES: JSON.stringify({ claim, map }),
})
type Deployed = ReturnType<typeof deployed>

const signIn = async (settings: Deployed, subject: string, ...groups: string[]): Promise<string[]> => {
  const who = { ok: true as const, issuer: 'https://login.test', subject, name: subject, email: null }
  const times = { authenticatedAt: 0, idTokenExpiresAt: 0 }
  const { provider } = companyOf(settings)
  const found = await recognize(settings, provider!, { ...who, ...times, claimValues: groups }, Date.now())
  return found.ok ? found.mapped : []
}
const waiting = async (settings: Deployed) =>
  (await call('GET', '/settings-draft?state=pending', {}, settings)).body.result.filter(
    ({ loosens }: { loosens: { key: string }[] }) => loosens[0]?.key === 'oidc_roles',
  )
const decide = async (settings: Deployed, id: string, how: string, key: string) =>
  (await call('POST', `/settings-draft/${id}/${how}`, { key, body: {} }, settings)).status

const [NARROW, WIDE] = [
  deployed({ clerks: ['use'], leads: ['audit'] }),
  deployed({ clerks: ['use'], leads: ['audit', 'approve'], chiefs: ['admin'] }),
]
let them: Company
beforeAll(async () => {
  them = await company()
  await second(false)
  await signIn(NARROW, 'first', 'leads')
  await second(true)
})

test('what it adds waits a day and for nobody; what it takes away is gone at once', async () => {
  expect(await signIn(WIDE, 'lea', 'leads', 'chiefs')).toEqual(['audit'])
  expect(await signIn(WIDE, 'lea', 'leads', 'chiefs')).toEqual(['audit'])
  const [draft, ...more] = await waiting(WIDE)
  expect(more).toEqual([])
  expect(draft).toMatchObject({
    asked_by: { kind: 'root' },
    action: 'PATCH /deployment',
    integrated_account_ids: null,
  })
  expect(Date.parse(draft.acts_at) - Date.parse(draft.created_at)).toBe(86_400_000)
  expect(await decide(WIDE, draft.id, 'agree', them.ada.key)).toBe(403)
  const log = await call('GET', '/log?integrated_account_id=deployment&log_type=management', {}, WIDE)
  expect(log.text).toContain(draft.id)
  // Siblings: another claim, one value less, none at all.
  expect(await signIn(deployed({ leads: ['audit'] }, 'roles'), 'lea', 'leads')).toEqual([])
  expect(await signIn(WIDE, 'lea', 'leads')).toEqual([])
})

test('it counts once its day has come, as it is then', async () => {
  await settingsOf(env).acceptMapping({ claim: 'groups', map: { leads: ['audit'] } })
  vi.useFakeTimers({ toFake: ['Date'] })
  expect(await signIn(WIDE, 'may', 'leads', 'chiefs')).toEqual(['audit'])
  vi.setSystemTime(Date.now() + 86_400_001)
  await waiting(WIDE)
  expect(await signIn(WIDE, 'may', 'leads', 'chiefs')).toEqual(['audit', 'approve', 'admin'])
  expect((await call('GET', '/deployment', {}, WIDE)).body.oidc_roles.map.chiefs).toEqual(['admin'])
})

test('whoever approves cancels it for good; two administrators let it count sooner', async () => {
  await settingsOf(env).acceptMapping({ claim: 'groups', map: { leads: ['audit'] } })
  await signIn(WIDE, 'nia', 'leads')
  const [draft] = await waiting(WIDE)
  expect(await decide(WIDE, draft.id, 'reject', them.cleo.key)).toBe(200)
  expect(await signIn(WIDE, 'nia', 'leads')).toEqual(['audit'])
  expect(await waiting(WIDE)).toEqual([])
  const asked = { key: them.ada.key, body: { oidc_roles: 'present' } }
  const { status, body } = await call('PATCH', '/deployment', asked, WIDE)
  expect([status, body.waits_for]).toEqual([202, 'a second person'])
  // Changed once more meanwhile: what was agreed to is not what would count.
  const wider = deployed({ leads: ['audit', 'manage'] })
  expect(await decide(wider, body.settings_draft_id, 'agree', them.cleo.key)).toBe(409)
  const again = (await call('PATCH', '/deployment', asked, WIDE)).body.settings_draft_id
  expect(await decide(WIDE, again, 'agree', them.cleo.key)).toBe(200)
  expect(await signIn(WIDE, 'nia', 'leads')).toEqual(['audit', 'approve'])
})

test('without a second person it counts at once, and so does what stood when the rule was turned on', async () => {
  await second(false)
  expect(await signIn(WIDE, 'ola', 'chiefs')).toEqual(['admin'])
  const other = deployed({ chiefs: ['audit', 'manage'] })
  await second(false)
  const on = { key: them.ada.key, body: { second_person_for_settings: true } }
  expect((await call('PATCH', '/deployment', on, other)).status).toBe(200)
  expect(await signIn(other, 'ola', 'chiefs')).toEqual(['audit', 'manage'])
  const repeated = await call('PATCH', '/deployment', on, WIDE)
  expect([repeated.status, await signIn(WIDE, 'ola', 'chiefs')]).toEqual([200, ['audit', 'manage']])
})

test('a change that waits is told to NOTIFY_URL, with those who may cancel it', async () => {
  const sent: { type: string; data: Record<string, unknown> }[] = []
  vi.stubGlobal('fetch', async (input: RequestInfo, init?: RequestInit) => {
    const request = new Request(input, init)
    if (request.url === 'https://ops.test/hook') sent.push(await request.json())
    return new Response(null, { status: 204 })
  })
  const told = { ...env, NOTIFY_URL: 'https://ops.test/hook', NOTIFY_SECRET: `whsec_${btoa('x'.repeat(24))}` }
  const directories = env.DIRECTORY as DurableObjectNamespace<DirectoryObject>
  const stub = directories.get(directories.idFromName('directory'))
  const id = crypto.randomUUID()
  const sealed = await sealSettings(env, id, {})
  await runInDurableObject(stub, async (_: DirectoryObject, ctx) => {
    const asker = {
      id: them.ben.id,
      name: 'Ben',
      kind: 'person' as const,
      issuers: [],
      grants: [],
      key: null,
    }
    const work: Promise<unknown>[] = []
    const place = { storage: ctx.storage, waitUntil: (one: Promise<unknown>) => work.push(one) }
    const within = place as unknown as DurableObjectState
    await new WaitingSettings(within, told, new Outgoing(within, told)).propose({
      ...{ id, action: 'PATCH /deployment', path: '/deployment', accounts: null, wakes: false, reaches: [] },
      target: { kind: 'deployment', id: 'deployment', name: 'the whole deployment' },
      loosens: [{ key: 'one_person', before: null, after: 'x' }],
      ...{ digest: id, asker, roles: ['admin'], acts_at: null, sealed },
    })
    await Promise.all(work)
    await ctx.storage.deleteAlarm()
  })
  expect(sent).toHaveLength(1)
  expect(sent[0]).toMatchObject({
    type: 'settings.pending',
    data: { settings_draft_id: id, loosens: ['one_person'], asked_by: { id: them.ben.id } },
  })
  expect(sent[0]!.data.approvers).toContainEqual(expect.objectContaining({ id: them.cleo.id }))
})

test('what waits is encrypted again under the primary master key, counted, and acts without the old one', async () => {
  await settingsOf(env).acceptMapping({ claim: 'groups', map: {} })
  const asked = { key: them.ada.key, body: { oidc_roles: 'present' } }
  const { settings_draft_id } = (await call('PATCH', '/deployment', asked, WIDE)).body
  const turned = {
    ...WIDE,
    ...{ MASTER_KEY_V2: btoa('another secret of 32 whole bytes'), MASTER_KEY_PRIMARY: '2' },
  }
  const pass = async () => (await call('POST', '/key/reseal', {}, turned)).body.settings_drafts
  const first = await pass()
  expect(first).toEqual({ resealed: expect.any(Number), already: 0, failed: 0 })
  expect(first.resealed).toBeGreaterThan(0)
  expect(await pass()).toEqual({ resealed: 0, already: first.resealed, failed: 0 })
  const alone = { ...turned, MASTER_KEY_V1: '' }
  expect(await decide(alone, settings_draft_id, 'agree', them.cleo.key)).toBe(200)
})
