import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withTable } from '../../scripts/docs/marked.ts'
import { documents } from '../../scripts/docs/tables.ts'
import { clients } from '../clients/declared.ts'

test.each(documents())('the table of $path is up to date; otherwise run npm run docs', ({ is, should }) => {
  expect(is).toBe(should)
})

test('a document without marks is refused by naming them', () => {
  expect(() => withTable('# Title', 'tools', '')).toThrow('<!-- /tools -->')
})

const texts = (...paths: string[]): string =>
  paths.map((path) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')).join()

/** `tries` makes a test of every cell; what it is called with, and who signs in, are the names that stand in these files. */
const tried = texts(
  'clients/every-client.live.test.ts',
  'clients/agents.live.test.ts',
  'clients/sdk-clients.ts',
)
const signed = texts('oauth/clients.live.test.ts', 'clients/agents.live.test.ts')

test.each(clients)('the row of $name has tests behind it', ({ name, signsIn }) => {
  expect(tried).toContain(`'${name}'`)
  if (signsIn) expect(signed).toContain(`'${name}'`)
})
