/**
 * The storage of the OAuth library for one request. It takes a KV namespace; what is behind it are Durable Objects, where a
 * read after a write is true: of a sign-in the account's, of clients the directory. What it writes of a sign-in is gathered, so that the
 * account keeps all of it or nothing. Records that 0.1.0 wrote to KV are still found there.
 */
import { accountObject, grantsOf } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { OauthRecord } from '../account/tables/principals/oauth-records.ts'
import type { Env } from '../core/env.ts'
import { type ResourceName, resourceIdOf } from '../rules/resource-id.ts'

const OF_SIGN_IN = /^(grant|token):([^:]*):/
/** KV refuses longer ones. */
const MOST_KEY_BYTES = 512
const YEAR_MS = 365 * 24 * 3_600_000

type Expiry = { expirationTtl?: number; expiration?: number }

const expiryOf = ({ expirationTtl, expiration }: Expiry): number =>
  expiration === undefined
    ? Date.now() + (expirationTtl === undefined ? YEAR_MS : expirationTtl * 1000)
    : expiration * 1000

export class Records {
  readonly #env: Env
  readonly #name: ResourceName | null
  readonly #source: Uint8Array<ArrayBuffer> | null
  readonly #written = new Map<string, OauthRecord>()
  readonly #read = new Map<string, string | null>()
  #removed = false

  /** @param name the server of the request; null: it is about none @param source keyed digest of where a client registers from */
  constructor(env: Env, name: ResourceName | null, source: Uint8Array<ArrayBuffer> | null = null) {
    this.#env = env
    this.#name = name
    this.#source = source
  }

  /** The bindings as the library gets them. */
  get env(): Env {
    return { ...this.#env, OAUTH_KV: this as unknown as KVNamespace }
  }

  /** What it wrote of the sign-in. */
  get written(): OauthRecord[] {
    return [...this.#written.values()]
  }

  /** Whether it removed anything: to us the sign-in is over then. */
  get removed(): boolean {
    return this.#removed
  }

  /** What the account had under a key when the library read it; null for nothing. */
  seen(key: string): [key: string, value: string | null] {
    return [key, this.#read.get(key) ?? null]
  }

  #isOfSignIn(key: string): boolean {
    const owner = OF_SIGN_IN.exec(key)?.[2]
    return owner !== undefined && this.#name !== null && owner === resourceIdOf(this.#name)
  }

  async #own(key: string): Promise<string | null> {
    if (!this.#isOfSignIn(key)) return directoryObject(this.#env).readClientRecord(key)
    const value = await grantsOf(accountObject(this.#env, this.#name!.accountId)).readRecord(key)
    this.#read.set(key, value)
    return value
  }

  async #old(key: string): Promise<string | null> {
    const isKey = new TextEncoder().encode(key).byteLength <= MOST_KEY_BYTES
    return isKey ? this.#env.OAUTH_KV.get(key) : null
  }

  /** @returns text, or the value of its JSON */
  async get(key: string, options?: { type?: string }): Promise<unknown> {
    const text = this.#written.get(key)?.value ?? (await this.#own(key)) ?? (await this.#old(key))
    return text !== null && options?.type === 'json' ? JSON.parse(text) : text
  }

  async put(key: string, value: string, expiry: Expiry = {}): Promise<void> {
    const record = { key, value, expires_at: expiryOf(expiry) }
    if (this.#isOfSignIn(key)) this.#written.set(key, record)
    else await directoryObject(this.#env).putClientRecord({ ...record, source: this.#source })
  }

  async delete(_key: string): Promise<void> {
    this.#removed = true
  }

  /** Asked for only to remove all that belongs to a grant, which goes with it. */
  async list(): Promise<object> {
    return { keys: [], list_complete: true }
  }
}

/** A person let this client in: it stays for a year, and each renewal adds one. Nothing for clients that did not register. */
export const keepClient = (env: Env, clientId: string): Promise<void> =>
  directoryObject(env).useClient(`client:${clientId}`, Date.now() + YEAR_MS)
