/** Who a row means by its supplier or buyer: the id, the internal id, the exact name or the folded one, in this order; never a guess. */
import { foldName } from '../../core/text.ts'
import { nearWords } from '../derived/names.ts'
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
/** `unread`: Finexio's own answer left it open. */
export type Found = { id: string; name: string | null } | { problem: string; unread?: true }

/** One name per party, whatever its case, so that each is looked for once. */
export const partyKey = (role: Role, given: string): string => `${role} ${folded(given)}`

const several = (role: Role, ids: readonly string[]): Found => ({
  problem: `${ids.length} ${role.toLowerCase()}s have this name (${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}): give the id of the one that is meant`,
})

type Way = { of(party: Row): unknown; fold(value: unknown): string }

const WAYS: readonly Way[] = [
  { of: ({ id }) => id, fold: folded },
  { of: ({ internal_id }) => internal_id, fold: folded },
  { of: ({ name }) => name, fold: folded },
  { of: ({ name }) => name, fold: foldName },
]

const nameOf = ({ name }: Row): string | null => (typeof name === 'string' ? name : null)

/** @returns null when none of these parties is meant */
export const match = (parties: readonly Row[], role: Role, given: string): Found | null => {
  const ofRole = parties.filter(({ type }) => folded(type) === role.toLowerCase())
  for (const { of, fold } of WAYS) {
    const wanted = fold(given)
    if (wanted === '') continue
    const meant = new Map(
      ofRole.filter((party) => fold(of(party)) === wanted).map((party) => [String(party.id), party]),
    )
    const [[id, party] = []] = meant
    if (meant.size > 1) return several(role, [...meant.keys()])
    if (id !== undefined) return { id, name: nameOf(party!) }
  }
  return null
}

/**
 * What is said of a party that nobody found.
 * @param parties that were read, to offer what nearly fits
 */
export const notFound = (role: Role, given: string, parties: readonly Row[]): Found => {
  const near = nearWords(
    parties.filter(({ type }) => folded(type) === role.toLowerCase()),
    given,
  )
  return {
    problem: `no ${role.toLowerCase()} has this id, internal id or name: ${near === '' ? 'find it with list_all_finexio_counterparties' : `${near}; give the id of the one that is meant`}`,
  }
}
