/** Timestamps of rows. Finexio writes six digits of a second: in a list they are a third of its tokens and tell nothing. */
const FRACTION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{1,9}(Z|[+-]\d\d:\d\d)?$/

/** `2026-11-03T15:10:00.590000` → `2026-11-03T15:10:00`; anything else as it is. */
export const plainTime = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(FRACTION, '$1$2') : value
