/** Invoice numbers that a spreadsheet has changed, and no person wrote. */

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)'
const DAMAGED: readonly RegExp[] = [
  /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i,
  new RegExp(`^${MONTH}-\\d{1,2}$|^\\d{1,2}-${MONTH}$`, 'i'),
  /^(?:true|false|wahr|falsch)$/i,
  /^#(?:n\/a|ref!?|value!?|name\??|num!?|div\/0!?|null!?|#+)$/i,
  /^(?:n\/?a|null|none|nan|undefined|nil|tbd|tba|unknown|-+|\.+|\?+|\u2013|\u2014|blank|empty|x+)$/i,
  /^\d+\.0+$/,
  /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/,
  /^\d{15}0+$/,
  /^'/,
]

const WAY_OUT = 'looks damaged by a spreadsheet, or is none: give it as the invoice shows it, as text'

/** @param cell as the sheet or the JSON gives it @returns null when it can be what somebody wrote */
export const damageOf = (cell: unknown): string | null => {
  if (typeof cell === 'boolean') return WAY_OUT
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? null : WAY_OUT
  const text = String(cell).trim()
  return DAMAGED.some((pattern) => pattern.test(text)) ? WAY_OUT : null
}
