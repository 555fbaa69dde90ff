/** What is wrong with a whole column stands once, with its rows: sixteen equal lines hide the one that differs. Pure. */
import type { Problem } from './invoice-rows.ts'

/** `rows` and their `lines` in the text: all of which it is said, the first one included; absent: of one. */
export type Told = Problem & { rows?: number[]; lines?: number[] }

const distinct = (numbers: readonly (number | undefined)[]): number[] => [
  ...new Set(numbers.filter((one) => one !== undefined)),
]

/** Problems in their order, equal ones of the same field put together at the first of their rows. */
export const toldOnce = (problems: readonly Problem[]): Told[] =>
  [...Map.groupBy(problems, ({ field, problem }) => JSON.stringify([field, problem])).values()].map(
    (equal) => {
      const [rows, lines] = [distinct(equal.map(({ row }) => row)), distinct(equal.map(({ line }) => line))]
      return { ...equal[0]!, ...(rows.length > 1 && { rows }), ...(lines.length > 1 && { lines }) }
    },
  )

/** `1-8, 11`. */
export const runsText = (numbers: readonly number[]): string => {
  const runs: [from: number, to: number][] = []
  for (const one of numbers) {
    const last = runs.at(-1)
    if (last && one === last[1] + 1) last[1] = one
    else runs.push([one, one])
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}
