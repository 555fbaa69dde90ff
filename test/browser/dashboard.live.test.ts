/** The dashboard in a browser, over a deployment of its own that starts empty. */
import { createServer as listen } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAccount, createServer, manage, signInLink } from '../../scripts/local/management.ts'
import type { Stack } from '../../scripts/local/stack.ts'
import { toolPreview } from '../../src/tools/visible/preview.ts'
import { launchBrowser } from '../support/browser.ts'
import { callOver } from '../support/call-over.ts'
import { startBuilt } from '../support/stack.ts'
import { BATCH, invoice } from '../writes/live.ts'
import { look } from './look.ts'

let stack: Stack
let chrome: Browser
let context: BrowserContext
let page: Page
/** What the browser complained about: refused scripts and styles, among others. */
let complaints: string[]

beforeAll(async () => {
  ;[stack, chrome] = await Promise.all([startBuilt(), launchBrowser()])
})
afterAll(async () => {
  await chrome.close()
  await stack.stop()
})
beforeEach(async () => {
  context = await chrome.newContext({ baseURL: stack.baseUrl, viewport: { width: 1280, height: 900 } })
  context.setDefaultTimeout(10_000)
  page = await context.newPage()
  complaints = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4\d\d)/.test(message.text()))
      complaints.push(message.text())
  })
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    dialog.dismiss()
  })
})
afterEach(async () => {
  await context.close()
  expect(complaints).toEqual([])
})

const submit = async (name: string) => {
  await page.getByRole('button', { name, exact: true }).click()
  await page.waitForLoadState()
}
const textOf = async (selector: string) => (await page.textContent(selector)) ?? ''

const signIn = async (key = stack.adminApiKey) => {
  await page.goto('/dashboard')
  await page.getByLabel('Admin key or API token').fill(key)
  await submit('Sign in')
}

const countOf = (methods: string[]) => toolPreview.toolsOf({ methods }).length

const user = (name: string) => ({ username: name, password: `password of ${name}` })

