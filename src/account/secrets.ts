/** The webhook secrets of an account, as they are called on the account's object. */
import { canonical } from '../core/keys.ts'
import type { Asked, Cause } from './audit/changing.ts'
import * as rows from './tables/secrets.ts'
import { Part } from './tenant.ts'

const asked = (cause: Cause | null, name: string): Asked => ({
  cause,
  targets: [{ kind: 'secret', id: name }],
  replaced: 'value',
})

/** `secrets()` of the account's object. */
export class Secrets extends Part {
  /** By name, without their values; null for an unknown account. */
  list(): rows.WebhookSecret[] | null {
    return this.tenant.known(rows.selectSecrets)
  }

  /** All webhook secrets, encrypted as they are stored. */
  listSealed(): rows.SealedSecret[] | null {
    return this.tenant.known(rows.selectSealed)
  }

  /** Null when there is none of this name. */
  read(name: string): ReturnType<typeof rows.selectSecret> {
    return this.tenant.known((sql) => rows.selectSecret(sql, name))
  }

  /**
   * Creates or replaces a secret; null for an unknown account.
   * @param expected hosts that it had when the change was judged, empty where there was none; null: any
   */
  put(
    secret: rows.SealedSecret,
    allowedHosts: string[],
    expected: string[] | null = null,
    cause: Cause | null = null,
  ): ReturnType<typeof rows.putSecret> | null {
    return this.tenant.changed(asked(cause, secret.name), (sql, now) => {
      const { allowed_hosts = [] } = rows.selectSecret(sql, secret.name) ?? {}
      if (expected && canonical(allowed_hosts) !== canonical(expected)) return 'changed_meanwhile'
      return rows.putSecret(sql, secret, allowedHosts, now)
    })
  }

  /** Stores the same secret, encrypted again. Returns false when it was replaced or deleted since version `from` was read. */
  move(secret: rows.SealedSecret, from: number): boolean {
    return this.tenant.known((sql) => rows.moveSecret(sql, secret, from)) ?? false
  }

  /** Once this returns no write can use it any more. Returns false when there is no such secret. */
  delete(name: string, cause: Cause | null = null): boolean {
    return this.tenant.changed(asked(cause, name), (sql) => rows.removeSecret(sql, name)) ?? false
  }
}
