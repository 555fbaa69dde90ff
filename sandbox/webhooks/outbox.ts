/** Messages waiting for their webhook. */

import { HOUR, type Micros } from '../tenants/micros.ts'
import { firstRow, insertRow } from '../tenants/tables.ts'
import type { Call } from '../wire/call.ts'

export type MessageEvent = 'payment.changed' | 'payment.completed' | 'invoice.created'

type Scope = Pick<Call, 'db' | 'tenant' | 'settings'>

export const hasWebhooks = ({ db, tenant }: Pick<Call, 'db' | 'tenant'>): boolean =>
  firstRow(db, 'SELECT 1 FROM webhooks WHERE tenant = ? LIMIT 1', tenant.id) !== null

/** In hourly mode a payment has at most one message per sweep, due when the hour is full. */
export const enqueue = (call: Scope, event: MessageEvent, objectId: string, at: Micros): void => {
  if (!hasWebhooks(call)) return
  const hourly = call.settings.webhookMode === 'hourly'
  const due = hourly ? (Math.floor(at / HOUR) + 1) * HOUR : at
  const { db, tenant } = call
  if (hourly)
    db.exec(
      'DELETE FROM outbox WHERE tenant = ? AND event = ? AND object_id = ? AND due = ?',
      tenant.id,
      event,
      objectId,
      due,
    )
  insertRow(db, 'outbox', { tenant: tenant.id, event, object_id: objectId, at, due })
}
