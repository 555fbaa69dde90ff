/** Records as `search` and `fetch` show them: an id of their own, a title, an address. */
import { counterparties } from '../../../../schemas/counterparties.ts'
import { drawdowns } from '../../../../schemas/drawdowns.ts'
import { invoices } from '../../../../schemas/invoices.ts'
import { payments } from '../../../../schemas/payments.ts'
import { canonicalId, isNoValue } from '../../../core/ids.ts'
import { decimalOf, dollars } from '../../../core/money.ts'
import { cut } from '../../../core/text.ts'
import { fillPath, isPathId, type Row, routeOf, toolName } from '../../derived/request.ts'
import { paymentLife } from '../../reading/payment-life.ts'

export type Kind = 'payment' | 'invoice' | 'drawdown' | 'counterparty'

/** In characters. */
const LONGEST_TITLE = 200

type Shape = {
  resource: typeof payments
  key: string
  /** @param supplier its name, where it is known */
  title(row: Row, supplier?: string): string
}

const money = (row: Row) => (decimalOf(row.amount_cents) ? `${dollars(row.amount_cents)}` : 'no amount')
const said = (...parts: unknown[]) =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(', ')

/** How records of each kind are found and named. */
export const SHAPES: Readonly<Record<Kind, Shape>> = {
  payment: {
    resource: payments,
    key: 'id',
    title: (row, supplier) => {
      const { settled_at } = paymentLife(row)
      const status = settled_at === null ? row.status : `${row.status} on ${settled_at.slice(0, 10)}`
      return `Payment ${said(row.tracking_id ?? row.id, money(row), status, row.refund_timestamp && 'refunded', row.payment_method, supplier)}`
    },
  },
  invoice: {
    resource: invoices,
    key: 'id',
    title: (row, supplier) =>
      `Invoice ${said(row.invoice_number ?? row.id, money(row), row.status, row.can_be_resubmitted === true && 'its payment came back', supplier)}`,
  },
  drawdown: {
    resource: drawdowns,
    key: 'processor_request_id',
    title: (row) => `Drawdown ${said(row.processor_request_id, money(row), row.status, row.buyer_name)}`,
  },
  counterparty: {
    resource: counterparties,
    key: 'id',
    title: (row) =>
      said(`${String(row.type ?? 'Counterparty')} ${String(row.name ?? row.id)}`, row.internal_id),
  },
}

export const KINDS = Object.keys(SHAPES) as Kind[]

/** Name of the tool that lists a kind. */
export const listTool = (kind: Kind): string => toolName(SHAPES[kind].resource, 'list')

/** Name of the tool that gets one record of a kind. */
export const getTool = (kind: Kind): string => toolName(SHAPES[kind].resource, 'get')

type Sees = (name: string) => boolean

const shown = (sees: Sees, tool: (kind: Kind) => string): Kind[] => KINDS.filter((kind) => sees(tool(kind)))

/** Kinds by what a server shows. Where its operator named `search` or `fetch` and no tool of any kind, they reach all. */
export const reachOf = (sees: Sees): Record<'listed' | 'got' | 'found' | 'fetched', Kind[]> => {
  const listed = shown(sees, listTool)
  const got = shown(sees, getTool)
  const found = KINDS.filter((kind) => listed.includes(kind) || got.includes(kind))
  return found.length === 0
    ? { listed: KINDS, got: KINDS, found: KINDS, fetched: KINDS }
    : { listed, got, found, fetched: got.length > 0 ? got : listed }
}

/** `payments, invoices and counterparties`. */
export const pluralsOf = (kinds: readonly Kind[]): string =>
  kinds
    .map((kind) => SHAPES[kind].resource.name)
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1')

/**
 * @param row ready to be shown
 * @param supplier its name, where it is known
 */
export const titleOf = (kind: Kind, row: Row, supplier?: string): string =>
  cut(SHAPES[kind].title(row, supplier).replaceAll(/\s+/g, ' '), LONGEST_TITLE)

/** Own id of a record; null where it has none. */
export const idOf = (kind: Kind, row: Row): string | null => {
  const id = row[SHAPES[kind].key]
  return isPathId(id) ? `${kind}:${id}` : null
}

/** The kind and Finexio's id in an own id. */
export const readId = (text: string): { kind: Kind; id: string } | null => {
  const at = text.indexOf(':')
  const kind = KINDS.find((one) => one === text.slice(0, at))
  const id = canonicalId(text.slice(at + 1))
  return kind && id !== '' && !isNoValue(id) ? { kind, id } : null
}

/** Path of a record below Finexio's base. */
export const pathOf = (kind: Kind, id: string): string =>
  fillPath(routeOf(SHAPES[kind].resource.methods.get!).template, { id })
