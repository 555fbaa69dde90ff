/**
 * Webhook writes: their credentials come as plain arguments or as the name of a stored secret, which a plan never holds.
 * Finexio presents the credentials of a subscription to whatever its url is, so a url is never changed alone.
 */
import * as z from 'zod'
import type { Method } from '../../schemas/define.ts'
import type { FinexioRequest } from '../finexio/types.ts'
import { SecretName } from '../writes/secret-name.ts'
import { HELD } from './held.ts'
import { Refusal } from './refusal.ts'
import type { WritePlan } from './tool.ts'
import { planWrite } from './write.ts'

type Row = Record<string, unknown>

const PLAIN = ['username', 'password'] as const

const CHOICE =
  'credential_ref (the name of a stored secret) or, where this tool takes them, username and password'

/** What the tool takes: Finexio's own fields, of which the credentials may be named instead of given. */
export const webhookInput =
  ({ route }: Method) =>
  (input: z.ZodObject): z.ZodObject => {
    const { username, password, ...shape } = input.shape as Record<string, z.ZodType>
    const name = route.startsWith('POST')
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

/** Whether an address would meet credentials that did not come with it: those of before, or somebody else's. */
const problemOf = (args: Row): string | null => {
  const given = PLAIN.filter((field) => args[field] !== undefined)
  if (args.credential_ref !== undefined) {
    if (given.length > 0) return `give credential_ref or ${given.join(' and ')}, not both.`
    return args.url === undefined
      ? 'credential_ref needs url beside it: a stored secret goes to its allowed hosts only.'
      : null
  }
  const blank = given.filter((field) => isBlank(args[field]))
  if (blank.length > 0) return `${blank.join(' and ')} must not be blank.`
  return args.url === undefined || given.length === PLAIN.length
    ? null
    : `a url takes its credentials along, or Finexio would present the present ones there: give ${CHOICE} in the same call.`
}

const filled = (request: FinexioRequest, credentials: Row): FinexioRequest => ({
  ...request,
  body: { ...(request.body as Row), ...credentials },
})

/** @throws Refusal before anything is sent */
export const planWebhook = (name: string, method: Method) => {
  const plan = planWrite(name, method)
  return ({ credential_ref: ref, ...args }: Row): WritePlan => {
    const problem = problemOf({ ...args, ...(ref !== undefined && { credential_ref: ref }) })
    if (problem) throw new Refusal(`${name}: ${problem}`)
    if (ref === undefined) return plan(args)
    const planned = plan({ ...args, username: HELD, password: HELD })
    return {
      ...planned,
      secret: {
        ref: String(ref),
        host: new URL(String(args.url)).hostname,
        fill: ({ username, password }) => filled(planned.request, { username, password }),
      },
    }
  }
}
