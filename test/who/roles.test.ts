import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  accountsWith,
  conflictIn,
  type Grant,
  GrantsInput,
  holds,
  migratedGrants,
  type OldScope,
  ROLES,
  roleOf,
} from '../../src/rules/who/roles.ts'
import { runs } from '../support/size.ts'

const [A, B] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const
const anyGrant = fc.oneof(
  fc.constantFrom(...ROLES),
  fc.tuple(fc.constantFrom(...ROLES), fc.constantFrom(A, B)).map(([role, id]): Grant => `${role}:${id}`),
)

describe('what grants give', () => {
  test('the account part narrows that one role and gives nothing by itself', () => {
    fc.assert(
      fc.property(fc.array(anyGrant), fc.constantFrom(...ROLES), (grants, role) => {
        const gives = holds(grants, role, A)
        const own = grants.some((grant) => grant === role || grant === `${role}:${A}`)
        const admin = grants.includes('admin') || grants.includes(`admin:${A}`)
        const byAdmin = admin && (role === 'manage' || role === 'audit')
        expect(gives).toBe(own || byAdmin)
      }),
      runs(300),
    )
  })

  test('a role for one account is not a role for all', () => {
    expect(holds([`manage:${A}`], 'manage', null)).toBe(false)
    expect(holds(['manage'], 'manage', null)).toBe(true)
    expect(accountsWith([`manage:${A}`, `audit:${B}`, `use:${A}`], ['manage', 'audit'])).toEqual([A, B])
    expect(accountsWith([`manage:${A}`, 'admin'], ['manage'])).toBeNull()
    expect(accountsWith(['use'], ['manage'])).toEqual([])
  })

  test.each(['admin:all', 'USE', 'use:*', 'manage:', `account:${A}`, 'mcp', 'root', '', `use:${A} `])(
    '%j is no grant',
    (grant) => expect(GrantsInput.safeParse([grant]).success).toBe(false),
  )
})

describe('what may stand together on one key', () => {
  test('use stands alone; approve stands with nothing but audit', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyGrant, { minLength: 1 }), (grants) => {
        const roles = new Set(grants.map(roleOf))
        const alone = !roles.has('use') || roles.size === 1
        const decides =
          !roles.has('approve') || [...roles].every((role) => role === 'approve' || role === 'audit')
        expect(conflictIn(grants) === null).toBe(alone && decides)
        expect(GrantsInput.safeParse(grants).success).toBe(alone && decides)
      }),
      runs(300),
    )
  })
})

describe('scopes of 0.1.0 migrate narrowing', () => {
  test.each<[OldScope[], Grant[]]>([
    [['mcp'], ['use']],
    [['mcp', `account:${A}`], [`use:${A}`]],
    [
      ['approve', `account:${A}`, `account:${B}`],
      [`approve:${A}`, `approve:${B}`],
    ],
    [[`account:${A}`], [`manage:${A}`]],
    [['admin'], ['admin']],
    [['admin', `account:${B}`], [`manage:${B}`]],
    [['admin', 'approve'], ['approve']],
    [['admin', 'mcp'], ['use']],
  ])('%j becomes %j', (scopes, grants) => expect(migratedGrants(scopes)).toEqual(grants))

  test('whatever stood there: nothing that may not be held together comes of it', () => {
    const anyScope = fc.constantFrom<OldScope>('admin', 'mcp', 'approve', `account:${A}`, `account:${B}`)
    fc.assert(
      fc.property(fc.uniqueArray(anyScope, { minLength: 1 }), (scopes) => {
        const grants = migratedGrants(scopes)
        expect(grants.length).toBeGreaterThan(0)
        expect(conflictIn(grants)).toBeNull()
      }),
      runs(100),
    )
  })
})
