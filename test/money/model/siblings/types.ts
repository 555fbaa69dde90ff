/** Cases of the kinds in faults.md B and D that do not stand there, written from the design without a look at the code. */
import type { Fault } from '../../../../sandbox/wire/faults.ts'
import type { LoggedRequest } from '../../../../sandbox/wire/request-log.ts'

export interface Said {
  status: number
  isError: boolean
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into
  data: any
}
/** One account of its own with one MCP server that may all, in the product and in the sandbox. */
export interface Place {
  /** Of the account at Finexio. */
  username: string
  password: string
  call(tool: string, args?: object, headers?: Record<string, string>): Promise<Said>
  /** Another server of the same account. */
  serve(config: object): Promise<Place['call']>
  fault(fault: Partial<Fault>): Promise<void>
  /** Faults gone, requests forgotten. */
  calm(): Promise<void>
  sent(): Promise<LoggedRequest[]>
  /** Id of a supplier whose id is a UUID, in lower case. */
  uuid: string
}
export interface Sibling {
  /** Line of faults.md. */
  like: string
  input: string
  right: string
  /** What was seen instead; null where it is right. */
  wrong(place: Place): Promise<string | null>
}

let made = 0
/** An invoice number that nobody has used. */
export const fresh = (): string => {
  made += 1
  return `SIB-${Date.now().toString(36)}-${made}`
}
const dayAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
export const invoice = (more: object = {}) => ({
  invoice_number: fresh(),
  amount_cents: 1_234,
  originating_counterparty_id: 'buy_456',
  receiving_counterparty_id: 'sup_123',
  invoice_date: dayAgo(3),
  ...more,
})
export const BATCH = 'finexio_invoices_bulk_create'
export const batch = (...rows: object[]) => ({ body: rows })
/** Requests to Finexio that may have changed something. */
export const writesOf = (sent: LoggedRequest[]) => sent.filter(({ method }) => method !== 'GET')
export const cut = (text: string): string => JSON.stringify(text.slice(0, 220))
