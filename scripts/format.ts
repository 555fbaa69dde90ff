/** `npm run format`: formats all files and applies the linter's safe fixes. */
import { run } from './checks.ts'
import { optionsOf } from './usage.ts'

optionsOf(
  `Usage: npm run format [-- --help]

Formats all files and applies the linter's safe fixes, which do not change what code does.
`,
  {},
)

process.exitCode = (await run(true, {}, 'biome', 'check', '--write')).ok ? 0 : 1
