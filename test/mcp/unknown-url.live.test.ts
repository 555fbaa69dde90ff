/** A URL that leads nowhere says the same over HTTP whatever the reason, and a revoked one stops at once. */
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { createAccount, createServer, manage } from '../../scripts/local/management.ts'
import { mintToken } from '../../src/rules/mcp-token.ts'
import { legacy } from './fake.ts'

const seen = async (url: string, init: RequestInit = legacy('tools/list')) => {
  const response = await fetch(url, init)
  const headers = [...response.headers].filter(([name]) => name !== 'date' && name !== 'x-request-id')
  return { status: response.status, headers, body: await response.text() }
}

let unknown: Awaited<ReturnType<typeof seen>>
let dead: Record<string, string>

beforeAll(async () => {
  const { baseUrl, adminApiKey, finexioBaseUrl } = inject('stack')
  const api = { baseUrl, adminApiKey }
  const credentials = { username: 'unknown-url', password: 'unknown-url' }
  const connect = (name: string) => createAccount(api, { name, credentials, base_url: finexioBaseUrl })
  const [kept, gone] = [await connect('Kept'), await connect('Gone')]
  const revoked = await createServer(api, kept.id, { name: 'Revoked' })
  const orphan = await createServer(api, gone.id, { name: 'Orphan' })
  for (const { url } of [revoked, orphan]) expect((await seen(url)).status).toBe(200)
  await manage(api, 'DELETE', `/integrated-account/${kept.id}/mcp/${revoked.id}`)
  await manage(api, 'DELETE', `/integrated-account/${gone.id}`)

  const path = (token: string) => `${baseUrl}/mcp/${token}`
  const random = () => crypto.getRandomValues(new Uint8Array(32))
  unknown = await seen(path('unknown'))
  dead = {
    revoked: revoked.url,
    'revoked, with slash': `${revoked.url}/`,
    'of a deleted account': orphan.url,
    'never issued, account exists': path(mintToken(kept.id, random())),
    'never issued, no such account': path(mintToken(crypto.randomUUID(), random())),
    'wrong checksum': revoked.url.slice(0, -1) + (revoked.url.endsWith('0') ? '1' : '0'),
    'too short': path('fxmcp_1'),
    'too long': path('a'.repeat(5000)),
    'percent-encoded': path('%66xmcp_1'),
    empty: path(''),
    'without slash': `${baseUrl}/mcp`,
    nested: path('a/b'),
  }
})

describe('URLs without a live server', () => {
  test('all answer with the same bytes', async () => {
    expect(unknown.status).toBe(404)
    expect(Object.keys(dead)).toHaveLength(12)
    for (const [reason, url] of Object.entries(dead)) expect(await seen(url), reason).toEqual(unknown)
  })

  test('whatever is asked of them', async () => {
    const inits: RequestInit[] = [{ method: 'GET' }, { method: 'DELETE' }, { ...legacy('ping'), body: '{' }]
    for (const init of inits)
      for (const [reason, url] of Object.entries(dead)) expect(await seen(url, init), reason).toEqual(unknown)
  })
})
