import { builtinModules } from 'node:module'
import { build } from 'esbuild'

/** CommonJS packages ask for Node's modules by `require`, which an ES module does not have by itself. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire('/');"

/**
 * One ES module of a Worker, as text; nothing is written to disk.
 * @param entry absolute path of the Worker's main module
 * @param nodeCompat whether the Worker has `nodejs_compat`
 * @throws esbuild's own error, which names file and line
 */
export const bundleWorker = async (
  entry: string,
  define: Record<string, string>,
  nodeCompat: boolean,
): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*', ...(nodeCompat ? builtinModules : [])],
    banner: { js: nodeCompat ? REQUIRE : '' },
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}
