/**
 * The auditor's exam: twenty questions about a scripted history, each answered from the pages by somebody who holds the role `audit`
 * alone, in at most three clicks from the first page. At b8f2a26 there was neither a history nor such a role's page.
 */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Stack } from '../../../scripts/local/stack.ts'
import { launchBrowser } from '../../support/browser.ts'
import { startBuilt } from '../../support/stack.ts'
import { look } from '../look.ts'
import { ACCOUNT, GONE, type History, LINES, NEW_MAIL, REASONS, SERVER, toldHistory } from './history.ts'
import { type Auditor, MOST_CLICKS, newAuditor } from './kit.ts'

let stack: Stack
let chrome: Browser
let told: History
let olga: Auditor

beforeAll(async () => {
  ;[stack, chrome] = await Promise.all([startBuilt(), launchBrowser()])
  told = await toldHistory(stack)
  const page = await chrome.newPage({ baseURL: stack.baseUrl })
  await page.goto('/dashboard')
  await page.getByLabel('Admin key or API token').fill('a key of nobody')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('alert').first().waitFor()
  olga = await newAuditor(chrome, stack.baseUrl, told.people.olga.token)
})
afterAll(async () => {
  await chrome?.close()
  await stack?.stop()
})

const dollars = (cents: number) => `$${(cents / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })}`
const TOTAL = dollars(LINES.reduce((sum, [, cents]) => sum + cents, 0))

/** @param moment ISO, to the second */
const accessAt = async (moment: string) => {
  await olga.press('Access on date')
  await olga.enter('Access on (UTC)', moment.slice(0, 10))
  await olga.enter('At (empty: end of the day)', moment.slice(11, 19))
  await olga.press('Show')
}
const filtered = async (choices: Record<string, string>) => {
  await olga.press('Activity', '.nav')
  for (const [label, value] of Object.entries(choices)) await olga.enter(label, value)
  await olga.press('Show')
}
const draft = async (title: RegExp) => {
  await olga.press(/^Approvals/, '.nav')
  await olga.press(title, 'main')
}

type Question = {
  asks: string
  /** Goes to where the answer stands. @returns what is read there */
  find(): Promise<string>
  /** Parts of the right answer, in their order. */
  right(): string[]
  wrong?(): string[]
}

