/** Reading the options of a command; `--help` prints its usage text. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/**
 * @param usage what `--help` prints, and what follows a wrong option
 * @returns the options; leaves the process with 0 after `--help`, with 2 after an option that is not known
 */
export const optionsOf = <Options extends ParseArgsOptionsConfig>(usage: string, options: Options) => {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } })
    if (!('help' in values && values.help)) return values
    console.log(usage)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
  process.exit(0)
}
