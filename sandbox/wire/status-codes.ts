/** Which status a success has: Finexio's description and its examples disagree, so there are three readings. */
import type { Settings } from '../tenants/settings.ts'

const OK: readonly [number, number, number] = [200, 200, 200]

/** Per operation: `mixed`, `declared`, `rest`. */
const CODES: Readonly<Record<string, readonly [number, number, number]>> = {
  'counterparties.list': [200, 201, 200],
  'suppliers.list': [200, 201, 200],
  'buyers.list': [200, 201, 200],
  'counterparties.create': [201, 201, 201],
  'suppliers.create': [200, 200, 201],
  'buyers.create': [200, 200, 201],
  'supplier_contacts.create': [200, 200, 201],
  'buyer_contacts.create': [200, 200, 201],
  'supplier_contacts.delete': [200, 200, 204],
  'buyer_contacts.delete': [200, 200, 204],
  'invoices.create_batch': [201, 201, 201],
  'webhooks.create': [201, 201, 201],
  'webhooks.update': [200, 201, 200],
  'webhooks.partial_update': [200, 201, 200],
  'webhooks.delete': [204, 204, 204],
}

/** Writes whose answer has no declared body. */
const UNDECLARED_BODIES = new Set([
  'counterparties.create',
  'suppliers.create',
  'buyers.create',
  'supplier_contacts.create',
  'buyer_contacts.create',
  'webhooks.create',
  'webhooks.update',
  'webhooks.partial_update',
])

export const successCode = (operation: string, mode: Settings['statusCodes']): number =>
  (CODES[operation] ?? OK)[mode === 'mixed' ? 0 : mode === 'declared' ? 1 : 2]

export const isBodyUndeclared = (operation: string): boolean => UNDECLARED_BODIES.has(operation)
