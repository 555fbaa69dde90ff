/** A call that is refused by us. The message is one line that a model can repair from, and says what was sent. */
export class Refusal extends Error {
  constructor(message: string, sent = 'Nothing was sent to Finexio.') {
    super(`${message} ${sent}`.trimEnd())
    this.name = 'Refusal'
  }
}
