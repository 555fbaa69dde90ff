/** Somebody whom the company's identity provider named, as a person of this deployment. */
import type { Cause } from '../account/audit/changing.ts'
import { directoryObject } from '../account/directory-stub.ts'
import { afterLease, afterOnePerson } from '../account/lease.ts'
import type { Person } from '../account/tables/principals/people.ts'
import type { Env } from '../core/env.ts'
import { ConfigurationFault } from '../core/keys.ts'
import { grantsBeyond } from '../rules/who/loosens.ts'
import type { Grant } from '../rules/who/roles.ts'
import { type Access, accessOf } from './provider/access.ts'
import { type Provider, providerOf, rolesFrom } from './provider/settings.ts'
import type { SignedIn } from './provider/signed-in.ts'
import { countingRoles } from './role-mapping.ts'

type Company = { provider: Provider | null; access: Access | null; problem: string | null }

/** `problem`: a company's sign-in is configured and cannot be used. Null everywhere: none is. */
export const companyOf = (env: Env): Company => {
  try {
    const provider = providerOf(env)
    return { provider, access: provider ? null : accessOf(env), problem: null }
  } catch (error) {
    if (!(error instanceof ConfigurationFault)) throw error
    return { provider: null, access: null, problem: error.message }
  }
}

/** How long roles last that OIDC_ROLES gave: the provider is asked anew at the next sign-in. */
const MAPPED_MS = 8 * 3_600_000

/** `mapped`: roles that the provider's claims gave, until `endsAt` (milliseconds since the epoch; null: there are none). */
export type Recognized =
  | { ok: true; person: Person; mapped: Grant[]; endsAt: number | null }
  | { ok: false; why: string }

const unknown = ({ issuer, subject }: SignedIn): Recognized => ({
  ok: false,
  why: `Nobody is known here by this sign-in. An administrator can add you under People, with the issuer ${issuer} and the subject ${subject}.`,
})

const disabled: Recognized = {
  ok: false,
  why: 'An administrator has disabled you here. Nothing was changed at your company. Ask them to enable you again under People.',
}

type Directory = ReturnType<typeof directoryObject>

/** What the company says of somebody is recorded as theirs. */
const signingIn = ({ id, name }: Pick<Person, 'id' | 'name'>): Cause => ({
  request_id: crypto.randomUUID(),
  actor_id: id,
  actor_name: name,
  actor_kind: 'person',
  action: "sign in at the company's identity provider",
  changed: ['mapped_grants', 'mapped_until'],
})

/** Who is new, and whom the company's groups give a role, is added by that. */
const added = (directory: Directory, { issuer, subject, name, email }: SignedIn): Promise<Person | null> => {
  const id = crypto.randomUUID()
  const person = { id, kind: 'person' as const, name, email, issuer, subject, grants: [], created_by: id }
  return directory.addByGroups(person, signingIn(person))
}

/**
 * Finds the person by issuer and subject, and notes the roles that OIDC_ROLES gives them now. What an earlier sign-in gave
 * and this one does not is lost.
 * @param now milliseconds since the epoch
 */
export const recognize = async (
  env: Env,
  provider: Pick<Provider, 'roles'>,
  signedIn: SignedIn,
  now: number,
): Promise<Recognized> => {
  const directory = directoryObject(env)
  const roles = await countingRoles(env, provider.roles)
  const mapped = rolesFrom({ roles }, signedIn.claimValues)
  const known = await directory.personOfIdentity(signedIn.issuer, signedIn.subject)
  const person = known ?? (mapped.length > 0 ? await added(directory, signedIn) : null)
  if (!person) return unknown(signedIn)
  if (person.disabled_at !== null) return disabled
  const endsAt = mapped.length > 0 ? now + MAPPED_MS : null
  const isLost = grantsBeyond(mapped, person.mapped_grants).length > 0
  const change = { mapped_grants: mapped, mapped_until: endsAt }
  const noted = await directory.changePerson(person.id, change, signingIn(person))
  // What this sign-in took away is gone from every account once it is answered.
  if (isLost) await afterLease()
  else if (!known) await afterOnePerson(env)
  return noted && noted !== 'identity_taken' ? { ok: true, person: noted, mapped, endsAt } : unknown(signedIn)
}
