/** The official conformance suite against our endpoint code, with every fixture the suite asks for. */

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalWorker, startWorker } from '../../scripts/local/worker.ts'
import { malformed } from '../mcp/malformed.ts'
import { failing, LEGACY_BASELINE, requiredScenarios, runStableSuite, runSuite } from './suite.ts'

/** Out of reach without a session; legacy.yml says why. */
const NEEDS_SESSION = [
  'elicitation-sep1034-defaults',
  'elicitation-sep1330-enums',
  'tools-call-elicitation',
  'tools-call-sampling',
]

let worker: LocalWorker
let url: string

beforeAll(async () => {
  const config = join(import.meta.dirname, 'fixtures/wrangler.toml')
  worker = await startWorker({ config, bindings: {} })
  url = `http://localhost:${new URL(worker.url).port}/`
})
afterAll(() => worker?.stop())

describe('conformance of the endpoint', () => {
  test('2026-07-28: 37 of 37', async () => {
    const required = await requiredScenarios('2026-07-28')
    const result = await runSuite(url, '--requirements', '2026-07-28')
    expect(required).toHaveLength(37)
    expect(failing(result, required)).toEqual([])
    expect(result.exitCode, result.output).toBe(0)
  })

  test('2026-07-28: of the scenarios that are not scored, header validation and schema fidelity hold too', async () => {
    const options = ['--spec-version', '2026-07-28', '--scenario']
    for (const [name, checks] of [
      ['http-header-validation', 14],
      ['json-schema-2020-12', 8],
    ] as const) {
      const { scenarios } = await runSuite(url, ...options, name)
      expect(scenarios.get(name)!.filter(({ status }) => status === 'SUCCESS')).toHaveLength(checks)
    }
  })

  test('2025-11-25: 26 of 30, the other four need a session', async () => {
    const required = await requiredScenarios('2025-11-25')
    const result = await runSuite(
      url,
      ...['--requirements', '2025-11-25', '--timeout', '5000', '--expected-failures', LEGACY_BASELINE],
    )
    expect(required).toHaveLength(30)
    expect(failing(result, required).sort()).toEqual(NEEDS_SESSION)
    expect(result.exitCode, result.output).toBe(0)
  })

  test('stable suite: 26 of 30, the same four', async () => {
    const result = await runStableSuite(url, '--expected-failures', LEGACY_BASELINE)
    expect(result.scenarios.size).toBe(30)
    expect(failing(result, result.scenarios.keys()).sort()).toEqual(NEEDS_SESSION)
    expect(result.exitCode, result.output).toBe(0)
  })
})

test('malformed bodies are refused in workerd as they are in Node', async () => {
  const codes = new Set<string>()
  for (const body of malformed) {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: body as string })
    const { error } = (await response.json()) as { error: { code: number } }
    codes.add(`${response.status} ${error.code}`)
  }
  expect([...codes]).toEqual(['400 -32700'])
})
