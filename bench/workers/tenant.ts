/** What the proxy and the stock shape do per request besides protocol: the same hops as the product. */
import type { AccountObject, Row } from './account.ts'
import { record, type Waiter } from './record.ts'

export type BenchEnv = {
  ACCOUNTS: DurableObjectNamespace<AccountObject>
  VAULT: KVNamespace
  FINEXIO_BASE_URLS: string
}

type Json = Record<string, unknown>

const KEY = 'cred/bench/1'
const CREDENTIAL = 'YmVuY2g6YmVuY2g='
const CACHE_SECONDS = 300

const digestOf = (token: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))

const account = ({ ACCOUNTS }: BenchEnv) => ACCOUNTS.get(ACCOUNTS.idFromName('bench'))

/** Stores what one token needs. */
export const seed = async (env: BenchEnv, token: string): Promise<void> => {
  const row: Row = {
    id: crypto.randomUUID(),
    name: 'Bench',
    config: { methods: ['read', 'write'] },
    base_url: env.FINEXIO_BASE_URLS,
    version: 1,
  }
  await account(env).seed(await digestOf(token), row)
  await env.VAULT.put(KEY, CREDENTIAL)
}

/** The Durable Object call: once per request. */
export const admit = async (env: BenchEnv, token: string): Promise<Row | null> =>
  account(env).admit(await digestOf(token))

/** The KV read, the upstream request and the row of the trail: once per tool call. With an id one payment, else one page of them. */
export const readUpstream = async (env: BenchEnv, ctx: Waiter, row: Row, id: unknown): Promise<Json> => {
  const { base_url } = row
  record(account(env), ctx, row)
  const stored = await env.VAULT.get(KEY, { type: 'arrayBuffer', cacheTtl: CACHE_SECONDS })
  const headers = { authorization: `Basic ${new TextDecoder().decode(stored!)}`, accept: 'application/json' }
  const path = typeof id === 'string' ? `/payments/${encodeURIComponent(id)}/` : '/payments/'
  const response = await fetch(base_url + path, { headers })
  return response.json()
}
