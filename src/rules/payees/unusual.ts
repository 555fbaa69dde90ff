/** What looks unusual about those whom a draft would pay or change, beside what was paid to them before. Pure; times in milliseconds since the epoch. */
import { dollars } from '../../core/money.ts'
import { foldNumber, oneLine } from '../../core/text.ts'
import { DAY_MS } from '../../core/time.ts'

/** A payment to a payee, as Finexio lists it; null: not readable. */
export type PastPayment = {
  at: number | null
  cents: number | null
  status: string
  money: 'stayed' | 'under_way' | 'bounced' | 'refunded' | 'unknown'
}

/** An invoice of a payee that Finexio has. */
export type PastInvoice = { number: string; cents: number | null; at: number | null; status: string }

export type Drafted = {
  /** What would be paid to it in all, and by which invoices; 0 and none where it is changed. */
  cents: number
  invoices: readonly { number: string; cents: number | null }[]
  /** As it was found out when the draft was made; null: it could not be. */
  firstPayment: boolean | null
  changedAt: number | null
  /** When it was asked for. */
  askedAt: number
}

/** What was read of one payee. Null: it could not be read. `whole`: these are all that Finexio has. */
export type Past = {
  payments: { rows: readonly PastPayment[]; whole: boolean } | null
  open: readonly PastPayment[] | null
  invoices: readonly PastInvoice[] | null
  /** Its record as it is now. */
  record: { enabled: boolean; updatedAt: number | null } | null
}

export type Unusual = {
  kind:
    | 'first_payment'
    | 'disabled'
    | 'changed'
    | 'near_duplicate'
    | 'amount'
    | 'money_under_way'
    | 'not_known'
  words: string
}

/** What was paid to a payee so far. */
export type Usual = { count: number; median_cents: number; largest_cents: number }

/** Fewer payments than this say nothing about what is usual. */
const FEW = 3
/** So often the usual amount, and above every other, is unusual. */
const TIMES = 2
const CHANGED_DAYS = 90
/** Two bills of one amount within less than a month: rent is no duplicate. */
const SAME_AMOUNT_DAYS = 28
const MOST_DUPLICATES = 5

/** To the minute: the day depends on where the reader is. */
const momentOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`

/** Null: too few payments of a known amount that stayed or are under way. */
export const usualOf = ({ payments }: Past): Usual | null => {
  const counted = (payments?.rows ?? []).filter(({ money }) => money === 'stayed' || money === 'under_way')
  const cents = counted.flatMap((one) => one.cents ?? []).sort((a, b) => a - b)
  if (cents.length < FEW) return null
  const middle = cents.length / 2
  const median = (cents[Math.ceil(middle) - 1]! + cents[Math.floor(middle)]!) / 2
  return { count: cents.length, median_cents: Math.round(median), largest_cents: cents.at(-1)! }
}

const firstPayment = ({ firstPayment: first }: Drafted, { payments }: Past): Unusual[] => {
  const wasPaid = payments?.rows.some(({ money }) => money === 'stayed' || money === 'under_way') ?? false
  if (wasPaid || first === false) return []
  if (first || payments?.whole) return [{ kind: 'first_payment', words: 'First payment to this payee.' }]
  return [{ kind: 'not_known', words: 'Whether it was paid before could not be found out.' }]
}

const changed = ({ changedAt }: Drafted, now: number): Unusual[] => {
  if (changedAt === null || now - changedAt >= CHANGED_DAYS * DAY_MS) return []
  const days = Math.max(0, Math.floor((now - changedAt) / DAY_MS))
  const ago = days === 0 ? 'within a day' : days === 1 ? 'a day ago' : `${days} days ago`
  return [{ kind: 'changed', words: `Its payment details changed on ${momentOf(changedAt)}, ${ago}.` }]
}

/** What approving would end the draft for. */
const sinceAsked = ({ askedAt }: Drafted, { record }: Past): Unusual[] => {
  const found: Unusual[] = []
  if (record?.enabled === false)
    found.push({ kind: 'disabled', words: 'Finexio has it disabled: it cannot be paid.' })
  if (record?.updatedAt != null && record.updatedAt > askedAt)
    found.push({
      kind: 'changed',
      words: `Its record was changed on ${momentOf(record.updatedAt)}, after this was asked for: if its payment details changed, approving ends the draft and sends nothing.`,
    })
  return found
}

const amount = ({ cents }: Drafted, past: Past): Unusual[] => {
  const usual = usualOf(past)
  if (!usual || cents <= usual.largest_cents || cents < TIMES * usual.median_cents) return []
  const times = Math.round((10 * cents) / usual.median_cents) / 10
  return [
    {
      kind: 'amount',
      words: `${dollars(cents)} is ${times} times the usual ${dollars(usual.median_cents)}, and more than each of the ${usual.count} payments that were read (${dollars(usual.largest_cents)} at most).`,
    },
  ]
}

const invoiceWords = ({ number, cents, at, status }: PastInvoice): string => {
  const of = [
    cents === null ? 'an unreadable amount' : dollars(cents),
    at === null ? '' : momentOf(at),
    status,
  ]
  return `${JSON.stringify(oneLine(number))} (${of.filter(Boolean).join(', ')})`
}

const isAlike = (number: string, other: string): boolean => {
  const folded = foldNumber(number)
  return folded !== '' && folded === foldNumber(other)
}

const duplicates = ({ invoices: rows }: Drafted, { invoices: seen }: Past, now: number): Unusual[] => {
  const isLate = ({ at }: PastInvoice) => at !== null && now - at < SAME_AMOUNT_DAYS * DAY_MS
  const found = rows.flatMap(({ number, cents }): string[] => {
    const named = JSON.stringify(oneLine(number))
    const alike = (seen ?? []).find((one) => isAlike(number, one.number))
    if (alike) return [`${named} has nearly the number of ${invoiceWords(alike)}.`]
    const equal = (seen ?? []).find((one) => cents !== null && one.cents === cents && isLate(one))
    return equal ? [`${named} has the same amount as ${invoiceWords(equal)}.`] : []
  })
  const more = found.length - MOST_DUPLICATES
  const words = [...found.slice(0, MOST_DUPLICATES), ...(more > 0 ? [`And ${more} more like these.`] : [])]
  return words.map((one) => ({ kind: 'near_duplicate', words: one }))
}

/** Of one that is changed: what is on its way may go to another place then. */
const underWay = ({ open }: Past): Unusual[] => {
  if (open === null)
    return [{ kind: 'not_known', words: 'Whether money is under way to it could not be found out.' }]
  if (open.length === 0) return []
  const cents = open.reduce((sum, one) => sum + (one.cents ?? 0), 0)
  const many = open.length === 1 ? 'A payment' : `${open.length} payments`
  return [
    {
      kind: 'money_under_way',
      words: `${many} of ${dollars(cents)} ${open.length === 1 ? 'is' : 'are'} under way to it.`,
    },
  ]
}

/** What is not known is said, and never counts as usual. */
export const unusualAbout = (drafted: Drafted, past: Past, now: number): Unusual[] => {
  if (drafted.invoices.length === 0) return [...changed(drafted, now), ...underWay(past)]
  return [
    ...sinceAsked(drafted, past),
    ...firstPayment(drafted, past),
    ...changed(drafted, now),
    ...duplicates(drafted, past, now),
    ...amount(drafted, past),
  ]
}
