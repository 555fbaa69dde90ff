/** Who a row means by its supplier or buyer: the id, the internal id or the exact name, in this order; never a guess. */
import { folded, type Row } from '../derived/request.ts'

export type Role = 'Supplier' | 'Buyer'
export const ROLES: readonly Role[] = ['Supplier', 'Buyer']
/** Finexio's name for each on an invoice. */
export const PARTY_FIELDS = {
  Supplier: 'receiving_counterparty_id',
  Buyer: 'originating_counterparty_id',
} as const
/** In characters. */
export const LONGEST_NAME = 200
export type Found = { id: string; name: string | null } | { problem: string }

/** One name per party, whatever its case, so that each is looked for once. */
export const partyKey = (role: Role, given: string): string => `${role} ${folded(given)}`

/** Case apart a name must be equal: what Finexio's own search would not find must not be found here either. */

const several = (role: Role, ids: readonly string[]): Found => ({
  problem: `${ids.length} ${role.toLowerCase()}s have this name (${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}): give the id of the one that is meant`,
})

const WAYS: readonly ((party: Row) => unknown)[] = [
  ({ id }) => id,
  ({ internal_id }) => internal_id,
  ({ name }) => name,
]

const nameOf = ({ name }: Row): string | null => (typeof name === 'string' ? name : null)

/** @returns null when none of these parties is meant */
export const match = (parties: readonly Row[], role: Role, given: string): Found | null => {
  const wanted = folded(given)
  const ofRole = parties.filter(({ type }) => folded(type) === role.toLowerCase())
  for (const way of WAYS) {
    const meant = new Map(
      ofRole.filter((party) => folded(way(party)) === wanted).map((party) => [String(party.id), party]),
    )
    const [[id, party] = []] = meant
    if (meant.size > 1) return several(role, [...meant.keys()])
    if (id !== undefined) return { id, name: nameOf(party!) }
  }
  return null
}

/** What is said of a party that nobody found. */
export const notFound = (role: Role): Found => ({
  problem: `no ${role.toLowerCase()} has this id, internal id or exact name: find it with list_all_finexio_counterparties`,
})
