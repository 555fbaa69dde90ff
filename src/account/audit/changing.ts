/** The one place where changes of settings get their rows, in the transaction that makes them. */
import { rowsOf, type Target, type TargetKind, type Values } from '../../rules/history/changes.ts'
import { type Difference, differences } from '../../rules/who/loosens.ts'
import { appendAudit } from '../tables/audit.ts'
import { latestManagement } from '../tables/audit-settings.ts'
import { selectPerson } from '../tables/principals/people.ts'
import type { ManagementEntry } from './entry.ts'
import { valuesOf } from './settings-now.ts'

/** Who changes something, by which request; and who agreed to it. */
export type Cause = Pick<
  ManagementEntry,
  | 'request_id'
  | 'actor_id'
  | 'actor_name'
  | 'actor_kind'
  | 'action'
  | 'changed'
  | 'traceparent'
  | 'issued_by'
  | 'issued_by_names'
  | 'settings_draft_id'
  | 'agreed_by'
  | 'agreed_by_name'
  | 'agreed_reason'
  | 'stopped'
  | 'why'
>

const REPLACED = { before: 'the one before', after: 'replaced' }

/** What was replaced is a secret: that it was is all there is to say. */
export type Replaced = 'credentials' | 'token' | 'value'

export type Asked = {
  /** Null: nobody is to be recorded, since what is stored is no change of anybody's. */
  cause: Cause | null
  /** Whatever may change. */
  targets: readonly Target[]
  replaced?: Replaced
}

/** Settings of a target with the name it goes by; an API token goes by that of its holder. */
type Found = { values: Values; named: Pick<ManagementEntry, 'target_name'> } | null

const foundIn = (sql: SqlStorage, target: Target): Found => {
  const values = valuesOf(sql, target)
  if (!values) return null
  const holder = target.kind === 'api_token' ? selectPerson(sql, String(values.holder))?.name : null
  const name = values.name ?? holder ?? (target.kind === 'secret' ? target.id : null)
  return { values, named: typeof name === 'string' ? { target_name: name } : {} }
}

const CREATED: ReadonlySet<TargetKind> = new Set(['mcp_server', 'person', 'api_token', 'integrated_account'])

const record = (
  sql: SqlStorage,
  {
    cause,
    target,
    before,
    after,
    events,
    now,
  }: {
    cause: Cause
    target: Target
    before: Found
    after: Found
    events: readonly Difference[]
    now: number
  },
): void => {
  const changes = after === null ? [] : [...differences(before?.values ?? {}, after.values), ...events]
  if (before !== null && after !== null && changes.length === 0) return
  const made = before === null ? 'created' : after === null ? 'removed' : 'changed'
  const parts = rowsOf(changes)
  for (const [at, steps] of parts.entries())
    appendAudit(
      sql,
      {
        type: 'management',
        ...cause,
        target_id: target.kind === 'deployment' ? null : target.id,
        target_kind: target.kind,
        ...(after ?? before)?.named,
        made,
        changes: steps,
        ...(parts.length > 1 && { part: at + 1, parts: parts.length }),
        http_status_code: made === 'created' && CREATED.has(target.kind) ? 201 : 200,
      },
      now,
    )
}

/**
 * Changes settings, and writes what they were and became into the trail in the same transaction.
 * @param now milliseconds since the epoch
 */
export const changing = <Result>(
  storage: DurableObjectStorage,
  { cause, targets, replaced }: Asked,
  now: number,
  work: () => Result,
): Result =>
  storage.transactionSync(() => {
    if (cause === null) return work()
    const { sql } = storage
    const before = targets.map((target) => foundIn(sql, target))
    const result = work()
    for (const [at, target] of targets.entries()) {
      const after = foundIn(sql, target)
      if (before[at] === null && after === null) continue
      const events = replaced && before[at] && isDone(result) ? [{ key: replaced, ...REPLACED }] : []
      record(sql, { cause, target, before: before[at]!, after, events, now })
    }
    return result
  })

/** Whether something was done: what refuses answers nothing, or a word for why. */
const isDone = (result: unknown): boolean =>
  result !== null && result !== undefined && result !== false && typeof result !== 'string'

/**
 * Whether a row of an action says nothing that the rows of what it changed do not say.
 * @param entry of an action that was done
 */
export const isToldAlready = (sql: SqlStorage, entry: ManagementEntry): boolean =>
  entry.http_status_code < 400 &&
  latestManagement(sql).some((text) => {
    const { request_id, target_kind, settings_draft_id } = JSON.parse(text) as ManagementEntry
    return (
      target_kind !== undefined &&
      request_id === entry.request_id &&
      (entry.settings_draft_id === undefined || entry.settings_draft_id === settings_draft_id)
    )
  })
