/** Lists a deployment's accounts for people and scripts. No tool call passes here. */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../env.ts'
import { directoryMigrations } from './migrations.ts'
import { migrate } from './schema.ts'

/** `created_at` in milliseconds since the epoch. */
export type Entry = { id: string; name: string; created_at: number }

export class DirectoryObject extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    ctx.blockConcurrencyWhile(async () => migrate(ctx.storage, directoryMigrations))
  }

  get #sql() {
    return this.ctx.storage.sql
  }

  /** Adds an account, or renames the one that is there. */
  put({ id, name, created_at }: Entry): void {
    this.#sql.exec(
      `INSERT INTO account (id, name, created_at) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
      ...[id, name, created_at],
    )
  }

  /** False when it was not listed. */
  remove(id: string): boolean {
    return this.#sql.exec('DELETE FROM account WHERE id = ? RETURNING id', id).toArray().length > 0
  }

  /** Newest first. @param before where the last page ended */
  list(limit: number, before: number = Number.MAX_SAFE_INTEGER): { accounts: Entry[]; next: number | null } {
    const rows = this.#sql
      .exec<Entry & { seq: number }>(
        'SELECT seq, id, name, created_at FROM account WHERE seq < ? ORDER BY seq DESC LIMIT ?',
        ...[before, limit + 1],
      )
      .toArray()
    const page = rows.slice(0, limit)
    return {
      accounts: page.map(({ seq: _seq, ...entry }) => entry),
      next: rows.length > limit ? page.at(-1)!.seq : null,
    }
  }
}
