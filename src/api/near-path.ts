/** Which path somebody may have meant who asked for one that is not there. */
import { nearest } from '../core/text.ts'

/** As OpenAPI writes a path, and with it whatever people read. */
export const openPath = (path: string): string => path.replaceAll(/:([a-z]+)/g, '{$1}')

const OF_ACCOUNT = '/integrated-account/:account/'
/** Where clients connect: what is nearly that is a mistyped MCP URL. */
const OF_CLIENTS = 'mcp'

/** What many APIs have in front of their paths, and this one has not. */
const IN_FRONT = /^\/(?:api|rest|v\d)(?=\/)/i

const partsOf = (path: string): string[] => path.split('/').slice(1)
const isName = (part: string): boolean => part.startsWith(':')

/** Letters of a part of a word that can be told from others: `account` of `integrated-account`. */
const SHORTEST = 5

/** The word itself or, where none is near, the one of which a part is. */
const nearWord = (part: string, words: readonly string[]): string | null => {
  if (words.includes(part)) return part
  const partly = words.filter((word) => {
    const parts = word.split('-').filter(({ length }) => length >= SHORTEST)
    return word.includes('-') && nearest(part, parts) !== null
  })
  return nearest(part, words) ?? partly[0] ?? null
}

type Form = { path: string; parts: string[] }

/** Each path as it is and, of those of an account, without what names the account. */
const formsOf = (path: string): Form[] => {
  const whole = { path, parts: partsOf(path) }
  if (!path.startsWith(OF_ACCOUNT)) return [whole]
  const parts = whole.parts.slice(2)
  return parts[0] === OF_CLIENTS ? [whole] : [whole, { path, parts }]
}

/** Null: none is near. Nothing of `asked` is in the answer. @param known paths with `:names` in the place of ids */
export const nearPath = (asked: string, known: readonly string[]): string | null => {
  const parts = partsOf(asked.replace(IN_FRONT, ''))
  let left = known.flatMap(formsOf).filter((form) => form.parts.length === parts.length)
  for (const [at, part] of parts.entries()) {
    const words = [...new Set(left.map((form) => form.parts[at]!))].filter((one) => !isName(one))
    const word = nearWord(part, words)
    left = left.filter((form) => (word === null ? isName(form.parts[at]!) : form.parts[at] === word))
  }
  return left[0] ? openPath(left[0].path) : null
}
