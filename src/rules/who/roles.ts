/**
 * Roles, and what a key may do with them. A grant is `role` for all accounts or `role:<account id>` for one: the account
 * narrows that role and gives nothing by itself. Pure.
 */
import * as z from 'zod'
import { meantWords } from '../../core/text.ts'

/**
 * `use`: call MCP servers. `approve`: see drafts and decide on them. `manage`: MCP servers and webhook secrets of an account.
 * `audit`: read everything, stop writes, revoke; widen nothing. `admin`: people, keys, accounts; holds manage and audit as far as
 * it reaches.
 */
export const ROLES = ['use', 'approve', 'manage', 'audit', 'admin'] as const
export type Role = (typeof ROLES)[number]
export type Grant = Role | `${Role}:${string}`

const GRANT = /^(?:use|approve|manage|audit|admin)(?::[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$/

const isGrant = (text: string): text is Grant => GRANT.test(text)

export const roleOf = (grant: Grant): Role => grant.split(':', 1)[0] as Role

/** The account that a grant is narrowed to; null: all of them. */
export const accountOf = (grant: Grant): string | null => grant.split(':')[1] ?? null

/** Why grants may not be held by one key; null: they may. `use` stands alone, and `approve` with nothing but `audit`. */
export const conflictIn = (grants: readonly Grant[]): string | null => {
  const roles = new Set(grants.map(roleOf))
  if (roles.has('use') && roles.size > 1)
    return 'use cannot be held together with another role: who calls must not manage or approve'
  const beside = [...roles].find((role) => role !== 'approve' && role !== 'audit')
  if (roles.has('approve') && beside !== undefined)
    return `approve can be held together with audit alone, not with ${beside}`
  return null
}

const MOST_GRANTS = 100

/** The role that was meant, whether or not an account follows it. */
const meantRole = (input: unknown, known: readonly string[]): string =>
  meantWords(String(input).split(':', 1)[0]!, known)

const GrantInput = z
  .string()
  .max(50)
  .refine(isGrant, {
    error: ({ input }) =>
      `must be use, approve, manage, audit or admin, alone or with an account: manage:<id of an integrated account>${meantRole(input, ROLES)}`,
  })
  .transform((grant) => grant.toLowerCase() as Grant)

/** Grants of a person: what they have when they sign in with the company's identity. They may hold keys of several kinds. */
export const PersonGrantsInput = z
  .array(GrantInput)
  .max(MOST_GRANTS)
  .transform((grants) => [...new Set(grants)] as Grant[])

/** Grants of an API token: at least one, and none that may not be held together. */
export const GrantsInput = PersonGrantsInput.refine(
  (grants) => grants.length > 0,
  'must name at least one role',
).superRefine((grants, context) => {
  const conflict = conflictIn(grants)
  if (conflict) context.addIssue({ code: 'custom', message: conflict })
})

/** What `admin` holds besides itself. */
const IN_ADMIN: ReadonlySet<Role> = new Set(['manage', 'audit'])

/**
 * Whether grants give a role for an account.
 * @param accountId null: for all accounts, those to come included
 */
export const holds = (grants: readonly Grant[], role: Role, accountId: string | null): boolean =>
  grants.some((grant) => {
    const [own, only] = [roleOf(grant), accountOf(grant)]
    return (own === role || (own === 'admin' && IN_ADMIN.has(role))) && (only === null || only === accountId)
  })

/**
 * The first grant that somebody may not give: nobody gives more than they hold, save that `admin` gives `approve` and `use`,
 * as far as it reaches. Null: they may give all.
 */
export const beyond = (own: readonly Grant[], given: readonly Grant[]): Grant | null =>
  given.find((grant) => {
    const [role, account] = [roleOf(grant), accountOf(grant)]
    const byAdmin = role === 'approve' || role === 'use'
    return !holds(own, 'admin', account) || !holds(own, byAdmin ? 'admin' : role, account)
  }) ?? null

/** Accounts for which grants give one of these roles; null: all. Empty: none. */
export const accountsWith = (grants: readonly Grant[], roles: readonly Role[]): readonly string[] | null =>
  roles.some((role) => holds(grants, role, null))
    ? null
    : [...new Set(grants.flatMap((grant) => accountOf(grant) ?? []))].filter((accountId) =>
        roles.some((role) => holds(grants, role, accountId)),
      )

/** Scopes of version 0.1.0. */
export type OldScope = 'admin' | 'mcp' | 'approve' | `account:${string}`

const OLD_ROLE = { mcp: 'use', approve: 'approve' } as const

/**
 * Grants for the scopes that a key of 0.1.0 holds; never more than it could do, and often less. `account:<id>` beside another
 * scope confined it; alone it managed the account. Of what may not be held together the weakest stays.
 */
export const migratedGrants = (scopes: readonly OldScope[]): Grant[] => {
  const accounts = scopes.flatMap((scope) =>
    scope.startsWith('account:') ? [scope.slice('account:'.length)] : [],
  )
  for (const scope of ['mcp', 'approve'] as const) {
    if (!scopes.includes(scope)) continue
    const role = OLD_ROLE[scope]
    return accounts.length > 0 ? accounts.map((id): Grant => `${role}:${id}`) : [role]
  }
  if (accounts.length > 0) return accounts.map((id): Grant => `manage:${id}`)
  return scopes.includes('admin') ? ['admin'] : []
}

const OLD_SCOPES = ['admin', 'mcp', 'approve', 'account']
const OLD_SCOPE = /^(?:admin|mcp|approve|account:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
const isOldScope = (text: string): text is OldScope => OLD_SCOPE.test(text)

/** Scopes as version 0.1.0 took them, for automation that still sends them; grants are what they narrow to. */
export const OldScopesInput = z
  .array(
    z
      .string()
      .max(50)
      .transform((text) => text.toLowerCase())
      .refine(isOldScope, {
        error: ({ input }) =>
          `must be admin, mcp, approve or account:<id of an integrated account>; or send grants${meantRole(input, OLD_SCOPES)}`,
      }),
  )
  .min(1)
  .max(MOST_GRANTS)
  .refine(
    (scopes) => ['admin', 'mcp', 'approve'].filter((scope) => scopes.includes(scope as OldScope)).length < 2,
    'admin, mcp and approve cannot be combined on one token: who calls must not approve or manage',
  )
  .refine(
    (scopes) => !scopes.includes('admin') || scopes.length === 1,
    'admin cannot be confined to accounts: send grants such as manage:<account id>',
  )
  .transform(migratedGrants)
