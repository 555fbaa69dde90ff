import { expect, test } from 'vitest'
import type { CallEntry } from '../../src/account/audit/entry.ts'
import type { Caller } from '../../src/rules/admission.ts'
import { toolLayer } from '../../src/tools/call/call.ts'
import type { CallContext } from '../../src/tools/contract.ts'

/** The row that a call leaves in the trail. @param holder of the server */
const rowOf = async (caller: Caller, holder: string | null): Promise<CallEntry> => {
  const rows: CallEntry[] = []
  const record = async (entries: CallEntry[]) => rows.push(...entries)
  const env = {
    TOKEN_PEPPER: btoa('p'.repeat(32)),
    ACCOUNTS: { idFromName: () => 'id', get: () => ({ record }) },
  }
  const server = { id: 's', name: 'S', config: {}, expires_at: null, holder }
  const admission = { account: { id: 'a' }, server, caller }
  const context = { env, admission, requestId: 'r', client: { name: null, version: null } }
  const called = { name: 'search', args: {}, outcome: null, duration: 1 }
  await toolLayer.record(context as unknown as CallContext, called)
  return rows[0]!
}

const KEY: Caller = { kind: 'api_token', id: 'key', name: 'Key', holder: { id: 'bob', kind: 'person' } }
const OAUTH = { grant_id: 'g', client_id: 'c', client_name: 'C' }

test('a call by the URL alone names who holds its server, so that a person finds it', async () => {
  expect(await rowOf({ kind: 'url' }, 'ann')).toMatchObject({ caller_id: null, person_id: 'ann' })
  expect(await rowOf({ kind: 'url' }, null)).not.toHaveProperty('person_id')
})

// Siblings: whoever is known by name answers for the call, whoever holds the server.
test.each<[string, Caller, string | undefined]>([
  ['an API token', KEY, 'bob'],
  ['a client that signed in by one', { ...KEY, oauth: OAUTH }, 'bob'],
  [
    'a person who signed in, who is the caller already',
    { kind: 'person', id: 'cy', name: 'Cy', oauth: OAUTH },
    undefined,
  ],
])('a call by %s is that of its holder', async (_, caller, person) => {
  expect((await rowOf(caller, 'ann')).person_id).toBe(person)
})
