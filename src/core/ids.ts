/** Ids as they are compared, stored and sent: one spelling for each. */

const UUID = /^(?:urn:uuid:)?\{?([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})\}?$/i

/**
 * A UUID in lower case with hyphens, whichever of its spellings was given (RFC 9562, section 4; without hyphens, in braces and as
 * `urn:uuid:…` as well); any other id exactly as given, without the blanks around it.
 */
export const canonicalId = (text: string): string => {
  const trimmed = text.trim()
  return UUID.exec(trimmed)?.slice(1).join('-').toLowerCase() ?? trimmed
}

/** What programs write where they have no value. */
const NO_VALUE = /^(?:null|undefined|none|nan|#?n\/a|\[object \w+\])$/i

/** Whether a text only stands for a missing value: `null`, `undefined`, `None`, `NaN`, `N/A`, in any case, padded or in quotes. */
export const isNoValue = (text: string): boolean =>
  text.length <= 100 && NO_VALUE.test(text.replaceAll(/^[\s"'`]+|[\s"'`]+$/g, ''))