test('from an empty deployment to an answer: connect, make a URL, test it, use it, revoke it', async () => {
  await page.goto('/dashboard')
  await look(page, 'sign-in')
  await signIn()
  expect(await textOf('h2')).toBe('No account is connected yet')
  await look(page, 'accounts-empty')

  await page.getByRole('link', { name: 'Connect Finexio' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Acme Corp')
  await page.getByLabel('User name').fill('ann:colon')
  await page.getByLabel('Password').fill('wrong')
  await submit('Check and connect')
  expect(await textOf('[role=alert]')).toContain('must not hold a colon')
  expect(await page.inputValue('#name')).toBe('Acme Corp')
  expect(await page.inputValue('#password')).toBe('')
  await look(page, 'connect')
  await page.getByLabel('User name').fill('acme')
  await page.getByLabel('Password').fill('password of acme')
  await submit('Check and connect')
  expect(await textOf('[role=status]')).toContain('Finexio accepted the credentials')
  await look(page, 'account-empty')

  await page.getByRole('link', { name: 'Create MCP server' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Month-end agent')
  expect(await textOf('#preview')).toContain(`${countOf(['read'])} tools`)
  await look(page, 'create-read-only')
  expect(await page.getByText('Approval by a person').isVisible()).toBe(false)
  await page.getByLabel('Write', { exact: false }).first().check()
  await page.locator('#preview[data-money="1"]').waitFor()
  expect(await page.getByText('Approval by a person').isVisible()).toBe(true)
  expect(await page.isChecked('input[name=approval][value=always]')).toBe(true)
  await look(page, 'create-with-writes')
  await page.getByLabel('In 24 hours: dollars', { exact: true }).fill('25,000')
  await page.getByLabel('24 hours', { exact: true }).check()
  await submit('Review before creating')
  expect(await textOf('main')).toContain('$25,000.00 within 24 hours')
  await submit('Create MCP server')

  const url = await textOf('#mcp-url')
  expect(url).toMatch(new RegExp(`^${stack.baseUrl}/mcp/fxmcp_[0-9A-Za-z]{71}$`))
  await page.getByText('VS Code', { exact: true }).click()
  expect(await textOf('main')).toContain(JSON.stringify(url))
  await submit('Test connection')
  await page.locator('#test .note').waitFor()
  expect(await textOf('#test')).toMatch(/It works.*\d+ tools.*list_all_finexio_payments: answered/)
  await look(page, 'created')

  expect(await callOver(url, 'list_all_finexio_payments', { limit: 1 })).toMatchObject({ isError: false })
  await page.getByRole('link', { name: 'I have copied it' }).click()
  await page.locator('#activity td:has-text("the list of payments")').first().waitFor()
  expect(await textOf('main')).toContain('$0.00 of $25,000.00')
  expect(await page.content()).not.toContain(url)
  await look(page, 'server')

  await page.getByText('Revoke…', { exact: true }).click()
  await submit('Revoke this server')
  expect(await textOf('[role=status]')).toContain('Revoked')
  expect((await callOver(url, 'list_all_finexio_payments', { limit: 1 })).status).toBe(404)
})

/** An account with a server, and hostile names, made over REST. */
const furnished = async (name: string) => {
  const { id } = await createAccount(stack, {
    name,
    credentials: user(name.slice(0, 5)),
    base_url: stack.finexioBaseUrl,
  })
  const server = await createServer(stack, id, {
    name,
    config: { methods: ['read', 'write'], approval: 'always' },
  })
  await callOver(server.url, 'list_all_finexio_payments', { limit: 1 })
  await callOver(server.url, 'list_all_finexio_payments', { limit: 'many' })
  return { id, server, account: `/dashboard/accounts/${id}` }
}

const token = (name: string, scopes: string[]) =>
  manage<{ id: string; holder: string; token: string }>(stack, 'POST', '/api-token', {
    name,
    kind: 'person',
    scopes,
  })

test('every other page is whole at both widths, light and dark, and names of others are text', async () => {
  const { server, account } = await furnished('<img src=x onerror=alert(document.domain)>')
  const { holder } = await token('<svg onload=alert(1)>', ['approve'])
  await signIn()
  const pages: Record<string, string> = {
    overview: '/dashboard',
    accounts: '/dashboard/accounts',
    account: account,
    'server-edit': `${account}/servers/${server.id}/edit`,
    'account-activity': `${account}/activity`,
    'account-settings': `${account}/settings`,
    'account-history': `${account}/history`,
    'server-history': `${account}/servers/${server.id}/history`,
    'access-on-date': '/dashboard/access',
    activity: '/dashboard/activity?type=all',
    tokens: '/dashboard/tokens',
    people: '/dashboard/people',
    person: `/dashboard/people/${holder}`,
    deployment: '/dashboard/deployment',
    stop: '/dashboard/stop',
    'not-found': '/dashboard/nothing-here',
    nowhere: '/nope',
  }
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path)
    await look(page, name)
  }
  await page.goto('/dashboard/activity')
  // Fetched by whoever opens it, with the keyboard too, and closed by the same link.
  const details = page.getByRole('link', { name: /^Details of row/ }).first()
  await details.focus()
  await page.keyboard.press('Enter')
  await page.locator('.drawer pre').first().waitFor()
  expect(new URL(page.url()).pathname).toBe('/dashboard/activity')
  await look(page, 'activity-details')
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.getByRole('navigation', { name: 'Main' }).isVisible()).toBe(false)
  await page.getByRole('button', { name: 'Menu' }).focus()
  await page.keyboard.press('Enter')
  const stop = page.getByRole('link', { name: 'Stop writes' })
  await stop.waitFor()
  await page.keyboard.press('Escape')
  await stop.waitFor({ state: 'hidden' })
  await page.keyboard.press('Enter')
  await stop.waitFor()
  await look(page, 'menu', [{ width: 390, height: 844, scheme: 'dark' }])
  await page.keyboard.press('Escape')
  await submit('Verify the chain')
  await page.getByText(/chains hold/).waitFor()
  await look(page, 'verification')
  await page.goto('/dashboard/stop')
  await page.getByLabel('Why (optional)').fill('Something looks wrong')
  await submit('Stop all writes now')
  await page.goto('/dashboard')
  expect(await textOf('main')).toContain('“Something looks wrong”')
  await look(page, 'overview-stopped')
  await page.goto('/dashboard/stop')
  await submit('Let writes go on')
})

test('a batch waits until a second person, from a link, has seen its rows and approves it', async () => {
  const { id } = await createAccount(stack, {
    name: 'Paying Corp',
    // The demo's own credentials: the README's picture shows the names that a reader of it meets.
    credentials: { username: 'demo', password: 'demo' },
    base_url: stack.finexioBaseUrl,
  })
  // A role has to be older than the draft.
  const ann = await token('Ann Approver', ['approve'])
  const config = { methods: ['read', 'write'], approval: 'always' }
  const { url } = await createServer(stack, id, { name: 'Month-end agent', config })
  const body = [invoice('APP-1', 12_345), invoice('APP-2', 655)]
  const { data } = await callOver(url, BATCH, { body })
  const link = data.approval_url as string
  expect(link).toBe(`${stack.baseUrl}/dashboard/approval/${data.approval_id}`)

  await signIn()
  await page.goto(link)
  expect(await textOf('main')).toContain('A second person decides')
  await submit('Sign out')

  await page.goto(link)
  await page.getByLabel('Admin key or API token').fill(ann.token)
  await submit('Sign in')
  expect(page.url()).toBe(link)
  await page.goto('/dashboard')
  expect(await textOf('#waiting')).toBe('1 write waits for approval, for you')
  await look(page, 'overview-approver')
  await page.goto(link)
  expect(await textOf('h1')).toMatch(/^Pay \$130\.00 to .+: 2 invoices$/)
  const rows = await textOf('#sent ~ .sheet')
  for (const shown of ['APP-1', '$123.45', 'APP-2', '$6.55']) expect(rows).toContain(shown)
  await look(page, 'approval')
  await page.getByRole('link', { name: 'Approvals', exact: true }).first().click()
  expect(await textOf('#queue')).toContain('Pay $130.00')
  await look(page, 'approvals')
  await page.getByRole('link', { name: 'Pay $130.00' }).click()
  await page.getByLabel('Reason (kept in the audit trail)').fill('checked against the invoices')
  await submit('Approve and send')
  expect(await textOf('[role=status]')).toContain('Finexio accepted it.')
  expect(await textOf('[role=status]')).toContain('Ann Approver')
  await look(page, 'approval-executed')
  const followed = await callOver(url, 'get_finexio_approval', { approval_id: data.approval_id })
  expect(followed.data).toMatchObject({ state: 'executed', outcome: 'succeeded' })
})

test('a webhook secret goes in and never comes out', async () => {
  const { account } = await furnished('Hooked Corp')
  await signIn()
  await page.goto(`${account}/secrets`)
  await look(page, 'secrets-empty')
  await page.getByLabel('Name', { exact: true }).fill('erp_hook')
  await page.getByLabel('User name').fill('finexio')
  await page.getByLabel('Password').fill('a secret of hooks')
  await page.getByLabel('Hosts it may go to').fill('hooks.example.com')
  await submit('Store encrypted')
  expect(await textOf('tbody')).toContain('erp_hook')
  expect(await page.content()).not.toContain('a secret of hooks')
  await look(page, 'secrets')
  await page.locator('summary', { hasText: 'Delete erp_hook' }).click()
  await submit('Delete erp_hook')
  expect(await textOf('h2')).toBe('No webhook secret yet')
})

test('a session that ended leads to the door, and from there to the page that was asked for', async () => {
  const { account } = await furnished('Ended Corp')
  const ann = await token('Ann', ['admin'])
  await signIn(ann.token)
  await page.goto(`${account}/settings`)
  await manage(stack, 'DELETE', `/api-token/${ann.id}`)
  await submit('Stop all writes of this account')
  expect(await textOf('h1')).toBe('Your session is over')
  await look(page, 'session-over')
  await page.goto(`${account}/settings`)
  expect(new URL(page.url()).pathname).toBe('/dashboard/sign-in')
  await page.getByLabel('Admin key or API token').fill(stack.adminApiKey)
  await submit('Sign in')
  expect(new URL(page.url()).pathname).toBe(`${account}/settings`)
  expect(await page.getByRole('button', { name: 'Stop all writes of this account' }).count()).toBe(1)
})

test('rotating shows a new URL once; the old one ends', async () => {
  const { server, account } = await furnished('Rotating Corp')
  await signIn()
  await page.goto(`${account}/servers/${server.id}`)
  await submit('Make a new URL')
  const url = await textOf('#mcp-url')
  expect(url).not.toBe(server.url)
  expect((await callOver(server.url, 'list_all_finexio_payments')).status).toBe(404)
  expect((await callOver(url, 'list_all_finexio_payments', { limit: 1 })).status).toBe(200)
})

test('what changes about a server is shown before it is saved; a list that nobody is on stays', async () => {
  const { id, account } = await furnished('Changing Corp')
  const config = {
    methods: ['read', 'write'],
    approval: 'always',
    allowed_suppliers: [],
    text_format: 'json',
  }
  const server = await createServer(stack, id, { name: 'Month-end agent', config })
  await signIn()
  await page.goto(`${account}/servers/${server.id}/edit?name=x&approval=none&methods=read`)
  expect(await page.inputValue('#name')).toBe('Month-end agent')
  expect(await page.isChecked('input[name=approval][value=always]')).toBe(true)
  expect(await page.isChecked('input[name=allowed_suppliers_who][value=none]')).toBe(true)
  await look(page, 'server-edit-lists')
  await page.getByLabel('Name', { exact: true }).fill('Year-end agent')
  await page.getByLabel('As the account says').check()
  await page.getByLabel('In 24 hours: dollars', { exact: true }).fill('25,000')
  await submit('Show what changes')
  const rows = await textOf('main table')
  for (const shown of [
    'Month-end agent',
    'Year-end agent',
    'as the account says: now not asked for',
    '$25,000.00',
  ])
    expect(rows).toContain(shown)
  await look(page, 'server-review')
  await submit('Change something else')
  expect(await page.inputValue('#name')).toBe('Year-end agent')
  await submit('Show what changes')
  await submit('Save these changes')
  expect(await textOf('[role=status]')).toBe('Saved.')
  const path = `/integrated-account/${id}/mcp/${server.id}`
  const { approval: _, ...rest } = config
  expect(await manage(stack, 'GET', path)).toMatchObject({
    name: 'Year-end agent',
    config: { ...rest, limits: { per_day: { cents: 2_500_000 } } },
  })
  await page.goto(`${account}/servers/${server.id}/edit`)
  await submit('Show what changes')
  expect(await textOf('[role=status]')).toContain('Nothing was changed')
})

test('what changes about an account is shown before it is saved', async () => {
  const { account } = await furnished('Settled Corp')
  await signIn()
  await page.goto(`${account}/settings`)
  await page.getByLabel('Approval, unless a server says otherwise').selectOption('over')
  await page.getByLabel('Amount in dollars').fill('1,000')
  await submit('Show what changes')
  expect(await textOf('main table')).toContain('over $1,000.00')
  await look(page, 'account-review')
  await submit('Save these changes')
  expect(await textOf('[role=status]')).toBe('Saved.')
})

test('an account goes only when its name is typed', async () => {
  const { account } = await furnished('Leaving Corp')
  await signIn()
  await page.goto(`${account}/settings`)
  await page.getByLabel('Type the account’s name to confirm').fill('leaving corp')
  await submit('Delete this account')
  expect(await textOf('[role=alert]')).toContain('not the name of the account')
  await page.getByLabel('Type the account’s name to confirm').fill('Leaving Corp')
  await submit('Delete this account')
  expect(await textOf('[role=status]')).toContain('Deleted')
  expect((await page.goto(account))?.status()).toBe(404)
})

test('the link of npm start signs in once', async () => {
  const link = await signInLink(stack)
  await page.goto(link)
  await page.getByRole('button', { name: 'Sign in' }).click()
  expect(await textOf('h1')).toBe('Overview')
  const other = await chrome.newContext()
  const second = await other.newPage()
  await second.goto(link)
  await second.getByRole('button', { name: 'Sign in' }).click()
  expect(await second.textContent('[role=alert]')).toContain('used before')
  await other.close()
})

/** Another origin of the same site, since ports do not part sites: the worst case, in which the browser sends cookies along. */
const attack = async (html: string, run: (evil: Page) => Promise<void>) => {
  const server = listen((_, response) => response.setHeader('content-type', 'text/html').end(html))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const evil = await context.newPage()
  await evil.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await run(evil)
  await evil.close()
  server.close()
  server.closeAllConnections()
}

test('another origin can neither send a form in somebody’s session nor put a page into a frame', async () => {
  await signIn()
  const form = `<form method="post" action="${stack.baseUrl}/dashboard/stop"><input name="stopped" value="1"><button>win</button></form>`
  await attack(form, async (evil) => {
    await evil.click('button')
    await evil.waitForLoadState()
    expect(await evil.textContent('body')).toContain('did not come from a page of your session')
  })
  expect(await manage(stack, 'GET', '/writes')).toMatchObject({ stopped: false })
  await attack(`<iframe src="${stack.baseUrl}/dashboard/stop"></iframe>`, async (evil) => {
    // What a browser puts in the place of a page that must not be framed.
    await expect.poll(() => evil.frames()[1]?.url()).toBe('chrome-error://chromewebdata/')
  })
  complaints = []
})
