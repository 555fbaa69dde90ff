/** Accounts in workerd: one of its own for each test. */
import { env as workerEnv } from 'cloudflare:workers'
import { accountObject, serversOf } from '../../src/account/account-stub.ts'
import { sealCredential } from '../../src/account/vault/vault.ts'
import type { Env } from '../../src/core/env.ts'
import { digestOf } from '../../src/core/keys.ts'
import { mintToken } from '../../src/rules/mcp-token.ts'
import type { ServerConfig } from '../../src/rules/server-settings.ts'

export const env = workerEnv as unknown as Env

export const credentials = { username: 'ap-user', password: 'correct horse' }

export const makeAccount = async () => {
  const id = crypto.randomUUID()
  const object = accountObject(env, id)
  const credential = await sealCredential(env, id, 1, credentials)
  await object.createAccount({ id, name: 'Acme', base_url: 'https://finexio.test/v2', credential })
  return { id, object, credential }
}

/** @param expires_at milliseconds since the epoch */
export const makeServer = async (
  accountId: string,
  expires_at: number | null = null,
  config: ServerConfig = { methods: ['read'] },
) => {
  const token = mintToken(accountId)
  const id = crypto.randomUUID()
  const digest = await digestOf(env, token)
  const created_by = '00000000-0000-0000-0000-000000000000'
  const server = { id, name: 'Agent', config, digest, expires_at, holder: null, created_by }
  const outcome = await serversOf(accountObject(env, accountId)).create(server)
  return { id, token, digest, outcome }
}
