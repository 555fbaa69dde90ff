/** Rows of the audit trail as people read them. */
import type { Child } from '../../core/jsx-runtime.ts'
import type { LogRow } from '../shapes.ts'
import { Badge, type BadgeTone } from './notes.tsx'
import { Name, Table } from './table.tsx'
import { Moment } from './time.tsx'

const TONES: Readonly<Record<string, BadgeTone>> = {
  succeeded: 'ok',
  replayed: 'ok',
  dry_run: 'ok',
  partial: 'warn',
  claimed: 'info',
  pending_approval: 'warn',
  input_required: 'info',
  throttled: 'warn',
  refused: 'warn',
  unknown_tool: 'warn',
  not_sent: 'warn',
}

const text = (row: LogRow, key: string): string => {
  const value = row[key]
  return value === undefined || value === null ? '' : Array.isArray(value) ? value.join(', ') : String(value)
}

const What = ({ row }: { row: LogRow }) => {
  const what = text(row, 'tool_name') || text(row, 'action') || text(row, 'event') || row.log_type
  const under = text(row, 'reason') || text(row, 'changed') || text(row, 'idempotency_key')
  return (
    <>
      <Name text={what} />
      {under && <span class="sub">{under}</span>}
    </>
  )
}

const Who = ({ row }: { row: LogRow }) => (
  <>
    {text(row, 'actor_name') || text(row, 'caller_name') || text(row, 'mcp_server_name')}
    {row.client_name !== undefined && (
      <span class="sub">{`${text(row, 'client_name')} ${text(row, 'client_version')}`}</span>
    )}
  </>
)

const statusTone = (status: unknown): BadgeTone =>
  typeof status !== 'number' ? '' : status < 400 ? 'ok' : status === 429 ? 'warn' : 'bad'

const Outcome = ({ row }: { row: LogRow }): Child => {
  const outcome = text(row, 'outcome')
  if (outcome) return <Badge tone={TONES[outcome] ?? 'bad'}>{outcome.replaceAll('_', ' ')}</Badge>
  if (row.lost !== undefined) return <Badge tone="warn">{`${text(row, 'lost')} rows lost`}</Badge>
  const status = text(row, 'http_status_code')
  return status ? <Badge tone={statusTone(row.http_status_code)}>{status}</Badge> : ''
}

const COLUMNS = ['When', 'What', 'Who', 'Effect', 'Outcome', { label: 'Took', num: true }]

const rowOf = (row: LogRow) => {
  const effect = text(row, 'effect')
  return [
    <Moment at={row.timestamp} seconds />,
    <What row={row} />,
    <Who row={row} />,
    effect && <Badge tone={effect as BadgeTone}>{effect}</Badge>,
    <Outcome row={row} />,
    row.duration === undefined ? '' : `${text(row, 'duration')} ms`,
  ]
}

/** A table of rows. @param empty sentence where there is none */
export const LogTable = ({ rows, empty }: { rows: readonly LogRow[]; empty: string }) =>
  rows.length === 0 ? (
    <p class="soft">{empty}</p>
  ) : (
    <Table caption="Activity, newest first" columns={COLUMNS} rows={rows.map(rowOf)} />
  )
