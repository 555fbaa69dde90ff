/** The table of tools in docs/tools.md, derived from the catalogue. */
import type { Tool } from '../../src/tools/tool.ts'

const START = '<!-- tools: made by npm run docs -->'
const END = '<!-- /tools -->'

const row = ({ name, title, effect, tags }: Tool) =>
  `| \`${name}\` | ${title} | ${effect} | ${tags.join(', ')} |`

/** Markdown: one row per tool, in the catalogue's order. */
export const toolTable = (tools: readonly Tool[]): string =>
  ['| tool | what it does | effect | tags |', '|---|---|---|---|', ...tools.map(row)].join('\n')

/** Puts the table between the document's two marks. @throws when a mark is missing */
export const withTable = (document: string, table: string): string => {
  const from = document.indexOf(START)
  const to = document.indexOf(END)
  if (from < 0 || to < from) throw new Error(`docs/tools.md needs the marks ${START} and ${END}.`)
  return `${document.slice(0, from + START.length)}\n\n${table}\n\n${document.slice(to)}`
}
