/** Lines that sum up others, in sheets, statements and bank files. */
const TOTAL =
  /^(?:(?:grand|sub|report|page|running|overall|net)[- ]*)?totals?\b|^(?:opening|beginning|ending|closing|previous) balance\b|^(?:balance|amount) (?:brought |carried )?forward|^(?:brought|carried) forward|^sum:?$|^summe\b|^gesamt/i

/** Whether a cell says that its line sums up others, or carries a balance over. */
export const isTotalWord = (text: string): boolean => TOTAL.test(text)
