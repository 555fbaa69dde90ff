/** Buyers and suppliers by their names as people write them. Pure. */
import { foldName, nearest, quoted } from '../../core/text.ts'
import type { Row } from './request.ts'

/** Whether a name holds a text, whatever the case, accents, blanks and punctuation of either. */
export const holdsName = (name: unknown, part: string): boolean => {
  const wanted = foldName(part)
  return wanted !== '' && foldName(name).includes(wanted)
}

const MOST_NEAR = 3
/** Too short a part of a name fits too many. */
const LEAST_LETTERS = 4

/** Parties whose name is nearly the given one, for people to choose from: never taken for it. */
export const nearNames = (parties: readonly Row[], given: string): Row[] => {
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

/** `"Acme Inc" (sup_1), "Acme LLC" (sup_2)`. */
export const namedParties = (parties: readonly Row[]): string =>
  parties.map(({ id, name }) => `${quoted(name)} (${id})`).join(', ')

/** What is offered in place of a party that nobody found; empty when nothing is near. */
export const nearWords = (parties: readonly Row[], given: string): string => {
  const near = nearNames(parties, given)
  return near.length === 0 ? '' : `near it ${near.length > 1 ? 'are' : 'is'} ${namedParties(near)}`
}
