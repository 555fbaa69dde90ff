/** `npm run format`: writes the format and what the linter can mend by itself. */
import { run } from './checks.ts'
import { optionsOf } from './usage.ts'

optionsOf(
  `Usage: npm run format [-- --help]

Writes the format of all files, and what the linter can mend without changing what code does.
`,
  {},
)

process.exitCode = (await run(true, {}, 'biome', 'check', '--write')).ok ? 0 : 1
