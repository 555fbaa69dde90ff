/** Whether a call-back proves anything: who was called on a number that whoever changed the payee could not have put there. Pure. */

export type CallBack = {
  /** Name of the person who was called. */
  called: string
  /** Milliseconds since the epoch. */
  called_at: number
  number: string
  number_from: 'last_vouched' | 'outside_source'
  /** Where the number comes from, for `outside_source`: a contract, an invoice of last year. */
  source: string | null
  note: string | null
}

export type NumbersOnFile = {
  /** In the state that was last vouched for; null: there was none. */
  vouched: readonly string[] | null
  /** In the record as it is now. */
  present: readonly string[]
}

/** Two spellings of one number end in the same digits. */
const digitsOf = (number: string): string => number.replaceAll(/\D/g, '').slice(-10)
const LEAST_DIGITS = 7

const holds = (numbers: readonly string[], number: string): boolean =>
  numbers.some((one) => digitsOf(one) === digitsOf(number))

/** Why the number proves nothing; null: it does. */
export const numberProblem = (
  { number, number_from, source }: Pick<CallBack, 'number' | 'number_from' | 'source'>,
  { vouched, present }: NumbersOnFile,
): string | null => {
  if (digitsOf(number).length < LEAST_DIGITS) return 'number: at least 7 digits are needed.'
  if (vouched !== null && holds(vouched, number)) return null
  if (number_from === 'last_vouched')
    return vouched === null
      ? 'number_from: nobody vouched for this supplier before. Take a number from an outside source, such as a contract, and name it.'
      : 'number: it is not among the numbers that were on file when somebody last vouched. One that came with the change proves nothing.'
  if (holds(present, number))
    return 'number: it is in the record that is to be confirmed, and was not there when somebody last vouched. It proves nothing: call a number from elsewhere.'
  return source === null ? 'source: name where the number comes from.' : null
}

/** Clocks of two machines differ. */
const CLOCK_MS = 2 * 60_000
/** What somebody said on the telephone goes stale. */
const MOST_AGE_MS = 31 * 24 * 60 * 60_000

/**
 * Why the moment of a call proves nothing; null: it does.
 * @param changedAt newest change of the payee by Finexio's clock; null: none known
 */
export const momentProblem = (called_at: number, changedAt: number | null, now: number): string | null => {
  if (called_at > now + CLOCK_MS) return 'called_at: it is in the future.'
  if (called_at < now - MOST_AGE_MS) return 'called_at: the call is more than 31 days ago. Call again.'
  return changedAt !== null && changedAt > called_at + CLOCK_MS
    ? 'called_at: how this supplier is paid changed after the call. Call again.'
    : null
}
