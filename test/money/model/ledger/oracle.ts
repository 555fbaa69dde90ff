/** What may never be seen, whoever made the product: sections 9.6 and 11 ("Unknown outcomes") of the design, from outside. */
import type { Finexio, Post } from '../finexio/finexio.ts'
import type { Seen } from './run.ts'
import { LIMIT } from './run.ts'
import type { Call, Invoice, Look } from './types.ts'

const DAY = 86_400_000
const S = 1_000
const idOf = (row: { supplier?: unknown; number?: unknown }) => `${row.supplier} ${row.number}`
const rowsOf = ({ write }: Call): Invoice[] => (write && 'batch' in write ? write.batch : [])
const rowOf = (row: Record<string, unknown>) => `${row.receiving_counterparty_id} ${row.invoice_number}`
const when = (time: number) => new Date(time).toISOString().slice(5, 19)
const show = ({ name, op, at, answer }: Call) =>
  `${name} at ${when(at)} ${JSON.stringify(op)} → ${answer?.says}: ${answer?.text.slice(0, 260)}`

const postsOf = (finexio: Finexio, call: Call): Post[] =>
  finexio.posts.filter((post) => post.call === call.name)
const storedBy = (posts: Post[]) => posts.flatMap(({ stored }) => stored)

/** For so long the ledger answers for what was paid (it keeps done writes 7 days). */
const REMEMBERED = 6.5 * DAY

/** The same invoice is there once. */
function once({ finexio }: Seen): string[] {
  const times = new Map<string, number[]>()
  for (const { row, at } of storedBy(finexio.posts)) {
    if ('invoice_number' in row) times.set(rowOf(row), [...(times.get(rowOf(row)) ?? []), at])
  }
  return [...times].flatMap(([row, all]) => {
    const again = all
      .sort((a, b) => a - b)
      .find((at, index) => index > 0 && at - all[index - 1]! < REMEMBERED)
    return again === undefined ? [] : [`stored ${all.length} times: ${row}, again at ${when(again)}`]
  })
}

/** No call sends more than once; a dry run and what is said to be held back send nothing. */
function sent({ calls, finexio }: Seen): string[] {
  return calls.flatMap((call) => {
    const posts = postsOf(finexio, call).length
    if (posts > 1) return [`sent ${posts} times: ${show(call)}`]
    const quiet = call.op.do === 'dry' || call.answer?.says === 'held' || call.answer?.replayed
    return quiet && posts > 0 ? [`sent, though ${call.answer?.says}: ${show(call)}`] : []
  })
}

/** Not done is said only of what never took effect; done only of what did; a key is named where one has to be asked about. */
function honest(seen: Seen): string[] {
  return seen.calls.flatMap((call) => {
    const lie = call.answer && call.op.do !== 'dry' ? lieOf(call, seen) : null
    return lie === null ? [] : [`${lie}: ${show(call)}`]
  })
}
function lieOf(call: Call, { calls, finexio }: Seen): string | null {
  const { says, replayed } = call.answer!
  const resolves = call.op.do === 'resolve'
  const own = resolves ? calls.filter(({ key, write }) => key === call.key && write) : [call]
  const posts = own.flatMap((one) => postsOf(finexio, one))
  const stored = storedBy(posts).length
  switch (says) {
    case 'not_done':
      return stored > 0 && posts.every(({ fate }) => fate.only === undefined) ? 'not done, but it was' : null
    case 'done':
      return stored === 0 && !replayed && !resolves ? 'done, but it was not' : null
    case 'unknown':
      return call.key === null ? 'unknown, and no key to ask about' : null
    case 'other':
      return posts.length > 0 && !resolves ? 'says neither' : null
    default:
      return null
  }
}

