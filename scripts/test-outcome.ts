/** Counting what passed and failed, from Vitest's JSON report. */

export type Outcome = { passed: number; failed: number }
type TestFile = { status: string; assertionResults: { status: string }[] }
export type Report = { testResults: TestFile[] }

export const add = (outcomes: readonly Outcome[]): Outcome => ({
  passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
  failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
})

/** A file that did not load has no results of its own and counts as one failure; a skipped test counts as failed. */
const countFile = ({ status, assertionResults }: TestFile): Outcome => {
  const passed = assertionResults.filter((result) => result.status === 'passed').length
  const failed = assertionResults.length - passed
  return { passed, failed: failed === 0 && status !== 'passed' ? 1 : failed }
}

/** @param ok whether Vitest left with 0: it also fails for errors outside any test, which then count as one */
export const countTests = (report: Report, ok: boolean): Outcome => {
  const outcome = add(report.testResults.map(countFile))
  return !ok && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome
}

/** Whether a text holds (the beginning of) an MCP token. */
export const holdsToken = (text: string): boolean => /fxmcp_[0-9A-Za-z]{22}/.test(text)
