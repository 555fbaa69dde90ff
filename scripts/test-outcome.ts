/** Counting what passed and failed, from Vitest's JSON report. */

export type Outcome = { passed: number; failed: number }
type TestFile = { status: string; assertionResults: { status: string; fullName?: string }[] }
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

const TOKEN = /(fxmcp_[0-9A-Za-z]{4})[0-9A-Za-z]{18,}/g

/**
 * The lines that hold (the beginning of) an MCP token, shortened so that they can be shown.
 * The names of all tests are read as well: Vitest prints only those that were slow, so a token in a name shows on slow machines alone.
 */
export const tokensIn = (output: string, report: Report): string[] => {
  const names = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName = '' }) => fullName),
  )
  const lines = [...output.split('\n'), ...names].filter((line) => line.search(TOKEN) >= 0)
  return lines.map((line) => line.replace(TOKEN, '$1…').slice(0, 300))
}
