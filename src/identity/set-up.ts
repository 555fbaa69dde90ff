/** What a deployment lacks before anybody can be let in. */
import { primaryVersion } from '../account/vault/envelope.ts'
import type { Env } from '../core/env.ts'
import {
  adminKeyProblem,
  ConfigurationFault,
  configurationProblem,
  isExample,
  secretBytes,
} from '../core/keys.ts'

const problemOf = (check: () => void): string | null => {
  try {
    check()
    return null
  } catch (error) {
    const problem = configurationProblem(error)
    if (problem === null) throw error
    return problem
  }
}

/** @throws ConfigurationFault */
const checkSecret = (env: Env, name: string): void => {
  const text = (env as unknown as Record<string, unknown>)[name]
  secretBytes(name, text)
  if (env.LOCAL_DEVELOPMENT !== 'true' && isExample(String(text).trim()))
    throw new ConfigurationFault(`${name} looks like an example. Make a random one: openssl rand -base64 32.`)
}

/** A sentence for each secret that is missing, short or an example; never its value. Empty: all are in order. */
export const setUpProblems = (env: Env): string[] =>
  [
    adminKeyProblem(env),
    problemOf(() => checkSecret(env, 'TOKEN_PEPPER')),
    problemOf(() => checkSecret(env, `MASTER_KEY_V${primaryVersion(env)}`)),
  ].filter((problem) => problem !== null)
