/** The filter of the trail: its fields, what the API calls them, and whole days in the reader's zone. */
import { oneLine, textOf } from '../../core/text.ts'
import { DAY_MS } from '../../core/time.ts'
import { dayRange } from '../../core/zone.ts'
import { zoneOf } from '../../identity/zone.ts'
import { outcomeWords } from '../../rules/sentences/meaning.ts'
import type { C } from '../app-type.ts'
import type { AccountEntry, LogRow, Server } from '../shapes.ts'
import { Field, Select } from './form.tsx'

const ANY = { value: '', label: 'any' }

const TYPES = [
  { value: 'all', label: 'everything' },
  { value: 'mcp', label: 'tool calls' },
  { value: 'write', label: 'writes and approvals' },
  { value: 'payee', label: 'payees' },
  { value: 'management', label: 'people and settings' },
  { value: 'trail', label: 'the trail itself' },
]
/** What belongs to no account: people, API tokens, sign-ins, the switch of all writes. */
const DEPLOYMENT = { value: 'deployment', label: 'none: the deployment' }
const EFFECTS = [ANY, ...['read', 'write', 'money'].map((value) => ({ value, label: value }))]
const OUTCOMES = [ANY, ...outcomeWords.map(([value, label]) => ({ value, label }))]

/** Fields of the filter, and what the API calls each. */
const FILTERS: Readonly<Record<string, string>> = {
  tool: 'log_type_filter[tool_name]',
  effect: 'log_type_filter[effect]',
  outcome: 'log_type_filter[outcome]',
  server: 'log_type_filter[mcp_server_id]',
  person: 'log_type_filter[person]',
}

/** Whole days where the reader is; what is no day restricts nothing. Both bounds of the API are excluded. */
const daysOf = (c: C): Record<string, string | undefined> => {
  const range = (name: string) => dayRange(zoneOf(c), c.req.query(name) ?? '')
  const [first, last] = [range('since'), range('until')]
  return {
    'created_at[gt]': first ? new Date(Date.parse(first.from) - 1).toISOString() : undefined,
    'created_at[lt]': last?.before,
  }
}

/** What the address asks for, in the API's words. @param accountId null: whatever the reader may see */
export const logQuery = (c: C, accountId: string | null): Record<string, string | undefined> => ({
  log_type: c.req.query('type') || 'all',
  integrated_account_id: accountId ?? (c.req.query('account') || undefined),
  ...Object.fromEntries(
    Object.entries(FILTERS).map(([name, key]) => [key, c.req.query(name)?.trim() || undefined]),
  ),
  ...daysOf(c),
  next_cursor: c.req.query('from'),
})

/** Which days an answer is about, where the address does not say both. */
export const rangeWords = (c: C): string => {
  const [since, until] = [c.req.query('since'), c.req.query('until')]
  if (since && until) return ''
  if (until) return 'It looked at the 31 days up to that day.'
  if (!since) return 'It looked at the last 31 days: choose days to look further back.'
  const isLong = Date.now() - Date.parse(since) > 31 * DAY_MS
  return isLong ? 'It looked at the 31 days from that day on.' : ''
}

/** What may be chosen. `null`: not here. */
export type Choices = {
  accounts: readonly AccountEntry[] | null
  /** Whether the deployment's own trail is among them. */
  deployment: boolean
  servers: readonly Server[] | null
}

/** Servers that are there, those that rows of this page name, and the one of the address. */
const serverOptions = ({ servers }: Choices, rows: readonly LogRow[], chosen: string) => {
  const names = new Map(servers?.map(({ id, name }) => [id, name]))
  for (const row of rows) {
    const [id, name] = [textOf(row.mcp_server_id), textOf(row.mcp_server_name)]
    if (id && name && !names.has(id)) names.set(id, servers ? `${oneLine(name)} (gone)` : oneLine(name))
  }
  if (chosen && !names.has(chosen)) names.set(chosen, 'one that is gone')
  return [ANY, ...[...names].map(([value, label]) => ({ value, label }))]
}

const accountOptions = ({ accounts, deployment }: Choices) => [
  { value: '', label: 'all' },
  ...(deployment ? [DEPLOYMENT] : []),
  ...(accounts ?? []).map(({ id, name }) => ({ value: id, label: name })),
]

type FiltersProps = { c: C; path: string; choices: Choices; rows: readonly LogRow[] }

export const ActivityFilters = ({ c, path, choices, rows }: FiltersProps) => {
  const value = (name: string) => c.req.query(name) ?? ''
  return (
    <form method="get" class="card filters" aria-label="Filter">
      {choices.accounts && (
        <Select label="Account" name="account" options={accountOptions(choices)} value={value('account')} />
      )}
      <Select label="What" name="type" options={TYPES} value={value('type') || 'all'} />
      <Field label="Person" name="person" value={value('person')} maxlength={200} />
      <Select
        label="MCP server"
        name="server"
        options={serverOptions(choices, rows, value('server'))}
        value={value('server')}
      />
      <Field label="Tool" name="tool" value={value('tool')} />
      <Select label="Effect" name="effect" options={EFFECTS} value={value('effect')} />
      <Select label="Outcome" name="outcome" options={OUTCOMES} value={value('outcome')} />
      <Field label="From" name="since" type="date" value={value('since')} />
      <Field label="To" name="until" type="date" value={value('until')} />
      <div class="row">
        <button type="submit">Show</button>
        <a class="small" href={path}>
          Clear
        </a>
      </div>
    </form>
  )
}
