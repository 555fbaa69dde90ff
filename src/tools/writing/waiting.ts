/** Writes that need a person's consent: the form for the client's own user, or the draft for another person. */
import { decimalOf, dollars } from '../../core/money.ts'
import { quoted } from '../../core/text.ts'
import { plural } from '../../core/words.ts'
import { totalOf } from '../../rules/limits.ts'
import type { Payee, PayeeFacts } from '../../rules/payees/concerns.ts'
import type { ClaimRequest, DraftSummary, NewDraft } from '../../rules/write-contract.ts'
import type { Question, Round } from '../contract.ts'
import { centsOf } from '../pasted/amounts.ts'
import { Refusal } from '../refusal.ts'
import type { ToolAnswer, ToolContext, WritePlan, WriteTool } from '../tool.ts'
import { emptiedBy, pending, refusalOf } from './answers.ts'
import { noticeOf, pageOf } from './draft-page.ts'
import { disabledOf, type Examined, suppliersOf } from './guard/examine.ts'
import { type Absent, readBuyers, readPayees, readTarget } from './guard/payees.ts'
import { shownBefore } from './old-to-new.ts'
import type { Writes } from './writes.ts'

const MOST_LISTED = 10

const isoOf = (at: PayeeFacts['changedAt']) => (typeof at === 'number' ? new Date(at).toISOString() : null)

/** @param facts as far as they could be found out */
const summaryOf = (plan: WritePlan, facts: readonly PayeeFacts[]): DraftSummary => {
  const { cents, count } = totalOf(plan.facts.movements)
  const suppliers = [...Map.groupBy(plan.facts.movements, ({ supplier }) => supplier)].map(([id, own]) => {
    const known = facts.find(({ supplier }) => supplier === id)
    const paidBefore = known?.paidBefore ?? null
    return {
      id,
      ...totalOf(own),
      first_payment: paidBefore === null ? null : !paidBefore,
      changed_at: isoOf(known?.changedAt ?? null),
    }
  })
  return {
    count,
    total_cents: cents,
    suppliers,
    target: plan.facts.changes?.payee ?? plan.target.id ?? null,
    fields: plan.facts.fields,
  }
}

type Concerned = {
  payees: Payee[]
  facts: PayeeFacts[]
  /** Of what is changed: the values there are, masked. */
  before?: Record<string, unknown>
  /** Names of buyers, by id. */
  buyers?: Record<string, string>
  /** What it names and Finexio does not have. */
  absent: Absent[]
}

const buyersOf = ({ facts }: WritePlan): string[] => [...new Set(facts.movements.map(({ buyer }) => buyer))]

/** Those whom a write would pay or change, as Finexio has them now. */
export const concernedBy = async (
  tool: WriteTool,
  plan: WritePlan,
  examined: Pick<Examined, 'payees' | 'paid'>,
  context: ToolContext,
): Promise<Concerned> => {
  if (plan.facts.movements.length > 0) {
    const { known, absent } = examined.payees ?? (await readPayees(suppliersOf(plan), examined.paid, context))
    const buyers = await readBuyers(buyersOf(plan), context)
    return {
      payees: known.map(({ payee }) => payee),
      facts: known.map(({ facts }) => facts),
      buyers: buyers.names,
      absent: [...absent, ...buyers.absent],
    }
  }
  const read = await readTarget(tool.resource, plan.target, context)
  if (read && 'absent' in read) return { payees: [], facts: [], absent: [read.absent] }
  if (!read?.payee) return { payees: [], facts: [], absent: [] }
  return { payees: [read.payee], facts: [], before: shownBefore(plan, read.row), absent: [] }
}

const MOST_ABSENT = 8

/** `supplier sup_1 does not exist in Finexio`. @param lacks how it is said of them */
export const absentWords = (absent: readonly Absent[], lacks: string): string => {
  const named = absent
    .slice(0, MOST_ABSENT)
    .map(({ what, id }) => `${what} ${quoted(id)} ${lacks} in Finexio`)
  return `${named.join('; ')}${absent.length > MOST_ABSENT ? `; and ${absent.length - MOST_ABSENT} more` : ''}`
}

/**
 * What names a record that is not there could never run, and a payee that nobody saw, or that is disabled, is never paid: nobody is asked to approve
 * such a draft. Null: all were read.
 */
export const hopelessOf = (tool: WriteTool, plan: WritePlan, concerned: Concerned): Refusal | null => {
  const { absent, payees } = concerned
  if (absent[0])
    return new Refusal(
      `${tool.name}: ${absentWords(absent, 'does not exist')} (it answered 404), so no draft is made. Look the id up with the list tools, or create the record first.`,
    ).by('unknown_record', { id: absent[0].id })
  const disabled = disabledOf(
    tool.name,
    plan,
    payees.map((payee) => ({ payee })),
  )
  if (disabled) return disabled
  const unseen = suppliersOf(plan).filter((id) => !payees.some(({ supplier }) => supplier === id))
  if (unseen.length === 0) return null
  const named = `${unseen.slice(0, MOST_ABSENT).join(', ')}${unseen.length > MOST_ABSENT ? ', …' : ''}`
  return new Refusal(
    `${tool.name}: Finexio's answer about ${named} cannot be read, so nobody could see its payment details, and no draft was made. Try it later, with at most 12 suppliers in one call.`,
  ).by('unread')
}

