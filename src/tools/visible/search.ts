/** Finding tools by everyday words: lexical, stateless, the same answer every time. */
import type { Tool } from '../tool.ts'

/** What people in accounts payable say, and the word that the tools use for it. */
const EVERYDAY: Readonly<Record<string, string>> = {
  vendor: 'supplier',
  payee: 'supplier',
  creditor: 'supplier',
  customer: 'buyer',
  payer: 'buyer',
  company: 'counterparty',
  party: 'counterparty',
  bill: 'invoice',
  cheque: 'check',
  scan: 'image',
  picture: 'image',
  photo: 'image',
  funding: 'drawdown',
  fund: 'drawdown',
  batch: 'drawdown',
  debit: 'drawdown',
  withdrawal: 'drawdown',
  transfer: 'payment',
  remittance: 'payment',
  paid: 'payment',
  pay: 'payment',
  payout: 'payment',
  disbursement: 'payment',
  ach: 'bank',
  iban: 'bank',
  routing: 'bank',
  change: 'history',
  changed: 'history',
  audit: 'history',
  log: 'history',
  timeline: 'history',
  listener: 'webhook',
  notification: 'webhook',
  event: 'webhook',
  subscription: 'webhook',
  callback: 'webhook',
  email: 'contact',
  person: 'contact',
  phone: 'contact',
  reconcile: 'drawdown',
  reconciliation: 'drawdown',
  add: 'create',
  new: 'create',
  submit: 'create',
  upload: 'bulk_create',
  edit: 'update',
  modify: 'update',
  remove: 'delete',
  cancel: 'delete',
  show: 'get',
  read: 'get',
  find: 'list',
  all: 'list',
  duplicate: 'duplicate',
}

const stem = (word: string): string =>
  word
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/([^s])s$/, '$1')

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1)
    .map(stem)

/** Words that say nothing of a tool. */
const EMPTY = new Set([
  'finexio',
  'by',
  'id',
  'the',
  'of',
  'for',
  'to',
  'and',
  'in',
  'is',
  'my',
  'we',
  'our',
  'with',
  'how',
  'who',
  'what',
])

const LONGEST_QUERY = 300
const MOST_WORDS = 20

type Field = { weight: number; words: ReadonlySet<string> }

const fieldsOf = (tool: Tool): Field[] => [
  { weight: 5, words: new Set(wordsOf(tool.name)) },
  { weight: 4, words: new Set(wordsOf(`${tool.resource} ${tool.method}`)) },
  { weight: 3, words: new Set([...wordsOf(tool.title), ...tool.tags.flatMap(wordsOf)]) },
  { weight: 2, words: new Set(Object.keys(tool.input.shape).flatMap(wordsOf)) },
  { weight: 1, words: new Set(wordsOf(tool.description)) },
]

/** A word counts where it stands, half where a word begins with it. */
const scoreOf = (fields: readonly Field[], word: string): number =>
  Math.max(
    ...fields.map(({ weight, words }) => {
      if (words.has(word)) return weight
      return word.length > 2 && [...words].some((known) => known.startsWith(word)) ? weight / 2 : 0
    }),
  )

/** A word and what it stands for: the better of both counts. */
const meanings = (word: string): string[] => [word, ...wordsOf(EVERYDAY[word] ?? '')]

/**
 * The tools that fit a query, best first; of equal ones the one that says least besides. Empty when nothing fits.
 * @param query free text; its first 300 characters count
 */
export const searchTools = (tools: readonly Tool[], query: string): Tool[] => {
  const words = [...new Set(wordsOf(query.slice(0, LONGEST_QUERY)))]
    .filter((word) => !EMPTY.has(word))
    .slice(0, MOST_WORDS)
  const scored = tools.map((tool) => {
    const fields = fieldsOf(tool)
    const score = words.reduce(
      (sum, word) => sum + Math.max(...meanings(word).map((meaning) => scoreOf(fields, meaning))),
      0,
    )
    return { tool, score }
  })
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.tool.name.length - b.tool.name.length)
    .map(({ tool }) => tool)
}
