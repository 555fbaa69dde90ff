/** Approvals in a browser: all that a decision needs on one page, and the same page afterwards, at both widths (C3). */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAccount, createServer, manage } from '../../scripts/local/management.ts'
import type { Stack } from '../../scripts/local/stack.ts'
import { launchBrowser } from '../support/browser.ts'
import { callOver } from '../support/call-over.ts'
import { picture } from '../support/pictures.ts'
import { startBuilt } from '../support/stack.ts'
import { BATCH, invoice } from '../writes/live.ts'
import { ALL_SIZES, look } from './look.ts'

let stack: Stack
let chrome: Browser
let context: BrowserContext
let page: Page

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
})
afterEach(() => context.close())

const textOf = async (selector: string) => (await page.textContent(selector)) ?? ''
const submit = async (name: string) => {
  await page.getByRole('button', { name, exact: true }).click()
  await page.waitForLoadState()
}

type Place = { id: string; url: string }

/** An account of its own whose writes wait, and a person of whom the role is older than any draft. */
const place = async (name: string): Promise<Place> => {
  const { id } = await createAccount(stack, {
    name,
    credentials: { username: name.toLowerCase(), password: `password of ${name}` },
    base_url: stack.finexioBaseUrl,
  })
  const config = { methods: ['read', 'write'], approval: 'always' }
  const { url } = await createServer(stack, id, { name: 'Month-end agent', config })
  return { id, url }
}

const signIn = async (name: string, grants: string[]) => {
  const { token } = await manage<{ token: string }>(stack, 'POST', '/api-token', {
    name,
    kind: 'person',
    grants,
  })
  return async () => {
    await page.goto('/dashboard')
    await page.getByLabel('Admin key or API token').fill(token)
    await submit('Sign in')
  }
}

type Row = Record<string, string>

/** Two suppliers of whom there are payments, those with the most first. */
const paidSuppliers = async (url: string): Promise<string[]> => {
  const { data } = await callOver(url, 'list_all_finexio_payments', { limit: 200 })
  const bySupplier = [...Map.groupBy(data.result as Row[], (row) => row.receiving_counterparty_id!)]
  return bySupplier.toSorted((a, b) => b[1].length - a[1].length).map(([id]) => id)
}

test('a batch, before the decision and after it: payees, what is unusual, earlier payments, reasons, ids', async () => {
  const signInAsAnn = await signIn('Ann Approver', ['approve'])
  const { url } = await place('Judged')
  const [first, second] = await paidSuppliers(url)
  const body = [
    invoice('RUN-1', 99_000_000, first),
    invoice('RUN-2', 4_200, second),
    invoice('RUN-3', 655, second),
  ]
  const { data } = await callOver(url, BATCH, { body, reason: 'Month-end run of November' })
  await signInAsAnn()
  expect(await textOf('.nav')).toMatch(/Approvals\s*1 waiting/)
  await page.goto(`/dashboard/approval/${data.approval_id}`)
  const main = await textOf('main')
  for (const shown of [
    'Look at this',
    'times the usual',
    'Paid before',
    '“Month-end run of November”',
    'Approve and send',
  ])
    expect(main).toContain(shown)
  // Seen at 768 with suppliers whose ids are long: the last columns of the table were cut off.
  await look(page, 'approval-batch-waits', ALL_SIZES)
  await page.getByLabel('Reason (kept in the audit trail)').fill('Compared with the delivery notes')
  await submit('Approve and send')
  const kept = await textOf('main')
  for (const shown of [
    'What came of it',
    'Look at this',
    'Paid before',
    'RUN-1',
    'Ann Approver',
    '“Month-end run of November”',
    '“Compared with the delivery notes”',
  ])
    expect(kept).toContain(shown)
  await look(page, 'approval-batch-executed')
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByRole('navigation', { name: 'Main' }).isVisible()).toBe(false)
  expect(await page.getByText('What came of it').isVisible()).toBe(true)
  await picture(page, 'approval-batch-printed', { fullPage: true })
})

test('a change of how a supplier is paid, rejected: old and new by name stay', async () => {
  const signInAsBob = await signIn('Bob Approver', ['approve'])
  const { id, url } = await place('Changed')
  await manage(stack, 'PATCH', `/integrated-account/${id}`, { payees: 'verified' })
  const bank = { payment_method: 'ACH', bank_account_number: '99887766554', bank_routing_number: '021000021' }
  const { data } = await callOver(url, 'finexio_suppliers_partial_update', {
    id: 'sup_999',
    ...bank,
    reason: 'Mail of 3 November',
  })
  await signInAsBob()
  await page.goto(`/dashboard/approval/${data.approval_id}`)
  for (const shown of ['What would change', '****6554', 'verified suppliers only'])
    expect(await textOf('main')).toContain(shown)
  expect(await textOf('h1')).not.toContain('sup_999')
  await look(page, 'approval-change-waits')
  await page.getByLabel('Reason (kept in the audit trail)').fill('Nobody there knows of it')
  await submit('Reject')
  for (const shown of ['What was to change', '****6554', 'Nobody there knows of it'])
    expect(await textOf('main')).toContain(shown)
  expect(await page.content()).not.toContain('99887766554')
  await look(page, 'approval-change-rejected')
})

test('the list: what waits first, then who decided what, with a state to choose and a CSV', async () => {
  const signInAsCleo = await signIn('Cleo Approver', ['approve'])
  const { url } = await place('Listed')
  const drafts = []
  for (const number of ['L-1', 'L-2', 'L-3'])
    drafts.push((await callOver(url, BATCH, { body: [invoice(number, 70_000)] })).data.approval_id)
  await callOver(url, 'cancel_finexio_draft', { approval_id: drafts[0] })
  await signInAsCleo()
  await page.goto(`/dashboard/approval/${drafts[1]}`)
  await submit('Reject')
  await page.getByRole('link', { name: 'Approvals' }).first().click()
  const queue = await textOf('#queue')
  expect(queue.indexOf('Who asks')).toBeLessThan(queue.indexOf('Who asked'))
  for (const shown of ['Cleo Approver', 'rejected', 'canceled', '$700.00 to']) expect(queue).toContain(shown)
  await look(page, 'approvals-list', ALL_SIZES)
  await page.getByLabel('State').selectOption('rejected')
  await submit('Show')
  expect(await textOf('#queue')).not.toContain('canceled')
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /Listed as CSV|All as CSV/ }).click(),
  ])
  expect(saved.suggestedFilename()).toBe('finexio-mcp-approvals.csv')
})
