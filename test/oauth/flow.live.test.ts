/** Signing in with the official client over HTTP, against the running stack: from the 401 to a tool's answer, and on by refresh. */
import {
  Client,
  type OAuthClientProvider,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { beforeAll, expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'
import { type Kept, program, signInAt } from './sign-in.ts'

const stack = inject('stack')
const person = signInAt(fetch, stack.baseUrl)

type Created = { id: string; resource_url: string; url: string }
const connect = async (url: string, provider: OAuthClientProvider) => {
  const client = new Client({ name: 'oauth-test', version: '1.0.0' })
  const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: provider })
  return { client, transport, connecting: client.connect(transport) }
}

/** Does what the person does in the browser; answers where the browser ends up. */
const agree = async (asked: URL, apiToken: string, write: boolean): Promise<URL> => {
  const page = await person.open(Object.fromEntries(asked.searchParams))
  expect(page.text).toContain('Let SDK client use Finexio?')
  const left = await person.submit(page, { api_token: apiToken, ...(write && { write: 'yes' }) })
  return left.next!
}

let tenant: Tenant
let server: Created
let apiToken: string
let path: string

beforeAll(async () => {
  tenant = await newTenant(stack)
  const config = { methods: ['read', 'write'], require_api_token_auth: true }
  server = (await tenant.create(config)) as unknown as Created
  path = `/integrated-account/${tenant.accountId}/mcp/${server.id}`
  const scopes = ['mcp', `account:${tenant.accountId}`]
  apiToken = (
    await manage<{ token: string }>(stack, 'POST', '/api-token', { name: 'Ann', kind: 'person', scopes })
  ).token
})

const logOf = (tool: string): Promise<{ result: Record<string, string>[] }> =>
  manage(stack, 'GET', `/log?integrated_account_id=${tenant.accountId}&log_type_filter[tool_name]=${tool}`)

const signIn = async (kept: Kept, write = false) => {
  const provider = program(kept)
  const first = await connect(server.resource_url, provider)
  await expect(first.connecting).rejects.toThrow(UnauthorizedError)
  const back = await agree(kept.asked!, apiToken, write)
  await first.transport.finishAuth(back.searchParams)
  const { client, connecting } = await connect(server.resource_url, provider)
  await connecting
  return client
}

test('the client finds the way from the 401, asks with PKCE and resource, and calls a tool', async () => {
  const kept: Kept = {}
  const client = await signIn(kept)
  const { searchParams, pathname } = kept.asked!
  expect(pathname).toBe('/oauth/authorize')
  expect(searchParams.get('code_challenge_method')).toBe('S256')
  expect(searchParams.get('resource')).toBe(server.resource_url)
  expect(searchParams.get('scope')).toContain('mcp:read')
  const { tools } = await client.listTools()
  expect(tools.some(({ annotations }) => annotations?.readOnlyHint === false)).toBe(false)
  const listed = await client.callTool({ name: 'list_all_finexio_payments', arguments: { limit: 3 } })
  expect(listed.structuredContent).toMatchObject({ result_count: 3 })
  await client.close()

  const { result } = await logOf('list_all_finexio_payments')
  expect(result[0]).toMatchObject({ caller_name: 'Ann', oauth_client_name: 'SDK client' })
  expect(result[0]!.oauth_client_id).toBe((kept.client as { client_id: string }).client_id)
})

test('with a dead access token the client refreshes by itself, and the new pair is another one', async () => {
  const kept: Kept = {}
  await (await signIn(kept)).close()
  const before = kept.tokens as { access_token: string; refresh_token: string }
  kept.tokens = { ...before, access_token: before.access_token.slice(0, -1) }
  const { client, connecting } = await connect(server.resource_url, program(kept))
  await connecting
  expect((await client.listTools()).tools.length).toBeGreaterThan(5)
  await client.close()
  const after = kept.tokens as typeof before
  expect(after.access_token).not.toBe(before.access_token)
  expect(after.refresh_token).not.toBe(before.refresh_token)
})

test('with consent to changes a write leaves, once, and both names are in the trail', async () => {
  const client = await signIn({}, true)
  const { tools } = await client.listTools()
  expect(tools.some(({ annotations }) => annotations?.readOnlyHint === false)).toBe(true)
  await tenant.sandbox.forgetRequests()
  const invoice = {
    invoice_number: 'SIGNED-IN-1',
    amount_cents: 12_345,
    invoice_date: new Date().toISOString().slice(0, 10),
    originating_counterparty_id: 'buy_111',
    receiving_counterparty_id: 'sup_999',
  }
  const name = 'finexio_invoices_bulk_create'
  const done = await client.callTool({ name, arguments: { body: [invoice] } })
  expect(done.isError).toBeFalsy()
  expect((await tenant.requests()).filter(({ method }) => method === 'POST').length).toBe(1)
  await client.close()
  const { result } = await logOf(name)
  expect(result[0]).toMatchObject({ caller_name: 'Ann', oauth_client_name: 'SDK client', effect: 'money' })
})

test('a sign-in is listed for the operator and ends at the next call', async () => {
  const client = await signIn({})
  type Grants = { result: { id: string; client_name: string; person_name: string; scopes: string[] }[] }
  const { result } = await manage<Grants>(stack, 'GET', `${path}/grant`)
  const [newest] = result
  expect(newest).toMatchObject({
    client_name: 'SDK client',
    person_name: 'Ann',
    scopes: expect.arrayContaining(['mcp:read']),
  })
  expect(newest!.scopes).not.toContain('mcp:write')
  expect(JSON.stringify(result)).not.toContain('fxapi_')
  await client.listTools()
  expect(await manage(stack, 'DELETE', `${path}/grant/${newest!.id}`)).toMatchObject({ id: newest!.id })
  await expect(client.callTool({ name: 'list_all_finexio_payments', arguments: {} })).rejects.toThrow()
  await client.close()
})

test('the token URL of the same server keeps asking for the header, and starts no sign-in', async () => {
  expect((await person.rpc(server.url, apiToken, 'tools/list')).status).toBe(200)
  const kept: Kept = {}
  const { connecting } = await connect(server.url, program(kept))
  await expect(connecting).rejects.toThrow()
  expect(kept.asked).toBeUndefined()
})
