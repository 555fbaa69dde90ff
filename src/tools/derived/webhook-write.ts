/**
 * Webhook writes: their credentials come as plain arguments or as the name of a stored secret, which a plan never holds.
 * Finexio presents the credentials of a subscription to whatever its url is, so only a secret that is allowed at another
 * host takes a subscription there; an update without one is preceded by a look at where it points.
 */
import * as z from 'zod'
import type { Method, Resource } from '../../../schemas/define.ts'
import { webhooks } from '../../../schemas/webhooks.ts'
import { WITHHELD } from '../../core/text.ts'
import type { FinexioRequest } from '../../finexio/types.ts'
import { SecretName } from '../../rules/server-settings.ts'
import { Refusal } from '../refusal.ts'
import type { WritePlan } from '../tool.ts'
import { readOne } from './get.ts'
import { type Row, routeOf } from './request.ts'
import { planWrite } from './write.ts'

const PLAIN = ['username', 'password'] as const

const CHOICE =
  'credential_ref (the name of a stored secret) or, where this tool takes them, username and password'

/** What the tool takes: Finexio's own fields, of which the credentials may be named instead of given. */
export const webhookInput =
  (method: Method) =>
  (input: z.ZodObject): z.ZodObject => {
    const { username, password, ...shape } = input.shape as Record<string, z.ZodType>
    const name =
      routeOf(method).verb === 'POST'
        ? SecretName.describe('A stored secret, instead of username and password.')
        : SecretName
    return z.object({
      ...shape,
      username: username!.optional(),
      password: password!.optional(),
      credential_ref: name.optional(),
    })
  }

const isBlank = (value: unknown) => typeof value !== 'string' || value.trim() === ''

/** @param whole whether the request brings a whole subscription, credentials included */
const problemOf = (args: Row, whole: boolean): string | null => {
  const given = PLAIN.filter((field) => args[field] !== undefined)
  const blank = given.filter((field) => isBlank(args[field]))
  if (args.credential_ref === undefined) {
    if (blank.length > 0) return `${blank.join(' and ')} must not be blank.`
    return whole && given.length < PLAIN.length ? `give ${CHOICE}.` : null
  }
  if (given.length > 0) return `give credential_ref or ${given.join(' and ')}, not both.`
  return args.url === undefined
    ? 'credential_ref needs url beside it: a stored secret goes to its allowed hosts only.'
    : null
}

const hostOf = (url: unknown): string | null => URL.parse(String(url))?.hostname ?? null

/** The subscription stays at its host: what Finexio knows to present there must not be presented elsewhere. */
const staysAt =
  (name: string, id: unknown, url: unknown): WritePlan['before'] =>
  async (finexio) => {
    const { url: present } = await readOne(webhooks, { id }, { finexio })
    if (hostOf(present) === hostOf(url)) return
    throw new Refusal(
      `${name}: this webhook points at ${hostOf(present) ?? 'another address'}, and may be moved to ${hostOf(url)} only with a credential_ref whose secret is allowed there. Or create a webhook there and delete this one.`,
      'Nothing was changed at Finexio.',
    ).by('webhook_host')
  }

const filled = (request: FinexioRequest, credentials: Row): FinexioRequest => ({
  ...request,
  body: { ...(request.body as Row), ...credentials },
})

/** @throws Refusal before anything is sent */
export const planWebhook = (resource: Resource, name: string, method: Method) => {
  const plan = planWrite(resource, name, method)
  const { verb } = routeOf(method)
  return (given: Row): WritePlan => {
    const { credential_ref: ref, ...args } = given
    const problem = problemOf(given, verb !== 'PATCH')
    if (problem) throw new Refusal(`${name}: ${problem}`)
    if (ref === undefined) {
      const moves = verb !== 'POST' && args.url !== undefined
      return { ...plan(args), ...(moves && { before: staysAt(name, args.id, args.url) }) }
    }
    const planned = plan({ ...args, username: WITHHELD, password: WITHHELD })
    return {
      ...planned,
      // A draft keeps the name of the secret, never its value.
      args: given,
      secret: {
        ref: String(ref),
        host: hostOf(args.url) ?? '',
        fill: ({ username, password }) => filled(planned.request, { username, password }),
      },
    }
  }
}
