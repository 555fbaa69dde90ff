/** Parameters that this server does not take. */
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'

/** The JSON-RPC error for them (-32602). */
export const invalid = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message)

/** Lists here have one page, so that no cursor is ours. @throws ProtocolError */
export const onePage = (params: { cursor?: string | undefined } | undefined, what: string): void => {
  if (params?.cursor !== undefined) throw invalid(`Unknown cursor: the ${what} has one page.`)
}
