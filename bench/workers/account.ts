/** The Durable Object of the proxy and of the stock shape: one row found by the digest of a token, as in the product. */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../src/core/env.ts'

export type Row = {
  id: string
  name: string
  config: { methods: string[] }
  base_url: string
  version: number
}

export class AccountObject extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    ctx.storage.sql.exec(
      `CREATE TABLE IF NOT EXISTS server
        (digest BLOB PRIMARY KEY, id TEXT, name TEXT, config TEXT, base_url TEXT, version INTEGER) WITHOUT ROWID`,
    )
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS trail (seq INTEGER PRIMARY KEY, at INTEGER, entry TEXT)')
  }

  /** A row for each tool call, as the product's trail has. */
  record(entry: Record<string, unknown>): void {
    this.ctx.storage.sql.exec(
      'INSERT INTO trail (at, entry) VALUES (?, ?)',
      ...[Date.now(), JSON.stringify(entry)],
    )
  }

  seed(digest: ArrayBuffer, { id, name, config, base_url, version }: Row): void {
    this.ctx.storage.sql.exec(
      'INSERT OR REPLACE INTO server VALUES (?, ?, ?, ?, ?, ?)',
      ...[digest, id, name, JSON.stringify(config), base_url, version],
    )
  }

  admit(digest: ArrayBuffer): Row | null {
    const [row] = this.ctx.storage.sql
      .exec<Omit<Row, 'config'> & { config: string }>(
        'SELECT id, name, config, base_url, version FROM server WHERE digest = ?',
        digest,
      )
      .toArray()
    return row ? { ...row, config: JSON.parse(row.config) } : null
  }
}

/** Stands where the product has its directory, so that all targets have the same bindings. */
export class DirectoryObject extends DurableObject<Env> {}
