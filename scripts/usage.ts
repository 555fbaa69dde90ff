/** Reading the command line of a script; `--help` prints its usage text. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** npm keeps what stands before `--`, and runs the script without it: a dry run that is none. */
const keptByNpm = (names: readonly string[], env: NodeJS.ProcessEnv): string | undefined =>
  names.find((name) => {
    const value = env[`npm_config_${name.replaceAll('-', '_')}`]
    return (value !== undefined && value !== '') || (name === 'quiet' && env.npm_config_loglevel === 'warn')
  })

/** Node says of an option that it does not know how an argument that begins with a dash would be given: nobody meant one. */
const wrongWords = (error: unknown, names: readonly string[]): string => {
  const text = error instanceof Error ? error.message : String(error)
  const [, given] = /^Unknown option '-{1,2}([\w-]+)'/.exec(text) ?? []
  if (given === undefined) return text
  const near = names.find((name) => name.startsWith(given.slice(0, 3)))
  return near === undefined
    ? `There is no option --${given}.`
    : `There is no option --${given}: is --${near} meant?`
}

const read = <Options extends ParseArgsOptionsConfig>(
  usage: string,
  options: Options,
  allowPositionals: boolean,
) => {
  try {
    const help = { type: 'boolean', short: 'h' } as const
    const { values, positionals } = parseArgs({ options: { ...options, help }, allowPositionals })
    if ('help' in values && values.help) {
      console.log(usage)
      process.exit(0)
    }
    const kept = keptByNpm(
      Object.keys(options).filter((name) => !process.argv.some((word) => word.startsWith(`--${name}`))),
      process.env,
    )
    if (kept === undefined) return { values, positionals }
    throw new Error(
      `npm kept --${kept} for itself. Options of this script stand after --: npm run … -- --${kept}`,
    )
  } catch (error) {
    console.error(`${wrongWords(error, Object.keys(options))}\n\n${usage}`)
    process.exit(2)
  }
}

/**
 * @param usage what `--help` prints, and what follows a wrong option
 * @returns the options; leaves the process with 0 after `--help`, with 2 after an option that is not known
 */
export const optionsOf = <Options extends ParseArgsOptionsConfig>(usage: string, options: Options) =>
  read(usage, options, false).values

/**
 * The same for a script that takes one argument beside its options.
 * @returns options and the argument; leaves the process with 2 also where there is none, or more than one
 */
export const argumentOf = <Options extends ParseArgsOptionsConfig>(usage: string, options: Options) => {
  const { values, positionals } = read(usage, options, true)
  const [argument] = positionals
  if (argument !== undefined && positionals.length === 1) return { values, argument }
  console.error(
    `${positionals.length === 0 ? 'The argument is missing' : 'One argument is too many'}.\n\n${usage}`,
  )
  process.exit(2)
}
