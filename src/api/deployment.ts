/** `/deployment`: settings of the whole deployment about who decides. */
import * as z from 'zod'
import { directoryObject } from '../account/directory-stub.ts'
import { afterLease } from '../account/lease.ts'
import { uuid } from './answers.ts'
import { ApiError, invalid } from './errors.ts'
import { needsChange } from './input.ts'
import { type Asked, route } from './route.ts'

const DeploymentAnswer = z.object({
  writes_stopped: z.boolean(),
  second_person_for_settings: z
    .boolean()
    .describe('Whether what loosens settings takes effect only when another person agrees.'),
  one_person: uuid
    .nullable()
    .describe(
      'The only person of a company of one, who decides on what systems drafted; null: there are more.',
    ),
})

const Change = z.strictObject({
  second_person_for_settings: z.boolean().optional(),
  one_person: uuid.nullable().optional(),
})

const change = async ({ c, body }: Asked<unknown, z.infer<typeof Change>>) => {
  needsChange(body, 'second_person_for_settings or one_person')
  const directory = directoryObject(c.env)
  const { second_person_for_settings, one_person } = body
  const person = one_person == null ? null : await directory.readPerson(one_person)
  if (one_person != null && person?.kind !== 'person')
    throw invalid([{ path: 'one_person', message: 'must be the id of a person: GET /person' }])
  if (one_person != null && !(await directory.isOnlyPerson(one_person)))
    throw new ApiError(409, 'There are other people who can act: one-person mode is for a company of one.')
  const changed = await directory.changeDeployment({
    ...(second_person_for_settings !== undefined && { second_person_for_settings }),
    ...(one_person !== undefined && { one_person }),
  })
  await afterLease()
  return changed
}

export const deploymentRoutes = [
  route({
    verb: 'GET',
    path: '/deployment',
    role: 'audit',
    whole: true,
    says: 'Show who decides: a second person for settings, one person',
    answer: DeploymentAnswer,
    handler: ({ c }) => directoryObject(c.env).readDeployment(),
  }),
  route({
    verb: 'PATCH',
    path: '/deployment',
    role: 'admin',
    whole: true,
    says: 'Change who decides',
    body: Change,
    answer: DeploymentAnswer,
    handler: change,
  }),
]
