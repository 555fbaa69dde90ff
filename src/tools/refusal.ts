/** A call that is refused by us. The message is one line that a model can repair from, and says what was sent. */
export class Refusal extends Error {
  /** For programs: plain data besides the message. */
  readonly facts: Record<string, unknown> | null

  constructor(
    message: string,
    sent = 'Nothing was sent to Finexio.',
    facts: Record<string, unknown> | null = null,
  ) {
    super(`${message} ${sent}`.trimEnd())
    this.name = 'Refusal'
    this.facts = facts
  }
}
