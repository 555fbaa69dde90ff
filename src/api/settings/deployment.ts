/** `/deployment`: settings of the whole deployment about who decides. */
import type { Context } from 'hono'
import * as z from 'zod'
import { directoryObject, settingsOf } from '../../account/directory-stub.ts'
import { afterLease } from '../../account/lease.ts'
import type { Deployment } from '../../account/tables/deployment.ts'
import { companyOf } from '../../identity/company.ts'
import {
  DEPLOYMENT_TARGET,
  mappingDifference,
  mappingOf,
  PRESENT_ROLES,
} from '../../identity/role-mapping.ts'
import { differences } from '../../rules/who/loosens.ts'
import { mappingLoosens } from '../../rules/who/role-maps.ts'
import { uuid } from '../answers.ts'
import type { App } from '../auth.ts'
import { causeOf } from '../cause.ts'
import { ApiError, changedMeanwhile, invalid } from '../errors.ts'
import { needsChange } from '../input.ts'
import type { Judged } from '../loosening/judged.ts'
import { type Asked, route } from '../route.ts'

export const DeploymentAnswer = z.object({
  writes_stopped: z.boolean(),
  second_person_for_settings: z
    .boolean()
    .describe('Whether what loosens settings takes effect only when another person agrees.'),
  one_person: uuid
    .nullable()
    .describe(
      'The only person of a company of one, who decides on what systems drafted; null: there are more.',
    ),
  oidc_roles: z
    .object({
      claim: z.string().describe('The claim that is read.'),
      map: z.record(z.string(), z.array(z.string())).describe('Roles by value of the claim.'),
      by: z.string().optional().describe('Who set it.'),
    })
    .nullable()
    .describe(
      'What OIDC_ROLES gives, and by whose word (issuer and application), without what waits for another person; null: nothing, so far.',
    ),
})

const Change = z.strictObject({
  second_person_for_settings: z.boolean().optional(),
  one_person: uuid.nullable().optional().describe('The person who may decide alone; null: nobody.'),
  oidc_roles: z.literal('present').optional().describe('Lets OIDC_ROLES count as it is set now.'),
})

const TWO_NEEDED =
  'Two people have to qualify before settings can need a second person: each enabled, with manage, admin or approve for all accounts, by an API token that the other did not issue or by signing in with the company. POST /person and POST /api-token add one.'

const NOT_ALONE = 'One-person mode is for a deployment whose only enabled person is its owner.'

/** @throws ApiError 409 for what would lock everybody out, or let two people pass for one */
const checkPossible = async (c: Context<App>, { second_person_for_settings, one_person }: ChangeBody) => {
  const before = await directoryObject(c.env).readDeployment()
  const isNew = second_person_for_settings && !before.second_person_for_settings
  if (isNew && !(await settingsOf(c.env).twoQualify())) throw new ApiError(409, TWO_NEEDED).by('four_eyes')
  if (
    one_person != null &&
    one_person !== before.one_person &&
    (await directoryObject(c.env).onlyPerson()) !== one_person
  )
    throw new ApiError(409, NOT_ALONE).by('four_eyes')
}

const presentMapping = (c: Context<App>) => mappingOf(companyOf(c.env).provider?.roles ?? null)

type ChangeBody = z.infer<typeof Change>

/** Going without the second person loosens, and so does an owner who decides alone. */
const judged = async ({ c, body }: Asked<unknown, ChangeBody>): Promise<Judged<ChangeBody>> => {
  const before = await directoryObject(c.env).readDeployment()
  const { second_person_for_settings: second, one_person: one } = body
  await checkPossible(c, body)
  const off = second === false && before.second_person_for_settings
  const alone = one != null && one !== before.one_person
  const settings = { ...(off && { second_person_for_settings: false }), ...(alone && { one_person: one }) }
  const waits = { ...settings }
  const now = {
    ...(!off && second !== undefined && { second_person_for_settings: second }),
    ...(!alone && one !== undefined && { one_person: one }),
  }
  const counts = (await settingsOf(c.env).mapping()) ?? null
  const present = presentMapping(c)
  const mapped = body.oidc_roles !== undefined && mappingLoosens(counts, present)
  if (body.oidc_roles !== undefined) Object.assign(mapped ? waits : now, PRESENT_ROLES)
  const loosens = [
    ...differences(pick(before), { ...pick(before), ...settings }),
    ...(mapped ? mappingDifference(counts, present) : []),
  ]
  return {
    target: DEPLOYMENT_TARGET,
    accounts: null,
    present: pick(before),
    touches: Object.keys(now),
    now: Object.keys(now).length > 0 ? now : null,
    waits: loosens.length > 0 ? { loosens, body: waits } : null,
  }
}

const pick = ({ second_person_for_settings, one_person }: Deployment) => ({
  second_person_for_settings,
  one_person,
})

const change = async ({ c, body, present }: Asked<unknown, z.infer<typeof Change>>) => {
  needsChange(body, 'second_person_for_settings, one_person or oidc_roles')
  const directory = directoryObject(c.env)
  const { second_person_for_settings, one_person, oidc_roles } = body
  const person = one_person == null ? null : await directory.readPerson(one_person)
  if (one_person != null && person?.kind !== 'person')
    throw invalid([{ path: 'one_person', message: 'must be the id of a person: GET /person' }])
  await checkPossible(c, body)
  const before = await directory.readDeployment()
  const turnsOn = second_person_for_settings === true && !before.second_person_for_settings
  const changed = await directory.changeDeployment(
    {
      ...(second_person_for_settings !== undefined && { second_person_for_settings }),
      ...(one_person !== undefined && { one_person }),
    },
    present as Partial<Deployment> | null,
    causeOf(c),
  )
  if (changed === 'changed_meanwhile') throw changedMeanwhile()
  // What OIDC_ROLES gave until now is what a second person has to agree to additions of.
  if (turnsOn || oidc_roles) await settingsOf(c.env).acceptMapping(presentMapping(c), causeOf(c))
  await afterLease()
  return { ...changed, oidc_roles: (await settingsOf(c.env).mapping()) ?? null }
}

export const deploymentRoutes = [
  route('GET', '/deployment', 'getDeployment', {
    role: 'audit',
    whole: true,
    says: 'Show who decides: a second person for settings, one person',
    answer: DeploymentAnswer,
    handler: async ({ c }) => ({
      ...(await directoryObject(c.env).readDeployment()),
      oidc_roles: (await settingsOf(c.env).mapping()) ?? null,
    }),
  }),
  route('PATCH', '/deployment', 'updateDeployment', {
    role: 'admin',
    whole: true,
    says: 'Change who decides',
    body: Change,
    example: { second_person_for_settings: true },
    answer: DeploymentAnswer,
    loosens: judged,
    handler: change,
  }),
]
