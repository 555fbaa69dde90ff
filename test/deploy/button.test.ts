/** What the Deploy to Cloudflare button reads: secrets to ask for, and what each setting means. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { NEEDED } from '../../scripts/deploy/plan.ts'
import type { Env } from '../../src/core/env.ts'
import { setUpProblems } from '../../src/identity/set-up.ts'

const read = (name: string) => readFileSync(name, 'utf8')
const manifest = JSON.parse(read('package.json'))
const described: Record<string, { description: string }> = manifest.cloudflare.bindings
const example = parseEnv(read('.dev.vars.example'))

/** Never asked for: it is for one's own machine alone. */
const LOCAL = 'LOCAL_DEVELOPMENT'

test('package.json describes exactly the settings that the Worker has', () => {
  const settings = [
    ...read('src/core/env.ts').matchAll(/^ {2}([A-Z][A-Z_0-9]+)\??: (?!DurableObject|KVNamespace|Fetcher)/gm),
  ]
  const names = settings.map(([, name]) => name!)
  expect(names).toContain('OWN_LIMIT')
  expect(Object.keys(described).toSorted()).toEqual(names.filter((name) => name !== LOCAL).toSorted())
  for (const [name, { description }] of Object.entries(described))
    expect(description, name).toMatch(/^\S.{10,250}$/)
})

test('the button asks for what every deployment needs and for nothing else, and offers no value to keep', () => {
  expect(Object.keys(example).toSorted()).toEqual([...NEEDED].toSorted())
  for (const [name, value] of Object.entries(example))
    expect([name, value]).toEqual([name, name === 'MASTER_KEY_PRIMARY' ? '1' : ''])
  expect(setUpProblems(example as unknown as Env)).toHaveLength(3)
})

test('names of resources are defaults, ids are left to Cloudflare, and variables are described', () => {
  const { name, kv_namespaces, vars } = unstable_readConfig({ config: 'wrangler.toml' })
  expect(name).toBe('finexio-mcp')
  for (const namespace of kv_namespaces) expect(Object.keys(namespace)).toEqual(['binding'])
  expect(Object.keys(described)).toEqual(expect.arrayContaining(Object.keys(vars)))
})
