/** Which table stands in which document. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../../src/tools/catalogue.ts'
import { clientTable } from './client-table.ts'
import { withTable } from './marked.ts'
import { toolTable } from './tool-table.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** Each document with a table: as it is, and as it should be. */
export const documents = () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> }
  const tables = [
    { path: 'docs/tools.md', name: 'tools', table: toolTable(catalogue) },
    { path: 'docs/clients.md', name: 'clients', table: clientTable(devDependencies) },
  ]
  return tables.map(({ path, name, table }) => {
    const is = read(path)
    return { path, file: join(ROOT, path), is, should: withTable(is, name, table) }
  })
}
