/** What can be wrong with what callers send about people and their grants. */
import type { Context } from 'hono'
import { directoryObject } from '../../account/directory-stub.ts'
import type { Person } from '../../account/tables/principals/people.ts'
import type { Env } from '../../core/env.ts'
import { accountOf, type Grant, roleOf } from '../../rules/who/roles.ts'
import type { App } from '../auth.ts'
import { ApiError, invalid } from '../errors.ts'
import { idOf } from '../input.ts'

/** A grant for an account that does not exist is a mistake that would else be noticed much later. @throws ApiError 400 */
export const checkAccounts = async (env: Env, grants: readonly Grant[]): Promise<void> => {
  const ids = [...new Set(grants.map(accountOf).filter((id) => id !== null))]
  const listed = await Promise.all(ids.map((id) => directoryObject(env).isListed(id)))
  const missing = ids.filter((_, index) => !listed[index])
  if (missing.length > 0)
    throw invalid(
      missing.map((id) => ({ path: 'grants', message: `there is no integrated account with the id ${id}` })),
    )
}

export const unknownPerson = () =>
  new ApiError(404, 'There is no person or system with this id. GET /person lists them.')

export const tooManyPeople = () =>
  new ApiError(409, 'This deployment has as many people and systems as it can hold: remove some first.')

/** @throws ApiError 400 */
export const checkPerson = (
  kind: Person['kind'],
  { issuer, subject, grants }: Pick<Person, 'issuer' | 'subject' | 'grants'>,
): void => {
  if ((issuer === null) !== (subject === null))
    throw invalid([
      { path: 'subject', message: 'issuer and subject belong together: send both, or null for both' },
    ])
  if (kind === 'system' && grants.some((grant) => roleOf(grant) === 'approve'))
    throw invalid([{ path: 'grants', message: 'a system cannot approve' }])
}

/** @throws ApiError 404 */
export const personIn = async ({ c }: { c: Context<App> }): Promise<Person> => {
  const id = idOf(c, 'person')
  const person = id === null ? null : await directoryObject(c.env).readPerson(id)
  if (!person) throw unknownPerson()
  return person
}
