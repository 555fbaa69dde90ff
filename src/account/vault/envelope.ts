/**
 * Envelope encryption: each version of a record has a data key of its own, wrapped by a key derived from the master secret.
 * Both ciphertexts read: format version (1 byte), key version (4), IV (12), AES-256-GCM ciphertext with its 128-bit tag (NIST SP 800-38D).
 * Master secrets are `MASTER_KEY_V<n>`, of which `MASTER_KEY_PRIMARY` names the one for new records.
 * The additional data binds each to its purpose and place, so that a blob moved elsewhere does not open.
 */
import { joined } from '../../core/bytes.ts'
import type { Env } from '../../core/env.ts'
import { ConfigurationFault, derived, rememberedBySecret, secretBytes } from '../../core/keys.ts'

/** Where a record belongs. */
export type Place = { purpose: string; tenant: string; record: string; version: number }

export type Sealed = { wrapped_key: Uint8Array; ciphertext: Uint8Array }

type Bytes = Uint8Array<ArrayBuffer>
/** Injected so that known answers can be tested. Every call must give fresh bytes. */
export type Random = (size: number) => Bytes

const FORMAT = 1
const IV_AT = 5
const TEXT_AT = IV_AT + 12
const LEAST = TEXT_AT + 16
const KEY_BYTES = 32

/** A ciphertext that does not open here. The message says nothing about its content. */
export class EnvelopeFault extends Error {
  override name = 'EnvelopeFault'
}

const random: Random = (size) => crypto.getRandomValues(new Uint8Array(size))

const uint32 = (value: number): Bytes => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const additionalData = ({ purpose, tenant, record, version }: Place, keyVersion: number): Bytes => {
  const texts = [purpose, tenant, record].map((text) => encoder.encode(text))
  const parts = [Uint8Array.of(FORMAT), ...texts, uint32(version), uint32(keyVersion)]
  return joined(parts.flatMap((part) => [uint32(part.byteLength), part]))
}

const aesKey = (bytes: Bytes, uses: string[]): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, uses)

/** The key that wraps data keys, from a master secret. */
export const deriveKek = async (master: Bytes): Promise<CryptoKey> =>
  aesKey(await derived(master, 'key-encryption-key'), ['encrypt', 'unwrapKey'])

const seal = async (key: CryptoKey, keyVersion: number, place: Place, iv: Bytes, plain: Uint8Array) => {
  const additional = additionalData(place, keyVersion)
  const text = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: additional }, key, plain)
  return joined([Uint8Array.of(FORMAT), uint32(keyVersion), iv, new Uint8Array(text)])
}

/** Version of the master key a ciphertext names: it is opened with exactly that one. @throws EnvelopeFault */
const keyVersionOf = (blob: Uint8Array): number => {
  if (blob.byteLength < LEAST) throw new EnvelopeFault('The ciphertext is too short.')
  if (blob[0] !== FORMAT) throw new EnvelopeFault(`The ciphertext has the unknown format ${blob[0]}.`)
  return new DataView(blob.buffer, blob.byteOffset).getUint32(1)
}

/** Cipher text and its parameters, as WebCrypto takes them. @throws EnvelopeFault when it has no known form */
const parts = (place: Place, blob: Uint8Array) => ({
  algorithm: {
    name: 'AES-GCM',
    iv: blob.slice(IV_AT, TEXT_AT),
    additionalData: additionalData(place, keyVersionOf(blob)),
  },
  text: blob.slice(TEXT_AT),
})

/** A wrong tag does not say why: changed, moved and sealed with another key are one error. */
const opened = async <Value>(opening: Promise<Value>): Promise<Value> => {
  try {
    return await opening
  } catch {
    throw new EnvelopeFault('The ciphertext was changed, moved, or sealed with another key.')
  }
}

const open = async (key: CryptoKey, place: Place, blob: Uint8Array): Promise<Bytes> => {
  const { algorithm, text } = parts(place, blob)
  return new Uint8Array(await opened(crypto.subtle.decrypt(algorithm, key, text)))
}

