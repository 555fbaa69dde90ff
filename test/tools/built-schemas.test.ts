/** Schemas that are made while the Worker is bundled: a server shows the same as if it made them by itself. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundled, written } from '../../scripts/local/bundle.ts'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { packedSchemas, schemasMade, unpackedSchemas } from '../../src/tools/visible/packed-schemas.ts'
import { viewOf } from '../../src/tools/visible/view.ts'

const VIEW = join(import.meta.dirname, '../../src/tools/visible/view.ts')
const PACKED = join(import.meta.dirname, '../../src/tools/visible/packed-schemas.ts')

test('what is packed is unpacked to the same text, tool by tool', () => {
  const unpacked = unpackedSchemas(packedSchemas())
  expect(unpacked.size).toBe(catalogue.length)
  for (const tool of catalogue)
    expect(JSON.stringify(unpacked.get(tool.name))).toBe(JSON.stringify(schemasMade(tool)))
})

const CONFIGS: Record<string, ServerConfig> = {
  'all tools': {},
  'tools that read': { methods: ['read'] },
  'tools of one tag, whose texts leave out the others': { tags: ['payments'] },
  'webhooks without plain credentials': { webhook_secrets: 'vault_only' },
  'an argument fixed': { fixed: { create_a_finexio_webhook: { url: 'https://hooks.acme.com/f' } } },
  discovery: { tool_exposure: 'discovery' },
}

// At b8f2a26 the first list made all 104 schemas, 34 of the 112 ms of a start (H6). Siblings: servers that show some tools,
// other texts or other arguments, to which what was built does not apply as it is.
test('a bundled Worker lists, for every configuration, byte for byte what it would make by itself', async () => {
  const code = await bundled({
    plugins: [
      written(`export { viewOf } from ${JSON.stringify(VIEW)}
export { packedSchemas } from ${JSON.stringify(PACKED)}`),
    ],
  })
  const module = Buffer.from(code).toString('base64')
  const worker = (await import(/* @vite-ignore */ `data:text/javascript;base64,${module}`)) as {
    viewOf: typeof viewOf
  }
  expect(code).toContain('JSON.parse')
  expect(code).toContain(JSON.stringify(packedSchemas()).slice(1, 200))
  for (const [name, config] of Object.entries(CONFIGS))
    expect(JSON.stringify(worker.viewOf(config).list), name).toBe(JSON.stringify(viewOf(config).list))
})
