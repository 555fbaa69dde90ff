/** MCP servers that ended within a day: what is asked of a day is asked of all of it, not of its last moment. */
import type { Past } from '../../account/audit/history.ts'
import { isoOf } from '../answers.ts'
import { pastServer } from './past-server.ts'

const ofServer = ({ target, made }: Past['changes'][number], asked: 'created' | 'removed'): boolean =>
  target.kind === 'mcp_server' && made === asked

/** When a server was made, where that was within the time; null: before. */
export const madeSince = (past: Past, id: string, since: number): string | null => {
  const made = past.changes.find((change) => ofServer(change, 'created') && change.target.id === id)
  return made && made.at >= since ? isoOf(made.at) : null
}

/**
 * As they were when they were revoked. Switches that were turned since do not count: what one let through before is asked.
 * @param since milliseconds since the epoch
 */
export const revokedSince = (past: Past, since: number) =>
  past.changes
    .filter((change) => ofServer(change, 'removed') && change.at >= since)
    .map(({ at, target: { kind, id }, changes }) => {
      const values = Object.fromEntries(
        changes.filter(({ before }) => before !== null).map(({ key, before }) => [key, before]),
      )
      const settings = past.settings.map((one) =>
        one.kind === 'integrated_account'
          ? { ...one, values: { ...one.values, writes_stopped: false } }
          : one,
      )
      const shown = pastServer({ settings }, { kind, id, values }, at)
      return {
        ...shown,
        ...(shown.state === 'in_force' && { state: 'revoked' as const }),
        from: madeSince(past, id, since),
        until: isoOf(at),
      }
    })
