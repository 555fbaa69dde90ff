/** What those who decide on a draft are shown, and what is kept of it afterwards: its request, names and old values, all masked. Pure. */
import { decimalOf } from '../../core/money.ts'
import { oneLine } from '../../core/text.ts'
import { type ApprovalReason, reasonWordsWith } from '../../rules/approval.ts'
import type { Payee } from '../../rules/payees/concerns.ts'
import type { DraftSummary } from '../../rules/write-contract.ts'
import type { WritePlan, WriteTool } from '../tool.ts'
import { shownRequest } from './answers.ts'
import type { Examined } from './guard/examine.ts'
import { fieldChanges } from './old-to-new.ts'
import type { DraftBody, DraftPage } from './writes.ts'

/** Names as they are shown to people, by id. */
export const namesOf = (payees: readonly Payee[]): Record<string, string> =>
  Object.fromEntries(payees.flatMap(({ supplier, name }) => (name === '' ? [] : [[supplier, oneLine(name)]])))

/** @param body as it was, or is to be, sealed @param buyers their names by id, as far as they were read */
export const pageOf = (
  plan: WritePlan,
  { payees, before, unsettled = null }: Omit<DraftBody, 'args'>,
  buyers: Readonly<Record<string, string>> = {},
): DraftPage => ({
  would_send: shownRequest(plan),
  names: { ...buyers, ...namesOf(payees) },
  ...((before || plan.facts.changes) && {
    changes: fieldChanges(plan, before ?? null),
    unsettled_payments: unsettled,
  }),
})

/** Names of whoever was read for a write, by id. */
export const namesIn = ({
  payees,
  vouching,
}: Pick<Examined, 'payees' | 'vouching'>): Record<string, string> => ({
  ...Object.fromEntries(vouching.flatMap(({ supplier, name }) => (name ? [[supplier, name]] : []))),
  ...namesOf((payees?.known ?? []).map(({ payee }) => payee)),
})

/** A supplier in a sentence for people: its name, and its id. */
const nameIn =
  (names: Readonly<Record<string, string>>) =>
  (id: string): string =>
    Object.hasOwn(names, id) ? `“${names[id]}” (${id})` : id

/** Those who would get most come first. */
const MOST_NOTIFIED = 10

type Noticed = {
  tool: WriteTool
  summary: DraftSummary
  reasons: readonly ApprovalReason[]
  reason: string | null
  names: DraftPage['names']
}

/** Enough to decide whether to open the page: amounts, names, warnings. No field of a bank account is in it. */
export const noticeOf = ({ tool, summary, reasons, reason, names }: Noticed) => {
  const { count, total_cents, suppliers, target, fields } = summary
  const largest = [...suppliers].sort((a, b) => b.cents - a.cents)
  const nameOf = (id: string) => (Object.hasOwn(names, id) ? names[id]! : null)
  const payees = largest.slice(0, MOST_NOTIFIED).map(({ id, cents }) => ({
    ...{ id, name: nameOf(id), total_cents: cents, total: decimalOf(cents) },
  }))
  return {
    title: tool.title,
    ...(count > 0 && { count, total_cents, total: decimalOf(total_cents), currency: 'USD', payees }),
    ...(largest.length > payees.length && { more_payees: largest.length - payees.length }),
    ...(target !== null && { target: { id: target, name: nameOf(target) } }),
    ...(fields.length > 0 && { fields }),
    warnings: reasons.map(reasonWordsWith(nameIn(names))),
    call_reason: reason,
  }
}
