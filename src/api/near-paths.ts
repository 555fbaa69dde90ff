/** Which path somebody may have meant who asked for one that is not there. */
import { nearest } from '../core/text.ts'

const OF_ACCOUNT = '/integrated-account/:account/'
/** Where clients connect: what is nearly that is a mistyped MCP URL. */
const OF_CLIENTS = 'mcp'

const partsOf = (path: string): string[] => path.split('/').slice(1)
const isName = (part: string): boolean => part.startsWith(':')

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
  const parts = partsOf(asked)
  let left = known.flatMap(formsOf).filter((form) => form.parts.length === parts.length)
  for (const [at, part] of parts.entries()) {
    const words = [...new Set(left.map((form) => form.parts[at]!))].filter((one) => !isName(one))
    const word = words.includes(part) ? part : nearest(part, words)
    left = left.filter((form) => (word === null ? isName(form.parts[at]!) : form.parts[at] === word))
  }
  return left[0]?.path ?? null
}
