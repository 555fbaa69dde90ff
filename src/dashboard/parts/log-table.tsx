/** Rows of the audit trail as people read them: a sentence, what came of it, and the machine form for whoever opens it. */
import type { Child } from '../../core/jsx-runtime.ts'
import { oneLine, textOf } from '../../core/text.ts'
import { type Meaning, meaningOf } from '../../rules/sentences/meaning.ts'
import type { LogRow } from '../shapes.ts'
import { Badge, type BadgeTone } from './notes.tsx'
import { Table } from './table.tsx'
import { MomentThen } from './time.tsx'

/** Red is what Finexio or this server did not do, or what has to be looked at; a rule that held, or a person's no, is none of that. */
const TONES: Readonly<Record<Meaning, BadgeTone>> = {
  done: 'ok',
  approved: 'ok',
  waits: 'warn',
  rejected: 'info',
  refused: '',
  failed: 'bad',
  open: 'bad',
  note: '',
}

const Came = ({ row }: { row: LogRow }) => {
  const { meaning, word } = meaningOf(row)
  return (
    <>
      <Badge tone={TONES[meaning]}>{word}</Badge>{' '}
      {row.effect === 'money' && <Badge tone="money">money</Badge>}
    </>
  )
}

/** Where more is known of what a row is about. */
const linksOf = (row: LogRow): Child[] => {
  const [draft, settings] = [textOf(row.approval_id), textOf(row.settings_draft_id)]
  const decided = textOf(row.action).startsWith('POST /approval/') ? textOf(row.target_id) : ''
  const approval = draft || decided
  return [
    approval && <a href={`/dashboard/approval/${encodeURIComponent(approval)}`}>The draft</a>,
    settings && (
      <a href={`/dashboard/settings-drafts/${encodeURIComponent(settings)}`}>The change of settings</a>
    ),
  ].filter(Boolean)
}

/** A member a line, as `/log` answers it, without what stands beside it or is the same in every row; text with a line of its own is quoted, so that none is mistaken for a member. */
const machineForm = (row: LogRow): string => {
  const { sentence: _, integration: __, timestamp: ___, call: ____, ...members } = row
  return Object.entries(members)
    .map(
      ([name, value]) =>
        `${name}: ${typeof value === 'string' && !/[\n\r]/.test(value) ? value : JSON.stringify(value)}`,
    )
    .join('\n')
}

/** What a row says by itself to whoever opens it: where more is known, and the machine form. Its id is what the script takes of its page. */
export const Details = ({ row }: { row: LogRow }) => (
  <div id="more" class="drawer stack tight">
    {linksOf(row).map((link) => (
      <p>{link}</p>
    ))}
    <pre>{machineForm(row)}</pre>
    {row.call && (
      <>
        <p class="sub">The call that led to it, a row of its own in the chain:</p>
        <pre>{machineForm(row.call as LogRow)}</pre>
      </>
    )}
  </div>
)

/** Which row: no two of a trail have one number; the time, in milliseconds since the epoch, is where to look for it. */
const queryOf = (row: LogRow, several: boolean): string => {
  const trail = several ? `in=${textOf(row.integrated_account_id) || 'deployment'}&` : ''
  return `${trail}at=${Date.parse(row.timestamp)}&seq=${row.seq}`
}

type WhatProps = {
  row: LogRow
  /** Its name, where rows of several are shown. */
  account: string | undefined
  page: string
}

/** The machine form of a row weighs more than all the rest of it, and few open it: it is fetched by whoever does. */
const What = ({ row, account, page }: WhatProps) => {
  const why = textOf(row.reason)
  return (
    <>
      <p>{row.sentence}</p>
      {why && <p class="sub">{`“${oneLine(why, 200)}”`}</p>}
      {account && <p class="sub">{account}</p>}
      <a class="more" href={`${page}?${queryOf(row, account !== undefined)}`}>
        {`Details of row ${row.seq}`}
      </a>
    </>
  )
}

const COLUMNS = ['When', 'What happened', 'What came of it']

type LogTableProps = {
  rows: readonly LogRow[]
  /** Path of the page that shows one row, as seen from this one: a whole path would weigh more than the rest of its row. */
  page: string
  /** What is said where there is none. */
  empty: Child
  /** Names of accounts by id, where rows of several are shown. */
  accounts?: ReadonlyMap<string, string>
  /** Path of the page of an account's past as seen from this one, where the reader may look into it; absent: they may nowhere. */
  past?(account: string): string | null
}

/** Whose row it is; of an account that is gone its id is all that is known. */
const nameIn = (accounts: ReadonlyMap<string, string> | undefined, row: LogRow): string | undefined => {
  if (!accounts) return undefined
  const id = textOf(row.integrated_account_id)
  return id === '' ? 'the deployment' : (accounts.get(id) ?? 'an account that is gone')
}

/** A table of rows. */
export const LogTable = ({ rows, page, empty, accounts, past }: LogTableProps) =>
  rows.length === 0 ? (
    <p class="soft">{empty}</p>
  ) : (
    <Table
      caption="Activity, newest first"
      columns={COLUMNS}
      plain
      rows={rows.map((row) => [
        <MomentThen at={row.timestamp} seconds path={past?.(textOf(row.integrated_account_id)) ?? null} />,
        <What row={row} account={nameIn(accounts, row)} page={page} />,
        <Came row={row} />,
      ])}
    />
  )
