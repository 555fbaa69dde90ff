import type { RefusalCode, RefusedBy } from '../rules/sentences/refused-by.ts'

/** A call that is refused by us. The message is one line that a model can repair from, and says what was sent. */
export class Refusal extends Error {
  /** For programs: plain data besides the message. */
  readonly facts: Record<string, unknown> | null
  /** Which rule refused, for the trail. */
  rule: RefusedBy = { code: 'not_possible' }

  constructor(
    message: string,
    sent = 'Nothing was sent to Finexio.',
    facts: Record<string, unknown> | null = null,
  ) {
    super(`${message} ${sent}`.trimEnd())
    this.name = 'Refusal'
    this.facts = facts
  }

  /** Names the rule that refused. */
  by(code: RefusalCode, facts?: RefusedBy['facts']): this {
    this.rule = facts ? { code, facts } : { code }
    return this
  }
}
