/** The trail of an account that is gone, which alone stays of it and has no version of its own. */
import { selectAccount } from '../tables/account.ts'
import { hasAudit, keepTrailAlone, settleAudit } from '../tables/audit.ts'
import { settlePush, writePush } from '../tables/push.ts'

/** Brings it into the present form. False where there is none. */
export const settleGone = (storage: DurableObjectStorage): boolean => {
  const { sql } = storage
  if (!hasAudit(sql)) return false
  storage.transactionSync(() => {
    settleAudit(sql)
    settlePush(sql)
  })
  return true
}

/** Erases all but the trail, which keeps the account's id for the collector. */
export const leaveTrail = (storage: DurableObjectStorage): void => {
  const { sql } = storage
  storage.transactionSync(() => {
    writePush(sql, { chain: selectAccount(sql)!.id })
    keepTrailAlone(sql)
  })
}
