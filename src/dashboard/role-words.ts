/** Roles in words, for rows and sentences; the form that gives them says more of each. Pure. */

const WORDS: Readonly<Record<string, string>> = {
  use: 'use MCP servers',
  approve: 'approve writes',
  manage: 'manage MCP servers',
  audit: 'audit',
  admin: 'administer',
}

/** A grant taken apart: what it allows, and the account that it is for; null: all accounts. */
export const grantIn = (grant: string): { words: string; account: string | null } => {
  const [role = '', account = null] = grant.split(':')
  return { words: WORDS[role] ?? role, account }
}

/** `approve writes for Acme`. @param accounts names by id */
export const roleFor = (grant: string, accounts: ReadonlyMap<string, string>): string => {
  const { words, account } = grantIn(grant)
  return `${words} for ${account === null ? 'all accounts' : (accounts.get(account) ?? account)}`
}
