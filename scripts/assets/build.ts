/** Makes the files that are deployed beside the Worker: the cards, one HTML document each with nothing to load, and what the dashboard's pages load. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, transform } from 'esbuild'
import { crc32 } from '../../src/core/bytes.ts'
import { icon } from '../../src/dashboard/assets/icon.ts'
import { script } from '../../src/dashboard/assets/script.ts'
import { style } from '../../src/dashboard/assets/style.ts'
import { CSS } from '../../src/oauth/pages/style.ts'
import { type Card, cards, fileOf, scriptOf } from '../../src/tools/cards.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'src/mcp/cards/browser')

/** Whatever wrangler.toml deploys as files. */
export const ASSETS = join(root, 'assets')

/** In the order in which they follow each other. */
const SHARED_STYLES = ['tokens', 'base', 'controls', 'list']

/** What a card's style has beside the shared ones, in that order. */
const STYLES_OF: Record<ReturnType<typeof scriptOf>, readonly string[]> = {
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

const WAITING =
  '<div class="waiting" role="status"><span class="hidden">Waiting for Finexio</span><i></i><i></i><i></i><i></i></div>'

/** Text that would end the element that contains it. */
const CLOSING = /<\/(?:script|style)|<!--/i

const inElement = (text: string): string => {
  if (CLOSING.test(text)) throw new Error('A card holds text that would end its own script or style.')
  return text.trim()
}

const codeOf = async (card: Card): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, `cards/${scriptOf(card)}.ts`)],
    define: { CARD_NAME: JSON.stringify(card.name), CARD_TOOL: JSON.stringify(card.tool) },
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'silent',
  })
  return inElement(outputFiles[0]!.text)
}

const styleOf = async (card: Card): Promise<string> => {
  const css = [...SHARED_STYLES, ...STYLES_OF[scriptOf(card)]].map((name) =>
    readFileSync(join(folder, `styles/${name}.css`), 'utf8'),
  )
  const { code } = await transform(css.join('\n'), { loader: 'css', minify: true, charset: 'utf8' })
  return inElement(code)
}

/** A whole document, the same for everyone: data reach it from the host alone. */
const documentOf = async (card: Card): Promise<string> =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${card.title}</title><style>${await styleOf(card)}</style></head><body><main aria-busy="true">${WAITING}</main><script>${await codeOf(card)}</script></body></html>`

/** @returns the documents by their paths below `ASSETS`, the same for the same sources */
export const builtCards = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(cards.map(async (card) => [fileOf(card), await documentOf(card)] as const)),
  )

/** What pages of the dashboard load, by its name in `assets/dashboard`. */
export const DASHBOARD = { 'style.css': style, 'script.js': script, 'icon.svg': icon }

/** What pages load, by its path below `ASSETS`. */
export const loadedFiles = (): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(DASHBOARD).map(([name, text]) => [`dashboard/${name}`, text])),
  'oauth/style.css': CSS,
})

/** A short checksum of each file of the dashboard, by which browsers tell versions apart. */
export const hashes = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(DASHBOARD).map(([name, text]) => [name, crc32(text).toString(16).padStart(8, '0')]),
  )
