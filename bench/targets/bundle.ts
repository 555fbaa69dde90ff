/** Workers as they would be deployed: one minified ES module each. */
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import { minified, workerBundle } from '../../scripts/local/bundle.ts'

const ENTRIES = {
  floor: new URL('../workers/floor.ts', import.meta.url),
  proxy: new URL('../workers/proxy.ts', import.meta.url),
  stock: new URL('../workers/stock.ts', import.meta.url),
  ours: new URL('../../src/index.ts', import.meta.url),
  unledgered: new URL('../../src/index.ts', import.meta.url),
  untrailed: new URL('../workers/proxy.ts', import.meta.url),
  filled: new URL('../workers/filled.ts', import.meta.url),
  kv: new URL('../workers/kv.ts', import.meta.url),
  page: new URL('../workers/page.tsx', import.meta.url),
}

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

const OPEN_WRITES = fileURLToPath(new URL('../workers/open-writes.ts', import.meta.url).href)

/** The product without its ledger: the same code, with an account that lets every write through. */
const withoutLedger: Plugin = {
  name: 'without-ledger',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/writing\/writes\.ts$/ }, ({ importer }) =>
      importer === OPEN_WRITES ? undefined : { path: OPEN_WRITES },
    )
  },
}

/** The proxy without its trail. */
const withoutTrail: Plugin = {
  name: 'without-trail',
  setup: ({ onLoad }) => {
    onLoad({ filter: /workers\/record\.ts$/ }, () => ({ contents: 'export const record = () => {}' }))
  },
}

const PLUGINS: Partial<Record<Entry, Plugin>> = {
  stock: withoutOurSchemas,
  unledgered: withoutLedger,
  untrailed: withoutTrail,
}

/** @param minify false keeps names readable, for profiles */
export const bundle = async (entry: Entry, minify = true): Promise<string> => {
  const { outputFiles } = await build({
    ...workerBundle({}),
    // The stock shape is what the SDK is by itself.
    ...(entry === 'stock' && { alias: {} }),
    entryPoints: [fileURLToPath(ENTRIES[entry].href)],
    plugins: [PLUGINS[entry] ?? []].flat(),
    logLevel: 'warning',
  })
  const { text } = outputFiles[0]!
  return minify ? minified(text) : text
}

/** Bytes. */
export type Size = { minified: number; gzipped: number }

/** Packed at the level that wrangler packs at when it prints a size. */
export const sizeOf = (code: string): Size => ({
  minified: Buffer.byteLength(code),
  gzipped: gzipSync(code).byteLength,
})
