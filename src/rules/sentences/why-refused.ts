/**
 * Why something was refused, short and without what somebody gave: a refusal in words quotes values, which may be secret, and the trail
 * keeps none. Pure.
 */
import { cutShort } from '../../core/text.ts'

const LONGEST = 240
/** Letters of a value from which on it is a text that is pasted: words of it are those of any sentence. */
const PASTED = 200
/** Letters of what gives nothing away, such as `a`. */
const SHORT = 2
const MOST_GIVEN = 2_000

const SENT = /\s*(?:Nothing was sent to Finexio|Finexio was only read, nothing was changed there)\.$/
const QUOTED = /"(?:[^"\\]|\\.)*"?|“[^”]*”?|`[^`]*`?/g
/** Words of ours: plain words, names in snake case, small numbers and bounds such as 10,240. Whatever else stands in a refusal came from somebody. */
const WORD =
  /^(?:[A-Za-z]?[a-z]+(?:['’-][a-z]+)*|[A-Z]{2,5}|[a-z]+(?:_[a-z]+)+|\d{1,3}|[1-9]\d{0,2}(?:,\d{3}){1,2}|-)$/
const EDGES = /^([([{]*)(.*?)([)\]}.,:;?!]*)$/s

type Given = { values: Set<string>; keys: Set<string> }

/** Not all of it was looked at: then nothing but names is said. */
const isTooMuch = ({ values, keys }: Given): boolean => values.size + keys.size > MOST_GIVEN

const gather = (value: unknown, given: Given): void => {
  if (isTooMuch(given)) return
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value).toLowerCase()
    const words = text.length <= PASTED ? [text, ...text.split(/[^\p{L}\p{N}_]+/u)] : []
    for (const word of words) if (word.length > SHORT) given.values.add(word)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value)) given.keys.add(key.toLowerCase())
    gather(item, given)
  }
}

/**
 * @param message the refusal in words
 * @param names of arguments that are declared: they are said, quoted or not; other keys that were sent are not
 * @param sent what was given; values of it are left out, and so is whatever is quoted, has digits among letters or is a long number
 * @returns empty where nothing is left
 */
export const whyRefused = (message: string, names: ReadonlySet<string>, sent: unknown): string => {
  const given: Given = { values: new Set(), keys: new Set() }
  gather(sent, given)
  const isOurs = (word: string): boolean => {
    if (names.has(word)) return true
    if (isTooMuch(given)) return false
    // A bound of ours is written 10,240; whoever gave 10240 is not told it.
    const plain = word.toLowerCase().replace(/(?<=\d),(?=\d)/g, '')
    return WORD.test(word) && !given.values.has(plain) && !given.keys.has(plain)
  }
  const shown = (token: string): string => {
    const [, before = '', bare = '', after = ''] = EDGES.exec(token) ?? []
    const path = bare.replaceAll(/\[\d+\]/g, '')
    return before + (path !== '' && path.split('.').every(isOurs) ? path : '…') + after
  }
  const unquoted = message
    .replace(SENT, '')
    .replace(QUOTED, (found) => (names.has(found.slice(1, -1)) ? found.slice(1, -1) : '…'))
  const words = unquoted.split(/\s+/).filter(Boolean).map(shown).join(' ')
  const told = words.replace(/…(?: …)+/g, '…').replace(/[.;:,]+$/, '')
  return /\p{L}/u.test(told) ? cutShort(told, LONGEST) : ''
}
