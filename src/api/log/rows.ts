/** Rows of the trail as answers: JSON, lines of JSON, or CSV for a spreadsheet. */
import type { FoldedRow } from '../../account/audit/folded.ts'
import { entryIn } from '../../account/audit/stored.ts'
import { csvHead, csvLine } from '../../core/csv.ts'
import { isEmptyCell } from '../../core/mask.ts'
import { refusalWords, whyIn } from '../../rules/sentences/refused-by.ts'
import { sentenceOf } from '../../rules/sentences/sentence.ts'
import { CUT_HERE, csvCutLine } from './stream.ts'

export type Shown = Record<string, unknown>

const category = (status: unknown) => (typeof status === 'number' ? `${Math.floor(status / 100)}xx` : null)

/** One row in the contract's words, without empty fields. @param accountId null for the deployment's own trail */
export const shownRow = (accountId: string | null, { seq, at, entry, hash, call }: FoldedRow): Shown => {
  const { type, ...fields } = entryIn(entry)
  const all = {
    timestamp: new Date(at).toISOString(),
    log_type: type,
    integrated_account_id: accountId,
    integration: accountId === null ? null : 'finexio',
    sentence: sentenceOf({ ...fields, type }, accountId === null),
    ...fields,
    refused_why: refusalWords(fields.refused_by, fields.refused_facts) ?? whyIn(fields.refused_facts),
    http_status_category: category(fields.http_status_code),
    seq,
    hash,
    call: call && shownRow(accountId, call),
  }
  // An export writes a million of these: no lists between.
  const shown: Shown = {}
  for (const [name, value] of Object.entries(all)) if (!isEmptyCell(value)) shown[name] = value
  return shown
}

/** Columns of the export, in the order in which people read them. */
const COLUMNS = [
  'timestamp',
  'log_type',
  'sentence',
  'integrated_account_id',
  'tool_name',
  'resource',
  'method',
  'effect',
  'outcome',
  'http_status_code',
  'http_method',
  'http_url',
  'upstream_requests',
  'duration',
  'fetch_duration',
  'result_count',
  'mcp_server_id',
  'mcp_server_name',
  'approval_id',
  'client_name',
  'client_version',
  'caller_id',
  'caller_name',
  'person_id',
  'person_name',
  'oauth_grant_id',
  'oauth_client_id',
  'oauth_client_name',
  'reason',
  'refused_by',
  'refused_why',
  'actor_id',
  'actor_name',
  'actor_kind',
  'issued_by',
  'issued_by_names',
  'action',
  'target_id',
  'target_name',
  'stopped',
  'why',
  'changed',
  'settings_draft_id',
  'agreed_by',
  'agreed_by_name',
  'one_person',
  'event',
  'known_by',
  'idempotency_key',
  'supplier_id',
  'supplier_name',
  'called',
  'called_at',
  'number_from',
  'source',
  'note',
  'unpaid',
  'cents',
  'count',
  'suppliers',
  'supplier_names',
  'lost',
  'repeated',
  'first_at',
  'last_at',
  'bytes',
  'bound_bytes',
  'request_id',
  'arguments_digest',
  'traceparent',
  'call',
  'seq',
  'hash',
] as const

/** How to add up money: a payment is drafted, approved, claimed, concluded and instructed, and each of these rows has its amount. */
export const SUMMED =
  'To add up the money that was instructed, take the cents of the rows with log_type payee and event instructed alone: other rows tell of the same money again, or of what was not accepted.'

export const logHead = csvHead(COLUMNS)
/** One row of the export as CSV, its line end included. */
export const logLine = (row: Shown): string => csvLine(COLUMNS.map((name) => row[name]))
/** One row of the export as a line of JSON, its line end included. */
export const jsonLine = (row: Shown): string => `${JSON.stringify(row)}\n`

/** The last line of an export that is cut. @param next_cursor where another one goes on */
export const cutLine = (format: 'csv' | 'jsonl', next_cursor: string): string =>
  format === 'csv' ? csvCutLine(next_cursor) : `${JSON.stringify({ cut: CUT_HERE, next_cursor })}\n`

const GONE =
  'ROWS ARE MISSING: while this file was written the oldest rows were removed, of age or for want of room. Rows before this moment may be missing.'

/** The last line of an export during which rows went. @param before moment before which rows may be missing, in milliseconds */
export const goneLine = (format: 'csv' | 'jsonl', before: number): string => {
  // Of a trail without a row left there is no moment.
  const missing_before = new Date(Math.min(before, Date.now())).toISOString()
  return format === 'csv'
    ? csvLine([GONE, missing_before])
    : `${JSON.stringify({ missing: GONE, missing_before })}\n`
}
