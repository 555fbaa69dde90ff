/** The caller's place in a trace: `traceparent` of W3C Trace Context (Recommendation of 23 November 2021, section 3.2). Pure. */

/** Lower-case hexadecimal; `flags` is a byte. */
export type Trace = { traceId: string; spanId: string; flags: number }

/** `rest`: what a later version than 00 may add. */
const FORM =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-.*)?$/
const ZEROS = /^0+$/

/** @returns null for whatever is no valid `traceparent`, of which nothing is kept */
export const traceOf = (text: unknown): Trace | null => {
  const { version, traceId, spanId, flags, rest } =
    (typeof text === 'string' && FORM.exec(text)?.groups) || ({} as Partial<Record<string, string>>)
  if (!version || !traceId || !spanId || !flags || version === 'ff') return null
  if ((version === '00' && rest !== undefined) || ZEROS.test(traceId) || ZEROS.test(spanId)) return null
  return { traceId, spanId, flags: Number.parseInt(flags, 16) }
}

/** A `traceparent` as version 00 writes it: of a later version, the part that this one understands. Null: not a valid one. */
export const knownTraceparent = (text: unknown): string | null => {
  const trace = traceOf(text)
  return trace && `00-${trace.traceId}-${trace.spanId}-${trace.flags.toString(16).padStart(2, '0')}`
}
