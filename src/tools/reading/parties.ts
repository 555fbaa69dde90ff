/** Narrowing to one buyer or supplier, which Finexio's lists of payments and invoices cannot. */
import { id } from '../../../schemas/fields.ts'
import type { Row } from './walk.ts'

/** Arguments under Finexio's own names, so that an operator who fixes a party fixes it here too. */
export const partyArguments = {
  receiving_counterparty_id: id.optional().describe('Only this supplier.'),
  originating_counterparty_id: id.optional().describe('Only this buyer.'),
}

const PARTIES = ['receiving_counterparty_id', 'originating_counterparty_id'] as const

/** Whether a row is of the parties asked for. */
export const isOf =
  (args: Row) =>
  (row: Row): boolean =>
    PARTIES.every((name) => args[name] === undefined || row[name] === args[name])

/**
 * A wrong id and a party without rows look alike: nothing. Said when nothing is left of what was read.
 * @param read rows before narrowing
 */
export const noSuchParty = (args: Row, read: number, found: number, noun: string): string | false =>
  found === 0 &&
  read > 0 &&
  PARTIES.some((name) => args[name] !== undefined) &&
  `None of the ${read} ${noun}s read is of this supplier or buyer. Ids are those of list_all_finexio_counterparties, not internal ids.`