/** An answer that is no receipt of what was sent is not passed on as one. */
function receipts({ calls, finexio }: Seen): string[] {
  return calls.flatMap((call) => {
    const { op, answer } = call
    const fate = postsOf(finexio, call)[0]?.fate
    const odd =
      (fate?.status ?? 200) < 300 &&
      (typeof fate?.body === 'string' || (fate?.body !== undefined && op.do === 'call'))
    const said = /differ|look|listed|match|other|unread|not |no record/i.test(answer?.text ?? '')
    return odd && answer?.says === 'done' && !answer.replayed && !said
      ? [`no receipt, but done: ${show(call)}`]
      : []
  })
}

/** Nothing is called absent by a look that could not read the list. */
function looked({ calls }: Seen): string[] {
  return calls.flatMap((call) => {
    const { op, answer } = call
    const unread = op.do === 'resolve' && op.reading?.text !== undefined
    return unread && answer?.says === 'absent' ? [`absent by an answer that is no list: ${show(call)}`] : []
  })
}

/** True when nobody can know, at that time, that the post came to nothing. */
function open(post: Post, call: Call, seen: Seen, at: number): boolean {
  const { fate } = post
  if (fate.status === 429) return call.answered === null || call.answered > at
  // What a 400 leaves open is a question of its own (NOTES.md); what it stored is looked at by `once`.
  if (fate.status === 400) return false
  if (at - post.at > REMEMBERED) return false
  const looks = seen.calls.filter(
    ({ op, key, answered }) => op.do === 'resolve' && key === call.key && answered !== null && answered <= at,
  )
  const [first, last] = [looks[0], looks.at(-1)]
  return !first || !last || last.answered! - first.answered! < DAY
}
/** What two writes have in common; null: nothing. */
function shared(one: Call, other: Call): string | null {
  if (one.write && other.write && 'contact' in one.write && 'contact' in other.write)
    return one.write.contact === other.write.contact ? `contact ${one.write.contact}` : null
  const row = rowsOf(one).find((row) => rowsOf(other).some((each) => idOf(each) === idOf(row)))
  return row ? idOf(row) : null
}
/** A contact that is known to be there may be made again on purpose; an invoice may not. */
const knownContact = (other: Call, { calls }: Seen, at: number): boolean =>
  other.op.do === 'contact' &&
  calls.some(
    (one) =>
      (one === other || (one.op.do === 'resolve' && one.key === other.key)) &&
      one.answer?.says === 'done' &&
      one.answered! <= at,
  )
/** Nothing equal leaves while an earlier one may have been carried out. */
function heldBack(seen: Seen): string[] {
  const { calls, finexio } = seen
  const byName = new Map(calls.map((call) => [call.name, call]))
  return finexio.posts.flatMap((post, index) => {
    const call = byName.get(post.call)!
    return finexio.posts.slice(0, index).flatMap((earlier) => {
      const other = byName.get(earlier.call)!
      const both = shared(call, other)
      const wrong = both && open(earlier, other, seen, post.at) && !knownContact(other, seen, post.at)
      return wrong ? [`left while ${both} was open: ${show(call)}, earlier ${show(other)}`] : []
    })
  })
}

/** No write leaves later than 35 s after its call came in, and no call lasts longer than 45 s. */
function inTime({ calls, finexio }: Seen): string[] {
  return calls.flatMap((call) => {
    const last = Math.max(0, ...postsOf(finexio, call).map(({ at }) => at - call.at))
    const lasted = (call.answered ?? Number.POSITIVE_INFINITY) - call.at
    if (last > 35 * S) return [`left after ${last / S} s: ${show(call)}`]
    return lasted > 46 * S ? [`lasted ${lasted / S} s: ${show(call)}`] : []
  })
}

