import type { Failure } from '../api/errors.ts'

/** What the API refused, or a form that cannot be read. `message` is worded for people; `failures` name the fields. */
export class Refused extends Error {
  readonly status: number
  readonly failures: readonly Failure[]
  /** Seconds after which another try makes sense, where somebody said so. */
  readonly retryAfter: string | null

  constructor(
    status: number,
    message: string,
    failures: readonly Failure[] = [],
    retryAfter: string | null = null,
  ) {
    super(message)
    this.name = 'Refused'
    this.status = status
    this.failures = failures
    this.retryAfter = retryAfter
  }
}
