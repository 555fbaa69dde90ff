/** `npm run typecheck`: the types of the Worker, its scripts and tests, then those of the cards. */
import { CHECKS, run } from './checks.ts'
import { optionsOf } from './usage.ts'

optionsOf(
  `Usage: npm run typecheck [-- --help]

Checks the types of the Worker, the scripts and the tests, and those of the cards, which run in a browser.
`,
  {},
)

const types = CHECKS.filter(([, command]) => command === 'tsc')
const results = await Promise.all(types.map(([, command, ...args]) => run(true, {}, command, ...args)))
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1
