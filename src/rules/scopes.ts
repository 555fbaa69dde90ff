/** What an API token may do. */
import * as z from 'zod'

/**
 * `admin`: manage the deployment. `account:<id>`: manage that account; beside other scopes it also confines them to it.
 * `mcp`: the second factor of MCP servers. `approve`: decide on drafts.
 */
export type Scope = 'admin' | 'mcp' | 'approve' | `account:${string}`

const ACCOUNT = /^account:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const isScope = (text: string): text is Scope =>
  text === 'admin' || text === 'mcp' || text === 'approve' || ACCOUNT.test(text)

const MOST_SCOPES = 100

/** An agent that holds its second factor must not be able to approve what it asked for. */
export const ScopesInput = z
  .array(
    z
      .string()
      .max(44)
      .transform((text) => text.toLowerCase())
      .refine(isScope, 'must be admin, mcp, approve or account:<id of an integrated account>'),
  )
  .min(1)
  .max(MOST_SCOPES)
  .transform((scopes) => [...new Set(scopes)] as Scope[])
  .refine(
    (scopes) => !(scopes.includes('mcp') && scopes.includes('approve')),
    'mcp and approve cannot be combined on one token: who calls must not approve',
  )

/** Accounts that a token is confined to; null for none. */
export const accountsOf = (scopes: readonly Scope[]): string[] | null => {
  const ids = scopes.flatMap((scope) =>
    scope.startsWith('account:') ? [scope.slice('account:'.length)] : [],
  )
  return ids.length > 0 ? ids : null
}

const covers = (scopes: readonly Scope[], accountId: string): boolean =>
  accountsOf(scopes)?.includes(accountId) ?? true

/** Whether a token is good as second factor (`mcp`) or for decisions (`approve`) on an account. */
export const mayAct = (scopes: readonly Scope[], scope: 'mcp' | 'approve', accountId: string): boolean =>
  scopes.includes(scope) && covers(scopes, accountId)
