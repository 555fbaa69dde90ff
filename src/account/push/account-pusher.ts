/** The pusher of an account's trail, which goes on when the account is gone. */
import type { Env } from '../../core/env.ts'
import type { Notifier } from '../notify/notifier.ts'
import { selectAccount } from '../tables/account.ts'
import { readPush } from '../tables/push.ts'
import type { Tenant } from '../tenant.ts'
import { Pusher } from './pusher.ts'

export const accountPusher = (
  { id, storage: { sql } }: DurableObjectState,
  env: Env,
  tenant: Tenant,
  notifier: Notifier,
): Pusher =>
  new Pusher(
    sql,
    env,
    // A trail whose account was gone before its name was kept is named after its object.
    () => (tenant.exists ? selectAccount(sql)!.id : (readPush(sql).chain ?? id.toString())),
    // With the account its outbox is gone.
    (notification, now) => tenant.exists && notifier.send(notification, now),
  )
