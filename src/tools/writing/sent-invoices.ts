/** Invoices that left through one MCP server and that Finexio's lists may not show yet, or never will. */
import { invoices } from '../../../schemas/invoices.ts'
import { accountObject } from '../../account/account-stub.ts'
import type { PaidPair, SentRecord } from '../../account/tables/ledger/sent.ts'
import type { Env } from '../../core/env.ts'
import { digestOfValue } from '../../core/keys.ts'
import { plural } from '../../core/words.ts'
import { numberOf } from '../../rules/duplicates.ts'
import { recordSubject } from './subjects.ts'

/** Digests of one question: each is made here and looked up by the account. */
export const MOST_DIGESTS = 2000

/** Which invoices are asked for. `supplier`: null: whoever's. */
export type SoughtInvoices = { numbers: readonly string[]; supplier: string | null }

/** `number`: as Finexio compares it. `at`: when it left. */
export type SentInvoice = { number: string; key: string; at: number; state: SentRecord['state'] }

/** `uncompared`: numbers, as Finexio compares them, for which there were too many to compare. */
export type Sent = { found: readonly SentInvoice[]; uncompared: readonly string[] }

type Server = { accountId: string; serverId: string; sees(tool: string): boolean }

/** @param pairs whom the server paid in writes that the ledger has @param most digests */
export const readSentInvoices = async (
  env: Env,
  { accountId, serverId, sees }: Server,
  { numbers }: Pick<SoughtInvoices, 'numbers'>,
  pairs: readonly PaidPair[],
  most = MOST_DIGESTS,
): Promise<Sent> => {
  const wanted = pairs.length === 0 ? [] : [...new Set(numbers.map((number) => numberOf({ number })))]
  const compared = wanted.slice(0, Math.floor(most / Math.max(pairs.length, 1)))
  const asked = compared.flatMap((number) => pairs.map((pair) => ({ ...pair, number })))
  if (asked.length === 0) return { found: [], uncompared: wanted }
  const subjects = asked.map(({ buyer, supplier, number }) =>
    recordSubject(invoices, {
      originating_counterparty_id: buyer,
      receiving_counterparty_id: supplier,
      invoice_number: number,
    }),
  )
  const digests = await Promise.all(subjects.map((subject) => digestOfValue(env, accountId, subject)))
  const sent = await accountObject(env, accountId).sentRecords(serverId, digests)
  const found = asked.flatMap(({ number }, at) => {
    const record = sent[at]
    return record && sees(record.tool)
      ? [{ number, key: record.key, at: record.claimedAt, state: record.state }]
      : []
  })
  return { found, uncompared: wanted.slice(compared.length) }
}

/** The write that concerns one of these numbers, one of unknown outcome before the others; null: none. */
export const sentUnder = ({ found }: Sent, numbers: readonly string[]): SentInvoice | null => {
  const wanted = new Set(numbers.map((number) => numberOf({ number })))
  const these = found.filter(({ number }) => wanted.has(number))
  return these.find(({ state }) => state === 'unknown') ?? these[0] ?? null
}

/** Whether one of these numbers was not looked up. */
export const isUncompared = ({ uncompared }: Sent, numbers: readonly string[]): boolean =>
  numbers.some((number) => uncompared.includes(numberOf({ number })))

const minuteOf = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 16)

const STATES: Readonly<Record<SentInvoice['state'], string>> = {
  succeeded: 'Finexio does not show it yet',
  claimed: 'Finexio has not answered yet',
  unknown: 'outcome unknown',
}

/** In a sentence without its end. */
export const sentWords = ({ at, state, key }: SentInvoice): string =>
  `sent to Finexio on ${minuteOf(at)} UTC through this MCP server, ${STATES[state]} (idempotency_key ${key})`

/** A sentence; null: all were compared. */
export const uncomparedWords = ({ uncompared }: Sent): string | null =>
  uncompared.length === 0
    ? null
    : `Whether ${plural(uncompared.length, 'further number')} went to Finexio through this MCP server lately was not looked up: ask for fewer at once.`

/** A sentence; null: none was sent. */
export const sentNote = (sent: Sent): string | null => {
  const said = sent.found.map((one) => `Invoice ${one.number} was ${sentWords(one)}.`)
  return said.length === 0 ? null : [...said, 'Do not create it again.'].join(' ')
}
