/** Webhook subscriptions. */
import { WEBHOOK_EVENTS } from '../../schemas/enums.ts'
import { listAnswer } from '../lists/lists.ts'
import { type Micros, timestampText } from '../tenants/micros.ts'
import { firstRow, insertRow } from '../tenants/tables.ts'
import { nextIds } from '../tenants/tenants.ts'
import { type FieldErrors, invalid, notFound, ok } from '../wire/answers.ts'
import type { Answer, Call, Operation } from '../wire/call.ts'
import { checkBody, declaredBody, type Fields } from '../wire/validation.ts'

export type WebhookRow = { id: string; created: Micros; updated: Micros; doc: string }

const FLAGS = [
  'invoice_ids',
  'payment_status',
  'payment_events',
  'refund_reason',
  'instrument_number',
  'all_payment_details',
] as const

const EVENTS = {
  documented: [...WEBHOOK_EVENTS],
  article: ['payment.changed', 'payment.completed', 'invoice.created'],
} as const

const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?'
/** Scheme, optional credentials, then an address, a dotted name or localhost; lower case, as Finexio's pattern has it. */
const URL_PATTERN = new RegExp(
  String.raw`^[a-z0-9.+-]*://(?:[^\s:@/]+(?::[^\s:@/]*)?@)?` +
    String.raw`(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]|(?:${LABEL}\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})\.?|localhost)` +
    String.raw`(?::\d{2,5})?(?:[/?#]\S*)?$`,
)

const webhookView = (row: WebhookRow, { settings, url, mount }: Call): Fields => {
  const doc = JSON.parse(row.doc) as Fields
  const view: Fields = {
    id: row.id,
    event: doc.event,
    url: doc.url,
    content_type: doc.content_type ?? 'application/json',
    username: doc.username,
    password: doc.password,
    ...Object.fromEntries(FLAGS.map((flag) => [flag, doc[flag] === true])),
    created_at: timestampText(row.created),
    updated_at: timestampText(row.updated),
    subscription: `${url.origin}${mount}/webhooks/${row.id}/`,
  }
  if (!settings.webhookEchoPassword) delete view.password
  return view
}

const furtherErrors = (fields: Fields, { settings }: Call): FieldErrors | null => {
  const errors: FieldErrors = {}
  const events: readonly string[] = EVENTS[settings.webhookEvents]
  if ('event' in fields && !events.includes(String(fields.event)))
    errors.event = [`"${String(fields.event).slice(0, 100)}" is not one of: ${events.join(', ')}.`]
  if ('url' in fields && !URL_PATTERN.test(String(fields.url))) errors.url = ['Enter a valid URL.']
  return Object.keys(errors).length > 0 ? errors : null
}

const checked = (call: Call, method: string) => {
  const { fields, emptied, errors } = checkBody(declaredBody('webhooks', method), call.body)
  return { fields, emptied, errors: errors ?? furtherErrors(fields, call) }
}

const find = ({ db, tenant, params }: Call) =>
  firstRow<WebhookRow>(db, 'SELECT * FROM webhooks WHERE tenant = ? AND id = ?', tenant.id, params.id)

export const listWebhooks = (call: Call): Answer =>
  listAnswer<WebhookRow>(call, {
    table: 'webhooks',
    filters: {},
    render: (found) => found.map((row) => webhookView(row, call)),
  })

export const getWebhook = (call: Call): Answer => {
  const row = find(call)
  return row ? ok(webhookView(row, call)) : notFound(call)
}

export const createWebhook = (call: Call): Answer => {
  const { fields, errors } = checked(call, 'create')
  if (errors) return invalid(call, errors)
  const [id] = nextIds(call, 'webhook', 1)
  const row = { id: id!, created: call.now, updated: call.now, doc: JSON.stringify(fields) }
  insertRow(call.db, 'webhooks', { tenant: call.tenant.id, ...row })
  return ok(webhookView(row, call))
}

const REQUIRED = ['event', 'url', 'username', 'password'] as const

/** PUT (`update`) or PATCH (`partial_update`). */
export const changeWebhook =
  (method: 'update' | 'partial_update'): Operation =>
  (call) => {
    const old = find(call)
    if (!old) return notFound(call)
    const { fields, emptied, errors } = checked(call, method)
    const blank = REQUIRED.filter((name) => emptied.includes(name))
    if (errors || blank.length > 0)
      return invalid(
        call,
        errors ?? Object.fromEntries(blank.map((name) => [name, ['This field may not be blank.']])),
      )
    const replace = method === 'update' && call.settings.putMode === 'replace'
    const doc = JSON.stringify({ ...(replace ? {} : JSON.parse(old.doc)), ...fields })
    const row = { ...old, updated: Math.max(call.now, old.updated + 1), doc }
    call.db.exec(
      'UPDATE webhooks SET updated = ?, doc = ? WHERE tenant = ? AND id = ?',
      row.updated,
      doc,
      call.tenant.id,
      row.id,
    )
    return ok(webhookView(row, call))
  }

export const deleteWebhook = (call: Call): Answer => {
  if (!find(call)) return notFound(call)
  call.db.exec('DELETE FROM webhooks WHERE tenant = ? AND id = ?', call.tenant.id, call.params.id ?? '')
  return { status: 204 }
}
