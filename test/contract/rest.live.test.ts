/**
 * Truto's published contract for MCP servers, row by row, over HTTP. Where design and contract differ on purpose the row
 * says so; README.md lists those differences for users.
 */
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { newTenant, type Tenant } from '../support/tenant.ts'

const stack = inject('stack')

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by assertions
type Answer = { status: number; headers: Headers; body: any }

const ask = async (method: string, path: string, body?: unknown, key: string | null = stack.adminApiKey) => {
  const response = await fetch(`${stack.baseUrl}${path}`, {
    method,
    headers: { ...(key && { authorization: `Bearer ${key}` }), 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, body: await response.json() } as Answer
}

let tenant: Tenant
let path: string
beforeAll(async () => {
  tenant = await newTenant(stack)
  path = `/integrated-account/${tenant.accountId}/mcp`
})

const create = (body: object) => ask('POST', path, body)
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe('endpoints', () => {
  test('create answers the object with token and url, this once', async () => {
    const { status, body } = await create({
      name: 'AP agent',
      config: { methods: ['read'], tags: ['payments'] },
    })
    expect(status).toBe(201)
    expect(Object.keys(body).sort()).toEqual(
      ['config', 'created_at', 'created_by', 'expires_at', 'id', 'integrated_account_id', 'name', 'token']
        .concat(['summary', 'updated_at', 'url'])
        .sort(),
    )
    expect([body.id, body.integrated_account_id, body.created_by]).toEqual(
      Array(3).fill(expect.stringMatching(UUID)),
    )
    expect([body.created_at, body.updated_at]).toEqual(Array(2).fill(expect.stringMatching(DATE)))
    expect(body.url).toBe(`${stack.baseUrl}/mcp/${body.token}`)
    for (const shown of [(await ask('GET', `${path}/${body.id}`)).body, (await ask('GET', path)).body])
      expect(JSON.stringify(shown)).not.toContain(body.token)
  })

  test('list answers result and next_cursor, which leads through every page once', async () => {
    const { accountId } = await newTenant(stack)
    const own = `/integrated-account/${accountId}/mcp`
    for (const name of ['a', 'b', 'c']) await ask('POST', own, { name })
    const names: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      // Truto's SDK sends the cursor always, at first an empty one.
      const { body }: Answer = await ask('GET', `${own}?limit=2&next_cursor=${cursor}`)
      expect(Object.keys(body).sort()).toEqual(['next_cursor', 'result'])
      names.push(...body.result.map(({ name }: { name: string }) => name))
      cursor = body.next_cursor
    }
    expect(names.sort()).toEqual(['a', 'b', 'c'])
  })

  test('get answers the object, update the changed one, delete its id', async () => {
    const { token: _token, url: _url, ...server } = (await create({ name: 'x' })).body
    expect((await ask('GET', `${path}/${server.id}`)).body).toEqual(server)
    const { names } = (await ask('GET', `${path}/${server.id}?names=true`)).body
    expect(Object.values(names)).toEqual(['admin key'])
    const changed = await ask('PATCH', `${path}/${server.id}`, { name: 'y' })
    expect(changed).toMatchObject({
      status: 200,
      body: { ...server, name: 'y', updated_at: expect.anything() },
    })
    expect(await ask('DELETE', `${path}/${server.id}`)).toMatchObject({
      status: 200,
      body: { id: server.id },
    })
    expect((await ask('GET', `${path}/${server.id}`)).status).toBe(404)
  })
})

describe('fields', () => {
  test.each([
    ['no name', {}, 'name'],
    ['config that is no object', { name: 'x', config: [] }, 'config'],
    ['methods that are no list', { name: 'x', config: { methods: 'read' } }, 'config.methods'],
    ['another exposure', { name: 'x', config: { tool_exposure: 'some' } }, 'config.tool_exposure'],
    [
      'a flag that is none',
      { name: 'x', config: { require_api_token_auth: 'yes' } },
      'config.require_api_token_auth',
    ],
    ['a date without zone', { name: 'x', expires_at: '2030-01-01T00:00:00' }, 'expires_at'],
    ['less than 60 seconds', { name: 'x', expires_at: inSeconds(30) }, 'expires_at'],
    ['the past', { name: 'x', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    ['upper-case words of the sample', { name: 'x', config: { methods: ['GET'] } }, 'config.methods'],
  ])('%s is a 400 that names the field', async (_, body, field) => {
    const answer = await create(body)
    expect(answer).toMatchObject({ status: 400, body: { statusCode: 400, error: 'Bad Request' } })
    expect(answer.body.details.failures.map((one: { path: string }) => one.path)).toContainEqual(
      expect.stringContaining(field),
    )
  })

  test('config may be left out or empty; then only reading is meant (differs: Truto exposes all)', async () => {
    for (const config of [undefined, {}]) {
      const { body } = await create({ name: 'x', config })
      expect(body.config).toEqual({})
      const listed = await toolsOf(body.url)
      expect(listed.every(({ annotations }) => annotations.readOnlyHint)).toBe(true)
    }
  })

  test('every documented value is taken', async () => {
    const config = { methods: ['read', 'bulk_create'], tool_exposure: 'all', require_api_token_auth: false }
    const { status, body } = await create({ name: 'x', config, expires_at: inSeconds(61) })
    expect([status, body.config]).toEqual([201, config])
  })
})

type Listed = { name: string; annotations: { readOnlyHint: boolean } }

const rpc = async (url: string, message: object, headers: Record<string, string> = {}): Promise<Answer> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(message),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

const toolsOf = async (url: string): Promise<Listed[]> =>
  (await rpc(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).body.result.tools

const namesOf = async (config: object): Promise<string[]> =>
  (await toolsOf((await create({ name: 'x', config })).body.url)).map(({ name }) => name).sort()

describe('lifecycle', () => {
  test('a filter that matches nothing is a 400, discovery included', async () => {
    for (const tool_exposure of ['all', 'discovery'])
      expect((await create({ name: 'x', config: { tags: ['crm'], tool_exposure } })).status).toBe(400)
  })

  test('PATCH merges top-level keys of config; a sent array replaces; null removes', async () => {
    const { id } = (
      await create({ name: 'x', config: { methods: ['read'], tags: ['payments', 'invoices'] } })
    ).body
    const patch = async (config: object) => (await ask('PATCH', `${path}/${id}`, { config })).body.config
    expect(await patch({ tool_exposure: 'discovery' })).toEqual({
      methods: ['read'],
      tags: ['payments', 'invoices'],
      tool_exposure: 'discovery',
    })
    expect((await patch({ tags: ['drawdowns'] })).tags).toEqual(['drawdowns'])
    expect(await patch({ tool_exposure: null, tags: null })).toEqual({ methods: ['read'] })
  })

  test('PATCH with config looks at the filter again, without it does not', async () => {
    const { id } = (await create({ name: 'x' })).body
    expect((await ask('PATCH', `${path}/${id}`, { config: { tags: ['crm'] } })).status).toBe(400)
    expect((await ask('PATCH', `${path}/${id}`, { name: 'y' })).status).toBe(200)
  })

  test('expires_at: null clears the expiry', async () => {
    const { id } = (await create({ name: 'x', expires_at: inSeconds(120) })).body
    expect((await ask('PATCH', `${path}/${id}`, { expires_at: null })).body.expires_at).toBeNull()
  })

  test('the token stays the same through PATCH', async () => {
    const { id, url } = (await create({ name: 'x' })).body
    await ask('PATCH', `${path}/${id}`, { config: { tags: ['webhooks'] } })
    expect((await toolsOf(url)).every(({ name }) => name.includes('webhook'))).toBe(true)
  })
})

describe('filters', () => {
  test('read is every read; entries of methods add up', async () => {
    const [read, create] = [await namesOf({ methods: ['read'] }), await namesOf({ methods: ['create'] })]
    expect(await namesOf({ methods: ['read', 'create'] })).toEqual([...read, ...create].sort())
    expect(create).toContain('create_a_finexio_webhook')
  })

  test('write is everything else, custom methods included (differs: Truto counts three methods)', async () => {
    const write = await namesOf({ methods: ['write'] })
    expect(write).toContain('finexio_invoices_bulk_create')
    const all = await namesOf({ methods: ['read', 'write'] })
    expect(all).toEqual([...write, ...(await namesOf({ methods: ['read'] }))].sort())
  })

  test('custom is every method outside the five', async () => {
    const custom = await namesOf({ methods: ['custom'] })
    expect(custom).toContain('finexio_invoices_bulk_create')
    expect(custom.some((name) => /^(list_all|get_single|create_a|update_a|delete_a)_/.test(name))).toBe(false)
  })

  test('tags are any-of, effective tags a union, and combined with methods by AND', async () => {
    const both = await namesOf({ tags: ['webhooks', 'drawdowns'] })
    expect(both.some((name) => name.includes('webhook'))).toBe(true)
    expect(both.some((name) => name.includes('drawdown'))).toBe(true)
    expect(both.some((name) => name.includes('supplier'))).toBe(false)
    const history = await namesOf({ methods: ['list'], tags: ['counterparty_history'] })
    expect(history).toEqual(['list_all_finexio_counterparty_history'])
    expect(await namesOf({ methods: ['delete'], tags: ['webhooks'] })).toEqual([
      'delete_a_finexio_webhook_by_id',
    ])
  })

  test('names follow the grammar', async () => {
    const names = await namesOf({ methods: ['read', 'write'] })
    for (const known of [
      'list_all_finexio_counterparties',
      'get_single_finexio_counterparty_by_id',
      'create_a_finexio_counterparty',
      'update_a_finexio_counterparty_by_id',
      'finexio_counterparties_partial_update',
      'finexio_invoices_bulk_create',
    ])
      expect(names).toContain(known)
  })
})

describe('errors', () => {
  test.each([
    ['no key', 'GET', '/integrated-account', null, 401],
    ['a wrong key', 'GET', '/integrated-account', 'wrong', 401],
    ['an absent account', 'GET', `/integrated-account/${crypto.randomUUID()}`, undefined, 404],
    ['an absent path', 'GET', '/nothing', undefined, 404],
    ['another spelling', 'GET', '/integrated-accounts', undefined, 404],
    ['a method that is not there', 'PUT', '/integrated-account', undefined, 405],
  ])('%s', async (_, method, at, key, status) => {
    const answer = await ask(method, at, undefined, key)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({
      statusCode: status,
      error: expect.any(String),
      message: expect.any(String),
    })
  })

  test('what Finexio refuses is marked as remote, with its words beside ours', async () => {
    const answer = await ask('POST', '/integrated-account', {
      name: 'x',
      credentials: { username: 'nobody', password: '' },
    })
    expect(answer.status).toBe(400)
    await tenant.sandbox.addFault({ status: 403, json: { detail: 'Invalid username/password.' } })
    const refused = await ask('POST', `/integrated-account/${tenant.accountId}/verify`)
    expect(refused).toMatchObject({
      status: 401,
      body: { truto_is_remote_error: true, raw_response: { statusCode: 403 } },
    })
    expect((await ask('POST', `/integrated-account/${tenant.accountId}/verify`)).status).toBe(200)
  })
})

describe('JSON-RPC as Truto’s own SDK speaks it', () => {
  let url: string
  beforeAll(async () => {
    url = (await create({ name: 'x' })).body.url
  })

  test('a missing jsonrpc member is accepted', async () => {
    const { status, body } = await rpc(url, { id: 1, method: 'tools/list' })
    expect([status, body.result.tools.length > 0]).toEqual([200, true])
  })

  const clientInfo = { name: 't', version: '1' }
  test.each([
    [
      'as its SDK of 2026 and the one for Python send it',
      { protocolVersion: '2024-11-05', clientInfo },
      '2024-11-05',
    ],
    ['without a client', { protocolVersion: '2025-06-18', capabilities: {} }, '2025-06-18'],
    ['without a version', { clientInfo }, '2024-11-05'],
    ['without anything', undefined, '2024-11-05'],
  ])('initialize without an id is answered, %s', async (_, params, protocolVersion) => {
    const { status, body } = await rpc(url, { method: 'initialize', params })
    expect([status, body.result.protocolVersion, body.result.serverInfo.name]).toEqual([
      200,
      protocolVersion,
      'finexio-mcp',
    ])
  })

  test('a query string on the URL changes nothing', async () => {
    const { status } = await rpc(`${url}?integrated_account_id=${tenant.accountId}`, {
      id: 1,
      method: 'tools/list',
    })
    expect(status).toBe(200)
  })

  test('Accept: application/json alone is answered in JSON', async () => {
    const { headers } = await rpc(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' })
    expect(headers.get('content-type')).toMatch(/^application\/json/)
  })

  test('without require_api_token_auth a Bearer is ignored; with it 401 asks for one', async () => {
    const message = { jsonrpc: '2.0', id: 7, method: 'tools/list' }
    expect((await rpc(url, message, { authorization: 'Bearer whatever' })).status).toBe(200)
    const guarded = (await create({ name: 'x', config: { require_api_token_auth: true } })).body.url
    const refused = await rpc(guarded, message)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    const { token } = (await ask('POST', '/api-token', { name: 'host', scopes: ['mcp'] })).body
    expect((await rpc(guarded, message, { authorization: `Bearer ${token}` })).status).toBe(200)
  })
})
