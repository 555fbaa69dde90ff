/** The history of money that limits look at: what the ledger reserved for one server. */
import type { Amount, Past } from '../../rules/limits.ts'
import type { PolicyHistory } from '../../rules/policy.ts'

type Row = { buyer: string; supplier: string; cents: number; count: number; at: number }

const OF_SERVER = 'server_id = ? AND at > ? AND (? IS NULL OR supplier = ?)'

/** To be asked in the transaction that claims, so that parallel calls cannot slip through. */
export const historyOf = (sql: SqlStorage, serverId: string): PolicyHistory => ({
  spent: (since, supplier) =>
    sql
      .exec<Amount>(
        `SELECT coalesce(sum(cents), 0) AS cents, coalesce(sum(count), 0) AS count FROM movement WHERE ${OF_SERVER}`,
        ...[serverId, since, supplier, supplier],
      )
      .one(),
  past: (since, supplier): Iterable<Past> =>
    sql.exec<Row>(
      `SELECT buyer, supplier, cents, count, at FROM movement WHERE ${OF_SERVER} ORDER BY at`,
      ...[serverId, since, supplier, supplier],
    ),
  unapproved: (since, supplier) =>
    sql
      .exec<{ cents: number }>(
        `SELECT coalesce(sum(cents), 0) AS cents FROM movement WHERE ${OF_SERVER} AND approved = 0`,
        ...[serverId, since, supplier, supplier],
      )
      .one().cents,
})
