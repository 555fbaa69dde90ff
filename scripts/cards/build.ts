/** Makes the module that holds the cards' scripts and styles as text, so that every bundler and Node take it as it is. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type BuildOptions, build, type Plugin, transform } from 'esbuild'
import { cards, scriptOf } from '../../src/tools/cards.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'src/mcp/cards/browser')

type Script = ReturnType<typeof scriptOf>

/** Modules that every card brings with it, as one object: they stand once in the Worker, whatever the number of cards. */
const SHARED = ['dom', 'format', 'values', 'list', 'ask', 'card']

/** In the order in which they follow each other. */
const SHARED_STYLES = ['tokens', 'base', 'controls', 'list']

/** What a card's style has beside the shared ones, in that order. */
const STYLES_OF: Record<Script, readonly string[]> = {
  payments: ['table', 'find'],
  reconciliation: ['sums', 'tree'],
  invoices: ['table', 'problems'],
  timeline: ['timeline'],
  chart: ['sums', 'figures'],
  trace: ['timeline'],
  matching: ['pairs'],
  readiness: [],
  duplicates: ['pairs'],
}

/** Path of the generated module. */
export const BUILT = join(root, 'src/mcp/cards/built.ts')

const codeOf = async (options: BuildOptions): Promise<string> => {
  const { outputFiles } = await build({
    ...options,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'silent',
  })
  return outputFiles![0]!.text.trim()
}

/** `a as b,c` → `a:b,c`, or turned around. */
const renamed = (names: string, turned = false): string =>
  names
    .split(',')
    .map((one) => {
      const [from, to] = one.split(' as ')
      if (to === undefined) return from
      return turned ? `${to}:${from}` : `${from}:${to}`
    })
    .join(',')

/** A document in a sandboxed frame has no modules to import from, so what is shared is an object. */
const sharedCode = async (): Promise<string> => {
  const contents = SHARED.map((name) => `export * from './${name}.ts'`).join('\n')
  const code = await codeOf({ stdin: { contents, resolveDir: folder, loader: 'ts' } })
  const exported = /export\{([^}]*)\};?$/
  return `const SHARED=(()=>{${code.replace(exported, (_, names) => `return{${renamed(names, true)}}`)}})();`
}

const sharedApart: Plugin = {
  name: 'shared-apart',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path }) =>
      SHARED.includes(basename(path, '.ts')) ? { path: 'shared', external: true } : undefined,
    )
  },
}

const cardCode = async (script: Script): Promise<string> => {
  const code = await codeOf({ entryPoints: [join(folder, `cards/${script}.ts`)], plugins: [sharedApart] })
  const imported = /import\{([^}]*)\}from"shared";/g
  return `(()=>{${code.replace(imported, (_, names) => `const{${renamed(names)}}=SHARED;`)}})();`
}

const styleOf = async (names: readonly string[]): Promise<string> => {
  const css = names.map((name) => readFileSync(join(folder, `styles/${name}.css`), 'utf8')).join('\n')
  const { code } = await transform(css, { loader: 'css', minify: true, charset: 'utf8' })
  return code.trim()
}

/** Text that would end the element that contains it. */
const CLOSING = /<\/(?:script|style)|<!--/i

const literal = (text: string): string => {
  if (CLOSING.test(text)) throw new Error('A card holds text that would end its own script or style.')
  return JSON.stringify(text)
}

const entries = async (names: readonly string[], text: (name: string) => Promise<string>) =>
  Promise.all(names.map(async (name) => `  ${name}: ${literal(await text(name))},`))

/** @returns the whole text of the module, the same for the same sources */
export const builtModule = async (): Promise<string> => {
  const scripts = [...new Set(cards.map(scriptOf))]
  const styles = [...new Set(scripts.flatMap((script) => STYLES_OF[script]))]
  return [
    '/** Made by npm run cards from the folder browser; do not edit. */',
    '',
    `export const SHARED = ${literal(await sharedCode())}`,
    '',
    'export const SCRIPTS = {',
    ...(await entries(scripts, (name) => cardCode(name as Script))),
    '}',
    '',
    'export const STYLES = {',
    `  shared: ${literal(await styleOf(SHARED_STYLES))},`,
    ...(await entries(styles, (name) => styleOf([name]))),
    '}',
    '',
    'type Style = keyof typeof STYLES',
    'export const USES: Readonly<Record<keyof typeof SCRIPTS, readonly Style[]>> = {',
    ...scripts.map((script) => `  ${script}: ${JSON.stringify(STYLES_OF[script])},`),
    '}',
    '',
  ].join('\n')
}
