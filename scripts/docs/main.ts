/** `npm run docs`: brings the README's table of tools up to date. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../../src/tools/catalogue.ts'
import { toolTable, withTable } from './tool-table.ts'

const readme = join(import.meta.dirname, '../../README.md')
writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), toolTable(catalogue)))