/** Keeps the write as a draft, and says where it is to be approved. */
export const drafted = async (
  tool: WriteTool,
  plan: WritePlan,
  request: ClaimRequest,
  { reasons, reason }: Pick<NewDraft, 'reasons' | 'reason'>,
  { payees, facts, buyers, before }: Concerned,
  writes: Writes,
): Promise<ToolAnswer> => {
  const body = {
    args: plan.args,
    payees,
    ...(before && { before, unsettled: request.changes?.unsettled ?? null }),
  }
  const [summary, page] = [summaryOf(plan, facts), pageOf(plan, body, buyers)]
  const notice = noticeOf({ tool, summary, reasons, reason, names: page.names })
  const named = { ...request, names: { ...request.names, ...page.names } }
  const kept = await writes.draft({ request: named, reasons, reason, summary, body, page, notice })
  if (kept.kind === 'too_many')
    throw new Refusal(
      `${tool.name}: too many drafts of this account wait for approval. Have some of them decided or withdrawn first.`,
    ).by('too_many_drafts')
  if (kept.kind !== 'drafted') throw refusalOf(tool.name, kept, writes.sees, plan)
  return pending(plan, kept.draft, reasons, writes)
}

/** What has to be typed in: the total, or the id of what is changed. */
const wordToType = (plan: WritePlan): { label: string; word: string } => {
  const { cents, count } = totalOf(plan.facts.movements)
  if (count > 0) return { label: 'total in US dollars', word: decimalOf(cents)! }
  const { id } = plan.target
  return id === undefined ? { label: 'word CONFIRM', word: 'CONFIRM' } : { label: 'id', word: id }
}

const aboutWords = (tool: WriteTool, plan: WritePlan): string => {
  const { cents, count } = totalOf(plan.facts.movements)
  if (count === 0) {
    const what = plan.facts.fields.length > 0 ? `, setting ${plan.facts.fields.join(', ')}` : ''
    const nothing = emptiedBy(plan)
    const emptied = nothing.length > 0 ? `, emptying ${nothing.join(', ')}` : ''
    return `${tool.title}${plan.target.id === undefined ? '' : ` ${plan.target.id}`}${what}${emptied}.`
  }
  const sums = [...Map.groupBy(plan.facts.movements, ({ supplier }) => supplier)].map(
    ([supplier, own]) => `${supplier} ${dollars(totalOf(own).cents)}`,
  )
  const more = sums.length > MOST_LISTED ? ` and ${sums.length - MOST_LISTED} more` : ''
  return `Pay ${plural(count, 'invoice')}, ${dollars(cents)} in all, to ${sums.slice(0, MOST_LISTED).join(', ')}${more}.`
}

/** The form for the client's own user. @param why in sentences. Suppliers are named by id: names are text of others. */
export const questionOf = (
  tool: WriteTool,
  plan: WritePlan,
  key: string,
  fingerprint: string,
  why: readonly string[],
): Question => {
  const { label, word } = wordToType(plan)
  return {
    message: `${aboutWords(tool, plan)} Asked because: ${why.join(' ')} To carry it out, type the ${label}: ${word}`,
    label,
    state: { key, fingerprint },
  }
}

const same = (typed: string, word: string): boolean => {
  if (typed.trim().toUpperCase() === word.toUpperCase()) return true
  const [given, meant] = [centsOf(typed), centsOf(word)]
  return 'value' in given && 'value' in meant && given.value === meant.value
}

/** A form is about one write: these arguments under the key that it was asked for. Another key would make one answer count twice. */
const isAbout = ({ key, fingerprint }: Asked, { state }: Round): boolean =>
  state !== null && state.fingerprint === fingerprint && (key === null || key === state.key)

/** `key`: what the caller gave; `fingerprint`: of tool and arguments. */
type Asked = { tool: string; key: string | null; fingerprint: string }

/** Whether the client's own user confirmed this very write, by typing in what it comes to. @throws Refusal when the user said no */
export const isConfirmed = (plan: WritePlan, round: Round, asked: Asked): boolean => {
  const { answer } = round
  if (!answer || !isAbout(asked, round)) return false
  if (answer.action !== 'accept')
    throw new Refusal(
      `${asked.tool}: the user of this client declined. Do not repeat it unless they ask for it again.`,
    ).by('user_declined')
  return answer.typed !== null && same(answer.typed, wordToType(plan).word)
}
