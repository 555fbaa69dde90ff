/** Whether somebody touched what a form was filled with. Pure. */
import type { SentForm } from '../form-data.ts'

/** A field and what it is filled with; a group of checkboxes has several. */
export type Filled = readonly [name: string, value: string]

/** Browsers send line breaks as CRLF, and ticked boxes in the order of the page. */
const asSent = (values: readonly string[]): string =>
  JSON.stringify([...new Set(values.map((value) => value.replaceAll(/\r\n?/g, '\n').trim()))].sort())

/** Whether fields say what they were filled with. */
export const isUntouched = (form: SentForm, filled: readonly Filled[]): boolean =>
  [...new Set(filled.map(([name]) => name))].every(
    (name) =>
      asSent(form.sent(name)) ===
      asSent(filled.filter(([field]) => field === name).map(([, value]) => value)),
  )
