/** Who could do what at a moment, out of the settings of people and API tokens as they were then. Pure. */

import { ROOT_ID } from '../who/four-eyes.ts'
import type { Difference } from '../who/loosens.ts'
import { type Grant, holds, ROLES, type Role } from '../who/roles.ts'
import type { Target, Values } from './changes.ts'

type Settings = Target & { values: Values }

/** How somebody came to hold a role: by an API token, as a role of their own, from the company's groups, or as holder of the admin key. */
export const THROUGH = ['api_token', 'company_sign_in', 'company_groups', 'admin_key'] as const
export type Through = (typeof THROUGH)[number]

export type Held = {
  role: Role
  through: Through /** Null: it did not end by itself. */
  until: string | null
}

export type PastPerson = {
  id: string
  name: string
  kind: string
  roles: Held[]
  /** Of the admin key alone: when it first changed something that the trail keeps; null: it has not. */
  first_acted_at?: string | null
}

const hasEnded = (until: unknown, at: number): boolean => typeof until === 'string' && Date.parse(until) <= at

type Source = { grants: readonly Grant[]; through: Through; until: string | null }

const grantsIn = (value: unknown): Grant[] => (Array.isArray(value) ? (value as Grant[]) : [])

/** @param at milliseconds since the epoch */
const sourcesOf = (person: Settings, tokens: readonly Settings[], at: number): Source[] => {
  const { issuer, grants, mapped_grants, mapped_until, disabled } = person.values
  if (disabled === true) return []
  const byToken = tokens
    .filter(({ values }) => values.holder === person.id && values.asleep === undefined)
    .map(({ values }): Source => {
      const until = (values.expires_at ?? null) as string | null
      return { grants: grantsIn(values.grants), through: 'api_token', until }
    })
  const own: Source = { grants: grantsIn(grants), through: 'company_sign_in', until: null }
  const mapped: Source = {
    grants: grantsIn(mapped_grants),
    through: 'company_groups',
    until: (mapped_until ?? null) as string | null,
  }
  return [...byToken, ...(issuer === undefined ? [] : [own, mapped])].filter(
    ({ until }) => !hasEnded(until, at),
  )
}

/** One role of a kind, by whichever way lasts longest. */
const longest = (held: readonly Held[]): Held[] => {
  const found = new Map<string, Held>()
  for (const one of held) {
    const key = `${one.role} ${one.through}`
    const known = found.get(key)
    if (!known || (known.until !== null && (one.until === null || one.until > known.until)))
      found.set(key, one)
  }
  return [...found.values()]
}

/** Roles that a grant gives for an account: itself, and what `admin` holds besides. */
const rolesBy = (grant: Grant, accountId: string): Role[] =>
  ROLES.filter((role) => holds([grant], role, accountId))

/**
 * People and systems that held any role for an account, by name. Tokens are the keys of their holders: they have no line of their own.
 * @param at milliseconds since the epoch
 */
export const peopleAt = (settings: readonly Settings[], accountId: string, at: number): PastPerson[] => {
  const tokens = settings.filter(({ kind }) => kind === 'api_token')
  return settings
    .filter(({ kind }) => kind === 'person')
    .map((person) => ({
      id: person.id,
      name: String(person.values.name),
      kind: String(person.values.kind),
      roles: longest(
        sourcesOf(person, tokens, at).flatMap(({ grants, through, until }) =>
          grants.flatMap((grant) =>
            rolesBy(grant, accountId).map((role): Held => ({ role, through, until })),
          ),
        ),
      ),
    }))
    .filter(({ roles }) => roles.length > 0)
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** Whoever holds the admin key: it is a secret of the deployment, so that no row says since when there is one. @param acted as above */
export const adminKey = (acted: string | null): PastPerson => ({
  id: ROOT_ID,
  name: 'admin key',
  kind: 'root',
  roles: ROLES.filter((role) => holds(['admin'], role, null)).map((role) => ({
    role,
    through: 'admin_key',
    until: null,
  })),
  first_acted_at: acted,
})

const GRANTS = ['grants', 'mapped_grants']
/** What else says who may do what. */
const AUTHORITY = ['name', 'holder', 'disabled', 'expires_at', 'mapped_until', 'asleep']

const reaching = (value: unknown, accountId: string): Grant[] =>
  grantsIn(value).filter((grant) => rolesBy(grant, accountId).length > 0)

type OfTarget = { target: Target; changes: Difference[] }

/** A change of somebody's roles as far as it is about one account; null where it is not. */
const narrowed = <Change extends OfTarget>(change: Change, accountId: string): Change | null => {
  const grants = change.changes
    .filter(({ key }) => GRANTS.includes(key))
    .map(({ key, before, after }) => ({
      key,
      before: reaching(before, accountId),
      after: reaching(after, accountId),
    }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
  const rest = change.changes.filter(({ key }) => AUTHORITY.includes(key))
  return grants.length === 0 ? null : { ...change, changes: [...rest, ...grants] }
}

/**
 * Changes of the deployment that are about one account: its switches, roles for the account, and whatever happens to who holds one.
 * @param people who hold a role for it
 */
export const concerning = <Change extends OfTarget>(
  changes: readonly Change[],
  accountId: string,
  people: readonly PastPerson[],
): Change[] => {
  const known = new Set(people.map(({ id }) => id))
  return changes.flatMap((change) => {
    const { kind, id } = change.target
    if (kind === 'deployment') return [change]
    if (kind !== 'person' && kind !== 'api_token') return []
    const about = narrowed(change, accountId)
    if (about) return [about]
    const rest = change.changes.filter(({ key }) => AUTHORITY.includes(key))
    return known.has(id) && rest.length > 0 ? [{ ...change, changes: rest }] : []
  })
}
