/** `/integrated-account/:account/secret`: webhook secrets that agents use by name and never see. Values go in, none comes out. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, credentialsOf, secretsOf } from '../account/account-stub.ts'
import type { WebhookSecret } from '../account/tables/secrets.ts'
import { sealSecret } from '../account/vault/webhook-secrets.ts'
import { SecretName } from '../rules/server-settings.ts'
import { ownHosts, webhookHostProblem } from '../rules/webhook-url.ts'
import { isoOf, pageAnswer, paged, time } from './answers.ts'
import type { App } from './auth.ts'
import { causeOf } from './cause.ts'
import { ApiError, type Failure, invalid, unknownAccount } from './errors.ts'
import { judgedSecret } from './loosening/secrets.ts'
import { type Asked, route } from './route.ts'

const SecretAnswer = z.object({
  name: z.string(),
  allowed_hosts: z.array(z.string()),
  created_at: time,
  updated_at: time,
})

const MOST_HOSTS = 50

/** What Finexio would trim or drop must not be stored: the value presented has to be the one that was meant. */
const value = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => text === text.trim(), 'must not begin or end with a blank')
    .refine((text) => !/\p{C}/u.test(text), 'must not hold control or invisible characters')
    .refine((text) => !/^[*•●]+$/.test(text), 'is a masked value: give the full one')

const NewSecret = z.strictObject({
  username: value(256).refine((text) => !text.includes(':'), 'must not hold a colon'),
  password: value(1_024),
  /** Exact hosts; a changed list needs the values again, so that nobody widens it without knowing them. */
  allowed_hosts: z.array(z.string().max(253)).min(1).max(MOST_HOSTS),
})

const shown = ({ name, allowed_hosts, created_at, updated_at }: WebhookSecret) => ({
  name,
  allowed_hosts,
  created_at: isoOf(created_at),
  updated_at: isoOf(updated_at),
})

const unknownSecret = () =>
  new ApiError(404, 'This account has no webhook secret of this name: GET …/secret lists them.')

/** @throws ApiError 400 */
const nameOf = (c: Context<App>): string => {
  const parsed = SecretName.safeParse(c.req.param('name'))
  if (!parsed.success) throw invalid([{ path: 'name', message: parsed.error.issues[0]!.message }])
  return parsed.data
}

/** @throws ApiError 400 naming every host to which a webhook could not point anyway */
const checkHosts = (c: Context<App>, hosts: readonly string[]): void => {
  const { LOCAL_DEVELOPMENT, PUBLIC_URL } = c.env
  const own = ownHosts(new URL(c.req.url).hostname, PUBLIC_URL)
  const rules = { ownHosts: own, local: LOCAL_DEVELOPMENT === 'true' }
  const failures = hosts.flatMap((host, index): Failure[] => {
    const message = webhookHostProblem(host, rules)
    return message === null ? [] : [{ path: `allowed_hosts.${index}`, message }]
  })
  if (failures.length > 0) throw invalid(failures)
}

const put = async ({ c, accountId: account, body, present }: Asked<unknown, z.infer<typeof NewSecret>>) => {
  const name = nameOf(c)
  const { allowed_hosts, ...credentials } = body
  checkHosts(c, allowed_hosts)
  const object = accountObject(c.env, account)
  const version = await credentialsOf(object).takeVersion()
  if (version === null) throw unknownAccount()
  const sealed = await sealSecret(c.env, account, name, version, credentials)
  const stored = await secretsOf(object).put(
    sealed,
    [...new Set(allowed_hosts)],
    present as string[] | null,
    causeOf(c),
  )
  if (stored === null) throw unknownAccount()
  if (stored === 'too_many')
    throw new ApiError(409, 'This account has as many webhook secrets as it can hold: delete some first.')
  if (stored === 'changed_meanwhile')
    throw new ApiError(409, 'This secret was replaced by another call meanwhile. Nothing was changed.')
  return shown(stored)
}

const list = async ({ c, accountId }: Asked<unknown, unknown>) => {
  const secrets = await secretsOf(accountObject(c.env, accountId)).list()
  if (!secrets) throw unknownAccount()
  return paged(secrets, null, shown)
}

const remove = async ({ c, accountId }: Asked<unknown, unknown>) => {
  const object = accountObject(c.env, accountId)
  const name = nameOf(c)
  if (!(await secretsOf(object).delete(name, causeOf(c)))) throw unknownSecret()
  return { name }
}

const ALL = '/integrated-account/:account/secret'
const ONE = `${ALL}/:name`

export const secretRoutes = [
  route('GET', ALL, 'listSecrets', {
    role: ['manage', 'audit'],
    says: 'List the webhook secrets of an account, without their values',
    answer: pageAnswer(SecretAnswer),
    handler: list,
  }),
  route('PUT', ONE, 'putSecret', {
    plain: ['name'],
    role: 'manage',
    fails: [409],
    says: 'Store or replace a webhook secret that tools use by name (credential_ref)',
    body: NewSecret,
    example: { username: 'finexio', password: 'a long random text', allowed_hosts: ['hooks.acme.com'] },
    answer: SecretAnswer,
    loosens: (asked) => {
      const name = nameOf(asked.c)
      checkHosts(asked.c, asked.body.allowed_hosts)
      return judgedSecret(asked, name)
    },
    handler: put,
  }),
  route('DELETE', ONE, 'deleteSecret', {
    plain: ['name'],
    role: 'manage',
    says: 'Erase a webhook secret',
    answer: SecretAnswer.pick({ name: true }),
    handler: remove,
  }),
]
