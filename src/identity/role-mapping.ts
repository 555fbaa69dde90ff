/** OIDC_ROLES, which whoever deploys can change alone: what it adds counts as a loosening, and is asked for as the admin key would. */
import type { Cause } from '../account/audit/changing.ts'
import { settingsOf } from '../account/directory-stub.ts'
import { sealSettings, settingsDigest } from '../account/vault/settings-drafts.ts'
import type { Env } from '../core/env.ts'
import { differences } from '../rules/who/loosens.ts'
import type { RoleMapping } from '../rules/who/role-maps.ts'
import { ROOT } from './actor.ts'
import { recordRow } from './attempts.ts'
import type { RoleMap } from './provider/settings.ts'

/** What is sent to let OIDC_ROLES count as it is. */
export const PRESENT_ROLES = { oidc_roles: 'present' } as const
export const DEPLOYMENT_TARGET = {
  kind: 'deployment',
  id: 'deployment',
  name: 'the whole deployment',
} as const

/** As it is stored and compared. */
export const mappingOf = (roles: RoleMap | null): RoleMapping | null =>
  roles && { ...roles, map: Object.fromEntries(roles.map) }

export const mappingDifference = (before: RoleMapping | null, after: RoleMapping | null) =>
  differences({ oidc_roles: before }, { oidc_roles: after })

/** Acts after a day, unless somebody who approves cancels it. */
const propose = async (env: Env, before: RoleMapping | null, after: RoleMapping | null): Promise<string> => {
  const id = crypto.randomUUID()
  const { id: rootId, name, kind, grants } = ROOT
  const loosens = mappingDifference(before, after)
  await settingsOf(env).propose({
    id,
    action: 'PATCH /deployment',
    path: '/deployment',
    accounts: null,
    target: DEPLOYMENT_TARGET,
    wakes: false,
    loosens,
    reaches: [],
    digest: await settingsDigest(env, DEPLOYMENT_TARGET, loosens),
    asker: { id: rootId, name, kind, issuers: [], grants: [...grants], key: null },
    roles: ['admin'],
    acts_at: null,
    sealed: await sealSettings(env, id, PRESENT_ROLES),
  })
  return id
}

/** Whoever sets the deployment's variables. */
const settingIt = (): Cause => ({
  request_id: crypto.randomUUID(),
  actor_id: ROOT.id,
  actor_name: ROOT.name,
  actor_kind: ROOT.kind,
  action: 'OIDC_ROLES',
  changed: ['oidc_roles'],
})

const record = (env: Env, cause: Cause, settings_draft_id: string | null): Promise<void> =>
  recordRow(env, null, {
    ...cause,
    target_id: null,
    http_status_code: settings_draft_id === null ? 200 : 202,
    ...(settings_draft_id !== null && { settings_draft_id }),
  })

/** Roles by claim as they count now: without what waits to be agreed to. A change is noticed, recorded and asked for once. */
export const countingRoles = async (env: Env, roles: RoleMap | null): Promise<RoleMap | null> => {
  const present = mappingOf(roles)
  const cause = settingIt()
  const { counts, changed, waits } = await settingsOf(env).seeMapping(present, cause)
  if (changed) await record(env, cause, waits ? await propose(env, counts, present) : null)
  return counts && { ...counts, map: new Map(Object.entries(counts.map)) }
}
