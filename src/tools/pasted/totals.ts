/** Lines that sum up others, in sheets, statements and bank files. */
const TOTAL =
  /^(?:(?:grand|sub|report|page|running|overall|net)[- ]*)?totals?\b|^(?:opening|beginning|ending|closing|previous) balance\b|^(?:balance|amount) (?:brought |carried )?forward|^(?:brought|carried) forward|^sum(?: total)?:?$|^sum of\b|^summe\b|^gesamt|^(?:suma|somme|totaal|totale|totais|celkem|razem|toplam|osszesen|yhteensa|i alt)\b|^(?:итого|всего|合計|合计|總計|总计|小計|小计)|^amount due:?$|^balance due:?$/i

/** Of these, lines that carry over what stands elsewhere. */
const CARRIED =
  /^(?:opening|beginning|previous) balance\b|^(?:balance|amount) (?:brought |carried )?forward|^(?:brought|carried) forward/i

const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '')

/** Whether a cell says that its line sums up others, or carries a balance over. */
export const isTotalWord = (text: string): boolean =>
  TOTAL.test(withoutAccents(text).replace(/^[^\p{L}\p{N}]+/u, ''))

/** Whether a line with this cell carries over what stands elsewhere, and so sums up none of the rows. */
export const isCarriedWord = (text: string): boolean =>
  CARRIED.test(withoutAccents(text).replace(/^[^\p{L}\p{N}]+/u, ''))
