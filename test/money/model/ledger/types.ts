/** Histories of a ledger, and what somebody outside can see of them. */
import type { Fate, Reading } from '../finexio/finexio.ts'

export interface Invoice {
  number: string
  supplier: string
  cents: number
}
/** `null`: none; a number: one of the keys of the history; 'new': one that nobody used. */
export type Key = null | number | 'new'
export type Op =
  | { do: 'call'; server: 0 | 1; key: Key; rows: Invoice[]; fate: Fate; reading: Reading | null; lag: number }
  | { do: 'contact'; server: 0 | 1; key: Key; contact: number; fate: Fate }
  | { do: 'dry'; server: 0 | 1; rows: Invoice[] }
  /** Of one of the calls that have a key: the newest is 0. */
  | { do: 'resolve'; back: number; reading: Reading | null }
  | { do: 'wait'; seconds: number }
  | { do: 'crash'; how: 'evict' | 'abort' | 'alarm' }

/**
 * What an answer says of this write:
 * `done`; `unknown`; `not_done`: it left, and nothing came of it; `held`: it did not leave;
 * `absent`: Finexio did not show it when looked at, and that settles nothing; `other`: none of it.
 */
export type Says = 'done' | 'unknown' | 'not_done' | 'held' | 'absent' | 'other'
export interface Answer {
  says: Says
  replayed: boolean
  text: string
}
export interface Product {
  begin(limit: number): Promise<void>
  /** @param call its name: requests that come of it bear it */
  write(call: string, server: 0 | 1, key: string | null, write: Write, dry: boolean): Promise<Answer>
  resolve(call: string, server: 0 | 1, key: string): Promise<Answer>
  /** Invoices that the limit of a day counts. */
  spent(server: 0 | 1): Promise<number>
  verified(): Promise<boolean>
  crash(how: 'evict' | 'abort' | 'alarm'): Promise<void>
}
export type Write = { batch: Invoice[] } | { contact: number }

/** One call as it went. */
export interface Call {
  name: string
  op: Op
  server: 0 | 1
  write: Write | null
  key: string | null
  at: number
  /** Null while it runs. */
  answered: number | null
  answer: Answer | null
}
/** A look at a list that was whole and showed everything there was. */
export interface Look {
  key: string
  at: number
  answer: Answer
}
