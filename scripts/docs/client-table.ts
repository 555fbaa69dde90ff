/** The table of clients in docs/clients.md, made from the list that the tests run over. */
import { CELLS, clients } from '../../test/clients/declared.ts'

/** @param versions what package.json pins, by package */
export const clientTable = (versions: Record<string, string>): string => {
  const columns = ['client', 'package', 'version', 'URL', 'sign-in', ...CELLS]
  const rows = clients.map(({ name, package: from, suffix = '', signsIn }) => [
    name,
    `\`${from}\``,
    versions[from]!,
    `MCP URL${suffix && ` + \`${suffix}\``}`,
    signsIn ? 'tried' : '',
    ...CELLS.map(() => 'tried'),
  ])
  return [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
