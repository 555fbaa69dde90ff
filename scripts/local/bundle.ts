import { build } from 'esbuild'

/**
 * One ES module of a Worker, as text; nothing is written to disk.
 * @param entry absolute path of the Worker's main module
 * @throws esbuild's own error, which names file and line
 */
export const bundleWorker = async (entry: string, define: Record<string, string> = {}): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}
