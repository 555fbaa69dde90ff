/** What is checked of an ID token, with tokens that a real identity provider would not issue. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Provider } from '../../src/identity/provider/settings.ts'
import type { IdentityProvider, Tampering } from '../support/identity-provider.ts'
import { kindOf, providerAt, signIn, startCompany } from './company.ts'

let company: IdentityProvider
let provider: Provider

beforeAll(async () => {
  company = await startCompany()
  provider = providerAt(company)
})
afterAll(() => company.stop())

/** Signs in while the provider issues another ID token than it would. @param now the moment of coming back */
const withToken = async (change: Tampering, now = Date.now()) => {
  company.tamper(change)
  try {
    return kindOf(await signIn(provider, { now }))
  } finally {
    company.tamper(null)
  }
}

describe('an ID token', () => {
  test.each([
    ['of another audience', 'wrong_audience', { aud: 'another-application' }],
    ['of several audiences, not ours among them', 'wrong_audience', { aud: ['a', 'b'] }],
    [
      'of ours and another audience, for another party',
      'wrong_audience',
      { aud: ['finexio-mcp', 'b'], azp: 'b' },
    ],
    ['of ours and another audience, for nobody', 'wrong_audience', { aud: ['finexio-mcp', 'b'] }],
    ['without audience', 'unreadable', { aud: undefined }],
    ['of another issuer', 'wrong_issuer', { iss: 'https://evil.example' }],
    ['of the issuer with a slash more', 'wrong_issuer', { iss: 'http://127.0.0.1/' }],
    ['without issuer', 'unreadable', { iss: undefined }],
    ['with another nonce', 'wrong_nonce', { nonce: 'n'.repeat(43) }],
    ['without nonce', 'unreadable', { nonce: undefined }],
    ['without subject', 'unreadable', { sub: undefined }],
    ['with an empty subject', 'unreadable', { sub: '' }],
    ['with a subject of 256 characters', 'unreadable', { sub: 's'.repeat(256) }],
    ['with a line break in its subject', 'unreadable', { sub: 'ann\n' }],
    ['without end', 'unreadable', { exp: undefined }],
    ['without time of issue', 'unreadable', { iat: undefined }],
  ])('%s is refused: %s', async (_, kind, change) => {
    expect(await withToken({ claims: change })).toBe(kind)
  })

  test.each<[string, string, [string, number]]>([
    ['issued by a clock that is 59 s ahead', 'signed in', ['iat', 59]],
    ['issued by a clock that is 61 s ahead', 'not_yet_valid', ['iat', 61]],
    ['valid in 59 s', 'signed in', ['nbf', 59]],
    ['valid in 61 s', 'not_yet_valid', ['nbf', 61]],
    ['that ended 59 s ago', 'signed in', ['exp', -59]],
    ['that ended 61 s ago', 'expired', ['exp', -61]],
  ])('%s: %s', async (_, kind, [claim, seconds]) => {
    const now = Date.now()
    expect(await withToken({ claims: { [claim]: Math.floor(now / 1000) + seconds } }, now)).toBe(kind)
  })

  test('times are compared with the moment that is given', async () => {
    const now = Date.now()
    expect(kindOf(await signIn(provider, { now: now + 3_600_000 }))).toBe('signed in')
    expect(kindOf(await signIn(provider, { now: now + 3_600_000 + 62_000 }))).toBe('expired')
    expect(kindOf(await signIn(provider, { now: now - 62_000 }))).toBe('not_yet_valid')
  })

  test.each<[string, Tampering]>([
    ['that says it needs no signature', { header: { alg: 'none' } }],
    ['that says it is signed with the client secret', { header: { alg: 'HS256' } }],
    ['that says it is signed with RSA', { header: { alg: 'RS256' } }],
    ['of a key that the provider does not have', { header: { kid: 'another' } }],
    [
      'whose claims were changed after it was signed',
      { claims: { groups: ['auditors'] }, keepSignature: true },
    ],
  ])('%s is refused', async (_, change) => {
    expect(await withToken(change)).toBe('wrong_signature')
  })
})