/** Rows of a call that a limit counts at least and at most, at a time when nothing is under way. */
function counted(call: Call, finexio: Finexio, looks: Look[], at: number): { least: number; most: number } {
  const [post] = postsOf(finexio, call)
  const rows = rowsOf(call).length
  if (!post || (post.fate.status === 429 && call.answered !== null)) return { least: 0, most: 0 }
  const stored = post.stored.filter((one) => one.at <= at).length
  // Two whole readings a day apart: either way it is known by now.
  const settled = looks.filter(({ key }) => key === call.key).length > 1
  return { least: stored, most: settled && stored === 0 ? 0 : rows }
}
/** What limits count is what was paid or may have been, no more and no less. */
function reserved(seen: Seen): string[] {
  return seen.spent.flatMap(({ server, at, count, calls, looks }) => {
    const of = (margin: number, which: 'least' | 'most') =>
      seen.calls
        .slice(0, calls)
        .filter((call) => call.server === server && call.op.do === 'call' && at - call.at < DAY + margin)
        .reduce((sum, call) => sum + counted(call, seen.finexio, seen.looks.slice(0, looks), at)[which], 0)
    const [least, most] = [of(-120 * S, 'least'), of(120 * S, 'most')]
    if (count < least)
      return [`a reservation is lost: server ${server} counts ${count} of at least ${least} at ${when(at)}`]
    return count > most
      ? [`a reservation is stuck: server ${server} counts ${count}, at most ${most} at ${when(at)}`]
      : []
  })
}
function limited({ calls, finexio }: Seen): string[] {
  return ([0, 1] as const).flatMap((server) => {
    const times = calls
      .filter((call) => call.server === server)
      .flatMap((call) =>
        postsOf(finexio, call).flatMap(({ at, stored }) => stored.map(({ row }) => ({ at, row }))),
      )
      .filter(({ row }) => 'invoice_number' in row)
      .sort((a, b) => a.at - b.at)
    const over = times.find(
      ({ at }, index) => index >= LIMIT && at - times[index - LIMIT]!.at < DAY - 120 * S,
    )
    return over ? [`more than ${LIMIT} in a day through server ${server} at ${when(over.at)}`] : []
  })
}

/** After everything is known nothing stands in the way of what was never carried out. */
function free({ calls, finexio }: Seen): string[] {
  const stored = new Set(finexio.invoices.map(({ row }) => rowOf(row)))
  const last = new Map(calls.flatMap((call) => rowsOf(call).map((row) => [idOf(row), call] as const)))
  return [...last].flatMap(([row, call]) =>
    stored.has(row) || call.answer?.says === 'done' ? [] : [`stuck for ever: ${row}: ${show(call)}`],
  )
}
/** An honest call with a number and a key of its own is carried out. */
function unhindered({ calls }: Seen): string[] {
  return calls.flatMap((call, index) => {
    if (call.op.do !== 'call' || call.op.key !== 'new' || call.op.fate.name !== 'good' || call.op.reading)
      return []
    if (call.answer?.says === 'done' || call.answer?.says === 'unknown') return []
    const before = calls.slice(0, index).flatMap(rowsOf)
    const mine = rowsOf(call)
    const fresh = mine.every((row) => !before.some((one) => idOf(one) === idOf(row)))
    const count = calls
      .slice(0, index)
      .filter((one) => one.server === call.server && call.at - one.at < DAY + 120 * S)
      .reduce((sum, one) => sum + rowsOf(one).length, mine.length)
    return fresh && count <= LIMIT ? [`an honest call is held: ${show(call)}`] : []
  })
}

export const RULES = {
  once,
  sent,
  honest,
  receipts,
  looked,
  heldBack,
  inTime,
  reserved,
  limited,
  free,
  unhindered,
}
export type Rule = keyof typeof RULES

/** @returns each with the rule that it breaks; none for a product that does what section 11 says */
export const broken = (seen: Seen): { rule: Rule | 'verified'; what: string }[] => [
  ...(Object.keys(RULES) as Rule[]).flatMap((rule) => RULES[rule](seen).map((what) => ({ rule, what }))),
  ...(seen.verified ? [] : [{ rule: 'verified' as const, what: 'the chain does not verify' }]),
]
