import fc from 'fast-check'
import { expect, test } from 'vitest'
import { publicOrigin } from '../../src/core/public-url.ts'
import {
  metadataUrl,
  readResource,
  readResources,
  resourceOfMetadata,
  resourceUrl,
  spellingOf,
} from '../../src/identity/addresses.ts'
import { isFor, readIssued } from '../../src/oauth/bearer.ts'
import { grantedScopes, reachOf, readingOnly } from '../../src/oauth/scopes.ts'
import { mintToken } from '../../src/rules/mcp-token.ts'
import { readResourceId, resourceIdOf } from '../../src/rules/resource-id.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { toolsFor } from '../../src/tools/visible/view.ts'

const name = fc.record({ accountId: fc.uuid(), serverId: fc.uuid() })
const ORIGIN = 'https://mcp.test'

test('an id leads back to its account and server, and no other text does', () => {
  fc.assert(
    fc.property(name, (given) => {
      const id = resourceIdOf(given)
      expect(id).toMatch(/^[0-9A-Za-z]{44}$/)
      expect(readResourceId(id)).toEqual(given)
      expect(readResource(ORIGIN, resourceUrl(ORIGIN, given))).toEqual(given)
      expect(resourceOfMetadata(metadataUrl(ORIGIN, id).slice(ORIGIN.length))).toEqual(given)
      for (const wrong of [`${id}0`, id.slice(1), `${id.slice(1)}-`, 'z'.repeat(44)])
        expect(readResourceId(wrong)).toBeNull()
    }),
  )
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = readResourceId(text)
      expect(read === null || resourceIdOf(read) === text).toBe(true)
    }),
  )
})

test('a token URL names no resource', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (account, random) => {
      const url = `${ORIGIN}/mcp/${mintToken(account, random)}`
      expect(readResource(ORIGIN, url)).toBeNull()
      expect(resourceOfMetadata(`/.well-known/oauth-protected-resource${new URL(url).pathname}`)).toBeNull()
    }),
  )
})

test.each([
  'https://mcp.test/mcp/s/',
  'https://mcp.test/mcp/s',
  'https://mcp.test',
  'http://mcp.test/mcp/s/0',
  'https://evil.test/mcp/s/0',
])('%s names no resource', (url) => {
  expect(readResource(ORIGIN, url)).toBeNull()
  expect(readResource(ORIGIN, `${url}${'0'.repeat(43)}?x`)).toBeNull()
})

const ID = resourceIdOf({ accountId: crypto.randomUUID(), serverId: crypto.randomUUID() })
const CANONICAL = `${ORIGIN}/mcp/s/${ID}`

// F12, seen at b8f2a26: 400 for each of the first four. Siblings: the default port, slash and query together, and many that
// differ. A query is ignored: the server has one name, and no query means anything to it.
test.each([
  [`${CANONICAL}/`],
  [CANONICAL.replace('https', 'HTTPS').replace('mcp.test', 'MCP.Test')],
  [`${CANONICAL}?x=1`],
  [CANONICAL, CANONICAL, `${CANONICAL}/`],
  [CANONICAL.replace('mcp.test', 'mcp.test:443')],
  [`${CANONICAL}/?x=1&y=%20`],
])('%s names the server', (...resources) => {
  const name = readResources(ORIGIN, resources)
  expect(name && resourceUrl(ORIGIN, name)).toBe(CANONICAL)
})

const OTHER = resourceUrl(ORIGIN, { accountId: crypto.randomUUID(), serverId: crypto.randomUUID() })

test.each([
  [[]],
  [[CANONICAL, OTHER]],
  [[CANONICAL, '']],
  [[`${CANONICAL}#x`]],
  [[`${CANONICAL}//`]],
  [[`${CANONICAL}/x`]],
  [[CANONICAL.replace('/mcp/s/', '/MCP/s/')]],
  [[CANONICAL.replace('mcp.test', 'mcp.test:444')]],
  [[CANONICAL.replace('mcp.test', 'user@mcp.test')]],
  [[CANONICAL.replace('mcp.test', 'mcp.test.evil.test')]],
  [[CANONICAL.replace('https:', 'http:')]],
  [[CANONICAL.replace('/mcp/s/', '/x/../mcp/s/')]],
  [[CANONICAL.replace('//mcp.test/', '\\\\mcp.test\\')]],
  [[` ${CANONICAL}`]],
  [[`${CANONICAL}\n`]],
])('%j names none', (resources) => {
  expect(readResources(ORIGIN, resources)).toBeNull()
})

