/** Where the credential of an account lies, as it is read and moved on the account's object. */
import { differsFrom } from '../core/json.ts'
import type { CredentialPointer } from '../rules/admission.ts'
import type { Cause } from './audit/changing.ts'
import * as rows from './tables/account.ts'
import { Part } from './tenant.ts'

/** `credentials()` of the account's object. */
export class Credentials extends Part {
  /** Null for an unknown account. */
  pointer(): CredentialPointer | null {
    return this.tenant.known(rows.selectPointer)
  }

  /** A version that no KV record has yet; null for an unknown account. */
  takeVersion(): number | null {
    return this.tenant.known(rows.takeVersion)
  }

  /**
   * Moves the pointer. Returns the version it pointed to before; null when the account is gone or a newer version came in between.
   * @param expected of the account, as the change was judged; null: whatever there is
   */
  replace(
    credential: CredentialPointer,
    baseUrl: string,
    expected: Partial<rows.Account> | null = null,
    cause: Cause | null = null,
  ): number | null {
    const account = this.tenant.known(rows.selectAccount)
    const targets = account ? [{ kind: 'integrated_account', id: account.id } as const] : []
    return this.tenant.changed({ cause, targets, replaced: 'credentials' }, (sql, now) => {
      const before = rows.selectAccount(sql)
      return before && differsFrom(before, expected) ? null : rows.pointTo(sql, credential, baseUrl, now)
    })
  }

  /**
   * Moves the pointer to the same credential, encrypted again; nothing else about the account changes.
   * @param from version that was read: when another one came in between, nothing happens and null is answered
   */
  move(credential: CredentialPointer, from: number): number | null {
    return this.tenant.known((sql) => rows.movePointer(sql, credential, from))
  }
}
