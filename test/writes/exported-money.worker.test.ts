/**
 * Money in exports. Seen on 2026-12-01: the amounts of an exported trail came to several times what was sent, and nothing said which rows
 * to add up; the export of approvals did not say which invoice.
 */
import { createExecutionContext } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import operations from '../../docs/operations.md?raw'
import { SUMMED } from '../../src/api/log/rows.ts'
import { app } from '../../src/app.ts'
import { call, env } from '../api/support.ts'
import { CENTS, connected, made, pay, payingFinexio } from './paying.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

type Line = Record<string, string>

const exported = async (path: string): Promise<Line[]> => {
  const headers = { authorization: `Bearer ${env.ADMIN_API_KEY}` }
  const response = await app.fetch(
    new Request(new URL(path, 'https://mcp.test'), { headers }),
    env,
    createExecutionContext(),
  )
  const [head = [], ...rows] = (await response.text())
    .replace('\ufeff', '')
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, cell, bare]) => cell ?? bare!),
    )
  return rows.map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at]!])))
}

const sum = (lines: readonly Line[]) => lines.reduce((cents, line) => cents + Number(line.cents), 0)

/** One drafted and approved, one sent directly, one whose answer is lost, one refused. */
const scenario = async () => {
  const finexio = payingFinexio()
  const { account, url } = await connected({ approval: { over_cents: 250_000 } })
  const { body: ann } = await call('POST', '/api-token', {
    body: { name: 'Ann', kind: 'person', grants: [`approve:${account}`] },
  })
  const { approval_id } = await pay(url)
  await call('POST', `/approval/${approval_id}/approve`, { key: ann.token, body: {} })
  const direct = (invoice_number: string, amount_cents: number) => {
    const [buyer, supplier] = ['buy_1', 'sup_2']
    const parties = { originating_counterparty_id: buyer, receiving_counterparty_id: supplier }
    const invoice_date = new Date().toISOString().slice(0, 10)
    return pay(url, 1, { body: [{ invoice_number, amount_cents, invoice_date, ...parties }] })
  }
  await direct('X-1', 10_000)
  finexio.reply = () => {
    throw new TypeError('connection reset')
  }
  await direct('X-2', 20_000)
  finexio.reply = () => Response.json({ detail: 'No buyer has this id' }, { status: 400 })
  await direct('X-3', 30_000)
  finexio.reply = (rows) => Response.json(made(rows))
  return account
}

test('the rows that documents and pages name come to what Finexio accepted, all rows to much more', async () => {
  const account = await scenario()
  const lines = await exported(`/log/export?log_type=all&integrated_account_id=${account}`)
  const [, type, event] = /with\s+`log_type` `(\w+)` and `event` `(\w+)` alone/.exec(operations) ?? []
  expect(SUMMED).toContain(`log_type ${type} and event ${event} alone`)
  const meant = lines.filter((line) => line.log_type === type && line.event === event)
  expect(meant).toHaveLength(2)
  expect(sum(meant)).toBe(CENTS + 10_000)
  expect(sum(lines)).toBeGreaterThan(3 * CENTS)
})

test('the export of approvals names the first invoice, as the list does', async () => {
  const account = await scenario()
  const lines = await exported(`/integrated-account/${account}/approval/export`)
  expect(lines.map(({ first_invoice }) => first_invoice)).toEqual(['M-1'])
})
