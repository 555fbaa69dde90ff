/** Schemas that are made while the Worker is bundled: a server shows the same as if it made them by itself. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundled, written } from '../../scripts/local/bundle.ts'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { inputJsonSchema } from '../../src/tools/json-schema.ts'
import { narrowedBy } from '../../src/tools/visible/as-served.ts'
import { ENTRIES } from '../../src/tools/visible/discovery.ts'
import { packedSchemas } from '../../src/tools/visible/packed-schemas.ts'
import { schemasFor } from '../../src/tools/visible/schemas.ts'
import { viewOf } from '../../src/tools/visible/view.ts'
import { schemasMade } from './listed.ts'

const VIEW = join(import.meta.dirname, '../../src/tools/visible/view.ts')

test('what is packed is unpacked to the same text, tool by tool', () => {
  for (const tool of catalogue)
    expect(JSON.stringify(schemasFor(tool.name))).toBe(JSON.stringify(schemasMade(tool)))
  for (const { name, input } of ENTRIES) expect(schemasFor(name).input).toEqual(inputJsonSchema(input))
})

type Node = { properties?: Record<string, Node>; items?: Node }

/** Arguments, and those inside of them, as a configuration names them. */
const argumentsIn = ({ properties = {} }: Node, depth = 2): string[] =>
  Object.entries(properties).flatMap(([name, inner]) => [
    name,
    ...(depth > 1 ? argumentsIn(inner.items ?? inner, depth - 1).map((deeper) => `${name}/${deeper}`) : []),
  ])

test('a tool without some of its arguments has the schema that would be made of what is left', () => {
  let tried = 0
  for (const tool of catalogue)
    for (const key of argumentsIn(schemasFor(tool.name).input))
      for (const { input } of narrowedBy({ [tool.name]: { [key]: 'x' } }, [tool], [])) {
        tried += 1
        expect(schemasFor(tool.name, input).input, `${tool.name} ${key}`).toEqual(inputJsonSchema(input))
      }
  expect(tried).toBeGreaterThan(400)
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
    plugins: [written(`export { viewOf } from ${JSON.stringify(VIEW)}`)],
  })
  const module = Buffer.from(code).toString('base64')
  const worker = (await import(/* @vite-ignore */ `data:text/javascript;base64,${module}`)) as {
    viewOf: typeof viewOf
  }
  // Nothing in it could make one.
  expect(code).not.toMatch(/processJSONSchema|toJSONSchema\b/)
  expect(code).toContain(JSON.stringify(packedSchemas()).slice(1, 200))
  for (const [name, config] of Object.entries(CONFIGS))
    expect(JSON.stringify(worker.viewOf(config).list), name).toBe(JSON.stringify(viewOf(config).list))
})
