/** MCP servers within a time: what is asked of a day is asked of all of it, not of its last moment. Times are milliseconds since the epoch. */
import type { Past, PastChange } from '../../account/audit/history.ts'
import { isoOf } from '../answers.ts'
import { pastServer } from './past-server.ts'

type Settings = Past['settings']

const ofServer = ({ target, made }: PastChange, asked: 'created' | 'removed'): boolean =>
  target.kind === 'mcp_server' && made === asked

/** When a server was made, where that was within the time; null: before. */
const madeSince = (past: Past, id: string, since: number): string | null => {
  const made = past.changes.find((change) => ofServer(change, 'created') && change.target.id === id)
  return made && made.at >= since ? isoOf(made.at) : null
}

/** By which an account was disconnected within a time, newest first. @param since its beginning; null: a moment is asked about */
export const disconnections = ({ changes }: Past, since: number | null): PastChange[] =>
  since === null
    ? []
    : changes.filter(
        ({ target, made, at }) => target.kind === 'integrated_account' && made === 'removed' && at >= since,
      )

/** Switches that were turned since do not count: what a server let through before is asked. */
const goingOn = (settings: Settings): Settings =>
  settings.map((one) =>
    one.kind === 'integrated_account' ? { ...one, values: { ...one.values, writes_stopped: false } } : one,
  )

type Why = 'ended' | 'revoked' | 'disconnected'
type Ended = Pick<Settings[number], 'id' | 'values'> & { end: number; why: Why }

/** As it was until it ended. */
const untilEnd = (past: Past, settings: Settings, { id, values, end, why }: Ended, since: number) => {
  const shown = pastServer(
    { settings: goingOn(settings), changes: past.changes },
    { kind: 'mcp_server', id, values },
    end - 1,
  )
  return {
    ...shown,
    ...(shown.state === 'in_force' && { state: why }),
    from: madeSince(past, id, since),
    until: isoOf(end),
  }
}

/** When a server ended by itself, or with its account. @param gone when that was disconnected */
const endOf = ({ values }: Settings[number], gone: number | null): Pick<Ended, 'end' | 'why'> | null => {
  const own = typeof values.expires_at === 'string' ? Date.parse(values.expires_at) : null
  if (own !== null && (gone === null || own <= gone)) return { end: own, why: 'ended' }
  return gone === null ? null : { end: gone, why: 'disconnected' }
}

const revoked = (past: Past, settings: Settings, since: number) =>
  past.changes
    .filter((change) => ofServer(change, 'removed') && change.at >= since)
    .map(({ at, target: { id }, changes }) => {
      const values = Object.fromEntries(
        changes.filter(({ before }) => before !== null).map(({ key, before }) => [key, before]),
      )
      return untilEnd(past, settings, { id, values, end: at, why: 'revoked' }, since)
    })

/** `since`: beginning of the time; null: a moment. `gone`: when their account was disconnected within it. `stopped`: by the deployment's switch. */
type Asked = { at: number; since: number | null; gone: number | null; stopped: boolean }

/** Those that were there at a moment; of a time also those that ended within it. @param settings of their account, before it was disconnected */
export const serversIn = (past: Past, settings: Settings, { at, since, gone, stopped }: Asked) => {
  const there = settings.filter(({ kind }) => kind === 'mcp_server')
  if (since === null)
    return there.map((server) => pastServer({ settings, changes: past.changes }, server, at, stopped))
  const shown = there.map((server) => {
    const ended = endOf(server, gone)
    return ended !== null && ended.end > since && ended.end <= at
      ? untilEnd(past, settings, { ...server, ...ended }, since)
      : {
          ...pastServer({ settings, changes: past.changes }, server, at, stopped),
          from: madeSince(past, server.id, since),
        }
  })
  return [...shown, ...revoked(past, settings, since)]
}
