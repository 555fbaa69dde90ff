/** Signing in as a person does, in a real browser: its cookies, its Origin, its policies. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { AXE } from '../support/axe.ts'
import { launchBrowser as openBrowser } from '../support/browser.ts'
import { newTenant } from '../support/tenant.ts'
import { newProof, signInAt } from './sign-in.ts'

const stack = inject('stack')
const person = signInAt(fetch, stack.baseUrl)

let browser: Browser
let site: Server
/** What arrived at the client: path and referrer. */
const arrived: [url: URL, referrer: string | undefined][] = []
let address: string
let asking: string
let apiToken: string
let resource: string
let proof: Awaited<ReturnType<typeof newProof>>
let clientId: string

/** The client's callback, and a page elsewhere that frames what it is given. */
const startSite = async () => {
  site = createServer(({ url = '', headers }, response) => {
    const at = new URL(url, 'http://127.0.0.1')
    if (at.pathname === '/callback') arrived.push([at, headers.referer])
    const frame = at.searchParams.get('frame')
    response.setHeader('content-type', 'text/html')
    response.end(
      frame ? `<iframe src="${frame.replaceAll('&', '&amp;')}"></iframe>` : '<title>client</title>',
    )
  })
  await new Promise<void>((ready) => void site.listen(0, '127.0.0.1', ready))
  address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
}

beforeAll(async () => {
  await startSite()
  const tenant = await newTenant(stack)
  const server = (await tenant.create({
    methods: ['read', 'write'],
    require_api_token_auth: true,
  })) as unknown as {
    resource_url: string
  }
  resource = server.resource_url
  const scopes = ['mcp', `account:${tenant.accountId}`]
  apiToken = (
    await manage<{ token: string }>(stack, 'POST', '/api-token', { name: 'Ann', kind: 'person', scopes })
  ).token
  clientId = (await person.register({ redirect_uris: [`${address}/callback`] })).body.client_id
  proof = await newProof()
  const url = new URL(`${stack.baseUrl}/oauth/authorize`)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: `${address}/callback`,
    resource,
    scope: 'mcp:read',
    state: 'state-1',
    code_challenge: proof.challenge,
    code_challenge_method: 'S256',
  }).toString()
  asking = url.href
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  site.closeAllConnections()
  site.close()
})

test('a person mistypes the token, tries again, and the browser brings the code to the client', async () => {
  const page = await browser.newPage()
  await page.goto(asking)
  expect(await page.title()).toBe('Let Ledger Bot use Finexio?')
  await page.getByRole('checkbox', { name: 'Also make changes' }).check()
  await page.getByLabel('Your API token').fill('fxapi_mistyped')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('checkbox').isChecked()).toBe(true)
  await page.getByLabel('Your API token').fill(apiToken)
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL(`${address}/callback*`)
  const [at, referrer] = arrived.at(-1)!
  expect([at.searchParams.get('state'), referrer]).toEqual(['state-1', undefined])
  const { status, body } = await person.fetchTokens({
    grant_type: 'authorization_code',
    code: at.searchParams.get('code')!,
    client_id: clientId,
    redirect_uri: `${address}/callback`,
    code_verifier: proof.verifier,
    resource,
  })
  expect([status, body.scope]).toEqual([200, 'mcp:read mcp:write'])
  await page.close()
})

test('who declines needs no token', async () => {
  const page = await browser.newPage()
  await page.goto(asking)
  await page.getByRole('button', { name: 'Deny' }).click()
  await page.waitForURL(`${address}/callback*`)
  expect(arrived.at(-1)![0].searchParams.get('error')).toBe('access_denied')
  await page.close()
})

test('no other page can show it in a frame', async () => {
  const page = await browser.newPage()
  await page.goto(`${address}/?frame=${encodeURIComponent(asking)}`)
  const frame = page.frames().at(-1)!
  await expect.poll(() => frame.url()).toBe('chrome-error://chromewebdata/')
  expect(await frame.getByRole('button', { name: 'Allow' }).count()).toBe(0)
  await page.close()
})

const LOOKS = [
  ['light', 1280],
  ['light', 390],
  ['dark', 1280],
  ['dark', 390],
] as const

test.each(LOOKS)('%s at %i px: nothing overflows, and axe finds nothing', async (colorScheme, width) => {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true })
  const page = await context.newPage()
  await page.goto(asking)
  for (const summary of await page.locator('summary').all()) await summary.click()
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  await page.evaluate(AXE)
  const found = await page.evaluate(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id }) => id))",
  )
  expect(found).toEqual([])
  await context.close()
})
