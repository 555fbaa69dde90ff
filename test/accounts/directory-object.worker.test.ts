import { evictDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { DirectoryObject } from '../../src/account/directory-object.ts'
import { env } from './support.ts'

const directories = env.DIRECTORY as DurableObjectNamespace<DirectoryObject>
const directory = (name: string) => directories.get(directories.idFromName(name))

test('accounts are listed newest first, page by page, also after a sleep', async () => {
  const object = directory('paging')
  for (let count = 1; count <= 5; count++)
    await object.put({ id: `id${count}`, name: `Account ${count}`, created_at: count })
  await evictDurableObject(object)
  const first = await object.list(2)
  expect(first.accounts.map(({ id }) => id)).toEqual(['id5', 'id4'])
  const second = await object.list(2, first.next!)
  expect(second.accounts.map(({ id }) => id)).toEqual(['id3', 'id2'])
  expect(await object.list(2, second.next!)).toEqual({
    accounts: [{ id: 'id1', name: 'Account 1', created_at: 1 }],
    next: null,
    ending: [],
  })
})

test('an account is renamed in place and removed once', async () => {
  const object = directory('changes')
  await object.put({ id: 'a', name: 'Before', created_at: 1 })
  await object.put({ id: 'b', name: 'B', created_at: 2 })
  await object.put({ id: 'a', name: 'After', created_at: 3 })
  expect((await object.list(10)).accounts).toEqual([
    { id: 'b', name: 'B', created_at: 2 },
    { id: 'a', name: 'After', created_at: 1 },
  ])
  expect(await object.remove('a')).toBe(true)
  expect(await object.remove('a')).toBe(false)
})
