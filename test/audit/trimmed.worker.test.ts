/** Seen on 2026-12-01: rows that retention removed while an export ran were missing from a file that looked whole. */
import { createExecutionContext, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { accountObject } from '../../src/account/account-stub.ts'
import { appendAudit, tidyAudit } from '../../src/account/tables/audit.ts'
import { watchTrimming } from '../../src/api/log/trimmed.ts'
import { app } from '../../src/app.ts'
import { connect, env, fakeFinexio } from '../api/support.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const DAY = 86_400_000

/** The last line of an export; old rows go after its first part. @param trims whether they do */
const lastLine = async (path: string, trims: boolean) => {
  fakeFinexio()
  const id = await connect('Acme')
  const object = accountObject(env, id)
  const now = Date.now()
  await object.changeAccount({ audit_retention_days: 30 })
  await runInDurableObject(object, (_, { storage }) => {
    // What comes after a row that stays is not removed.
    storage.sql.exec('UPDATE audit SET at = ?', now - 25 * DAY)
    for (let index = 0; index < 4_000; index++)
      appendAudit(
        storage.sql,
        { type: 'payee', event: 'instructed', request_id: 'r', supplier_id: 's', cents: index, count: 1 },
        now - (index < 2_000 ? 25 : 10) * DAY + index,
      )
  })
  const headers = { authorization: `Bearer ${env.ADMIN_API_KEY}` }
  const request = new Request(new URL(path.replace('ID', id), 'https://mcp.test'), { headers })
  const reader = (await app.fetch(request, env, createExecutionContext())).body!.getReader()
  const decoder = new TextDecoder()
  const next = async () => {
    const { done, value } = await reader.read()
    return done ? null : decoder.decode(value)
  }
  let text = `${await next()}${await next()}`
  if (trims)
    await runInDurableObject(object, (_, { storage }) => {
      for (let times = 0; times < 3; times++) tidyAudit(storage.sql, now + 10 * DAY)
    })
  for (let part = await next(); part !== null; part = await next()) text += part
  return text.trimEnd().split('\n').at(-1)!
}

const LOG = `/log/export?integrated_account_id=ID&from=${new Date(Date.now() - 30 * DAY).toISOString()}`

test.each([LOG, `${LOG}&format=jsonl`, '/integrated-account/ID/payee/review/export'])(
  'an export during which rows went says so in its last line: %s',
  async (path) => {
    expect(await lastLine(path, true)).toMatch(/ROWS ARE MISSING.*\d{4}-\d\d-\d\dT/)
    expect(await lastLine(path, false)).not.toContain('ROWS ARE MISSING')
  },
)

const at = (time: number) => ({ at: time, account: 'a', seq: 1 })
const seen = (since: number, began = since) => new Map([['a', { since, began }]])

test.each([
  [
    'rows that were in the file already',
    [
      [seen(5), null],
      [seen(7), at(4)],
    ],
    0,
    null,
  ],
  [
    'rows not read yet',
    [
      [seen(5), null],
      [seen(7), at(9)],
    ],
    0,
    7,
  ],
  [
    'the first ones that ever went',
    [
      [seen(0), null],
      [seen(7), at(9)],
    ],
    0,
    7,
  ],
  [
    'rows older than what was asked for',
    [
      [seen(5), null],
      [seen(7), at(9)],
    ],
    8,
    null,
  ],
  ['rows that went while the only page was read', [[seen(7, 5), null]], 0, 7],
  [
    'rows that went before',
    [
      [seen(7), null],
      [seen(7), at(9)],
    ],
    0,
    null,
  ],
] as const)('%s', (_, pages, after, gone) => {
  const trimming = watchTrimming(after)
  for (const [page, cursor] of pages) trimming.see(page, cursor)
  expect(trimming.gone()).toBe(gone)
})
