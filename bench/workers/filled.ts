/** The product with an account whose trail the benchmark fills, measures and lets expire. */
import { AccountObject as Product } from '../../src/account/account-object.ts'
import { keepAudit } from '../../src/account/tables/audit.ts'
import { handler } from '../../src/app.ts'
import type { Env } from '../../src/core/env.ts'
import { type CallCost, costOfCall, fillTrail } from './trail.ts'

export { DirectoryObject } from '../../src/account/directory-object.ts'

const COSTED = 2_000

export class AccountObject extends Product {
  /** A trail without a row: one of now before rows of the past would keep them from expiring. */
  empty(): void {
    this.ctx.storage.sql.exec(
      "DELETE FROM audit; UPDATE sqlite_sequence SET seq = 0 WHERE name = 'audit'; UPDATE audit_state SET counted_seq = 0",
    )
  }

  fill(count: number, first: number, step: number): void {
    fillTrail(this.ctx.storage.sql, count, first, step)
  }

  /** Every row that was filled in has outlived the retention, and the alarm rings. */
  async expire(): Promise<void> {
    keepAudit(this.ctx.storage.sql, 1, undefined)
    await this.ctx.storage.setAlarm(Date.now())
  }

  cost(): CallCost {
    return costOfCall(this.ctx.storage.sql, COSTED)
  }
}

const PATH = /^\/bench\/([\w-]+)\/(empty|fill|expire|cost)$/

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url)
    const [, id, doing] = PATH.exec(pathname) ?? []
    if (!id) return handler.fetch!(request, env, ctx)
    const { ACCOUNTS } = env as unknown as { ACCOUNTS: DurableObjectNamespace<AccountObject> }
    const object = ACCOUNTS.get(ACCOUNTS.idFromName(id))
    const [count, first, step] = ['count', 'first', 'step'].map((name) => Number(searchParams.get(name)))
    if (doing === 'fill') await object.fill(count!, first!, step!)
    else if (doing === 'cost') return Response.json(await object.cost())
    else await object[doing as 'empty' | 'expire']()
    return Response.json({})
  },
} satisfies ExportedHandler<Env>
