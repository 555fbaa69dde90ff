/** What the rules need to know about a write. */
import type { Effect } from '../../schemas/define.ts'
import type { Concern } from './payees.ts'

/** Money that one call would move towards one supplier, from one buyer. */
export type Movement = { buyer: string; supplier: string; cents: number; count: number }

/** A write, as far as it matters to the rules. */
export type WriteFacts = {
  tool: string
  effect: Effect
  movements: readonly Movement[]
  /** Cents of the largest single invoice; 0 where there is none. */
  largest: number
  /** Names of the fields that it sets on a supplier, buyer or counterparty. */
  fields: readonly string[]
  /** What calls for care about those who would be paid. */
  concerns: readonly Concern[]
  /** Rows of which nobody knows whether they are there already. */
  unchecked: readonly number[]
}
