/** The company's identity provider, as the deployment's settings name it. */
import * as z from 'zod'
import type { Env } from '../../core/env.ts'
import { parseText } from '../../core/json.ts'
import { ConfigurationFault } from '../../core/keys.ts'
import { isLoopback } from '../../core/public-url.ts'
import { type Grant, PersonGrantsInput } from '../../rules/who/roles.ts'

/** The deployment's settings of the company's sign-in. */
export type ProviderEnv = Pick<Env, 'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET' | 'OIDC_ROLES'>

/** Which roles each value of one claim gives. `by`: the issuer and application whose claim it is. */
export type RoleMap = { claim: string; map: ReadonlyMap<string, readonly Grant[]>; by?: string }

export type Provider = {
  issuer: URL
  clientId: string
  clientSecret: string
  /** Null: the provider says who somebody is, and roles are granted here alone. */
  roles: RoleMap | null
  /** Milliseconds that each request to the provider may take, its body included. */
  timeMs: number
}

const TIME_MS = 5_000

const RoleMapSetting = z.strictObject({
  claim: z.string().min(1).max(200),
  map: z.record(
    z.string().min(1).max(300),
    PersonGrantsInput.refine((grants) => grants.length > 0, 'must name at least one role'),
  ),
})

const parsedJson = (text: string): unknown => {
  const read = parseText(text)
  if (read.ok) return read.value
  const wrong = read.repeated === undefined ? 'is not valid JSON' : `has ${read.repeated} more than once`
  throw new ConfigurationFault(`OIDC_ROLES ${wrong}. Nobody gets a role from it.`)
}

/** @throws ConfigurationFault that names the place, so that a slip gives no role instead of some of them */
const roleMapOf = (text: string, by: string): RoleMap => {
  const { data, error } = RoleMapSetting.safeParse(parsedJson(text))
  if (data) return { claim: data.claim, map: new Map(Object.entries(data.map)), by }
  const { path, message } = error.issues[0]!
  throw new ConfigurationFault(`OIDC_ROLES at "${path.join('.')}": ${message}. Nobody gets a role from it.`)
}

/** An address that requests may go to: https, or this very machine. */
export const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))

/** @param name of the setting @throws ConfigurationFault */
export const safeAddress = (name: string, text: string): URL => {
  const url = URL.parse(text)
  if (url && isSafe(url) && !url.search && !url.hash && !url.username && !url.password) return url
  throw new ConfigurationFault(
    `${name} must be an https address without query, such as https://login.example.com.`,
  )
}

const NAMES = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const

/**
 * @returns null when no identity provider is configured
 * @throws ConfigurationFault that names the setting which is missing or unreadable
 */
export const providerOf = (env: ProviderEnv): Provider | null => {
  const [issuer, clientId, clientSecret, roles] = [...NAMES, 'OIDC_ROLES' as const].map((name) =>
    env[name]?.trim(),
  )
  if (!issuer && !clientId && !clientSecret && !roles) return null
  const missing = NAMES.filter((name) => !env[name]?.trim())
  if (!issuer || !clientId || !clientSecret)
    throw new ConfigurationFault(`The company's sign-in also needs ${missing.join(' and ')}.`)
  const address = safeAddress('OIDC_ISSUER', issuer)
  return {
    issuer: address,
    clientId,
    clientSecret,
    roles: roles ? roleMapOf(roles, `${address.href} ${clientId}`) : null,
    timeMs: TIME_MS,
  }
}

/** Roles that values of the claim give, each once; none for values that OIDC_ROLES does not name. */
export const rolesFrom = ({ roles }: Pick<Provider, 'roles'>, claimValues: readonly string[]): Grant[] => [
  ...new Set(claimValues.flatMap((value) => roles?.map.get(value) ?? [])),
]
