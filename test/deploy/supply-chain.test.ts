/** What a deployment is made of, counted and pinned. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name: string) => JSON.parse(readFileSync(name, 'utf8'))
const manifest = read('package.json')
const lock = read('package-lock.json')
const readme = readFileSync('README.md', 'utf8')
const development = readFileSync('docs/dependencies.md', 'utf8')

const MOST_RUNTIME = 6

test('runtime dependencies are few, pinned, and each has its reason in the README', () => {
  const names = Object.keys(manifest.dependencies)
  expect(names.length).toBeLessThanOrEqual(MOST_RUNTIME)
  for (const name of names) expect(readme).toContain(`| \`${name}\` |`)
})

test('every version is exact, and the lock holds the same', () => {
  const all: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies }
  for (const [name, version] of Object.entries(all)) {
    expect(version, name).toMatch(/^(npm:@?[\w/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/)
    expect(lock.packages[`node_modules/${name}`].version, name).toBe(version.split('@').at(-1))
  }
})

test('every package is fixed by its hash, and none comes from elsewhere', () => {
  type Package = { link?: boolean; integrity?: string; resolved?: string; inBundle?: boolean }
  const packages = Object.entries(lock.packages as Record<string, Package>).filter(([path]) => path !== '')
  const loose = packages.filter(([, { integrity, inBundle }]) => !integrity && !inBundle)
  expect(loose.map(([path]) => path)).toEqual([])
  expect(packages.filter(([, { resolved = '' }]) => /^(git|file|http:)/.test(resolved))).toEqual([])
})

test('install scripts are listed one by one with their reasons, and those of the runtime are none', () => {
  const scripted = Object.entries(
    lock.packages as Record<string, { hasInstallScript?: boolean; dev?: boolean; optional?: boolean }>,
  )
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path, one]) => ({ name: path.split('node_modules/').at(-1)!, runtime: !one.dev }))
  expect(scripted.filter(({ runtime, name }) => runtime && name !== '').map(({ name }) => name)).toEqual([])
  const listed = new Set(Object.keys(manifest.allowScripts))
  for (const [name, runs] of Object.entries(manifest.allowScripts))
    expect(development).toContain(`| \`${name}\` | ${runs ? 'yes' : 'no'} |`)
  expect(scripted.map(({ name }) => name).filter((name) => !listed.has(name) && name !== 'fsevents')).toEqual(
    [],
  )
})