test('metadata are spelled as they were asked for', () => {
  for (const [url, spelling] of [
    [CANONICAL, ''],
    [`${CANONICAL}/`, '/'],
    [`${CANONICAL}?x=1`, '?x=1'],
    [`${CANONICAL}/?x="`, '/?x=%22'],
    [`${CANONICAL}?${'x'.repeat(300)}`, ''],
  ])
    expect(spellingOf(new URL(url!))).toBe(spelling)
})

test('a token says whose it is by shape alone', () => {
  fc.assert(
    fc.property(name, name, (one, other) => {
      const text = `${resourceIdOf(one)}:${'g'.repeat(16)}:${'s'.repeat(32)}`
      const issued = readIssued(text)!
      expect(issued).toEqual({ ...one, grantId: 'g'.repeat(16) })
      expect(isFor(issued, one)).toBe(true)
      expect(isFor(issued, other)).toBe(resourceIdOf(one) === resourceIdOf(other))
      for (const wrong of [`${text}x`, text.slice(1), text.replace(':', ''), `${text}:`])
        expect(readIssued(wrong)).toBeNull()
    }),
  )
})

const scopes = fc.array(fc.constantFrom('mcp:read', 'mcp:write', 'offline_access', 'admin', 'openid', ''))

test('consent grants reading, and writing only where it was ticked and possible', () => {
  fc.assert(
    fc.property(scopes, fc.boolean(), fc.boolean(), (asked, ticked, canWrite) => {
      const granted = grantedScopes(asked, { ticked, canWrite })
      expect(granted[0]).toBe('mcp:read')
      expect(granted.includes('mcp:write')).toBe(ticked && canWrite)
      expect(granted.includes('offline_access')).toBe(asked.includes('offline_access'))
      expect(granted.every((scope) => ['mcp:read', 'mcp:write', 'offline_access'].includes(scope))).toBe(true)
    }),
  )
})

test('a token reaches as far as its scopes', () => {
  expect(reachOf(['mcp:read'])).toBe('read')
  expect(reachOf(['mcp:read', 'mcp:write'])).toBe('write')
  expect(reachOf(['mcp:write'])).toBe('write')
  expect([reachOf([]), reachOf(['offline_access', 'mcp:readx'])]).toEqual([null, null])
})

test('reading only shows exactly the read tools that the server shows', () => {
  const configs = [
    {},
    { methods: ['read', 'write'] },
    { methods: ['write'] },
    { methods: ['read', 'write'], tags: ['payments'] },
    { tools: catalogue.map((tool) => tool.name) },
    { methods: ['read', 'write'], fixed: { '*': { supplier_id: 'sup_1' } } },
    { methods: ['read', 'write'], tool_exposure: 'discovery' as const },
  ]
  for (const config of configs) {
    const reading = toolsFor(config).filter(({ effect }) => effect === 'read')
    const names = (tools: readonly { name: string }[]) => tools.map((tool) => tool.name)
    expect(names(toolsFor(readingOnly(config, catalogue)))).toEqual(names(reading))
  }
})

test.each([
  ['https://a.test/x?y', undefined, 'https://a.test'],
  ['http://a.test:8080/x', undefined, 'https://a.test:8080'],
  ['http://127.0.0.1:8787/x', undefined, 'http://127.0.0.1:8787'],
  ['http://localhost/x', undefined, 'http://localhost'],
  ['http://[::1]:1/x', undefined, 'http://[::1]:1'],
  ['http://127.0.0.1.evil.test/', undefined, 'https://127.0.0.1.evil.test'],
  ['https://a.test/', 'https://b.test/path', 'https://b.test'],
  ['https://a.test/', 'no address', null],
])('%s with PUBLIC_URL %s is reached at %s', (url, setting, origin) => {
  expect(publicOrigin(url, setting)).toBe(origin)
})
