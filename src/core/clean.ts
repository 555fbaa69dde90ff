/**
 * Text from Finexio is written by third parties. Before it reaches a model it loses what people cannot see: control
 * and direction-changing characters, zero-width marks, Unicode tags, terminal escapes. Long text is cut and says so.
 */
const TERMINAL_ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g
const INVISIBLE = /[\p{DI}\p{Co}\p{Zl}\p{Zp}\ufff9-\ufffb]|(?![\n\r\t])\p{Cc}/gu

/** Longest string passed on, in characters. */
export const LONGEST_TEXT = 2_000

const needsCleaning = /[^\n\r\t -~]/

/** A text without what people cannot see, however long it is: for sentences of ours that quote third parties. */
export const visibleText = (text: string): string =>
  needsCleaning.test(text) ? text.toWellFormed().replace(TERMINAL_ESCAPES, '').replace(INVISIBLE, '') : text

export const cleanText = (text: string): string => {
  const seen = visibleText(text)
  return seen.length <= LONGEST_TEXT
    ? seen
    : `${seen.slice(0, LONGEST_TEXT)}… [cut: ${seen.length - LONGEST_TEXT} more characters]`
}
