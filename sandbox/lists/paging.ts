/** Pages of a list: numbers from 1, links absolute on the base that the client used. */

/** The page asked for; null when the text is not a page number of at least 1. */
export const pageNumber = (values: readonly string[]): number | null => {
  const text = values.at(-1) ?? '1'
  return /^\d{1,9}$/.test(text) && Number(text) >= 1 ? Number(text) : null
}

/** Whether this page exists; page 1 of an empty list does. */
export const pageExists = (page: number, count: number, size: number): boolean =>
  page === 1 || (page - 1) * size < count

const link = (url: URL, page: number): string => {
  const target = new URL(url)
  target.searchParams.delete('page')
  target.searchParams.set('page', String(page))
  return target.href
}

export type Envelope = { count: number; next: string | null; previous: string | null; results: unknown[] }

/** One page with its neighbours; the links repeat every other query parameter. */
export const envelope = (
  url: URL,
  page: number,
  size: number,
  count: number,
  results: unknown[],
): Envelope => ({
  count,
  next: page * size < count ? link(url, page + 1) : null,
  previous: page > 1 ? link(url, page - 1) : null,
  results,
})
