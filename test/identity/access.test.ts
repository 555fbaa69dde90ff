/** Cloudflare Access in front: its token, verified against the team's keys. */
import { generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Access, accessOf, personBehindAccess } from '../../src/identity/provider/access.ts'

const AUD = 'a'.repeat(64)

/** Access signs with RSA. */
const newKey = (kid: string): JsonWebKey => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  kid,
})

let key = newKey('one')
let asked = 0
let status = 200
const server = createServer((_, response) => {
  asked++
  const { kty, n, e, kid } = key
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ keys: [{ kty, n, e, kid, alg: 'RS256', use: 'sig' }] }))
})

let team: string
let access: Access

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  team = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  access = accessOf({ ACCESS_TEAM_DOMAIN: team, ACCESS_AUD: AUD })!
})
afterAll(() => server.close())

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** As Cloudflare's documentation shows an application token. */
const tokenWith = (change: Record<string, unknown> = {}, now = Date.now()): string => {
  const seconds = Math.floor(now / 1000)
  const claims = {
    aud: [AUD],
    email: 'ann@example.com',
    exp: seconds + 3600,
    iat: seconds,
    nbf: seconds,
    iss: team,
    type: 'app',
    identity_nonce: 'x9',
    sub: '7335d417-61da-459d-899c-0a01c76a2f94',
    country: 'US',
    ...change,
  }
  const text = `${part({ alg: 'RS256', kid: key.kid, typ: 'JWT' })}.${part(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), { key, format: 'jwk' }).toString('base64url')}`
}

const kindOf = async (jwt: string, now = Date.now()) => {
  const answer = await personBehindAccess(access, jwt, now)
  return answer.ok ? 'signed in' : answer.kind
}

test('a good token names the person by issuer and subject', async () => {
  expect(await personBehindAccess(access, tokenWith(), Date.now())).toMatchObject({
    ok: true,
    issuer: team,
    subject: '7335d417-61da-459d-899c-0a01c76a2f94',
    name: 'ann@example.com',
    email: 'ann@example.com',
    claimValues: [],
  })
  await kindOf(tokenWith())
  expect(asked).toBe(1)
})

test.each([
  ['another application', 'wrong_audience', { aud: ['b'.repeat(64)] }],
  ['no application', 'unreadable', { aud: undefined }],
  ['another team', 'wrong_issuer', { iss: 'https://evil.cloudflareaccess.com' }],
  ['a service, which is nobody', 'unreadable', { sub: '', common_name: 'service.access' }],
  ['nobody', 'unreadable', { sub: undefined }],
  ['no end', 'unreadable', { exp: undefined }],
])('a token for %s: %s', async (_, kind, change) => {
  expect(await kindOf(tokenWith(change))).toBe(kind)
})

test('a token that has ended, and one from a clock that is ahead', async () => {
  const now = Date.now()
  const seconds = Math.floor(now / 1000)
  expect(await kindOf(tokenWith({ exp: seconds - 59 }), now)).toBe('signed in')
  expect(await kindOf(tokenWith({ exp: seconds - 61 }), now)).toBe('expired')
  expect(await kindOf(tokenWith({ iat: seconds + 61 }), now)).toBe('not_yet_valid')
})

test('a token that was changed, or is none', async () => {
  const [head, , signature] = tokenWith().split('.')
  const [, claims] = tokenWith({ email: 'mallory@example.com' }).split('.')
  expect(await kindOf(`${head}.${claims}.${signature}`)).toBe('wrong_signature')
  for (const text of ['', 'a.b.c', 'x', `${part({ alg: 'none' })}.${claims}.`])
    expect(await kindOf(text)).not.toBe('signed in')
})

test('keys that Access changed are read again, and when they cannot be read nobody comes in', async () => {
  key = newKey('two')
  expect(await kindOf(tokenWith())).toBe('signed in')
  key = newKey('three')
  status = 500
  expect(await personBehindAccess(access, tokenWith(), Date.now())).toMatchObject({
    kind: 'unavailable',
    status: 503,
  })
  status = 200
})

test('settings: none, both, or the name of the one that is missing', () => {
  expect(accessOf({})).toBeNull()
  expect(() => accessOf({ ACCESS_AUD: AUD })).toThrow('ACCESS_TEAM_DOMAIN')
  expect(() => accessOf({ ACCESS_TEAM_DOMAIN: team })).toThrow('ACCESS_AUD')
  expect(() => accessOf({ ACCESS_TEAM_DOMAIN: 'http://acme.cloudflareaccess.com', ACCESS_AUD: AUD })).toThrow(
    'https',
  )
  const { server: known } = accessOf({
    ACCESS_TEAM_DOMAIN: 'acme.cloudflareaccess.com',
    ACCESS_AUD: AUD,
  })!.source
  expect(known).toEqual({
    issuer: 'https://acme.cloudflareaccess.com',
    jwks_uri: 'https://acme.cloudflareaccess.com/cdn-cgi/access/certs',
  })
})
