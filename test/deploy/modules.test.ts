/** The modules of which a deployment is made. At commit b8f2a26 there was one, and each start compiled all of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundleWorker } from '../../scripts/local/bundle.ts'
import { NEVER_CALLED as OF_OAUTH } from '../../scripts/local/less-of-oauth.ts'
import { NEVER_CALLED as OF_SDK } from '../../scripts/local/less-of-sdk.ts'

const root = join(import.meta.dirname, '../..')
const bundled = bundleWorker(join(root, 'src/index.ts'), {}, false)

const importsIn = (code: string) =>
  [...code.matchAll(/\b(?:from|import) "\.\/([^"]+)"|\bimport\("\.\/([^"]+)"\)/g)].map(
    ([, fixed, later]) => ({ name: (fixed ?? later)!, later: later !== undefined }),
  )

test('the main module comes first, and wrangler uploads every other one', async () => {
  const modules = await bundled
  const [main, ...others] = modules.map(({ name }) => name)
  expect(main).toBe('index.js')
  const [, glob] = /^type = "ESModule"\nglobs = \["\*(.+)"\]$/m.exec(
    readFileSync(join(root, 'wrangler.toml'), 'utf8'),
  )!
  for (const name of others) expect(name.endsWith(glob!), name).toBe(true)
})

test('no module imports what is not there', async () => {
  const modules = await bundled
  const names = modules.map(({ name }) => name)
  for (const { name, code } of modules)
    for (const one of importsIn(code)) expect(names, `imported by ${name}`).toContain(one.name)
})

test('a start needs no page, no management API, no SDK and no authorization server', async () => {
  const modules = await bundled
  const needed = new Set(['index.js'])
  for (const name of needed)
    for (const one of importsIn(modules.find((module) => module.name === name)!.code))
      if (!one.later) needed.add(one.name)
  const own = modules.filter(({ name }) => needed.has(name)).map(({ code }) => code)
  const later = modules.filter(({ name }) => !needed.has(name)).map(({ code }) => code)
  // A text that each of them holds, and a tool, which a start does need.
  for (const text of [
    'clientIdMetadataDocumentEnabled: true',
    'setRequestHandler("tools/list"',
    'Allowed here: ',
    '"/dashboard/',
  ])
    expect([own.join().includes(text), later.join().includes(text)], text).toEqual([false, true])
  expect(own.join()).toContain('trace_finexio_invoice')
})

const source = (folder: string): string =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('\n')

// Siblings: words of schemas, words of routes, what makes JSON Schemas, and what the OAuth library has for switches that are off.
test('what no request needs is in no module', async () => {
  const all = (await bundled).map(({ code }) => code).join('\n')
  const left = [
    'Holds the token: shown this once.',
    'Checks what is there and connects nothing.',
    'processJSONSchema',
    'trustedIssuers must be a resolver function',
    'urn:ietf:params:oauth:token-type:access_token"',
    '--line-strong',
    '--on-accent',
  ]
  expect(left.filter((text) => all.includes(text))).toEqual([])
})

// Else each would throw at the first call: what makes use of one has to leave it in.
test('what is left out of packages is neither called nor switched on', () => {
  const code =
    source('src/oauth') + source('src/identity') + source('src/mcp/server') + source('src/mcp/content')
  expect(code).toContain('allowPrivateUseRedirectUris: true')
  const names = [OF_OAUTH, ...Object.values(OF_SDK)].flatMap((one) => [...one])
  for (const name of names) expect(code.includes(`.${name}(`), name).toBe(false)
  for (const option of [
    'allowTokenExchangeGrant',
    'enterpriseManagedAuthorization',
    'eventStore',
    'new OAuthProvider',
  ])
    expect(code.includes(option), option).toBe(false)
})
