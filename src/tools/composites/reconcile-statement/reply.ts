/** An answer to the supplier, ready to send. It holds the statement's own words and what concerns this supplier, and nothing else. Pure. */
import { dollars } from '../../../core/money.ts'
import { oneLine } from '../../../core/text.ts'
import { plural } from '../../../core/words.ts'
import { meansOf } from '../../reading/payment-means.ts'
import type { Judged, Verdict } from './judge-lines.ts'
import { isPending, type OwnRecord, pendingWords } from './own-records.ts'

/** In characters; longer replies say how many lines they leave out. */
const LONGEST = 25_000

const dayOf = (since: string | null): string =>
  since === null ? '' : ` on ${oneLine(since, 10).slice(0, 10)}`

const paidWords = (own: OwnRecord | null): string =>
  `paid${dayOf(own?.since ?? null)} by ${meansOf(own?.payment ?? null)}`

const UNPAID: Readonly<Partial<Record<OwnRecord['state'], string>>> = {
  waiting: 'is received and not paid yet',
  bounced: 'did not reach you; we are looking into it',
  stopped: 'is not scheduled for payment; we are looking into it',
}

/** What became of an invoice of another amount than is claimed. */
const differingWords = (own: OwnRecord): string => {
  if (own.state === 'paid') return paidWords(own)
  return own.state === 'under_way' ? 'its payment is under way' : 'not paid; we are looking into it'
}

const claimOf = ({ line }: Judged): string => {
  const number = oneLine(line.numbers[0] ?? `line ${line.line}`)
  return `- ${number}, ${dollars(line.cents)}`
}

const NOT_KNOWN = 'not known in our payment records'

const WORDS: Readonly<Record<Verdict, (judged: Judged) => string>> = {
  paid: ({ own }) => paidWords(own),
  short: ({ own, short }) => {
    if (short === null) return paidWords(own)
    return short === own?.discount
      ? `${paidWords(own)}, less ${dollars(short)} as discount`
      : `${dollars(own?.paid)} of it ${paidWords(own)}; we are looking into the rest`
  },
  under_way: ({ own }) =>
    own && isPending(own)
      ? `payment is ${pendingWords(own.since)}`
      : `payment by ${meansOf(own?.payment ?? null)} is under way`,
  unpaid: ({ own }) => UNPAID[own?.state ?? 'waiting'] ?? 'is not paid yet',
  refunded: ({ own }) => `our payment came back${dayOf(own?.since ?? null)}; we are looking into it`,
  canceled: () => 'is canceled by our records; please tell us if you still claim it',
  differs: ({ own }) =>
    `the invoice that we received is of ${own?.gross == null ? 'another amount' : dollars(own.gross)}, ${own === null ? 'we are looking into it' : differingWords(own)}`,
  awaiting_approval: () => 'we have it; it waits for approval here',
  sent: ({ sent }) =>
    `we have it; sent for payment${dayOf(sent ? new Date(sent.at).toISOString() : null)}, ${sent?.state === 'succeeded' ? 'not shown in our payment records yet' : 'outcome not known yet'}`,
  // Not "not received": it may wait for an approval or be sent, also through another MCP server, which this one may not see.
  unknown: () => NOT_KNOWN,
  // Said as of any other number that this supplier never sent: whose it is concerns nobody but the payer.
  someone_elses: () => NOT_KNOWN,
  repeated: () => 'listed before',
  credit: () => 'we compare it with our records',
  payment: () => 'we compare it with our records',
  undecided: () => 'we are looking into it',
}

/** What payments that did not arrive yet are called together. */
export const underWayWords = (judged: readonly Judged[]): string => {
  const these = judged.filter(({ verdict }) => verdict === 'under_way')
  const pending = these.filter(({ own }) => own && isPending(own)).length
  if (pending === 0) return 'under way'
  return pending === these.length ? 'pending' : 'pending or under way'
}

const sectionsOf = (underWay: string): readonly (readonly [string, readonly Verdict[]])[] => [
  ['Paid:', ['paid', 'short']],
  [`${underWay}:`, ['under_way']],
  ['Not paid yet:', ['unpaid', 'refunded']],
  ['Canceled:', ['canceled']],
  ['Of another amount in our records:', ['differs']],
  [
    'Not known in our payment records, which hold approved invoices only; if we do not have it yet, please send it:',
    ['unknown', 'someone_elses'],
  ],
  ['Waiting for our approval:', ['awaiting_approval']],
  ['Sent for payment, not in our payment records yet:', ['sent']],
  ['Listed twice:', ['repeated']],
  ['Still being looked into:', ['undecided', 'credit', 'payment']],
]

/** Nobody is asked for a copy of what may be paid already under a number much like it. */
const saidOf = (judged: Judged): Verdict =>
  judged.verdict === 'unknown' &&
  judged.near.some(({ state, gross, net }) => state === 'paid' && [gross, net].includes(judged.line.cents))
    ? 'undecided'
    : judged.verdict

const fitted = (lines: readonly string[]): string[] => {
  let left = LONGEST
  const kept = lines.filter((line) => {
    left -= line.length + 1
    return left >= 0
  })
  return kept.length === lines.length
    ? kept
    : [...kept, `(${plural(lines.length - kept.length, 'more line')})`]
}

/**
 * @param supplier its name; null where Finexio has none
 * @param sums in cents; each is what the lines above it come to
 */
export const replyTo = (
  supplier: string | null,
  judged: readonly Judged[],
  { owed, underWay }: { owed: number; underWay: number },
): string => {
  const title = `Payment ${underWayWords(judged)}`
  const body = sectionsOf(title).flatMap(([head, verdicts]) => {
    const these = judged.filter((one) => verdicts.includes(saidOf(one)))
    return these.length === 0
      ? []
      : ['', head, ...these.map((one) => `${claimOf(one)}: ${WORDS[saidOf(one)](one)}`)]
  })
  const isUndecided = judged.some(
    (one) =>
      saidOf(one) === 'undecided' ||
      (saidOf(one) === 'differs' && one.own?.state !== 'paid' && one.own?.state !== 'under_way'),
  )
  const without = isUndecided ? ', without what is still being looked into' : ''
  return [
    `Hello${supplier === null ? '' : ` ${oneLine(supplier)}`},`,
    '',
    'Thank you for your statement. By our records (amounts in USD):',
    ...fitted(body),
    '',
    `Not paid yet by our records${without}: ${dollars(owed)}.${underWay === 0 ? '' : ` ${title}: ${dollars(underWay)}.`}`,
  ].join('\n')
}
