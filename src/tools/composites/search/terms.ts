/** What in a search text could be a number, an id or a name: people and deep research type sentences. Pure. */

/** Words that tell what is looked for, not which one. */
const COMMON: ReadonlySet<string> = new Set(
  `a about all an and any are been by check checks did drawdown drawdowns find for from get has have in invoice invoices is it
   last latest list me no not number of on or our paid payment payments recent show status supplier suppliers the this to
   unpaid us vendor vendors was we were what when where which who with buyer buyers counterparty counterparties finexio`.split(
    /\s+/,
  ),
)

const MOST_NUMBERS = 1
const MOST_NAMES = 2
const SHORTEST_NAME = 3

export type Terms = {
  /** The text as it was given. */
  whole: string
  /** Words with a digit, such as an invoice number or a tracking id. */
  numbers: string[]
  /** Words that could be part of a name. */
  names: string[]
}

/** Of a single word nothing is left over: it is the whole text. */
export const termsOf = (query: string): Terms => {
  const words = query.split(/[\s,;"“”'‘’()]+/).filter(Boolean)
  if (words.length < 2) return { whole: query, numbers: [], names: [] }
  const own = [...new Set(words.map((word) => word.replace(/[.?!:]+$/, '')))]
  const isNumber = (word: string) => /\d/.test(word)
  return {
    whole: query,
    numbers: own.filter(isNumber).slice(0, MOST_NUMBERS),
    names: own
      .filter((word) => !isNumber(word) && word.length >= SHORTEST_NAME && !COMMON.has(word.toLowerCase()))
      .slice(0, MOST_NAMES),
  }
}
