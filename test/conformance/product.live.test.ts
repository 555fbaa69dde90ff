/** The official conformance suite against the product itself: every scenario that needs no fixture. */
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { createAccount, createServer } from '../../scripts/local/management.ts'
import { failedChecks, failing, runSuite, SURFACE_BASELINE, type SuiteRun } from './suite.ts'

const LEGACY = [
  'server-initialize',
  'ping',
  'tools-list',
  'dns-rebinding-protection',
  'server-sse-multiple-streams',
]
const MODERN = [
  'tools-list',
  'dns-rebinding-protection',
  'server-sse-multiple-streams',
  'http-header-validation',
  'input-required-result-unsupported-methods',
  'input-required-result-validate-input',
  'sep-2164-resource-not-found',
  'input-required-result-missing-input-response',
  'input-required-result-ignore-extra-params',
]

/** Checks that call fixture tools; surface.yml says which. */
const NEEDS_FIXTURES = [
  'sep-2575-http-server-no-independent-requests-on-stream',
  'sep-2575-missing-capability-http-400',
  'sep-2575-server-no-log-without-loglevel',
  'sep-2575-server-rejects-undeclared-capability',
]

let url: string
let modern: SuiteRun

beforeAll(async () => {
  const { baseUrl, adminApiKey, finexioBaseUrl } = inject('stack')
  const api = { baseUrl, adminApiKey }
  const credentials = { username: 'conformance', password: 'conformance' }
  const account = await createAccount(api, { name: 'Conformance', credentials, base_url: finexioBaseUrl })
  const server = await createServer(api, account.id, { name: 'Conformance' })
  url = server.url.replace('127.0.0.1', 'localhost')
  modern = await runSuite(url, '--requirements', '2026-07-28', '--timeout', '5000')
})

describe('conformance of the product', () => {
  test('2026-07-28: scenarios of a tools-only server', () => {
    expect(failing(modern, MODERN)).toEqual([])
    const headers = modern.scenarios.get('http-header-validation')!
    expect(headers.filter(({ status }) => status === 'SUCCESS')).toHaveLength(14)
  })

  test('2026-07-28: server-stateless, save for the checks that call fixture tools', async () => {
    expect(failedChecks(modern, 'server-stateless').sort()).toEqual(NEEDS_FIXTURES)
    const options = ['--spec-version', '2026-07-28', '--scenario', 'server-stateless']
    const alone = await runSuite(url, ...options, '--expected-failures', SURFACE_BASELINE)
    expect(alone.exitCode, alone.output).toBe(0)
  })

  test('2026-07-28: tool list and discovery carry caching hints', () => {
    const passed = modern.scenarios.get('caching')!.filter(({ status }) => status === 'SUCCESS')
    expect(passed.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'sep-2549-tools-list-caching-hints',
        'sep-2549-ttl-non-negative',
        'sep-2549-cache-scope-valid',
        'wire-schema-valid',
      ]),
    )
  })

  test.each(['sep-2640-skills-enumeration', 'sep-2640-skills-manifest'])(
    '2026-07-28: %s, without a failure, a warning or a check left out',
    async (name) => {
      const run = await runSuite(url, '--spec-version', '2026-07-28', '--force', '--scenario', name)
      const checks = run.scenarios.get(name)!
      expect(checks.length).toBeGreaterThan(4)
      expect(checks.filter(({ status }) => status !== 'SUCCESS')).toEqual([])
    },
  )

  test('2025-11-25: scenarios of a tools-only server', async () => {
    const legacy = await runSuite(url, '--requirements', '2025-11-25', '--timeout', '5000')
    expect(failing(legacy, LEGACY)).toEqual([])
  })
})
