/**
 * What the official SDK takes from its platform, in place of the module it has for Workers (`[alias]` in wrangler.toml). That one brings a
 * validator of JSON Schema, which this product never asks, and builds the messages of both eras at every start: here an era is built by
 * the first request of it, and an ordinary tool call needs none.
 */

/** Asked only about forms that a server puts to a client of an earlier era, which nothing here does. */
export class DefaultJsonSchemaValidator {
  getValidator(): never {
    throw new Error(
      'This server asks clients of earlier revisions nothing, so it has no answers of theirs to validate.',
    )
  }
}