/** Every tool call opens a record: one step of WebCrypto instead of decrypting and importing. */
const unwrap = (kek: CryptoKey, place: Place, blob: Uint8Array): Promise<CryptoKey> => {
  const { algorithm, text } = parts(place, blob)
  return opened(crypto.subtle.unwrapKey('raw', text, kek, algorithm, 'AES-GCM', false, ['decrypt']))
}

const wrapping = (place: Place): Place => ({ ...place, purpose: `${place.purpose} data key` })

/**
 * Seals one version of a record under a fresh data key.
 * @param keyVersion version of the master key that `kek` was derived from
 */
export const sealRecord = async (
  kek: CryptoKey,
  keyVersion: number,
  place: Place,
  plain: Uint8Array,
  chance: Random = random,
): Promise<Sealed> => {
  const dataKey = chance(KEY_BYTES)
  const wrapped_key = await seal(kek, keyVersion, wrapping(place), chance(12), dataKey)
  const ciphertext = await seal(await aesKey(dataKey, ['encrypt']), keyVersion, place, chance(12), plain)
  return { wrapped_key, ciphertext }
}

/**
 * Opens what `sealRecord` made for the same place.
 * @param kekOf the wrapping key of a version; throws when the deployment does not have it
 * @throws EnvelopeFault when anything was changed, moved or mixed
 */
export const openRecord = async (
  kekOf: (version: number) => Promise<CryptoKey>,
  place: Place,
  { wrapped_key, ciphertext }: Sealed,
): Promise<Uint8Array> => {
  const version = keyVersionOf(wrapped_key)
  if (keyVersionOf(ciphertext) !== version)
    throw new EnvelopeFault('Record and data key name different versions of the master key.')
  const kek = await kekOf(version)
  return open(await unwrap(kek, wrapping(place), wrapped_key), place, ciphertext)
}

const keks = rememberedBySecret<CryptoKey>()

/**
 * The wrapping key of one version, and of no other.
 * @throws ConfigurationFault when the deployment lacks that version
 */
export const kekOf = async (env: Env, version: number): Promise<CryptoKey> => {
  const name = `MASTER_KEY_V${version}`
  const secret = (env as unknown as Record<string, unknown>)[name]
  return keks(secret as string, async () => deriveKek(secretBytes(name, secret)))
}

/** Version that seals new records. @throws ConfigurationFault unless it is a whole number from 1 */
export const primaryVersion = ({ MASTER_KEY_PRIMARY }: Pick<Env, 'MASTER_KEY_PRIMARY'>): number => {
  const version = Number(MASTER_KEY_PRIMARY)
  if (!Number.isInteger(version) || version < 1 || version > 0xffffffff)
    throw new ConfigurationFault(
      'MASTER_KEY_PRIMARY must be the number of a master key, such as 1 for MASTER_KEY_V1.',
    )
  return version
}

/** Seals a JSON value for one place. @throws ConfigurationFault when the deployment has no usable master key */
export const sealValue = async (env: Env, place: Place, value: unknown): Promise<Sealed> => {
  const keyVersion = primaryVersion(env)
  const plain = encoder.encode(JSON.stringify(value))
  return sealRecord(await kekOf(env, keyVersion), keyVersion, place, plain)
}

/**
 * Opens what `sealValue` made for the same place.
 * @throws EnvelopeFault when it does not open here; ConfigurationFault when its master key is missing
 */
export const openValue = async <Value>(env: Env, place: Place, sealed: Sealed): Promise<Value> => {
  const plain = await openRecord((version) => kekOf(env, version), place, sealed)
  return JSON.parse(decoder.decode(plain)) as Value
}

/** Whether a new record would be sealed under the same master key as this one. @throws ConfigurationFault */
export const isSealedUnderPrimary = (env: Env, { wrapped_key }: Pick<Sealed, 'wrapped_key'>): boolean =>
  keyVersionOf(wrapped_key) === primaryVersion(env)
