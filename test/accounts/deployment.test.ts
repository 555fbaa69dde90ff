import { expect, test } from 'vitest'
import { deriveKek, kekOf, openRecord, primaryVersion, sealRecord } from '../../src/account/vault/envelope.ts'
import type { Env } from '../../src/core/env.ts'
import { ConfigurationFault, secretBytes } from '../../src/core/keys.ts'

const raw = Uint8Array.from({ length: 32 }, (_, index) => index * 8 + 3)
const base64 = Buffer.from(raw).toString('base64')
const env = (settings: Record<string, unknown>) => settings as unknown as Env

test('32 bytes in Base64 or Base64url, padded or not, with the newline of a pipe', () => {
  for (const text of [base64, base64.replace('=', ''), Buffer.from(raw).toString('base64url'), `${base64}\n`])
    expect(secretBytes('X', text)).toEqual(raw)
})

test.each([undefined, null, '', 'short', `${base64}AAAA`, 'ä'.repeat(43), 7])('%s is no secret', (text) => {
  expect(() => secretBytes('TOKEN_PEPPER', text)).toThrow(ConfigurationFault)
  expect(() => secretBytes('TOKEN_PEPPER', text)).toThrow(/^TOKEN_PEPPER must be 32 random bytes/)
})

test('a wrong secret is not shown', () => {
  const wrong = 'a-secret-of-the-wrong-length'
  try {
    secretBytes('TOKEN_PEPPER', wrong)
    expect.unreachable()
  } catch (fault) {
    expect(String(fault)).not.toContain(wrong)
  }
})

test('the key of a version is derived from exactly that secret', async () => {
  const other = Buffer.from(raw.map((byte) => byte ^ 1)).toString('base64')
  const keys = env({ MASTER_KEY_V1: base64, MASTER_KEY_V2: other, MASTER_KEY_PRIMARY: '2' })
  const place = { purpose: 'p', tenant: 't', record: 'r', version: 1 }
  const sealed = await sealRecord(await deriveKek(raw), 1, place, Uint8Array.of(42))
  expect(await openRecord((version) => kekOf(keys, version), place, sealed)).toEqual(Uint8Array.of(42))
  await expect(openRecord(() => kekOf(keys, 2), place, sealed)).rejects.toThrow('sealed with another key')
  expect(await kekOf(keys, 1)).toBe(await kekOf(keys, 1))
  expect(primaryVersion(keys)).toBe(2)
})

test('a missing version or primary is named', async () => {
  await expect(kekOf(env({ MASTER_KEY_V1: base64 }), 3)).rejects.toThrow('MASTER_KEY_V3')
  for (const primary of [undefined, '', '0', '1.5', 'V1', '99999999999'])
    expect(() => primaryVersion(env({ MASTER_KEY_PRIMARY: primary }))).toThrow('MASTER_KEY_PRIMARY')
})
