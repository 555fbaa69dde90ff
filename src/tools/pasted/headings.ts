/** Headings of columns as people and programs write them, and what a dictionary says that they mean. */

/** `InvoiceNumber`, `*Invoice #` and `invoice_number` are `invoice number`. */
export const plain = (heading: string): string =>
  heading
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll('#', ' no ')
    .replaceAll('%', ' percent ')
    .replace(/\b(?:dd?|mm?)\W*(?:dd?|mm?)\W*(?:yyyy|yy)\b|\byyyy\W*mm\W*dd\b/g, ' ')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .replace(/(?<=.) (?:usd|us)$/, '')

/** `INVOICENUMBER`, `invoicenumber` and `Invoice Number` are one heading: programs leave the blanks out. */
export const squashed = (heading: string): string => plain(heading).replaceAll(' ', '')

/** Meaning to headings, separated by commas; of two columns with one meaning the heading that stands first here counts. */
export type Dictionary = Readonly<Record<string, string>>

/** The dictionary by heading: its meaning, and how clearly it says so. */
const entriesOf = (dictionary: Dictionary): Map<string, { meaning: string; rank: number }> =>
  new Map(
    Object.entries(dictionary).flatMap(([meaning, names]) =>
      names.split(',').map((name, rank) => [squashed(name), { meaning, rank }] as const),
    ),
  )

/** Which column holds each meaning, by position. */
export const positionsIn = (headings: readonly string[], dictionary: Dictionary): Map<string, number> => {
  const entries = entriesOf(dictionary)
  const found = headings.flatMap((heading, at) => {
    const entry = entries.get(squashed(heading))
    return entry ? [{ at, ...entry }] : []
  })
  return new Map(
    found
      .toSorted((one, other) => other.rank - one.rank || other.at - one.at)
      .map(({ meaning, at }) => [meaning, at]),
  )
}
