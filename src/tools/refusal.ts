import type { RefusalCode, RefusedBy } from '../rules/sentences/refused-by.ts'

const NOTHING_SENT = 'Nothing was sent to Finexio.'
const ONLY_READ = 'Finexio was only read, nothing was changed there.'

/** A call that is refused by us. The message is one line that a model can repair from, and says what was sent. */
export class Refusal extends Error {
  /** For programs: plain data besides the message. */
  readonly facts: Record<string, unknown> | null
  /** Which rule refused, for the trail. */
  rule: RefusedBy = { code: 'not_possible' }

  constructor(message: string, sent = NOTHING_SENT, facts: Record<string, unknown> | null = null) {
    super(`${message} ${sent}`.trimEnd())
    this.name = 'Refusal'
    this.facts = facts
  }

  /** The message of a reading that was refused after it had asked Finexio. */
  get afterReading(): string {
    return this.message.replace(NOTHING_SENT, ONLY_READ)
  }

  /** Names the rule that refused. */
  by(code: RefusalCode, facts?: RefusedBy['facts']): this {
    this.rule = facts ? { code, facts } : { code }
    return this
  }
}
