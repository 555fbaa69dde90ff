/**
 * Secrets of the deployment, and the keys made of them: one for each purpose, so that none opens what another made. With
 * keyed digests, equal calls are recognised, and nobody who reads the storage can guess what they were about.
 */
import { bytesOfBase64Url } from './bytes.ts'
import type { Env } from './env.ts'

type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()

/** A deployment that lacks a setting, or runs on what it may not touch. The message names that and the remedy, never a value. */
export class ConfigurationFault extends Error {
  override name = 'ConfigurationFault'
}

/**
 * What a ConfigurationFault says, which holds no secret; null for any other error. By its name, which is all that is left of its class
 * where it comes out of a Durable Object.
 */
export const configurationProblem = (error: unknown): string | null =>
  error instanceof Error && error.name === 'ConfigurationFault' ? error.message : null

const SECRET = /^[A-Za-z0-9+/_-]{43}=?$/

/**
 * A secret of 32 bytes in Base64 or Base64url.
 * @param name of the setting, for the message
 * @throws ConfigurationFault when it is absent or has another form
 */
export const secretBytes = (name: string, text: unknown): Bytes => {
  const trimmed = typeof text === 'string' ? text.trim() : ''
  if (!SECRET.test(trimmed))
    throw new ConfigurationFault(`${name} must be 32 random bytes in Base64: openssl rand -base64 32.`)
  return bytesOfBase64Url(trimmed)
}

/** What is typed where a secret should be: words of examples, runs of the keyboard, one piece over and over. */
const EXAMPLE =
  /change.?me|example|placeholder|replace|password|secret|insert|your[-_ ]|admin.?key|letmein|01234567|12345678|87654321|abcdefgh|qwerty|qwertz|azerty|asdfgh|zxcvbn|[<>\s]|^(.{1,16})\1+.{0,15}$/i
const FEWEST_SIGNS = 10

/** Whether a text was copied or typed rather than made at random. */
export const isExample = (text: string): boolean => EXAMPLE.test(text) || new Set(text).size < FEWEST_SIGNS

const SHORTEST_KEY = 32

/** Whether a key can travel as a Bearer token: visible ASCII without blanks (RFC 9110, 5.5). @param key without what stands around it */
export const isSendable = (key: string): boolean => /^[!-~]+$/.test(key)

/** Null: the deployment has an admin key that nobody can guess. On one's own machine any will do. */
const wrongWithKey = ({ ADMIN_API_KEY = '', LOCAL_DEVELOPMENT }: AdminKey): string | null => {
  const key = ADMIN_API_KEY.trim()
  if (key === '') return 'is not set'
  const unsendable = isSendable(key)
    ? null
    : 'holds a blank or a letter outside ASCII, which no client can send'
  if (LOCAL_DEVELOPMENT === 'true') return unsendable
  if (key.length < SHORTEST_KEY) return `has fewer than ${SHORTEST_KEY} characters`
  return isExample(key) ? 'looks like an example' : unsendable
}

type AdminKey = Partial<Env>

/** However it is spelled: in Base64 or Base64url, as a webhook secret or by itself. */
const bare = (secret: string): string =>
  secret
    .trim()
    .replace(/^whsec_/, '')
    .replace(/=+$/, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')

/**
 * Which secrets of a deployment are one and the same: whoever learns one would know another that was never shown to them. A master key
 * that seals nothing any more does not count, so that the way out of it stays open. Empty: all differ.
 */
const sharedSecrets = (env: AdminKey): string[] => {
  const values = env as Readonly<Record<string, unknown>>
  const master = `MASTER_KEY_V${env.MASTER_KEY_PRIMARY?.trim()}`
  const names = ['ADMIN_API_KEY', 'TOKEN_PEPPER', master, 'NOTIFY_SECRET', 'OIDC_CLIENT_SECRET']
  const set = names.map((name) => ({ name, value: bare(String(values[name] ?? '')) }))
  const shared = set.filter(
    ({ name, value }) => value !== '' && set.some((other) => other.name !== name && other.value === value),
  )
  return shared.map(({ name }) => name)
}

/** Null: the secrets of a deployment all differ. No value is repeated. */
export const sharedSecretsProblem = (env: AdminKey): string | null => {
  const names = sharedSecrets(env)
  if (names.length === 0) return null
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} hold the same value, so nobody is let in. Make each of its own: openssl rand -base64 32. In use already, a master key is followed by another (docs/operations.md), and another TOKEN_PEPPER ends every MCP URL.`
}

/** Why the admin key opens nothing, and what to do; null: it is in order. The key is never repeated. */
export const adminKeyProblem = (env: AdminKey): string | null => {
  const wrong = wrongWithKey(env)
  if (wrong === null) return sharedSecretsProblem(env)
  return `ADMIN_API_KEY ${wrong}, so nobody is let in. Make a random one and set it: openssl rand -base64 32, then npx wrangler secret put ADMIN_API_KEY.`
}

/** 32 bytes by HKDF-SHA-256 without salt (RFC 5869). @param purpose distinct for each use */
export const derived = async (secret: Bytes, purpose: string): Promise<Bytes> => {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const info = encoder.encode(`finexio-mcp ${purpose}`)
  const salt = new Uint8Array()
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, base, 256),
  )
}

/** Remembers what was made of secrets: deriving costs more than using. It belongs to the deployment, not to a tenant. */
export const rememberedBySecret = <Value>() => {
  const known = new Map<string, Value>()
  return async (secret: string, make: () => Promise<Value>): Promise<Value> => {
    const value = known.get(secret) ?? (await make())
    known.set(secret, value)
    return value
  }
}

const subkeys = rememberedBySecret<Bytes>()

/** 32 bytes out of TOKEN_PEPPER; derived once. @param purpose distinct for each use @throws ConfigurationFault */
export const subkey = ({ TOKEN_PEPPER }: Pick<Env, 'TOKEN_PEPPER'>, purpose: string): Promise<Bytes> =>
  subkeys(JSON.stringify([TOKEN_PEPPER, purpose]), async () =>
    derived(secretBytes('TOKEN_PEPPER', TOKEN_PEPPER), purpose),
  )

/** A key for `hmac`. */
export const hmacKey = (bytes: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])

/** HMAC-SHA-256 of a text in UTF-8 (RFC 2104). */
export const hmac = async (key: CryptoKey, text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)))

const pepperKeys = rememberedBySecret<CryptoKey>()

/**
 * What is stored instead of a token: a copy of the storage cannot even confirm a guess.
 * @throws ConfigurationFault when the deployment has no usable TOKEN_PEPPER
 */
export const digestOf = async ({ TOKEN_PEPPER }: Env, token: string): Promise<Uint8Array> =>
  hmac(await pepperKeys(TOKEN_PEPPER, async () => hmacKey(secretBytes('TOKEN_PEPPER', TOKEN_PEPPER))), token)

/** JSON with members in one order, so that equal values are equal text. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`
}

const valueKeys = rememberedBySecret<CryptoKey>()

/** Keyed digest of a JSON value, such as the arguments of a write, in one account. @throws ConfigurationFault */
export const digestOfValue = async (env: Env, accountId: string, value: unknown): Promise<Uint8Array> => {
  const key = await valueKeys(env.TOKEN_PEPPER, async () => hmacKey(await subkey(env, 'write fingerprint')))
  return hmac(key, canonical([accountId, value]))
}
