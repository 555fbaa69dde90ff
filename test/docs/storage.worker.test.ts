import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import page from '../../docs/storage.md?raw'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { env, makeAccount } from '../accounts/support.ts'

/** Names in the first column of the table below a heading. */
const listed = (heading: string): string[] => {
  const part = page.slice(page.indexOf(heading)).split('\n#')[0]!
  return [...part.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
  )
}

const tables = (sql: SqlStorage): string[] =>
  sql
    .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
    .toArray()
    .map(({ name }) => name)
    .filter((name) => !/^(_cf_|sqlite_)/.test(name))

test('every table of an account and of the directory is documented, and no other', async () => {
  const { object } = await makeAccount()
  const own = await runInDurableObject(object, (_, { storage }) => tables(storage.sql))
  expect(listed('### Tables of an account').sort()).toEqual(own.sort())
  const directory = await runInDurableObject(directoryObject(env), (_, { storage }) => tables(storage.sql))
  expect(listed('### Tables of the directory').sort()).toEqual(directory.sort())
})
