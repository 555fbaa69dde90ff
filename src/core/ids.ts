/** Ids as they are compared, stored and sent: one spelling for each. */

const UUID = /^([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})$/i

const DIGITS = 32
/** 32 digits as programming languages read a number: with a sign, a prefix, and a line between two of them. */
const NUMBER = /^\s*\+?(?:0x_?)?([\da-f]+(?:_[\da-f]+)*)\s*$/i
const ANY_DIGIT = /(?![0-9])\p{Nd}/gu

/** Digits of a script stand in a row of ten that begins with its zero. */
const asciiDigit = (digit: string): string => {
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(digit.codePointAt(0)! - value - 1))) value++
  return String(value)
}

/** A text with the digits of all scripts, wide ones included, as 0 to 9. */
export const asciiDigits = (text: string): string => text.normalize('NFKC').replaceAll(ANY_DIGIT, asciiDigit)

/** What readers of UUIDs leave out, as Python does: hyphens anywhere, braces, and `urn:` and `uuid:`. */
const bare = (text: string): string =>
  asciiDigits(text)
    .replaceAll(/urn:|uuid:/gi, '')
    .replaceAll(/^[{}]+|[{}]+$|-/g, '')

const digitsOf = (text: string): string | null => {
  const found = text.length === DIGITS ? NUMBER.exec(text)?.[1] : undefined
  return found?.replaceAll('_', '').padStart(DIGITS, '0') ?? null
}

/**
 * A UUID in lower case with hyphens, whichever of its spellings was given (RFC 9562, section 4, and whatever a lenient reader takes
 * for the same: without hyphens or with them elsewhere, in braces, as `urn:uuid:…`, in digits of another script); any other id
 * exactly as given, without the blanks around it.
 */
export const canonicalId = (text: string): string => {
  const trimmed = text.trim()
  // Most ids are spelled well, and hundreds of rows pass here in one call.
  const found =
    UUID.exec(trimmed) ?? (trimmed.length < DIGITS ? null : UUID.exec(digitsOf(bare(trimmed)) ?? ''))
  return found?.slice(1).join('-').toLowerCase() ?? trimmed
}

/** What programs write where they have no value. */
const NO_VALUE = /^(?:null|undefined|none|nan|#?n\/a|\[object \w+\])$/i

/** Whether a text only stands for a missing value: `null`, `undefined`, `None`, `NaN`, `N/A`, in any case, padded or in quotes. */
export const isNoValue = (text: string): boolean =>
  text.length <= 100 && NO_VALUE.test(text.replaceAll(/^[\s"'`]+|[\s"'`]+$/g, ''))
