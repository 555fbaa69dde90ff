/** Finexio's 22 paths, spelled exactly, and what answers them. */

import { addContacts, deleteContact, listContacts, replaceContact } from '../parties/contacts.ts'
import { BUYERS, COUNTERPARTIES, type Family, SUPPLIERS } from '../parties/families.ts'
import { listHistory } from '../parties/history.ts'
import { changeParty, createParty, getParty, listParties } from '../parties/party-operations.ts'
import type { Kind } from '../parties/party-views.ts'
import { getDrawdown, listDrawdownPayments, listDrawdowns } from '../payments/drawdowns.ts'
import { createBatch, getInvoice, listInvoices } from '../payments/invoices.ts'
import { getImages, getPayment, listPayments } from '../payments/payments.ts'
import type { Settings } from '../tenants/settings.ts'
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
} from '../webhooks/webhooks.ts'
import type { Operation } from './call.ts'

type Verbs = Readonly<Record<string, readonly [name: string, operation: Operation]>>

const collection = (family: Family): Verbs => ({
  GET: [`${family.resource}.list`, listParties(family)],
  POST: [`${family.resource}.create`, createParty(family)],
})
const record = (family: Family): Verbs => ({
  GET: [`${family.resource}.get`, getParty(family)],
  PUT: [`${family.resource}.update`, changeParty(family, 'update')],
  PATCH: [`${family.resource}.partial_update`, changeParty(family, 'partial_update')],
})
const contacts = (name: string, kind: Kind): Verbs => ({
  GET: [`${name}.list`, listContacts(kind)],
  POST: [`${name}.create`, addContacts(kind)],
})
const contact = (name: string, kind: Kind): Verbs => ({
  PUT: [`${name}.update`, replaceContact(kind)],
  DELETE: [`${name}.delete`, deleteContact(kind)],
})

const PATHS: Readonly<Record<string, Verbs>> = {
  '/counterparties/': collection(COUNTERPARTIES),
  '/counterparties/history': { GET: ['counterparty_history.list', listHistory] },
  '/counterparties/suppliers': collection(SUPPLIERS),
  '/counterparties/suppliers/{id}/': record(SUPPLIERS),
  '/counterparties/suppliers/{id}/contacts': contacts('supplier_contacts', 'Supplier'),
  '/counterparties/suppliers/{id}/contacts/{ref}': contact('supplier_contacts', 'Supplier'),
  '/counterparties/buyers': collection(BUYERS),
  '/counterparties/buyers/{id}/': record(BUYERS),
  '/counterparties/buyers/{id}/contacts': contacts('buyer_contacts', 'Buyer'),
  '/counterparties/buyers/{id}/contacts/{ref}': contact('buyer_contacts', 'Buyer'),
  '/counterparties/{id}/': record(COUNTERPARTIES),
  '/invoices/': { GET: ['invoices.list', listInvoices] },
  '/invoices/batch/': { POST: ['invoices.create_batch', createBatch] },
  '/invoices/{id}/': { GET: ['invoices.get', getInvoice] },
  '/payments/': { GET: ['payments.list', listPayments] },
  '/payments/{id}/': { GET: ['payments.get', getPayment] },
  '/payments/{id}/images': { GET: ['payment_images.get', getImages] },
  '/webhooks/': {
    GET: ['webhooks.list', listWebhooks],
    POST: ['webhooks.create', createWebhook],
  },
  '/webhooks/{id}/': {
    GET: ['webhooks.get', getWebhook],
    PUT: ['webhooks.update', changeWebhook('update')],
    PATCH: ['webhooks.partial_update', changeWebhook('partial_update')],
    DELETE: ['webhooks.delete', deleteWebhook],
  },
  '/reconciliation/drawdown': { GET: ['drawdowns.list', listDrawdowns] },
  '/reconciliation/drawdown/{id}': { GET: ['drawdowns.get', getDrawdown] },
  '/reconciliation/drawdown/{id}/payments': { GET: ['drawdown_payments.list', listDrawdownPayments] },
}

const pattern = (path: string, lenient: boolean): RegExp => {
  const source = path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
  return new RegExp(`^${lenient ? source.replace(/\/?$/, '/?') : source}$`)
}

const compiled = (lenient: boolean) =>
  Object.entries(PATHS).map(([path, verbs]) => ({ path, verbs, matches: pattern(path, lenient) }))

const STRICT = compiled(false)
const LENIENT = compiled(true)

export type Match = {
  /** Below which the path was found: `/v2`, or nothing. */
  mount: string
  verbs: Verbs
  params: Record<string, string>
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const split = (pathname: string): [mount: string, path: string] =>
  pathname.startsWith('/v2/') ? ['/v2', pathname.slice(3)] : ['', pathname]

/** Webhooks may live at the root, below `/v2`, or at both; everything else lives below `/v2`. */
const isServed = (mount: string, path: string, base: Settings['webhookBase']): boolean => {
  if (!path.startsWith('/webhooks')) return mount === '/v2'
  return base === 'both' || base === (mount === '' ? 'root' : 'v2')
}

/** The operations behind a path, or null where Finexio has none. */
export const matchPath = (
  pathname: string,
  settings: Pick<Settings, 'slashMode' | 'webhookBase'>,
): Match | null => {
  const [mount, path] = split(pathname)
  if (!isServed(mount, path, settings.webhookBase)) return null
  for (const { verbs, matches } of settings.slashMode === 'strict' ? STRICT : LENIENT) {
    const found = matches.exec(path)
    if (!found) continue
    const params = Object.entries(found.groups ?? {}).map(([name, text]) => [name, decoded(text)])
    return { mount, verbs, params: Object.fromEntries(params) }
  }
  return null
}

/** Name and method of every operation, to compare with the declared ones. */
export const allOperations = (): { name: string; method: string; path: string }[] =>
  Object.entries(PATHS).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([method, [name]]) => ({ name, method, path })),
  )
