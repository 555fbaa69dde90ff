import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { minifySync } from 'rolldown/utils'

/** CommonJS packages ask for Node's modules by `require`, which an ES module does not have by itself. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire('/');"

const root = join(import.meta.dirname, '../..')

/** Modules in whose place the product has its own, as wrangler.toml says. */
export const ALIAS: Readonly<Record<string, string>> = {
  '@modelcontextprotocol/server/_shims': './src/mcp/server/sdk-platform.ts',
}

/** How every Worker is bundled: into one ES module, as workerd resolves packages; nothing is written to disk. */
export const workerBundle = (define: Record<string, string>) =>
  ({
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    alias: Object.fromEntries(Object.entries(ALIAS).map(([name, path]) => [name, join(root, path)])),
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    logLevel: 'silent',
  }) as const satisfies BuildOptions

/** The same module with a line printed for each request. */
const loggedEntry = (entry: string): string => {
  const [main, log] = [entry, join(root, 'scripts/local/request-log.ts')].map((path) => JSON.stringify(path))
  return `import handler from ${main}
import { withRequestLog } from ${log}
export * from ${main}
export default withRequestLog(handler)`
}

/**
 * One ES module of a Worker, as text.
 * @param entry absolute path of the Worker's main module
 * @param nodeCompat whether the Worker has `nodejs_compat`
 * @param logRequests whether it prints a line for each request
 * @throws esbuild's own error, which names file and line
 */
export const bundleWorker = async (
  entry: string,
  define: Record<string, string>,
  nodeCompat: boolean,
  logRequests = false,
): Promise<string> => {
  const options = workerBundle(define)
  const { outputFiles } = await build({
    ...options,
    ...(logRequests
      ? { stdin: { contents: loggedEntry(entry), resolveDir: root } }
      : { entryPoints: [entry] }),
    external: [...options.external, ...(nodeCompat ? builtinModules : [])],
    banner: { js: nodeCompat ? REQUIRE : '' },
  })
  return outputFiles[0]!.text
}

/**
 * A module as it is deployed. Packed, it is 3 % smaller than what esbuild's own minifier gives.
 * @throws when the text is no module
 */
export const minified = (module: string): string => {
  const { code, errors } = minifySync('index.js', module, { module: true })
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
  return code
}
