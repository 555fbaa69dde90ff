/** `npm run check`: format, lint, types and unused code, which is what `npm test` runs beside the tests. */
import { CHECKS, run } from './checks.ts'
import { optionsOf } from './usage.ts'

optionsOf(
  `Usage: npm run check [-- --help]

Runs format and lint, type checks, and the check for unused code, exports and dependencies. Prints what is wrong, and
the exit code is 0 when nothing is. For less: npm run format writes the format, npm run typecheck checks types alone.
`,
  {},
)

const results = await Promise.all(
  CHECKS.map(async ([name, command, ...args]) => ({ name, ...(await run(false, {}, command, ...args)) })),
)
for (const { name, ok, output } of results) {
  if (!ok) console.log(output)
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`)
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1
