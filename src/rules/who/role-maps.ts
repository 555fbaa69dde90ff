/** What OIDC_ROLES gives, as it was agreed to and as the deployment's environment says it now. Pure. */
import { grantsBeyond, grantsKept } from './loosens.ts'
import type { Grant } from './roles.ts'

/**
 * Which roles each value of a claim gives, and who says it: issuer and application, since another one could say anything of anybody.
 * `by` absent: as it was kept before, of whoever says it now.
 */
export type RoleMapping = { claim: string; map: Readonly<Record<string, readonly Grant[]>>; by?: string }

const givenBy = (mapping: RoleMapping | null, { claim, by }: RoleMapping, value: string): readonly Grant[] =>
  mapping?.claim === claim && (mapping.by ?? by) === by && Object.hasOwn(mapping.map, value)
    ? mapping.map[value]!
    : []

/** Whether somebody could get a role that the mapping before did not give. */
export const mappingLoosens = (before: RoleMapping | null, after: RoleMapping | null): boolean =>
  Object.entries(after?.map ?? {}).some(
    ([value, grants]) => grantsBeyond(givenBy(before, after!, value), grants).length > 0,
  )

/** What both mappings give: what was taken away is gone at once, what was added sleeps. */
export const mappingKept = (before: RoleMapping | null, after: RoleMapping | null): RoleMapping | null => {
  if (!before || !after) return null
  const kept = Object.entries(after.map).map(
    ([value, grants]) => [value, grantsKept(givenBy(before, after, value), grants)] as const,
  )
  return { ...after, map: Object.fromEntries(kept.filter(([, grants]) => grants.length > 0)) }
}
