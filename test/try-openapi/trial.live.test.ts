/**
 * The trial with the product against a small invented description, whose list of payments lacks one parameter of ours. That
 * nothing else is refused is D10 and D11: at b8f2a26 short dates, two values of `internal_id` and a contact in an array were.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reportOf } from '../../scripts/try-openapi/report.ts'
import { tryDescription } from '../../scripts/try-openapi/trial.ts'

const file = join(import.meta.dirname, 'small-openapi.json')

test('every described operation is asked, and what the description lacks is ours', async () => {
  const report = await tryDescription(JSON.parse(readFileSync(file, 'utf8')))
  expect(report.ours.map(({ operation, at, rule, tool }) => [tool, operation, at, rule])).toEqual([
    ['list_all_finexio_payments', 'GET /payments/', 'query refunded', 'unknown parameter'],
  ])
  expect(report.unreached).toEqual([])
  expect(report.calls).toBeGreaterThan(60)
  expect(report.undescribed).toContain('POST /invoices/batch/')
  const { lines, fine } = reportOf(report)
  expect(fine).toBe(false)
  expect(lines[0]).toMatch(/^ours {4}GET \/payments\/ {2}query refunded: unknown parameter/)
  expect(lines.at(-1)).toMatch(
    /1 refusals ours, 0 accepted slips of the description, 0 operations not reached\.$/,
  )
  expect(reportOf({ ...report, ours: [] }).fine).toBe(true)
  expect(reportOf({ ...report, ours: [], unreached: ['GET /x/'] }).fine).toBe(false)
})

test.each([
  ['no argument', [], 'Usage: npm run try:openapi -- <openapi.json>'],
  ['a file that is not there', ['none.json'], 'Cannot try none.json'],
  ['another JSON', ['package.json'], 'This is no OpenAPI file'],
])('%s is said in a sentence', (_, args, message) => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/try-openapi/main.ts', ...args], {
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([2, expect.stringContaining(message)])
})
