/** The JSON Schemas of every tool, made while the Worker is bundled and kept in no file: they cannot go stale. */
import { join } from 'node:path'
import type { Plugin } from 'rolldown'

const PACKS = join(import.meta.dirname, '../../src/tools/visible/packed-schemas.ts')

/** Makes them as the Worker would by itself. */
const MAKES = `import { packedSchemas } from ${JSON.stringify(PACKS)}
export const packed = packedSchemas()`

/**
 * Puts them in the place of src/tools/visible/built.ts.
 * @param bundledFrom bundles a main module that is no file
 */
export const builtSchemas = (bundledFrom: (contents: string) => Promise<string>): Plugin => ({
  name: 'built-schemas',
  load: {
    filter: { id: /src\/tools\/visible\/built\.ts$/ },
    handler: async () => {
      const module = Buffer.from(await bundledFrom(MAKES)).toString('base64')
      const { packed } = (await import(`data:text/javascript;base64,${module}`)) as { packed: string }
      return { code: `export const built = () => ${JSON.stringify(packed)}`, moduleType: 'js' }
    },
  },
})
