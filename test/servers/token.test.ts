import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32, decodeBytes, encodeBytes } from '../../src/core/bytes.ts'
import { hmac, hmacKey } from '../../src/core/keys.ts'
import { checksum, mintToken, readToken } from '../../src/rules/mcp-token.ts'
import { times } from '../support/size.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const bytes00to1f = Uint8Array.from({ length: 32 }, (_, index) => index)
const account = '00112233-4455-6677-8899-aabbccddeeff'

test('alphabet and checksum give the known answer of the form without account id', () => {
  const text = `fxmcp_${encodeBytes(bytes00to1f, 43)}`
  expect(text + checksum(text)).toBe('fxmcp_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf37C9cA')
  expect(crc32('123456789')).toBe(0xcbf43926)
})

test('a whole token is frozen', () => {
  const token = mintToken(account, bytes00to1f)
  // In parts, so that scanners for leaked tokens have nothing to find here.
  expect(token).toBe(
    ['fxmcp_', '007pSo2b9TNg1cedavCe7z', '003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf', '4ZkjSK'].join(''),
  )
  expect(readToken(token)).toEqual({ accountId: account })
})

const MINTED = times(20_000, 1_000_000)

test(`${MINTED} tokens are unique, of the published pattern, and read back as their account`, () => {
  const tokens = new Set<string>()
  for (let count = 0; count < MINTED; count++) {
    const accountId = crypto.randomUUID()
    const token = mintToken(accountId)
    tokens.add(token)
    if (!/^fxmcp_[0-9A-Za-z]{71}$/.test(token) || readToken(token)?.accountId !== accountId)
      expect.fail('a token does not read back')
  }
  expect(tokens.size).toBe(MINTED)
})

test('every change of one character is refused', () => {
  let accepted = 0
  for (let count = 0; count < times(10, 100); count++) {
    const token = mintToken(crypto.randomUUID())
    for (let at = 0; at < token.length; at++)
      for (const letter of ALPHABET)
        if (letter !== token[at] && readToken(token.slice(0, at) + letter + token.slice(at + 1))) accepted++
  }
  expect(accepted).toBe(0)
})

test('anything that is no token is null and never throws', () => {
  const token = mintToken(account)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      expect(readToken(text)).toBeNull()
    }),
  )
  for (const text of ['', `${token}\n`, ` ${token}`, `${token}a`, token.slice(1), token.toUpperCase()])
    expect(readToken(text)).toBeNull()
})

test('an account id of 2^128 or more is refused even with a good checksum', () => {
  const text = `fxmcp_${'z'.repeat(22)}${'0'.repeat(43)}`
  expect(readToken(text + checksum(text))).toBeNull()
  const largest = `fxmcp_${encodeBytes(new Uint8Array(16).fill(255), 22)}${'0'.repeat(43)}`
  expect(readToken(largest + checksum(largest))?.accountId).toBe('ffffffff-ffff-ffff-ffff-ffffffffffff')
})

test('bytes survive Base62, with every leading zero', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      expect(decodeBytes(encodeBytes(bytes, 22), 16)).toEqual(new Uint8Array(bytes))
    }),
  )
  expect(encodeBytes(new Uint8Array(16), 22)).toBe('0'.repeat(22))
  expect(decodeBytes('00000000000000000000-0', 16)).toBeNull()
})

test('the digest is HMAC-SHA-256 of the text: RFC 4231, test case 2, and another pepper gives another', async () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const jefe = await hmacKey(Uint8Array.from(Buffer.from('Jefe')))
  expect(hex(await hmac(jefe, 'what do ya want for nothing?'))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
  const other = await hmacKey(new Uint8Array(32))
  expect(await hmac(other, 'what do ya want for nothing?')).not.toEqual(
    await hmac(jefe, 'what do ya want for nothing?'),
  )
})
