/** Settings of `npm start`: environment first, then `.dev.vars`, then defaults. */
import { appendFileSync, chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { ownLimits } from '../../src/account/door/limiter.ts'
import { primaryVersion } from '../../src/account/vault/envelope.ts'
import { isSendable, secretBytes, sharedSecretsProblem } from '../../src/core/keys.ts'
import { knownBases } from '../../src/finexio/base-url.ts'
import { accessOf } from '../../src/identity/provider/access.ts'
import { providerOf } from '../../src/identity/provider/settings.ts'
import { allOf } from '../all-of.ts'
import { root } from '../installed.ts'
import { type DeploymentSecrets, randomSecrets } from '../local/secrets.ts'

export type Settings = {
  port: number
  sandboxPort: number
  dataDir: string
  /** Where secrets are kept. */
  devVarsFile: string
  /** Null: the sandbox. */
  finexioBaseUrl: string | null
  credentials: { username: string; password: string }
  /** Whether the demo's first MCP server may write at another Finexio than the sandbox. */
  demoWrites: boolean
  /** As the Worker's variables of these names. */
  limits: { OWN_LIMIT: string; OWN_REQUESTS: string; OWN_CALLS_AT_ONCE: string }
  /** Bindings of the Worker: the company's sign-in, as far as it is set. */
  signIn: Record<string, string>
  secrets: DeploymentSecrets
}

type Values = Readonly<Record<string, string | undefined>>

/** A TCP port from a setting; 0 takes any free one. @throws naming the setting */
export const readPort = (values: Values, name: string, fallback: number): number => {
  const text = values[name] ?? String(fallback)
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new Error(`${name} must be a port number between 0 and 65535, but it is "${text}".`)
}

/** As the Worker will judge it; it may hold a password, so it is not repeated. @throws naming the setting */
const readBaseUrl = (values: Values): string | null => {
  const text = values.FINEXIO_BASE_URL?.trim()
  if (!text) return null
  const [base, ...more] = knownBases(text, true)
  if (base !== undefined && more.length === 0) return base
  throw new Error(
    'FINEXIO_BASE_URL must be one URL with the version path, https or http on this machine, without user, query and fragment, such as http://127.0.0.1:9000/v2.',
  )
}

/** Money of others is at stake: nothing but the very word lets writes out. @throws naming the setting */
const readDemoWrites = ({ DEMO_WRITES: text = '' }: Values): boolean => {
  if (['', 'false', 'true'].includes(text)) return text === 'true'
  throw new Error(`DEMO_WRITES must be true or false, but it is "${text}".`)
}

/**
 * Off unless asked for: whoever tries things out on one machine is not to be stopped by them. Calls at once are bounded here
 * too, since memory is, but higher: no isolate of 128 MB is filled. @throws naming the setting
 */
const readLimits = ({
  OWN_LIMIT = 'off',
  OWN_REQUESTS = 'off',
  OWN_CALLS_AT_ONCE = '200',
}: Values): Settings['limits'] => {
  const limits = { OWN_LIMIT, OWN_REQUESTS, OWN_CALLS_AT_ONCE }
  const checked = (name: keyof typeof limits) => () => {
    ownLimits({ [name]: limits[name] })
    return limits[name]
  }
  return allOf({
    OWN_LIMIT: checked('OWN_LIMIT'),
    OWN_REQUESTS: checked('OWN_REQUESTS'),
    OWN_CALLS_AT_ONCE: checked('OWN_CALLS_AT_ONCE'),
  })
}

const SIGN_IN = [
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_ROLES',
  'ACCESS_TEAM_DOMAIN',
  'ACCESS_AUD',
] as const

/** The company's sign-in. @throws ConfigurationFault naming what is missing or unreadable */
const readSignIn = (values: Values): Record<string, string> => {
  const set = Object.fromEntries(
    SIGN_IN.flatMap((name) => {
      const text = values[name]?.trim()
      return text ? [[name, text] as const] : []
    }),
  )
  providerOf(set)
  accessOf(set)
  return set
}

/** A wrong secret is named here, before anything is stored under it. @throws ConfigurationFault naming the secret */
const checkSecrets = (secrets: DeploymentSecrets): DeploymentSecrets => {
  allOf({
    admin: () => {
      if (!isSendable(secrets.ADMIN_API_KEY))
        throw new Error(
          'ADMIN_API_KEY must have no blank and no letter outside ASCII, which no client can send: openssl rand -base64 32.',
        )
    },
    pepper: () => secretBytes('TOKEN_PEPPER', secrets.TOKEN_PEPPER),
    key: () => secretBytes('MASTER_KEY_V1', secrets.MASTER_KEY_V1),
    primary: () => {
      if (primaryVersion(secrets) !== 1)
        throw new Error('MASTER_KEY_PRIMARY must be 1 here: npm start knows MASTER_KEY_V1 alone.')
    },
    shared: () => {
      const problem = sharedSecretsProblem(secrets)
      if (problem !== null) throw new Error(problem)
    },
  })
  return secrets
}

/** Characters of UTF-16, and of a file that is no text. */
const UNREADABLE = /[\0\uFFFD]/
const COLON = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*:/

/** What a file of settings says. @throws where its text could be read otherwise than it was meant */
const readFile = (path: string): Values => {
  // Editors of Windows begin a file with a mark of its encoding, which would become a part of the first name.
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  if (UNREADABLE.test(text))
    throw new Error(`${path} is not text in UTF-8 (PowerShell's > writes UTF-16): save it as UTF-8.`)
  const name = text.split(/\r?\n/).flatMap((line) => COLON.exec(line)?.[1] ?? [])[0]
  if (name !== undefined) throw new Error(`${path} has "${name}:", and a setting is written ${name}=value.`)
  return parseEnv(text)
}

const missingFrom = (known: Values) => Object.entries(randomSecrets()).filter(([name]) => !known[name])

/** Adds the secrets that neither the environment nor the file holds, in a file that only its owner can read. */
const completeFile = (path: string, environment: Values): Values => {
  const stored = existsSync(path) ? readFile(path) : {}
  const missing = missingFrom({ ...stored, ...environment })
  if (missing.length > 0) {
    const lines = missing.map(([name, value]) => `${name}="${value}"\n`).join('')
    appendFileSync(path, `\n# Made by npm start for this machine.\n${lines}`, { mode: 0o600 })
    chmodSync(path, 0o600)
  }
  return { ...stored, ...Object.fromEntries(missing) }
}

/**
 * Reads all settings, completing `.dev.vars` on first start.
 * @param environment usually `process.env`; `DATA_DIR` and `DEV_VARS_FILE` move what is written
 */
export const readSettings = (environment: Values): Settings => {
  const file = environment.DEV_VARS_FILE ?? join(root, '.dev.vars')
  const values: Values = { ...completeFile(file, environment), ...environment }
  const secret = (name: keyof DeploymentSecrets) => values[name]!
  return {
    ...allOf({
      port: () => readPort(values, 'PORT', 8787),
      sandboxPort: () => readPort(values, 'SANDBOX_PORT', 8788),
      finexioBaseUrl: () => readBaseUrl(values),
      demoWrites: () => readDemoWrites(values),
      signIn: () => readSignIn(values),
      limits: () => readLimits(values),
      secrets: () =>
        checkSecrets({
          ADMIN_API_KEY: secret('ADMIN_API_KEY').trim(),
          TOKEN_PEPPER: secret('TOKEN_PEPPER'),
          MASTER_KEY_V1: secret('MASTER_KEY_V1'),
          MASTER_KEY_PRIMARY: secret('MASTER_KEY_PRIMARY'),
        }),
    }),
    dataDir: values.DATA_DIR ?? join(root, '.data'),
    devVarsFile: file,
    credentials: {
      username: values.FINEXIO_USERNAME ?? 'demo',
      password: values.FINEXIO_PASSWORD ?? 'demo',
    },
  }
}
