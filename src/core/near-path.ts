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

/** What many APIs have in front of their paths, and this one has not. */
const IN_FRONT = /^(?:api|rest|v\d)$/i

/** More parts than any path has. */
const MOST_PARTS = 8

/**
 * The template nearest to a path, which may begin with `/api` or the like. Null: none is near.
 * What stands in the place of a parameter is not looked at, and not said: it could be a token.
 */
export const nearPath = (path: string, templates: readonly string[]): string | null => {
  const all = partsOf(path)
  const given = IN_FRONT.test(all[0] ?? '') ? all.slice(1) : all
  if (given.length > MOST_PARTS) return null
  let [best, most]: [string | null, number] = [null, 0]
  for (const template of templates) {
    const parts = partsOf(template)
    const score = scoreOf(given, parts)
    if (score !== null && score > most) [best, most] = [template, score]
  }
  return best
}
