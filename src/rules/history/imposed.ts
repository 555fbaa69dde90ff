/** What bound an MCP server beside its own settings: the account's rules, and the switches of account and deployment. Pure. */
import type { Approval, ServerConfig } from '../server-settings.ts'
import type { Difference } from '../who/loosens.ts'
import type { Target, Values } from './changes.ts'

/** Settings of an account by which every one of its servers is bound. */
const OF_ACCOUNT: readonly string[] = ['limits', 'approval', 'payees', 'read_only', 'writes_stopped']
const OF_DEPLOYMENT: readonly string[] = ['writes_stopped']

/** Whose a setting is. */
export type Source = 'server' | 'account' | 'deployment'

type Change = { seq: number; at: number; target: Target; made: string; changes: Difference[] }
export type Imposed<Of extends Change> = Of & { source: Source }

const narrowed = <Of extends Change>(change: Of, keys: readonly string[], source: Source): Imposed<Of>[] => {
  const changes = change.changes.filter(({ key }) => keys.includes(key))
  // With its account every server ended.
  const ends = source === 'account' && change.made === 'removed'
  return changes.length > 0 || ends ? [{ ...change, changes, source }] : []
}

/**
 * The changes of a server, and those of what bound it, while it was there; newest first.
 * @param account changes in the account's trail @param deployment in that of the deployment
 */
export const bindingChanges = <Of extends Change>(
  serverId: string,
  account: readonly Of[],
  deployment: readonly Of[],
): Imposed<Of>[] => {
  const own = account.filter(({ target }) => target.kind === 'mcp_server' && target.id === serverId)
  const born = own.find(({ made }) => made === 'created')
  const died = own.find(({ made }) => made === 'removed')
  const lived = (key: 'seq' | 'at') => (one: Of) =>
    one[key] >= (born?.[key] ?? Number.NEGATIVE_INFINITY) &&
    one[key] <= (died?.[key] ?? Number.POSITIVE_INFINITY)
  const imposed = [
    ...own.map((change): Imposed<Of> => ({ ...change, source: 'server' })),
    ...account
      .filter(({ target }) => target.kind === 'integrated_account')
      .filter(lived('seq'))
      .flatMap((change) => narrowed(change, OF_ACCOUNT, 'account')),
  ].sort((a, b) => b.seq - a.seq)
  const switched = deployment
    .filter(({ target }) => target.kind === 'deployment')
    .filter(lived('at'))
    .flatMap((change) => narrowed(change, OF_DEPLOYMENT, 'deployment'))
  return [...imposed, ...switched].sort(
    (a, b) => b.at - a.at || (a.target.kind === b.target.kind ? b.seq - a.seq : 0),
  )
}

/** A rule that held, and whose it was. */
export type Rule = { key: string; value: unknown; source: Source }

/**
 * Every rule that held for a server beside what its filter says: its own limits and the account's both count.
 * @param account settings of its account @param stopped whether the deployment's switch was on
 */
export const rulesInForce = (config: ServerConfig, account: Values, stopped: boolean): Rule[] => {
  const own: Rule[] = Object.entries(config)
    .filter(([key]) => OF_ACCOUNT.includes(key))
    .map(([key, value]) => ({ key, value, source: 'server' }))
  const approval = (account.approval ?? 'none') as Approval
  const all: Rule[] = [
    { key: 'limits', value: account.limits, source: 'account' as const },
    ...(config.approval === undefined && approval !== 'none'
      ? [{ key: 'approval', value: approval, source: 'account' as const }]
      : []),
    ...(account.payees === undefined || account.payees === 'open'
      ? []
      : [{ key: 'payees', value: account.payees, source: 'account' as const }]),
    { key: 'read_only', value: account.read_only === true || undefined, source: 'account' as const },
    {
      key: 'writes_stopped',
      value: account.writes_stopped === true || undefined,
      source: 'account' as const,
    },
    { key: 'writes_stopped', value: stopped || undefined, source: 'deployment' as const },
  ]
  return [...own, ...all.filter(({ value }) => value !== undefined)]
}
