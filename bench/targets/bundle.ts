/** Workers as they would be deployed: minified ES modules. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'rolldown'
import { bundled, bundledApart, type Module, minified } from '../../scripts/local/bundle.ts'

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
  load: {
    filter: { id: /src\/tools\/(?:json-schema|visible\/built)\.ts$/ },
    handler: (id) =>
      id.endsWith('built.ts')
        ? `export const built = () => '[]'`
        : 'export const inputJsonSchema = () => ({}); export const outputJsonSchema = () => ({})',
  },
}

const OPEN_WRITES = join(import.meta.dirname, '../workers/open-writes.ts')

/** The product without its ledger: the same code, with an account that lets every write through. */
const withoutLedger: Plugin = {
  name: 'without-ledger',
  resolveId: {
    filter: { id: /\/writing\/writes\.ts$/ },
    handler: (_, importer) => (importer === OPEN_WRITES ? null : OPEN_WRITES),
  },
}

/** The proxy without its trail. */
const withoutTrail: Plugin = {
  name: 'without-trail',
  load: { filter: { id: /workers\/record\.ts$/ }, handler: () => 'export const record = () => {}' },
}

const PLUGINS: Partial<Record<Entry, Plugin>> = {
  stock: withoutOurSchemas,
  unledgered: withoutLedger,
  untrailed: withoutTrail,
}

/** @param minify false keeps names readable in one module, for profiles @returns the main module first */
export const bundle = async (entry: Entry, minify = true): Promise<Module[]> => {
  const options = {
    entry: fileURLToPath(ENTRIES[entry].href),
    // The stock shape is what the SDK is by itself.
    ...(entry === 'stock' && { alias: {} }),
    plugins: [PLUGINS[entry] ?? []].flat(),
  }
  return minify ? minified(await bundledApart(options)) : [{ name: 'index.js', code: await bundled(options) }]
}

/** Bytes. */
export type Size = { minified: number; gzipped: number }

/** Packed as wrangler packs when it prints a size: all modules in one piece. */
export const sizeOf = (modules: readonly Module[]): Size => {
  const all = Buffer.concat(modules.map(({ code }) => Buffer.from(code)))
  return { minified: all.length, gzipped: gzipSync(all).length }
}

const ASSETS = join(import.meta.dirname, '../../assets')

/** Bytes of all files that are deployed beside the module, unpacked: no start reads them. */
export const assetBytes = (): number =>
  readdirSync(ASSETS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + readFileSync(join(parentPath, name)).length, 0)
