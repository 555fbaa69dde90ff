/** The company's sign-in in a browser: OpenID Connect against a real provider on loopback. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import type { Stack } from '../../scripts/local/stack.ts'
import { newProof, signInAt } from '../oauth/sign-in.ts'
import { freePort } from '../start/spawned.ts'
import { launchBrowser } from '../support/browser.ts'
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant } from '../support/tenant.ts'

const ADMINS = 'finance-admins'
let provider: IdentityProvider
let stack: Stack
let browser: Browser

/** Provider and stack know each other's addresses: a port that somebody else took meanwhile is tried anew. */
const startBoth = async (tries = 5): Promise<void> => {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  provider = await startIdentityProvider({
    redirectUris: [`${origin}/dashboard/sign-in/company/callback`],
    postLogoutRedirectUris: [`${origin}/dashboard/sign-in?done=signed-out`],
    users: [
      { sub: 'ann', name: 'Ann Approver', email: 'ann@example.com' },
      { sub: 'dora', name: 'Dora', email: 'dora@example.com' },
      { sub: 'mo', name: 'Mo', email: 'mo@example.com' },
      { sub: 'nia', name: 'Nia', email: 'nia@example.com' },
      { sub: 'cleo', name: 'Cleo Clerk', email: 'cleo@example.com' },
      { sub: 'max', name: 'Max Manager', email: 'max@example.com', groups: [ADMINS] },
    ],
  })
  const OIDC_ROLES = JSON.stringify({ claim: 'groups', map: { [ADMINS]: ['manage', 'audit'] } })
  try {
    stack = await startBuilt({ port, bindings: { ...provider.bindings, OIDC_ROLES } })
  } catch (error) {
    await provider.stop()
    if (tries === 1) throw error
    await startBoth(tries - 1)
  }
}

beforeAll(async () => {
  await startBoth()
  browser = await launchBrowser()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await stack?.stop()
  await provider?.stop()
})

