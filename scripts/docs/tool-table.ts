/** The table of tools in docs/tools.md, derived from the catalogue. */
import type { Tool } from '../../src/tools/tool.ts'

const row = ({ name, title, effect, tags }: Tool) =>
  `| \`${name}\` | ${title} | ${effect} | ${tags.join(', ')} |`

/** Markdown: one row per tool, in the catalogue's order. */
export const toolTable = (tools: readonly Tool[]): string =>
  ['| tool | what it does | effect | tags |', '|---|---|---|---|', ...tools.map(row)].join('\n')