const QUESTIONS: readonly Question[] = [
  {
    asks: 'who could approve at a moment before a role was taken away',
    find: async () => {
      await accessAt(told.made)
      return `${await olga.row('Ann Approver')} ${await olga.row('Bob Brown')}`
    },
    right: () => ['Ann Approver', 'approve what waits', 'Bob Brown', 'approve what waits'],
  },
  {
    asks: 'who can approve today',
    find: async () => {
      await olga.press('Access on date')
      return olga.text('table:has-text("approve what waits")')
    },
    right: () => ['Ann Approver', 'approve what waits'],
    wrong: () => ['Bob Brown'],
  },
  {
    asks: 'through which servers could money move then, and who could call them',
    find: async () => {
      await accessAt(told.made)
      return `${await olga.row(SERVER)} ${await olga.row(GONE)}`
    },
    right: () => [SERVER, 'could move money', '$20,000.00', 'whoever had its URL', GONE, 'could move money'],
  },
  {
    asks: 'which limit applied to the payment of $500.00',
    find: async () => {
      await filtered({ What: 'payees' })
      await olga.press(/UTC$/, 'main tr:has-text("pay $500.00")')
      await olga.page.getByRole('heading', { name: /^Who could do what on/ }).waitFor()
      return olga.row(SERVER)
    },
    right: () => ['in 24 hours $20,000.00'],
    wrong: () => ['$6,000.00'],
  },
  {
    asks: 'who lowered the limit, and from what to what',
    find: async () => {
      await filtered({ What: 'people and settings' })
      return olga.row('lowered')
    },
    right: () => [`Mia Manager lowered the daily limit of “${SERVER}” from $20,000 to $6,000`],
  },
  {
    asks: 'which lines had the batch that was approved, and who approved it',
    find: async () => {
      await draft(/^Pay \$4,000\.00/)
      return olga.text()
    },
    right: () => ['Ann Approver', ...LINES.flatMap(([number, cents]) => [number, dollars(cents)])],
  },
  {
    asks: 'on which day was the batch approved',
    find: async () => {
      await olga.press(/^Approvals/, '.nav')
      return olga.row(TOTAL)
    },
    right: () => ['Ann Approver', `${Number(told.made.slice(8, 10))} `, told.made.slice(0, 4), 'UTC'],
  },
  {
    asks: 'why was it asked for, and why was it approved',
    find: async () => {
      await draft(/^Pay \$4,000\.00/)
      return olga.text()
    },
    right: () => [SERVER, REASONS.batch, REASONS.approved],
  },
  {
    asks: 'which records at Finexio came of it',
    find: async () => {
      await draft(/^Pay \$4,000\.00/)
      return olga.text('section[aria-labelledby="came"]')
    },
    right: () =>
      (told.executed.outcome as unknown as { result: { id: string }[] }).result.map(({ id }) => id),
  },
  {
    asks: 'who rejected what, and why',
    find: async () => {
      await draft(/^Pay \$1,300\.00/)
      return olga.text()
    },
    right: () => ['rejected', 'Bob Brown', REASONS.rejected, 'GIFT-1', '$1,300.00'],
  },
  {
    asks: 'what became of the draft on which nobody decided',
    find: async () => {
      await draft(/^Pay \$77\.00/)
      return olga.text()
    },
    right: () => [GONE, 'canceled', 'Nobody decided', 'its MCP server ended'],
  },
  {
    asks: 'how is the supplier paid since the change, how before, and who agreed',
    find: async () => {
      await draft(/^Set remit email/)
      return olga.text()
    },
    right: () => ['Ann Approver', REASONS.payeeApproved, 'Remit email', NEW_MAIL, 'money goes: remit email'],
  },
  {
    asks: 'which payee changed while an invoice of it was unpaid',
    find: async () => {
      await filtered({ What: 'payees' })
      return olga.row('is paid was changed')
    },
    right: () => ['Blue Ridge Cold Storage', 'remit email', 'unpaid'],
    wrong: () => ['remit_email'],
  },
  {
    asks: 'who stopped writes, and why',
    find: async () => {
      await filtered({ What: 'people and settings', Person: 'Olga Auditor' })
      return olga.row('stopped')
    },
    right: () => [`Olga Auditor stopped all writes of ${ACCOUNT}`, REASONS.stopped],
  },
  {
    asks: 'who resumed them, and why',
    find: async () => {
      await filtered({ What: 'people and settings', Person: 'Ada Admin' })
      return olga.row('resumed')
    },
    right: () => [`Ada Admin resumed all writes of ${ACCOUNT}`, REASONS.resumed],
  },
  {
    asks: 'could money leave in between',
    find: async () => {
      await accessAt(told.whileStopped)
      return olga.text()
    },
    right: () => ['All writes of this account were stopped', SERVER, '$6,000.00'],
  },
  {
    asks: 'who deleted the server that is gone, and what could it do',
    find: async () => {
      await olga.press('Access on date')
      await olga.press('What changed up to then')
      return olga.text('.more + div')
    },
    right: () => [
      `“${GONE}” was deleted`,
      'Mia Manager',
      `“${GONE}” was made`,
      'read and write',
      'every write',
    ],
  },
  {
    asks: 'who gave the approver the role that was taken away, and who took it',
    find: async () => {
      await olga.press('Access on date')
      await olga.press('What changed up to then')
      return olga.text('.more + div')
    },
    right: () => [
      ...['API token of Bob Brown was deleted', 'Ada Admin'],
      ...['API token of Bob Brown was made Roles: approve writes for all accounts', 'admin key'],
    ],
  },
  {
    asks: 'who tried to decide without the right to',
    find: async () => {
      await filtered({ What: 'people and settings', Person: 'Uwe User' })
      return olga.row('tried')
    },
    right: () => ['Uwe User tried to approve a draft', 'refused by the role that it takes: approve', ACCOUNT],
  },
  {
    asks: 'which sign-in failed, and who signed in since',
    find: async () => {
      await filtered({ Account: 'none: the deployment' })
      return olga.text()
    },
    right: () => ['Olga Auditor signed in', 'not known here tried to sign in', 'key was not valid'],
  },
  {
    asks: 'how much did agents send this month',
    find: () => olga.text(),
    right: () => ['Sent by agents this month', dollars(50_000 + 400_000)],
  },
  {
    asks: 'has the trail been altered',
    find: async () => {
      await olga.press('Activity', '.nav')
      await olga.press('Verify the chain')
      await olga.page.getByText(/chains? holds?/).waitFor()
      return olga.text()
    },
    right: () => ['All 2 chains hold'],
  },
]

/** Where each part begins after the one before; the first that is missing ends it. */
const missingIn = (text: string, parts: readonly string[]): string | null => {
  let from = 0
  for (const part of parts) {
    const at = text.indexOf(part, from)
    if (at < 0) return part
    from = at + part.length
  }
  return null
}

test('there are at least twenty questions', () => expect(QUESTIONS.length).toBeGreaterThanOrEqual(20))

test.each(QUESTIONS.map((one) => [one.asks, one] as const))('%s', async (asks, { find, right, wrong }) => {
  await olga.home()
  const text = await find()
  expect([asks, missingIn(text, right()), text]).toEqual([asks, null, text])
  for (const one of wrong?.() ?? []) expect(text).not.toContain(one)
  expect([asks, olga.clicks() <= MOST_CLICKS, olga.clicks()]).toEqual([asks, true, olga.clicks()])
})

test('the pages that answer stay light, whole at both widths, and clean', async () => {
  await olga.page.goto(`/dashboard/access?on=${told.made.slice(0, 10)}&time=${told.made.slice(11, 19)}`)
  await look(olga.page, 'exam-access')
  await olga.page.goto('/dashboard/activity')
  await look(olga.page, 'exam-activity')
})
