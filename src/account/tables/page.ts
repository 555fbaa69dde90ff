/** Pages of rows that are numbered by `seq`, newest first. */

/** @param rows of the query, one more than `limit` where there are more @returns `next`: where the next page begins; null: nowhere */
export const pageOf = <Row extends { seq: number }>(
  rows: readonly Row[],
  limit: number,
): { page: Row[]; next: number | null } => {
  const page = rows.slice(0, limit)
  return { page, next: rows.length > limit ? page.at(-1)!.seq : null }
}
