/** What the sentences about an MCP server are made from, besides its settings. */
import type { Limits, ServerConfig } from '../server-settings.ts'

export type Verb = 'add' | 'change' | 'remove'

/** What a configuration shows, as far as the sentences go. Resources are named as the catalogue does. */
export type Reach = {
  /** Whose records it reads. `all`: with every tool there is. */
  reads: readonly string[] | 'all'
  /** Whether invoices can be submitted. */
  pays: boolean
  /** What it can do to buyers, suppliers, counterparties and their contacts, by resource. */
  parties: ReadonlyMap<string, readonly Verb[]>
  webhooks: readonly Verb[]
}

export type Around = Reach & {
  /** What holds for all servers of the account together. */
  account: { limits: Limits; read_only: boolean }
  /** ISO time; null: never; another text: still to be chosen. */
  expires_at: string | null
  /** In which the end is said. */
  zone: string
}

/** Whether it can change anything at Finexio. */
export const writes = ({ pays, parties, webhooks }: Reach): boolean =>
  pays || parties.size > 0 || webhooks.length > 0

/** Whether no invoice can leave, as nobody may pay or be paid. */
export const isNobody = ({ allowed_buyers, allowed_suppliers }: ServerConfig): boolean =>
  allowed_buyers?.length === 0 || allowed_suppliers?.length === 0
