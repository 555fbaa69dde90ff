import { expect, test } from 'vitest'
import { add, countTests, tokensIn } from '../../scripts/test-outcome.ts'

const file = (status: string, ...results: string[]) => ({
  status,
  assertionResults: results.map((result) => ({ status: result })),
})

test('passed and failed tests are summed over files', () => {
  const report = { testResults: [file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')] }
  expect(countTests(report, false)).toEqual({ passed: 3, failed: 1 })
})

test('a skipped test is a failure: nothing may be switched off in silence', () => {
  expect(countTests({ testResults: [file('passed', 'passed', 'skipped', 'todo')] }, true)).toEqual({
    passed: 1,
    failed: 2,
  })
})

test('a file that does not load is one failure, and so is an error outside any test', () => {
  expect(countTests({ testResults: [file('failed')] }, false)).toEqual({ passed: 0, failed: 1 })
  expect(countTests({ testResults: [file('passed', 'passed')] }, false)).toEqual({ passed: 1, failed: 1 })
})

test('outcomes add up', () => {
  expect(add([])).toEqual({ passed: 0, failed: 0 })
  expect(
    add([
      { passed: 1, failed: 2 },
      { passed: 3, failed: 4 },
    ]),
  ).toEqual({ passed: 4, failed: 6 })
})

const NONE = { testResults: [] }
const TOKEN = `${'fxmcp_'}${'a1B'.repeat(8)}`

test('a token is found anywhere in the output, and shown without itself', () => {
  expect(tokensIn(`fine\nPOST /mcp/${TOKEN} 200`, NONE)).toEqual(['POST /mcp/fxmcp_a1Ba… 200'])
})

test('a token in the name of a test is found, also of one that was too quick to be printed', () => {
  const results = [{ status: 'passed', fullName: `${TOKEN} is refused` }]
  const report = { testResults: [{ status: 'passed', assertionResults: results }] }
  expect(tokensIn('', report)).toEqual(['fxmcp_a1Ba… is refused'])
})

test('a bare prefix is no token', () => {
  expect(tokensIn('fxmcp_ and fxmcp_short', NONE)).toEqual([])
})
