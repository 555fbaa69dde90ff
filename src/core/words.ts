/** Numbers and lists as sentences say them. */

/** `1234` → `1,234`. */
export const grouped = (count: number): string =>
  // `toLocaleString` costs more than the rest of a row's sentence.
  Number.isSafeInteger(count) ? String(count).replace(/\B(?=(\d{3})+$)/g, ',') : count.toLocaleString('en-US')

/** `1 tool`, `1,234 tools`. @param many the plural where it is not made with s */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`

/** The verb after a count: `is` or `are`. */
export const verb = (count: number, one: string, many: string): string => (count === 1 ? one : many)

/** `a`, `a and b`, `a, b and c`; empty for none. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** The first few by name, the others by their number: `a, b and 3 more`. */
export const firstOf = (names: readonly string[], most: number): string => {
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}

/** With a capital in front. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
