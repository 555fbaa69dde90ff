/** Plain statistics. */

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b)

/** @param share between 0 and 1; nearest rank */
export const quantile = (values: readonly number[], share: number): number => {
  if (values.length === 0) throw new Error('A quantile of nothing.')
  const rank = Math.max(1, Math.ceil(share * values.length))
  return sorted(values)[rank - 1]!
}

/** Of any number of them; 0 where there are none. */
export const longestOf = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, value), 0)

/** Mean of the two in the middle where the number is even. */
export const median = (values: readonly number[]): number => {
  const middle = Math.floor(values.length / 2)
  if (values.length % 2 === 1) return sorted(values)[middle]!
  return (sorted(values)[middle - 1]! + sorted(values)[middle]!) / 2
}
