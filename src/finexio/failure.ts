/** Everything that can go wrong with a request to Finexio, as one typed error. */
import type { RateLimit } from './rate-limit.ts'
import type { FailureKind } from './types.ts'

export type FieldErrors = Readonly<Record<string, readonly string[]>>

export type FailureFacts = {
  kind: FailureKind
  /** HTTP status; null when no answer came. */
  status: number | null
  /** Finexio's own words, cleaned, or ours where it said nothing. Never a credential, address or header. */
  message: string
  /** Whether the message is Finexio's own, beside what it says of fields. */
  worded?: boolean
  fields?: FieldErrors
  /** Problems by index of the batch. */
  rows?: readonly { index: number; fields: FieldErrors }[]
  /** How many rows were sent; null: no batch. */
  batch?: number | null
  rate: RateLimit | null
  /** Seconds. */
  retryAfter?: number | null
  /** False only if the request provably never left. */
  sent: boolean
  /** Whether the address named a record, so that "not found" speaks of its id. */
  namesRecord?: boolean
}

/** The only error that the client throws. */
export class FinexioFailure extends Error {
  readonly kind: FailureKind
  readonly status: number | null
  readonly worded: boolean
  readonly fields: FieldErrors
  readonly rows: readonly { index: number; fields: FieldErrors }[]
  readonly batch: number | null
  readonly rate: RateLimit | null
  readonly retryAfter: number | null
  readonly sent: boolean
  readonly namesRecord: boolean

  constructor(facts: FailureFacts) {
    super(facts.message)
    this.name = 'FinexioFailure'
    this.kind = facts.kind
    this.status = facts.status
    this.worded = facts.worded ?? false
    this.fields = facts.fields ?? {}
    this.rows = facts.rows ?? []
    this.batch = facts.batch ?? null
    this.rate = facts.rate
    this.retryAfter = facts.retryAfter ?? null
    this.sent = facts.sent
    this.namesRecord = facts.namesRecord ?? true
  }
}

/** Whether a read was answered, but with nothing that could be read: nobody knows more than before, and nothing failed by itself. */
export const isUnreadable = ({ kind, status }: FinexioFailure): boolean =>
  kind === 'upstream_fault' && status !== null && status >= 200 && status < 300