const arrive = async (sub: string): Promise<Page> => {
  provider.signInAs(sub)
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${stack.baseUrl}/dashboard/accounts`)
  await page.getByRole('link', { name: 'Sign in with your company' }).click()
  await page.waitForLoadState()
  return page
}

type Person = { id: string; subject: string | null; mapped_grants: string[] }
const people = async () => (await manage<{ result: Person[] }>(stack, 'GET', '/person')).result

test('who is not known here is told what an administrator needs; added, they get in with the roles granted here', async () => {
  const refused = await arrive('ann')
  const text = await refused.textContent('main')
  expect(text).toContain('Nobody is known here')
  expect(text).toContain(`issuer ${provider.issuer} and the subject ann`)
  expect(await people()).toEqual([])
  const body = { name: 'Ann', issuer: provider.issuer, subject: 'ann', grants: ['audit'] }
  await manage(stack, 'POST', '/person', body)
  const page = await arrive('ann')
  expect([new URL(page.url()).pathname, await page.textContent('h1')]).toEqual([
    '/dashboard/accounts',
    'Accounts',
  ])
  expect(await page.textContent('.who')).toContain('Ann')
})

test('groups give the roles that OIDC_ROLES maps; a group that was lost takes them at the next sign-in', async () => {
  const page = await arrive('max')
  expect(await page.textContent('.who')).toContain('Max Manager')
  const max = async () => (await people()).find(({ subject }) => subject === 'max')!
  expect((await max()).mapped_grants).toEqual(['manage', 'audit'])
  provider.users.get('max')!.groups = []
  const without = await arrive('max')
  expect(await without.textContent('main')).toContain('no role lets you see or decide anything')
  expect((await max()).mapped_grants).toEqual([])
  provider.users.get('max')!.groups = [ADMINS]
})

test('disabling somebody ends their session at once, and lets them in no more', async () => {
  const page = await arrive('max')
  const { id } = (await people()).find(({ subject }) => subject === 'max')!
  await manage(stack, 'PATCH', `/person/${id}`, { disabled: true })
  await page.goto(`${stack.baseUrl}/dashboard/accounts`)
  expect(await page.textContent('h1')).toBe('Sign in')
  expect(await (await arrive('max')).textContent('main')).toContain('disabled you here')
  await manage(stack, 'PATCH', `/person/${id}`, { disabled: false })
})

test('signing out ends the session here and leads through the provider', async () => {
  const page = await arrive('max')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('link', { name: 'Sign out at your company as well' }).click()
  await page.waitForLoadState()
  expect(provider.asked('/session/end')).toBeGreaterThan(0)
  await page.goto(`${stack.baseUrl}/dashboard/accounts`)
  expect(await page.textContent('h1')).toBe('Sign in')
})

test('an answer that this browser did not ask for, or that comes twice, signs nobody in', async () => {
  const page = await arrive('max')
  const callback = `${stack.baseUrl}/dashboard/sign-in/company/callback?code=stolen&state=made-up`
  const stranger = await (await browser.newContext()).newPage()
  await stranger.goto(callback)
  expect(await stranger.textContent('main')).toContain('was not started in this browser')
  const head = await fetch(callback, { method: 'HEAD' })
  expect([head.status, head.headers.get('set-cookie')]).toEqual([200, null])
  await page.close()
})

test('the consent page lets a client in for who is signed in at the company, without an API token', async () => {
  const tenant = await newTenant(stack)
  const server = (await tenant.create({
    methods: ['read'],
    require_api_token_auth: true,
  })) as unknown as { resource_url: string }
  const oauth = signInAt(fetch, stack.baseUrl)
  const { client_id } = (await oauth.register({ redirect_uris: [`${stack.baseUrl}/health-of-client`] })).body
  const proof = await newProof()
  const asking = new URL(`${stack.baseUrl}/oauth/authorize`)
  asking.search = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: `${stack.baseUrl}/health-of-client`,
    resource: server.resource_url,
    scope: 'mcp:read',
    state: 'state-1',
    code_challenge: proof.challenge,
    code_challenge_method: 'S256',
  }).toString()
  const person = {
    name: 'Cleo',
    issuer: provider.issuer,
    subject: 'cleo',
    grants: [`use:${tenant.accountId}`],
  }
  const { id } = await manage<{ id: string }>(stack, 'POST', '/person', person)
  const agree = async (sub: string) => {
    provider.signInAs(sub)
    const page = await (await browser.newContext()).newPage()
    await page.goto(asking.href)
    await page.getByRole('link', { name: 'Sign in with your company' }).click()
    await page.waitForLoadState()
    await page.getByText('You are signed in as').waitFor({ timeout: 3000 })
    await page.getByRole('button', { name: 'Allow' }).click()
    return page
  }
  await manage(stack, 'POST', '/person', {
    name: 'Dora',
    issuer: provider.issuer,
    subject: 'dora',
    grants: ['audit'],
  })
  const refused = await agree('dora')
  expect(await refused.getByRole('alert').textContent()).toContain('lacks the role use')
  const page = await agree('cleo')
  await page.waitForURL('**/health-of-client?*')
  const code = new URL(page.url()).searchParams.get('code')!
  const { status, body } = await oauth.fetchTokens({
    grant_type: 'authorization_code',
    code,
    client_id,
    redirect_uri: `${stack.baseUrl}/health-of-client`,
    code_verifier: proof.verifier,
    resource: server.resource_url,
  })
  expect([status, body.error]).toEqual([200, undefined])
  const call = () => oauth.rpc(server.resource_url, body.access_token as string, 'tools/list')
  expect((await call()).status).toBe(200)
  await manage(stack, 'PATCH', `/person/${id}`, { disabled: true })
  expect((await call()).status).toBe(401)
})

test('a change that lets more through is agreed to by a second person in their browser, and not by who asked', async () => {
  const tenant = await newTenant(stack)
  const server = await tenant.create({ methods: ['read', 'write'], approval: 'always' })
  for (const [subject, name] of [
    ['mo', 'Mo'],
    ['nia', 'Nia'],
  ])
    await manage(stack, 'POST', '/person', {
      ...{ name, issuer: provider.issuer, subject, grants: ['manage'] },
    })
  await manage(stack, 'PATCH', '/deployment', { second_person_for_settings: true })
  const press = async (page: Page, name: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    await page.waitForLoadState()
  }
  const mo = await arrive('mo')
  await mo.goto(`${stack.baseUrl}/dashboard/accounts/${tenant.accountId}/servers/${server.id}/edit`)
  await mo.locator('input[name=approval][value=none]').check()
  await press(mo, 'Show what changes')
  await press(mo, 'Save these changes')
  expect(await mo.textContent('main')).toContain('Waits for a second person')
  const approval = async () => {
    const path = `/integrated-account/${tenant.accountId}/mcp/${server.id}`
    return (await manage<{ config: { approval: string } }>(stack, 'GET', path)).config.approval
  }
  const { result } = await manage<{ result: { id: string }[] }>(stack, 'GET', '/settings-draft?state=pending')
  const waiting = `${stack.baseUrl}/dashboard/settings-drafts/${result[0]!.id}`
  await mo.goto(waiting)
  expect(await mo.textContent('main')).toContain('Who asked for a change may not agree to it.')
  expect([await mo.locator('button[value="agree"]').count(), await approval()]).toEqual([0, 'always'])
  const nia = await arrive('nia')
  await nia.goto(waiting)
  await nia.locator('button[value="agree"]').click()
  await nia.waitForLoadState()
  expect([await nia.textContent('main'), await approval()]).toEqual([
    expect.stringContaining('This change was agreed to, and is in force since'),
    'none',
  ])
})
