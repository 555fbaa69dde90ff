/**
 * From which yearly amount on a payee may need a form 1099-NEC or 1099-MISC: dated data, no advice. As of 2026-11-30.
 * Cards are left out: whoever settles them reports them (form 1099-K).
 */
import { dollars } from '../../../core/money.ts'
import { type Row, wordOf } from '../../derived/request.ts'

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

const thresholdOf = (year: number): Threshold =>
  THRESHOLDS.find(({ from }) => from <= year) ?? THRESHOLDS.at(-1)!

/** In cents. @param year calendar year of the payments; null: none @param asked in cents; null: what the law of the year says */
export const thresholdCents = (year: number | null, asked: number | null): number =>
  asked ?? (year === null ? Number.POSITIVE_INFINITY : thresholdOf(year).cents)

/** Types of payee, as Finexio words them, that get no such form, or another one; of a company it depends on its kind. */
const NOT_MEANT: ReadonlySet<string> = new Set([
  'business',
  'employee',
  'internaltransfer',
  'bankinginstitution',
  'insurance',
  'government',
])

/** A payee without a type may be anybody. */
export const mayNeedForm = ({ payee_type }: Row): boolean => !NOT_MEANT.has(wordOf(payee_type))

/** What has to be said beside candidates. @param asked in cents; null: the amount of the law */
export const thresholdWords = (year: number, asked: number | null): string => {
  const { cents, source } = thresholdOf(year)
  const by = asked === null ? source : 'as asked'
  const later = asked === null && year > KNOWN_UNTIL ? ` The amount for ${year} may be higher.` : ''
  return `Candidates for form 1099 only, no tax advice: settled payments of ${year} of at least ${dollars(asked ?? cents)} (${by}), without cards and refunds. Left out are suppliers of payee_type Business (an LLC or partnership may need one: look at payee_type Business too), Employee and institutions; what was paid outside Finexio is not known.${later}`
}
