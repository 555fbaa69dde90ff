/** What OIDC_ROLES gives, as it was agreed to and as the deployment's environment says it now. Pure. */
import { grantsBeyond, grantsKept } from './loosens.ts'
import type { Grant } from './roles.ts'

/** Which roles each value of a claim gives. */
export type RoleMapping = { claim: string; map: Readonly<Record<string, readonly Grant[]>> }

const givenBy = (mapping: RoleMapping | null, claim: string, value: string): readonly Grant[] =>
  mapping?.claim === claim && Object.hasOwn(mapping.map, value) ? mapping.map[value]! : []

/** Whether somebody could get a role that the mapping before did not give. */
export const mappingLoosens = (before: RoleMapping | null, after: RoleMapping | null): boolean =>
  Object.entries(after?.map ?? {}).some(
    ([value, grants]) => grantsBeyond(givenBy(before, after!.claim, value), grants).length > 0,
  )

/** What both mappings give: what was taken away is gone at once, what was added sleeps. */
export const mappingKept = (before: RoleMapping | null, after: RoleMapping | null): RoleMapping | null => {
  if (!before || !after) return null
  const kept = Object.entries(after.map).map(
    ([value, grants]) => [value, grantsKept(givenBy(before, after.claim, value), grants)] as const,
  )
  return { claim: after.claim, map: Object.fromEntries(kept.filter(([, grants]) => grants.length > 0)) }
}
