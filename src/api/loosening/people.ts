/** What loosens about people and their API tokens: grants that are more than there were, an identity, being enabled. */
import type { Context } from 'hono'
import { directoryObject } from '../../account/directory-stub.ts'
import type { Person } from '../../account/tables/principals/people.ts'
import { type Difference, differences, grantsBeyond, grantsKept } from '../../rules/who/loosens.ts'
import { accountOf, type Grant } from '../../rules/who/roles.ts'
import type { App } from '../auth.ts'
import { ApiError } from '../errors.ts'
import { expiryOf } from '../input.ts'
import { checkAccounts, checkPerson, personIn } from '../people/person-input.ts'
import type { Judged } from './judged.ts'

type Identity = {
  email?: string | null | undefined
  issuer?: string | null | undefined
  subject?: string | null | undefined
  grants?: Grant[] | undefined
}
type ChangeBody = Identity & { name?: string | undefined; disabled?: boolean | undefined }
type NewBody = Identity & { name: string; kind: Person['kind'] }
type Placed<Body> = { c: Context<App>; body: Body }

/** Accounts that grants reach; null: all. */
const reachOf = (grants: readonly Grant[]): string[] | null => {
  const accounts = [...new Set(grants.map(accountOf))]
  return accounts.includes(null) ? null : (accounts as string[])
}

/** @throws ApiError 409 */
const checkIdentity = async ({ c }: Placed<unknown>, { issuer, subject }: Identity, id: string | null) => {
  const other = issuer && subject ? await directoryObject(c.env).personOfIdentity(issuer, subject) : null
  if (other && other.id !== id) throw new ApiError(409, 'Somebody else has this issuer and subject already.')
}

const given = (body: object) =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))

/** What of a change of a person takes away, and what gives. */
const taken = (person: Person, { issuer, subject, grants, disabled, ...rest }: ChangeBody) => {
  const [now, waits]: [ChangeBody, ChangeBody] = [given(rest), {}]
  const moved =
    issuer !== undefined && issuer !== null && (issuer !== person.issuer || subject !== person.subject)
  Object.assign(moved ? waits : now, given({ issuer, subject }))
  if (disabled !== undefined)
    Object.assign(person.disabled_at !== null && !disabled ? waits : now, { disabled })
  if (grants && grantsBeyond(person.grants, grants).length === 0) now.grants = grants
  else if (grants) {
    waits.grants = grants
    const kept = grantsKept(person.grants, grants)
    if (kept.length < person.grants.length) now.grants = kept
  }
  return { now, waits }
}

const stateOf = ({ grants, issuer, subject, disabled_at }: Person) => ({
  grants,
  issuer,
  subject,
  disabled: disabled_at !== null,
})

const lookedAt = (person: Person, change: ChangeBody): Difference[] => {
  const state = { ...stateOf(person), name: person.name, email: person.email }
  return differences(state, { ...state, ...change })
}

/** @throws ApiError for what the handler would refuse */
export const judgedPersonChange = async (placed: Placed<ChangeBody>): Promise<Judged<ChangeBody>> => {
  const { c, body } = placed
  const person = await personIn({ c })
  checkPerson(person.kind, { ...person, ...given(body) })
  await checkAccounts(c.env, body.grants ?? [])
  await checkIdentity(placed, body, person.id)
  const { now, waits } = taken(person, body)
  const after = { ...person, ...now }
  const loosens = lookedAt(after, waits)
  const onlyGrants = loosens.every(({ key }) => key === 'grants')
  return {
    target: { kind: 'person', id: person.id, name: person.name },
    accounts: onlyGrants ? reachOf(grantsBeyond(after.grants, waits.grants ?? [])) : null,
    present: person,
    touches: lookedAt(person, now).map(({ key }) => key),
    now: Object.keys(now).length > 0 ? now : null,
    waits: loosens.length > 0 ? { loosens, body: waits } : null,
  }
}

/** Somebody new may do nothing so far: identity and grants are a change that waits. */
export const judgedNewPerson = async (placed: Placed<NewBody>): Promise<Judged> => {
  const { c, body } = placed
  const { name, kind, email, issuer = null, subject = null, grants = [] } = body
  checkPerson(kind, { issuer, subject, grants })
  await checkAccounts(c.env, grants)
  await checkIdentity(placed, body, null)
  const waits = given({ ...(issuer && { issuer, subject }), ...(grants.length > 0 && { grants }) })
  const bare = { grants: [], issuer: null, subject: null }
  const change = { action: 'PATCH /person/:person', path: (id: string) => `/person/${id}` }
  return {
    target: { kind: 'person', id: '', name },
    accounts: issuer === null ? reachOf(grants) : null,
    present: null,
    touches: [],
    now: given({ name, kind, email }),
    waits:
      Object.keys(waits).length === 0
        ? null
        : { loosens: differences(bare, { ...bare, ...waits }), body: waits, change },
  }
}

type TokenBody = {
  holder?: string | undefined
  name?: string | undefined
  grants: Grant[]
  expires_at?: unknown
}

/** A new key lets in somebody who was not let in by it. */
export const judgedNewToken = async ({ c, body }: Placed<TokenBody>): Promise<Judged> => {
  const { holder, name, grants, expires_at } = body
  await checkAccounts(c.env, grants)
  const person = holder === undefined ? null : await directoryObject(c.env).readPerson(holder)
  const called = person?.name ?? name ?? 'nobody'
  const end = expiryOf(expires_at) ?? null
  const after = { holder: called, grants, expires_at: end === null ? null : new Date(end).toISOString() }
  return {
    target: { kind: 'api_token', id: '', name: `API token of ${called}` },
    accounts: reachOf(grants),
    present: null,
    touches: [],
    now: null,
    waits: { loosens: differences({}, after), body: null },
  }
}
