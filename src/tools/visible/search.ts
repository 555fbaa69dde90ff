/** Finding tools by everyday words: lexical, stateless, the same answer every time. */
import { cut } from '../../core/text.ts'
import type { Tool } from '../tool.ts'

/** The word that the tools use, and what people in accounts payable say for it. */
const EVERYDAY: Readonly<Record<string, readonly string[]>> = {
  supplier: ['vendor', 'payee', 'creditor'],
  buyer: ['customer', 'payer'],
  counterparty: ['company', 'party'],
  invoice: ['bill'],
  check: ['cheque'],
  image: ['scan', 'picture', 'photo'],
  drawdown: ['funding', 'fund', 'batch', 'debit', 'withdrawal', 'reconcile', 'reconciliation'],
  payment: ['transfer', 'remittance', 'paid', 'pay', 'payout', 'disbursement'],
  bank: ['ach', 'iban', 'routing'],
  history: ['change', 'changed', 'audit', 'log', 'timeline'],
  webhook: ['listener', 'notification', 'event', 'subscription', 'callback'],
  contact: ['email', 'person', 'phone'],
  create: ['add', 'new', 'submit'],
  bulk_create: ['upload'],
  update: ['edit', 'modify'],
  delete: ['remove', 'cancel'],
  get: ['show', 'read'],
  list: ['find', 'all'],
}

const MEANT = new Map(
  Object.entries(EVERYDAY).flatMap(([meant, said]) => said.map((word) => [word, meant] as const)),
)

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
const EMPTY = new Set('finexio by id the of for to and in is my we our with how who what'.split(' '))

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

/** A word counts whole where a field has it, half where one of its words begins with it. */
const scoreOf = (fields: readonly Field[], word: string): number =>
  Math.max(
    ...fields.map(({ weight, words }) => {
      if (words.has(word)) return weight
      return word.length > 2 && [...words].some((known) => known.startsWith(word)) ? weight / 2 : 0
    }),
  )

/** A word and what it means to the tools: the better of both counts. */
const meanings = (word: string): string[] => [word, ...wordsOf(MEANT.get(word) ?? '')]

/**
 * The tools that fit a query, best first; of equal ones the one that says least besides. Empty when nothing fits.
 * @param query free text; its first 300 characters count
 */
export const searchTools = (tools: readonly Tool[], query: string): Tool[] => {
  const words = [...new Set(wordsOf(cut(query, LONGEST_QUERY)))]
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
