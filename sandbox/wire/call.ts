/** What an operation receives and gives back. */
import type { Micros } from '../tenants/micros.ts'
import type { Settings } from '../tenants/settings.ts'
import type { Db } from '../tenants/tables.ts'

export type Tenant = {
  id: number
  username: string
  /** Six characters that occur in this tenant's tracking ids and invoice numbers. */
  marker: string
}

export type Call = {
  db: Db
  tenant: Tenant
  settings: Settings
  now: Micros
  /** As the client spelled it: origin and path of the request. */
  url: URL
  /** Below which the operation was called: `/v2`, or nothing for root webhooks. */
  mount: string
  params: Readonly<Record<string, string>>
  body: unknown
}

export type Answer = {
  status: number
  /** Absent: the answer has no body. */
  body?: unknown
  headers?: Readonly<Record<string, string>>
}

export type Operation = (call: Call) => Answer
