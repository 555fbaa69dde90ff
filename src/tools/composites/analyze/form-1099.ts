/**
 * From which yearly amount on a payee may need a form 1099-NEC or 1099-MISC: dated data, no advice. As of 2026-11-30.
 * Cards are left out: whoever settles them reports them (form 1099-K).
 */
type Threshold = { from: number; cents: number; source: string }

/** The newest first. */
const THRESHOLDS: readonly Threshold[] = [
  {
    from: 2026,
    cents: 200_000,
    source: 'Public Law 119-21, section 70433: payments after 2025; adjusted for inflation after 2026',
  },
  { from: 1954, cents: 60_000, source: 'Internal Revenue Code, section 6041(a), until 2025' },
]

/** The last year for which the amount is known: later ones are adjusted every year. */
const KNOWN_UNTIL = 2026

/** @param year calendar year of the payments */
export const thresholdOf = (year: number): Threshold =>
  THRESHOLDS.find(({ from }) => from <= year) ?? THRESHOLDS.at(-1)!

/** What has to be said beside candidates. */
export const thresholdWords = (year: number): string => {
  const { cents, source } = thresholdOf(year)
  const later = year > KNOWN_UNTIL ? ` The amount for ${year} may be higher.` : ''
  return `Candidates for form 1099 only, no tax advice: settled payments of ${year} of at least ${cents / 100} USD (${source}), without cards and refunds; what was paid outside Finexio and what kind of payee it is are not judged.${later}`
}
