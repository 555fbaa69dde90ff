/** `npm run docs`: brings the table of docs/tools.md up to date. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../../src/tools/catalogue.ts'
import { optionsOf } from '../usage.ts'
import { toolTable, withTable } from './tool-table.ts'

optionsOf('Usage: npm run docs\n\nBrings the table of tools in docs/tools.md up to date.', {})
const tools = join(import.meta.dirname, '../../docs/tools.md')
writeFileSync(tools, withTable(readFileSync(tools, 'utf8'), toolTable(catalogue)))
