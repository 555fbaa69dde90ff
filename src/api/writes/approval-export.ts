/** Drafts as lines of CSV, for whoever reviews approvals in a spreadsheet. */
import { csvHead, csvLine } from '../../core/csv.ts'
import { isObject } from '../../core/json.ts'
import { reasonWordsWith } from '../../rules/approval.ts'
import type { shownDraft } from './approval-answer.ts'

type Draft = ReturnType<typeof shownDraft>

const named = (id: string, name: string | null) => (name === null ? id : `${name} (${id})`)

const payeesOf = ({ summary, target_name }: Draft): string[] =>
  summary.suppliers.length > 0
    ? summary.suppliers.map(({ id, name }) => named(id, name))
    : summary.target === null
      ? []
      : [named(summary.target, target_name)]

/** Ids that Finexio answered. */
const madeBy = ({ outcome }: Draft): unknown[] => {
  const { id, result } = { id: undefined, result: undefined, ...outcome } as {
    id?: unknown
    result?: unknown
  }
  const rows = Array.isArray(result) ? result.filter(isObject) : []
  return [id, ...rows.map((row) => row.id)].filter(Boolean)
}

const callerOf = ({ caller, hands }: Draft): string | null =>
  caller.kind === 'url' ? (hands.caller?.name ?? hands.caller?.id ?? null) : caller.name

const wordsOf = (draft: Draft): string[] => {
  const names = new Map(draft.summary.suppliers.map(({ id, name }) => [id, name]))
  return draft.reasons.map(reasonWordsWith((id) => named(id, names.get(id) ?? null)))
}

const COLUMNS: readonly (readonly [name: string, of: (draft: Draft) => unknown])[] = [
  ['asked_at', ({ created_at }) => created_at],
  ['state', ({ state }) => state],
  ['tool', ({ tool }) => tool],
  ['mcp_server_name', ({ mcp_server_name }) => mcp_server_name],
  ['asked_by', callerOf],
  ['call_reason', ({ call_reason }) => call_reason],
  ['total', ({ summary }) => (summary.count > 0 ? summary.total : null)],
  ['invoices', ({ summary }) => (summary.count > 0 ? summary.count : null)],
  ['first_invoice', ({ first_invoice }) => first_invoice],
  ['payees', (draft) => payeesOf(draft).join('; ')],
  ['fields', ({ summary }) => summary.fields.join(' ')],
  ['waited_because', (draft) => wordsOf(draft).join(' ')],
  ['decided_at', ({ decided_at }) => decided_at],
  ['decided_by', ({ decided_by }) => decided_by?.name],
  ['decided_by_id', ({ decided_by }) => decided_by?.id],
  ['one_person', ({ one_person }) => (one_person ? 'yes' : null)],
  ['decision_reason', ({ decision_reason }) => decision_reason],
  ['outcome', ({ outcome }) => outcome?.state],
  ['finexio_ids', (draft) => madeBy(draft).join(' ')],
  ['idempotency_key', ({ idempotency_key }) => idempotency_key],
  ['id', ({ id }) => id],
]

export const HEAD = csvHead(COLUMNS.map(([name]) => name))

/** One draft, its line end included. */
export const lineOf = (draft: Draft): string => csvLine(COLUMNS.map(([, of]) => of(draft)))
