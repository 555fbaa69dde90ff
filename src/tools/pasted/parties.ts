/** Who a row means by its supplier or buyer: the id, the internal id, the exact name or the folded one, in this order; never a guess. */
import { cut, foldName, nearest } from '../../core/text.ts'
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

/** Offered beside a name that nobody has; too short a part of a name fits too many. */
const MOST_NEAR = 3
const LEAST_LETTERS = 4

const nearOnes = (parties: readonly Row[], given: string): Row[] => {
  const wanted = foldName(given)
  if (wanted.length < LEAST_LETTERS) return []
  const named = new Map(parties.map((party) => [foldName(party.name), party]))
  const holding = [...named].filter(
    ([name]) => name.length >= LEAST_LETTERS && (name.includes(wanted) || wanted.includes(name)),
  )
  const near = nearest(wanted, [...named.keys()])
  return [
    ...new Set([...holding.map(([, party]) => party), ...(near === null ? [] : [named.get(near)!])]),
  ].slice(0, MOST_NEAR)
}

/**
 * What is said of a party that nobody found.
 * @param parties that were read, to offer what nearly fits
 */
export const notFound = (role: Role, given: string, parties: readonly Row[]): Found => {
  const near = nearOnes(
    parties.filter(({ type }) => folded(type) === role.toLowerCase()),
    given,
  )
  const offered = near.map(({ id, name }) => `${JSON.stringify(cut(String(name), 80))} (${id})`)
  return {
    problem: `no ${role.toLowerCase()} has this id, internal id or name: ${near.length > 0 ? `near it ${near.length > 1 ? 'are' : 'is'} ${offered.join(', ')}; give the id of the one that is meant` : 'find it with list_all_finexio_counterparties'}`,
  }
}
