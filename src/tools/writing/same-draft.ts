/** Another draft that waits for the same invoice: said and not refused, since amounts and numbers may repeat. */
import type { SameDraft } from '../../rules/write-contract.ts'
import type { Writes } from './writes.ts'

/** Whoever calls one MCP server learns nothing of who calls another. */
const askedBy = ({ serverId, caller }: SameDraft, own: string): string => {
  if (serverId !== own) return 'through another MCP server of this account'
  return caller.kind === 'url' ? 'through this MCP server' : `by ${caller.name}`
}

/** Warnings for whoever made a draft. @param paying whether invoices are meant */
export const sameWarnings = (
  same: readonly SameDraft[],
  paying: boolean,
  { serverId }: Pick<Writes, 'serverId'>,
): string[] =>
  same.map(
    (one) =>
      `${paying ? 'An invoice of the same number, supplier and buyer' : 'The same record'} waits for approval already, in draft ${one.id}, asked for ${askedBy(one, serverId)} at ${new Date(one.created_at).toISOString().slice(0, 16)}Z. If only one is meant, have one of the two withdrawn or rejected.`,
  )
