import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { type InputOptions, type OutputOptions, type Plugin, rolldown } from 'rolldown'
import { minifySync } from 'rolldown/utils'
import { builtSchemas } from './built-schemas.ts'
import { lessOfOauth } from './less-of-oauth.ts'
import { lessOfSdk } from './less-of-sdk.ts'
import { lessOfZod } from './less-of-zod.ts'
import { lessWords } from './less-words.ts'

/** CommonJS packages ask for Node's modules by `require`, which an ES module does not have by itself. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire('/');"

const root = join(import.meta.dirname, '../..')

/** Modules in whose place the product has its own, as wrangler.toml says. */
export const ALIAS: Readonly<Record<string, string>> = {
  '@modelcontextprotocol/server/_shims': './src/mcp/server/sdk-platform.ts',
}

const ENTRY = '\0entry'

/** A main module that is no file; it imports by absolute paths. */
export const written = (contents: string): Plugin => ({
  name: 'written',
  resolveId: { filter: { id: /^\0entry$/ }, handler: () => ENTRY },
  load: { filter: { id: /^\0entry$/ }, handler: () => ({ code: contents, moduleType: 'js' }) },
})

type Options = {
  /** Absolute path of the main module; absent where a plugin is `written`. */
  entry?: string
  define?: Record<string, string>
  alias?: Readonly<Record<string, string>>
  external?: readonly string[]
  /** Folders of packages for what has none of its own. */
  packages?: readonly string[]
  plugins?: Plugin[]
  /** Whether it makes the schemas that others are built with. */
  makesSchemas?: true
  banner?: string
}

/** A module of a Worker, by the name under which others import it. */
export type Module = { name: string; code: string }

const MAIN = 'index.js'

/** What is imported at the start stands in one module beside the main one; what is imported later, in modules of its own. */
const startApart = (): { plugin: Plugin; output: OutputOptions } => {
  const atStart = new Set<string>()
  return {
    plugin: {
      name: 'start-apart',
      buildEnd() {
        const add = (id: string): void => {
          if (atStart.has(id)) return
          atStart.add(id)
          this.getModuleInfo(id)?.importedIds.forEach(add)
        }
        for (const id of this.getModuleIds()) if (this.getModuleInfo(id)?.isEntry) add(id)
      },
    },
    output: {
      entryFileNames: MAIN,
      chunkFileNames: '[name].part.js',
      codeSplitting: { groups: [{ name: 'start', test: (id) => atStart.has(id) }] },
    },
  }
}

const inputOf = ({ entry = ENTRY, alias = ALIAS, plugins = [], ...more }: Options): InputOptions => ({
  cwd: root,
  input: entry,
  platform: 'neutral',
  external: [/^(?:cloudflare|node):/, ...(more.external ?? [])],
  resolve: {
    mainFields: ['module', 'main'],
    conditionNames: ['workerd', 'worker', 'browser', 'module', 'import'],
    alias: Object.fromEntries(Object.entries(alias).map(([name, path]) => [name, join(root, path)])),
    modules: ['node_modules', ...(more.packages ?? [])],
  },
  transform: {
    target: 'es2024',
    define: { 'process.env.NODE_ENV': '"production"', ...more.define },
  },
  plugins: [
    ...plugins,
    ...(alias === ALIAS ? [lessOfOauth, ...lessOfSdk] : []),
    ...(alias === ALIAS && !more.makesSchemas ? [lessWords, ...lessOfZod] : []),
    builtSchemas((contents) => bundled({ plugins: [written(contents)], makesSchemas: true })),
  ],
  logLevel: 'silent',
})

/**
 * How every Worker is bundled, as workerd resolves packages; nothing is written to disk.
 * @returns one ES module
 * @throws the bundler's own error, which names file and line
 */
export const bundled = async (options: Options): Promise<string> => {
  await using bundle = await rolldown(inputOf(options))
  const { output } = await bundle.generate({
    format: 'esm',
    codeSplitting: false,
    banner: options.banner ?? '',
  })
  return output[0].code
}

/**
 * The same as several modules: what a start does not need is loaded by the first request that does.
 * @returns the main module first
 * @throws the bundler's own error, which names file and line
 */
export const bundledApart = async (options: Options): Promise<Module[]> => {
  const { plugin, output: apart } = startApart()
  await using bundle = await rolldown(inputOf({ ...options, plugins: [...(options.plugins ?? []), plugin] }))
  const { output } = await bundle.generate({ format: 'esm', banner: options.banner ?? '', ...apart })
  return output.flatMap((one) => (one.type === 'chunk' ? [{ name: one.fileName, code: one.code }] : []))
}

/** The same module with a line printed for each request. */
const loggedEntry = (entry: string): string => {
  const [main, log] = [entry, join(root, 'scripts/local/request-log.ts')].map((path) => JSON.stringify(path))
  return `import handler from ${main}
import { withRequestLog } from ${log}
export * from ${main}
export default withRequestLog(handler)`
}

/**
 * A Worker as it is run and deployed.
 * @param entry absolute path of the Worker's main module
 * @param nodeCompat whether the Worker has `nodejs_compat`
 * @param logRequests whether it prints a line for each request
 * @returns the main module first
 * @throws the bundler's own error, which names file and line
 */
export const bundleWorker = (
  entry: string,
  define: Record<string, string>,
  nodeCompat: boolean,
  logRequests = false,
): Promise<Module[]> =>
  bundledApart({
    ...(logRequests ? { plugins: [written(loggedEntry(entry))] } : { entry }),
    define,
    external: nodeCompat ? builtinModules : [],
    banner: nodeCompat ? REQUIRE : '',
  })

/** Modules as Miniflare takes them. */
export const esModules = (modules: readonly Module[]) =>
  modules.map(({ name, code }) => ({ type: 'ESModule' as const, path: name, contents: code }))

/**
 * Modules as they are deployed. Packed, they are 3 % smaller than what esbuild's own minifier gives.
 * @throws when a text is no module
 */
export const minified = (modules: readonly Module[]): Module[] =>
  modules.map(({ name, code: text }) => {
    const { code, errors } = minifySync(name, text, { module: true })
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
    return { name, code }
  })
