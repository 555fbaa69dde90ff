import { createCipheriv, hkdfSync } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  deriveKek,
  EnvelopeFault,
  openRecord,
  type Place,
  type Sealed,
  sealRecord,
} from '../../src/account/vault/envelope.ts'

const master = (fill: number) => new Uint8Array(32).fill(fill)
const keks = { 1: await deriveKek(master(1)), 2: await deriveKek(master(2)) } as Record<number, CryptoKey>
const kekOf = async (version: number) => {
  const kek = keks[version]
  if (!kek) throw new Error(`no key ${version}`)
  return kek
}

const place: Place = { purpose: 'finexio credential', tenant: 'tenant-a', record: 'credential', version: 1 }
const secret = new TextEncoder().encode('{"username":"u","password":"p"}')
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** Bytes that count up, so that key and both IVs are known. */
const counting = () => {
  let next = 0
  return (size: number) => Uint8Array.from({ length: size }, () => next++)
}

const refused = (at: Place, sealed: Sealed) =>
  openRecord(kekOf, at, sealed).then(
    () => 'opened',
    (error) => error instanceof EnvelopeFault || /no key/.test(error.message),
  )

test('known answer: both ciphertexts are frozen, byte for byte', async () => {
  const { wrapped_key, ciphertext } = await sealRecord(keks[1]!, 1, place, secret, counting())
  expect(hex(wrapped_key)).toBe(
    '0100000001202122232425262728292a2b5707bc118ce766f9fb58492a591cd420e5216c4f327fbf155f35f73589eb450a' +
      '472818e9fbb29bd65b20b07824e6b248',
  )
  expect(hex(ciphertext)).toBe(
    '01000000012c2d2e2f303132333435363729df506507e38aad5badbfdc19964834f77a49bf151248dd314aa8be6b87e5' +
      '30284520ab9165a0212ab66bdfce8007',
  )
})

const prefixed = (text: string | Buffer) => {
  const bytes = Buffer.from(text as string)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** The format once more, by other code and another library: what the known answer was checked against. */
const byNode = (key: Buffer, iv: Buffer, purpose: string, plain: Uint8Array) => {
  const one = Buffer.from([0, 0, 0, 1])
  const parts = [Buffer.from([1]), purpose, 'tenant-a', 'credential', one, one]
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.concat(parts.map(prefixed)))
  const text = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return Buffer.concat([Buffer.from([1]), one, iv, text]).toString('hex')
}

test('another implementation of the described format gives the same bytes', async () => {
  const { wrapped_key, ciphertext } = await sealRecord(keks[1]!, 1, place, secret, counting())
  const all = Buffer.from(Uint8Array.from({ length: 56 }, (_, index) => index))
  const [dataKey, keyIv, iv] = [all.subarray(0, 32), all.subarray(32, 44), all.subarray(44)]
  const kek = Buffer.from(hkdfSync('sha256', master(1), '', 'finexio-mcp key-encryption-key', 32))
  expect(hex(wrapped_key)).toBe(byNode(kek, keyIv, 'finexio credential data key', dataKey))
  expect(hex(ciphertext)).toBe(byNode(dataKey, iv, 'finexio credential', secret))
})

test('what was sealed opens in its place, and no two seals are alike', async () => {
  const first = await sealRecord(keks[1]!, 1, place, secret)
  const second = await sealRecord(keks[1]!, 1, place, secret)
  expect(await openRecord(kekOf, place, first)).toEqual(secret)
  expect(hex(first.ciphertext)).not.toBe(hex(second.ciphertext))
  expect(hex(first.wrapped_key)).not.toBe(hex(second.wrapped_key))
})

test('every bit of either ciphertext counts', async () => {
  const sealed = await sealRecord(keks[1]!, 1, place, secret)
  const outcomes = new Set<unknown>()
  for (const part of ['wrapped_key', 'ciphertext'] as const)
    for (let bit = 0; bit < sealed[part].byteLength * 8; bit++) {
      const flipped = sealed[part].slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      outcomes.add(await refused(place, { ...sealed, [part]: flipped }))
    }
  expect([...outcomes]).toEqual([true])
})

test('cut or empty ciphertexts are refused', async () => {
  const sealed = await sealRecord(keks[1]!, 1, place, secret)
  for (let size = 0; size < sealed.ciphertext.byteLength; size++)
    expect(await refused(place, { ...sealed, ciphertext: sealed.ciphertext.slice(0, size) })).toBe(true)
})

test('a blob does not open for another tenant, record, version or purpose', async () => {
  const sealed = await sealRecord(keks[1]!, 1, place, secret)
  for (const other of [{ tenant: 'tenant-b' }, { record: 'other' }, { version: 2 }, { purpose: 'other' }])
    expect(await refused({ ...place, ...other }, sealed)).toBe(true)
})

test('lengths separate the parts of a place', async () => {
  const sealed = await sealRecord(keks[1]!, 1, { ...place, tenant: 'ab', record: 'c' }, secret)
  expect(await refused({ ...place, tenant: 'a', record: 'bc' }, sealed)).toBe(true)
})

test('parts of two records, versions or keys do not mix', async () => {
  const first = await sealRecord(keks[1]!, 1, place, secret)
  const again = await sealRecord(keks[1]!, 1, place, secret)
  const later = await sealRecord(keks[1]!, 1, { ...place, version: 2 }, secret)
  const rotated = await sealRecord(keks[2]!, 2, place, secret)
  for (const other of [again, later, rotated]) {
    expect(await refused(place, { ...first, ciphertext: other.ciphertext })).toBe(true)
    expect(await refused(place, { ...first, wrapped_key: other.wrapped_key })).toBe(true)
  }
  expect(await openRecord(kekOf, place, rotated)).toEqual(secret)
})

test('the version in front decides on the key, and no other key is tried', async () => {
  const mislabelled = await sealRecord(keks[1]!, 2, place, secret)
  expect(await refused(place, mislabelled)).toBe(true)
  const asked: number[] = []
  const sealed = await sealRecord(keks[2]!, 2, place, secret)
  await openRecord(
    (version) => {
      asked.push(version)
      return kekOf(version)
    },
    place,
    sealed,
  )
  expect(asked).toEqual([2])
})

test('a destroyed master key leaves nothing to open', async () => {
  const sealed = await sealRecord(keks[2]!, 9, place, secret)
  await expect(openRecord(kekOf, place, sealed)).rejects.toThrow('no key 9')
})
