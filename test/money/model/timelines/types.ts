/** A timeline: what an agent, an outsider and people do, one after the other. */
import type { Contact, Fields } from '../finexio/parties.ts'

export type Step =
  /** The agent, through a server that writes. `by` is the tool. */
  | {
      do: 'agent'
      by: 'patch' | 'put' | 'counterparty patch' | 'counterparty put'
      id: string
      fields: Fields
    }
  | { do: 'agent contact'; by: 'add' | 'put' | 'delete'; id: string; contact: Contact }
  /** Somebody at Finexio's own pages. */
  | { do: 'portal'; id: string; fields: Fields }
  | { do: 'portal contact'; id: string; contacts: Contact[] }
  /** An agent pays: by ids, or by the suppliers' references through a sheet. */
  | { do: 'pay'; ids: string[]; by: 'id' | 'reference'; waits: boolean }
  /** An agent pays, and while that is looked at, it changes something. */
  | { do: 'race'; id: string; fields: Fields }
  /** Another person approves what waits. */
  | { do: 'approve' }
  /** A person has called: a number that was on file before, one of the present record, or one from elsewhere. */
  | { do: 'call back'; id: string; number: 'before' | 'present' | 'outside' }
  | { do: 'accept' }
  | { do: 'wait'; seconds: number }
  | { do: 'late'; minutes: number }
export interface Timeline {
  name: string
  bank: 'shown' | 'masked' | 'absent'
  openapi: boolean
  /** Suppliers paid before, with the days since; all are accepted at the start. */
  known: [id: string, days: number][]
  steps: Step[]
}
export interface Answer {
  /** `left`: sent; `waits`: for a person; `held`: not sent. */
  is: 'left' | 'waits' | 'held'
  text: string
}
export interface Product {
  begin(): Promise<void>
  agent(step: Extract<Step, { do: 'agent' | 'agent contact' }>): Promise<Answer>
  /** @param call names its requests */
  pay(call: string, step: Extract<Step, { do: 'pay' }>, numbers: string[]): Promise<Answer>
  approve(): Promise<Answer>
  /** @returns whether it was taken down */
  callBack(id: string, number: 'before' | 'present' | 'outside'): Promise<boolean>
  accept(): Promise<boolean>
  /** Alarms so far about a payee that changed while an invoice is unpaid; null where nobody can tell. */
  alarms(): Promise<number | null>
}
