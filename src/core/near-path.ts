/** Which path somebody may have meant who asked for one that is not there. */
import { nearest } from './text.ts'

/** Parts of a name that are long enough to be told from others: `account` of `integrated-account`. */
const SHORTEST_PART = 5

const isParameter = (part: string): boolean => part.startsWith(':')

/** How well a part of a path fits that of a template: 2 the same, 1 near, 0 anything goes there, null not. */
const fitOf = (given: string, meant: string): number | null => {
  if (isParameter(meant)) return 0
  if (given === meant) return 2
  const names = [meant, ...meant.split('-').filter((part) => part.length >= SHORTEST_PART)]
  return nearest(given, names) === null ? null : 1
}

const scoreOf = (given: readonly string[], template: readonly string[]): number | null => {
  if (given.length !== template.length) return null
  const fits = template.map((part, at) => fitOf(given[at]!, part))
  return fits.includes(null) ? null : fits.reduce<number>((sum, fit) => sum + fit!, 0)
}

const partsOf = (path: string): string[] => path.split('/').filter(Boolean)

/** More parts than any path has. */
const MOST_PARTS = 8

/**
 * The template nearest to a path, which may have one part too many in front, such as `/api`. Null: none is near.
 * What stands in the place of a parameter is not looked at, and not said: it could be a token.
 */
export const nearPath = (path: string, templates: readonly string[]): string | null => {
  const given = partsOf(path)
  if (given.length > MOST_PARTS) return null
  let [best, most]: [string | null, number] = [null, 0]
  for (const template of templates) {
    const parts = partsOf(template)
    const score = scoreOf(given, parts) ?? scoreOf(given.slice(1), parts)
    if (score !== null && score > most) [best, most] = [template, score]
  }
  return best
}
