/** Settings of the company's sign-in: whole, or refused with the name of what is wrong. */
import { describe, expect, test } from 'vitest'
import { providerOf, rolesFrom } from '../../src/identity/provider/settings.ts'

const WHOLE = {
  OIDC_ISSUER: 'https://login.example.com/tenant',
  OIDC_CLIENT_ID: 'finexio',
  OIDC_CLIENT_SECRET: 's3cret-of-the-client',
}
const ACCOUNT = '0190f3a4-7b1c-4d2e-8f00-0123456789ab'

const withRoles = (roles: unknown) =>
  providerOf({ ...WHOLE, OIDC_ROLES: typeof roles === 'string' ? roles : JSON.stringify(roles) })

test('nothing set, or only blanks: there is no provider', () => {
  expect(providerOf({})).toBeNull()
  expect(providerOf({ OIDC_ISSUER: '', OIDC_CLIENT_ID: ' ' })).toBeNull()
})

test('all three set: the provider, without roles of its own', () => {
  expect(providerOf(WHOLE)).toMatchObject({ clientId: 'finexio', roles: null, timeMs: 5_000 })
})

test.each([
  [{ OIDC_ISSUER: undefined }, 'OIDC_ISSUER'],
  [{ OIDC_CLIENT_ID: ' ' }, 'OIDC_CLIENT_ID'],
  [{ OIDC_CLIENT_SECRET: '' }, 'OIDC_CLIENT_SECRET'],
  [{ OIDC_CLIENT_ID: undefined, OIDC_CLIENT_SECRET: undefined }, 'OIDC_CLIENT_ID and OIDC_CLIENT_SECRET'],
])('set in part, %o: the message names what is missing and no value', (change, missing) => {
  const call = () => providerOf({ ...WHOLE, ...change })
  expect(call).toThrow(`also needs ${missing}.`)
  expect(call).not.toThrow('s3cret')
})

test('roles alone are no provider', () => {
  expect(() => providerOf({ OIDC_ROLES: '{}' })).toThrow(
    'OIDC_ISSUER and OIDC_CLIENT_ID and OIDC_CLIENT_SECRET',
  )
})

test.each([
  'http://login.example.com',
  'login.example.com',
  'ftp://login.example.com',
  'https://a:b@login.example.com',
  'https://login.example.com?x=1',
  'https://login.example.com#x',
])('an issuer of %s is refused', (OIDC_ISSUER) =>
  expect(() => providerOf({ ...WHOLE, OIDC_ISSUER })).toThrow('OIDC_ISSUER must be an https address'),
)

test.each(['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080'])(
  'over http on loopback: %s',
  (OIDC_ISSUER) => expect(providerOf({ ...WHOLE, OIDC_ISSUER })!.issuer.href).toBe(`${OIDC_ISSUER}/`),
)

describe('OIDC_ROLES', () => {
  test('gives the roles of every value that it names, each once, and of no other', () => {
    const map = {
      clerks: ['use', `use:${ACCOUNT}`],
      leads: [`approve:${ACCOUNT}`, 'audit'],
      auditors: ['audit'],
      it: ['admin'],
    }
    const provider = withRoles({ claim: 'groups', map })!
    expect(rolesFrom(provider, ['leads', 'auditors', 'strangers'])).toEqual([`approve:${ACCOUNT}`, 'audit'])
    expect(rolesFrom(provider, ['clerks', 'it'])).toEqual(['use', `use:${ACCOUNT}`, 'admin'])
    expect(rolesFrom(provider, ['constructor', '__proto__', 'toString', 'Clerks', ' clerks', ''])).toEqual([])
    expect(rolesFrom(providerOf(WHOLE)!, ['clerks'])).toEqual([])
  })

  test.each([
    ['not JSON', '{claim: groups}', 'is not valid JSON'],
    ['a list', [], 'OIDC_ROLES at ""'],
    ['no claim', { map: {} }, 'OIDC_ROLES at "claim"'],
    ['an empty claim', { claim: '', map: {} }, 'OIDC_ROLES at "claim"'],
    ['no map', { claim: 'groups' }, 'OIDC_ROLES at "map"'],
    [
      'a role that does not exist',
      { claim: 'groups', map: { a: ['use'], b: ['owner'] } },
      'OIDC_ROLES at "map.b.0"',
    ],
    ['a role in capitals', { claim: 'groups', map: { b: ['Use'] } }, 'OIDC_ROLES at "map.b.0"'],
    ['an account that is none', { claim: 'groups', map: { b: ['use:acme'] } }, 'OIDC_ROLES at "map.b.0"'],
    ['a scope of 0.1.0', { claim: 'groups', map: { b: ['mcp'] } }, 'OIDC_ROLES at "map.b.0"'],
    ['root', { claim: 'groups', map: { b: ['root'] } }, 'OIDC_ROLES at "map.b.0"'],
    ['a text in place of a list', { claim: 'groups', map: { b: 'use' } }, 'OIDC_ROLES at "map.b"'],
    ['no role at all', { claim: 'groups', map: { b: [] } }, 'OIDC_ROLES at "map.b"'],
    ['another member', { claim: 'groups', map: {}, default: ['admin'] }, 'OIDC_ROLES at ""'],
  ])('%s: an error that names the place, and nobody gets a role', (_, roles, message) => {
    expect(() => withRoles(roles)).toThrow(message)
    expect(() => withRoles(roles)).toThrow('Nobody gets a role from it.')
  })
})
