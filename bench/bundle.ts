/** Workers as they would be deployed: one minified ES module each. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '..')

export const ENTRIES = {
  floor: 'bench/workers/floor.ts',
  proxy: 'bench/workers/proxy.ts',
  stock: 'bench/workers/stock.ts',
  ours: 'src/index.ts',
  kv: 'bench/workers/kv.ts',
} as const

export type Entry = keyof typeof ENTRIES

/** The stock shape derives JSON Schemas by itself: without this it would pay for the product's as well. */
const withoutOurSchemas: Plugin = {
  name: 'without-our-schemas',
  setup: ({ onLoad }) => {
    onLoad({ filter: /src\/tools\/json-schema\.ts$/ }, () => ({
      contents: 'export const inputJsonSchema = () => ({}); export const outputJsonSchema = () => ({})',
    }))
  },
}

/** @param minify false keeps names readable, for profiles */
export const bundle = async (entry: Entry, minify = true): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(root, ENTRIES[entry])],
    bundle: true,
    write: false,
    minify,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: entry === 'stock' ? [withoutOurSchemas] : [],
    logLevel: 'warning',
  })
  return outputFiles[0]!.text
}

/** Bytes. */
export type Size = { minified: number; gzipped: number }

export const sizeOf = (code: string): Size => ({
  minified: Buffer.byteLength(code),
  gzipped: gzipSync(code, { level: 9 }).byteLength,
})
