/** Ids of Finexio's records as they are compared and kept. Pure. */

const UUID = /^(?:urn:uuid:)?\{?([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})\}?$/i

/** One record, one id: a UUID in lower case with hyphens, however it was spelt; any other id exactly as given, trimmed. */
export const canonicalId = (id: string): string => {
  const trimmed = id.trim()
  return UUID.exec(trimmed)?.slice(1).join('-').toLowerCase() ?? trimmed
}
