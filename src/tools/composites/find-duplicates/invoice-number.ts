/** How alike two invoice numbers are: what people and scanners get wrong when one bill is entered twice. Pure. */

/** `same_number`: to the letter. The others name the only thing in which the numbers differ. */
export type Likeness = 'same_number' | 'case_or_punctuation' | 'leading_zeros' | 'one_character'

const runsOf = (number: string): string[] => number.toUpperCase().match(/\p{N}+|\p{L}+/gu) ?? []

/** Letters and digits alone, in upper case: `inv 10-7` → `INV107`. */
export const bareNumber = (number: string): string => runsOf(number).join('')

/** Runs of letters and digits without leading zeros: `INV-0012` and `inv12` → `INV-12`. */
export const unpaddedNumber = (number: string): string =>
  runsOf(number)
    .map((run) => run.replace(/^0+(?=.)/, ''))
    .join('-')

/** Shorter numbers are all one slip away from each other. */
const SHORTEST_SLIP = 4

const isSwap = (a: string, b: string) => a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2)

/** True when one letter was replaced, added, lost or swapped with its neighbour; false for equal texts. */
export const isOneSlip = (a: string, b: string): boolean => {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const [restA, restB] = [a.slice(at), b.slice(at)]
  if (a.length > b.length) return restA.slice(1) === restB
  if (a.length < b.length) return restA === restB.slice(1)
  return restA.slice(1) === restB.slice(1) || isSwap(restA, restB)
}

/** In what two numbers differ, when it is little; null when they have nothing to do with each other. */
export const likeness = (a: string, b: string): Likeness | null => {
  if (a === b) return 'same_number'
  const [bareA, bareB] = [bareNumber(a), bareNumber(b)]
  if (bareA === '' || bareB === '') return null
  if (bareA === bareB) return 'case_or_punctuation'
  if (unpaddedNumber(a) === unpaddedNumber(b)) return 'leading_zeros'
  const isLong = Math.min(bareA.length, bareB.length) >= SHORTEST_SLIP
  return isLong && isOneSlip(bareA, bareB) ? 'one_character' : null
}
