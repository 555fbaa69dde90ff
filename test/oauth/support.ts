/** The whole Worker in workerd, with accounts whose servers ask people to sign in. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { handler } from '../../src/app.ts'
import { call, connect, env } from '../api/support.ts'
import { type Http, signInAt } from './sign-in.ts'

export const BASE = 'https://mcp.test'

export const http: Http = async (url, init) => {
  const ctx = createExecutionContext()
  const request = new Request(url, init) as Parameters<NonNullable<typeof handler.fetch>>[0]
  const response = await handler.fetch!(request, env, ctx)
  await waitOnExecutionContext(ctx)
  return response
}

export const oauth = signInAt(http, BASE)

export type SignInServer = { id: string; token: string; url: string; resource_url: string }

export const newServer = async (
  accountId: string,
  config: object = { methods: ['read', 'write'] },
): Promise<SignInServer> => {
  const body = { name: 'AP agent', config: { require_api_token_auth: true, ...config } }
  return (await call('POST', `/integrated-account/${accountId}/mcp`, { body })).body
}

export const newApiToken = async (
  scopes: string[] = ['mcp'],
  name = 'Ann',
): Promise<{ id: string; holder: string; token: string }> =>
  (await call('POST', '/api-token', { body: { name, kind: 'person', scopes } })).body

/** An account with one server that asks to sign in, and a person who may. */
export const newPlace = async (config?: object) => {
  const accountId = await connect('Acme & Sons')
  const server = await newServer(accountId, config)
  const ann = await newApiToken(['mcp', `account:${accountId}`])
  const path = `/integrated-account/${accountId}/mcp/${server.id}`
  return { accountId, server, resource: server.resource_url, ann, apiToken: ann.token, path }
}

/** Signed in, with tokens. */
export const signedIn = async (
  place: { resource: string; apiToken: string },
  { write, ...params }: Record<string, string> = {},
) => {
  const { resource, apiToken } = place
  const flow = await oauth.codeFor({ resource, apiToken, ...(write && { write }) }, params)
  const { status, body } = await flow.exchange()
  if (status !== 200) throw new Error(`No tokens: ${body.error}`)
  return {
    ...flow,
    access: body.access_token as string,
    refreshToken: body.refresh_token as string,
    answer: body,
  }
}
