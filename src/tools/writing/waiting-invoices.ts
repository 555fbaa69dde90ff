/** Invoices in drafts of one MCP server that wait for an approval, of which Finexio knows nothing yet, and what it sent lately. */
import { accountObject, draftsOf } from '../../account/account-stub.ts'
import { readPages } from '../../account/vault/drafts.ts'
import type { Env } from '../../core/env.ts'
import { canonicalId } from '../../core/ids.ts'
import { isObject } from '../../core/json.ts'
import { foldNumber } from '../../core/text.ts'
import { plural } from '../../core/words.ts'
import {
  MOST_DIGESTS,
  readSentInvoices,
  type Sent,
  type SoughtInvoices,
  sentNote,
  uncomparedWords,
} from './sent-invoices.ts'

/** `buyer`, `supplier`: ids as Finexio writes them; null: the draft names none. */
export type WaitingInvoice = {
  approvalId: string
  number: string
  buyer: string | null
  supplier: string | null
}

/** `unread`: drafts whose invoices are not known, since what was shown of them is not kept or does not open. */
export type Waiting = { invoices: readonly WaitingInvoice[]; unread: number; sent: Sent }

const partyIn = (id: unknown): string | null => (typeof id === 'string' ? canonicalId(id) : null)

/** Of the request that would be sent, one or many at any depth. */
const invoicesIn = (approvalId: string, body: unknown): WaitingInvoice[] => {
  if (Array.isArray(body)) return body.flatMap((one) => invoicesIn(approvalId, one))
  if (!isObject(body)) return []
  const {
    invoice_number: number,
    originating_counterparty_id: buyer,
    receiving_counterparty_id: supplier,
  } = body
  return typeof number === 'string'
    ? [{ approvalId, number, buyer: partyIn(buyer), supplier: partyIn(supplier) }]
    : Object.values(body).flatMap((one) => invoicesIn(approvalId, one))
}

type Page = { would_send: { body?: unknown } }

type Reader = {
  accountId: string
  serverId: string
  sees(tool: string): boolean
  report(error: unknown): void
}

/**
 * @param server what another one made, or a tool that this one does not show, is not told
 * @param sought which invoices are looked for among those that it sent; null: none
 */
export const readWaitingInvoices = async (
  env: Env,
  server: Reader,
  sought: SoughtInvoices | null,
): Promise<Waiting> => {
  const { accountId, serverId, sees, report } = server
  const supplier = sought?.supplier ?? null
  const paid = sought && { supplier: supplier && canonicalId(supplier), most: MOST_DIGESTS + 1 }
  const { drafts: waiting = [], pairs = [] } =
    (await draftsOf(accountObject(env, accountId)).waitingOf(serverId, paid)) ?? {}
  const ids = waiting.filter(({ tool }) => sees(tool)).map(({ id }) => id)
  // A note about drafts is no reason to lose the answer that it is added to.
  const read = await readPages(
    { env, accountId, ids },
    ({ would_send }: Page, id) => invoicesIn(id, would_send.body),
    report,
  )
  const known = read.filter((one) => one !== null)
  const sent = await readSentInvoices(env, server, { numbers: sought?.numbers ?? [] }, pairs)
  return { invoices: known.flat(), unread: read.length - known.length, sent }
}

/** By their numbers without what people write differently. */
export type ByNumber = ReadonlyMap<string, readonly WaitingInvoice[]>

/** A hundred drafts hold 50,000 invoices, and a sheet asks for each of its rows. */
export const byNumber = ({ invoices }: Pick<Waiting, 'invoices'>): ByNumber =>
  Map.groupBy(invoices, ({ number }) => foldNumber(number))

/** By number, however it is written. @param supplier null: whoever's */
export const waitingUnder = (
  waiting: ByNumber,
  numbers: readonly string[],
  supplier: string | null,
): WaitingInvoice[] => {
  // What has neither letter nor digit would fit all others without.
  const wanted = [...new Set(numbers.map(foldNumber).filter(Boolean))]
  const own = supplier === null ? null : canonicalId(supplier)
  return wanted
    .flatMap((number) => waiting.get(number) ?? [])
    .filter((one) => own === null || one.supplier === own)
}

/** What to say of numbers that were not found; asks the account only where there are some. */
export const waitingNote = async (
  numbers: readonly string[],
  supplier: string | null,
  { writes }: { writes(): { waitingInvoices(sought: SoughtInvoices | null): Promise<Waiting> } },
): Promise<string | null> => {
  if (numbers.length === 0) return null
  const waiting = await writes().waitingInvoices({ numbers, supplier })
  const said = [
    waitingWords(waitingUnder(byNumber(waiting), numbers, supplier)),
    sentNote(waiting.sent),
    unreadWords(waiting),
    uncomparedWords(waiting.sent),
  ]
  return said.filter((words) => words !== null).join(' ') || null
}

/** A sentence; null: all were read. */
export const unreadWords = ({ unread }: Pick<Waiting, 'unread'>): string | null =>
  unread === 0
    ? null
    : `${plural(unread, 'draft')} that ${unread === 1 ? 'waits' : 'wait'} here for an approval could not be read: whether ${unread === 1 ? 'it holds' : 'they hold'} one of these invoices is not known.`

/** A sentence; null: none waits. */
const waitingWords = (waiting: readonly WaitingInvoice[]): string | null => {
  const [first] = waiting
  if (!first) return null
  const ids = [...new Set(waiting.map(({ approvalId }) => approvalId))]
  const suppliers = [...new Set(waiting.flatMap(({ supplier }) => supplier ?? []))]
  const whose = suppliers.length > 0 ? ` of supplier ${suppliers.join(', ')}` : ''
  return `Invoice ${[...new Set(waiting.map(({ number }) => number))].join(', ')}${whose} waits here for an approval (approval_id ${ids.join(', ')}): Finexio does not know it yet. Do not create it again.`
}
