/** Who signed in, out of claims of any form. */
import { describe, expect, test } from 'vitest'
import { signedInAs } from '../../src/identity/provider/signed-in.ts'

const TOKEN = { iss: 'https://login.example.com', sub: 'a-1', aud: 'finexio', iat: 1_000, exp: 4_600 }

const from = (claims: object, more: Record<string, unknown> = {}) =>
  signedInAs({ ...TOKEN, ...claims }, more, 'groups')

test('the moment at which the person proved who they are, else that of the token', () => {
  expect(from({})).toMatchObject({ authenticatedAt: 1_000_000, idTokenExpiresAt: 4_600_000 })
  expect(from({ auth_time: 900 })).toMatchObject({ authenticatedAt: 900_000 })
})

test('the name: as given, else the user name, the e-mail, the subject', () => {
  const given = { name: 'Ann', preferred_username: 'ann', email: 'ann@example.com' }
  expect(from(given).name).toBe('Ann')
  expect(from({ ...given, name: ' ' }).name).toBe('ann')
  expect(from({ ...given, name: 7, preferred_username: undefined }).name).toBe('ann@example.com')
  expect(from({})).toMatchObject({ name: 'a-1', email: null })
})

test('a name loses what people cannot see, and its end beyond 200 characters', () => {
  expect(from({ name: 'A\u202enn\u0000 Mil\u200bler' }).name).toBe('Ann Miller')
  expect(from({ name: 'x'.repeat(5_000) }).name).toHaveLength(200)
})

test('an e-mail that the provider calls unverified is none, and gives no name either', () => {
  const email = 'boss@example.com'
  expect(from({ email }).email).toBe(email)
  expect(from({ email, email_verified: true }).email).toBe(email)
  for (const email_verified of [false, 'false'])
    expect(from({ email, email_verified })).toMatchObject({ email: null, name: 'a-1' })
})

describe('values of the claim with the roles', () => {
  test.each([
    ['a list', ['a', 'b'], ['a', 'b']],
    ['one text', 'a', ['a']],
    ['texts among others', ['a', 7, null, { b: 1 }, ['c'], true], ['a']],
    ['an object', { a: true }, []],
    ['a number', 7, []],
    ['null', null, []],
    ['nothing', undefined, []],
  ])('%s', (_, groups, values) => expect(from({ groups }).claimValues).toEqual(values))

  test('the ID token counts before userinfo, which counts where the token says nothing', () => {
    expect(from({ groups: ['a'] }, { groups: ['admins'] }).claimValues).toEqual(['a'])
    expect(from({ groups: [] }, { groups: ['admins'] }).claimValues).toEqual([])
    expect(from({}, { groups: ['b'] }).claimValues).toEqual(['b'])
    expect(from({}, { iss: 'https://evil.example', sub: 'bob' })).toMatchObject({
      issuer: TOKEN.iss,
      subject: 'a-1',
    })
  })

  test('no claim is found that nobody sent, and none is read where no roles are mapped', () => {
    for (const name of ['__proto__', 'constructor', 'toString'])
      expect(signedInAs(TOKEN, {}, name).claimValues).toEqual([])
    const odd = JSON.parse('{"__proto__":["a"],"constructor":"b"}')
    expect(signedInAs({ ...TOKEN, ...odd }, {}, 'constructor').claimValues).toEqual(['b'])
    expect(signedInAs({ ...TOKEN, groups: ['a'] }, {}, null).claimValues).toEqual([])
  })
})
