/** Makes the module that holds the cards' script and style as text, so that every bundler and Node take it as it is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, transform } from 'esbuild'
import { type Card, cards } from '../../src/tools/cards.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'src/mcp/cards/browser')

/** In the order in which they follow each other. */
const STYLES = ['tokens', 'base', 'controls', 'table', 'tree', 'problems', 'timeline']

/** Path of the generated module. */
export const BUILT = join(root, 'src/mcp/cards/built.ts')

/** A card learns its name and its tool from the declaration. */
const scriptOf = async ({ name, tool }: Card): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, `cards/${name}.ts`)],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    define: { CARD_NAME: JSON.stringify(name), CARD_TOOL: JSON.stringify(tool) },
    logLevel: 'silent',
  })
  return outputFiles[0]!.text.trim()
}

const styleOf = async (): Promise<string> => {
  const css = STYLES.map((name) => readFileSync(join(folder, `styles/${name}.css`), 'utf8')).join('\n')
  const { code } = await transform(css, { loader: 'css', minify: true, charset: 'utf8' })
  return code.trim()
}

/** Text that would end the element that contains it. */
const CLOSING = /<\/(?:script|style)|<!--/i

const literal = (text: string): string => {
  if (CLOSING.test(text)) throw new Error('A card holds text that would end its own script or style.')
  return JSON.stringify(text)
}

/** @returns the whole text of the module, the same for the same sources */
export const builtModule = async (): Promise<string> => {
  const scripts = await Promise.all(
    cards.map(async (card) => `  ${card.name}: ${literal(await scriptOf(card))},`),
  )
  return [
    '/** Made by npm run cards from the folder browser; do not edit. */',
    '',
    `export const STYLE = ${literal(await styleOf())}`,
    '',
    'export const SCRIPTS = {',
    ...scripts,
    '}',
    '',
  ].join('\n')
}
