/** Which program calls, as it says of itself: for the audit trail, never for a decision. */

import { CLIENT_INFO_META_KEY } from '@modelcontextprotocol/server'
import { asObject } from '../../core/json.ts'
import { cleanText } from '../../core/text.ts'
import type { ClientInfo } from '../../tools/contract.ts'

const LONGEST = 100

/** Nothing to clean: nearly every name and User-Agent there is. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/

const shown = (value: unknown): string | null => {
  if (typeof value !== 'string') return null
  if (value.length <= LONGEST && PLAIN.test(value)) return value
  const text = cleanText(value.slice(0, 2 * LONGEST))
    .replace(/\s+/g, ' ')
    .trim()
  return text.slice(0, LONGEST).toWellFormed() || null
}

/**
 * Clients of 2026 name themselves in every message, older ones in `initialize` alone: their calls are known by User-Agent.
 * @param message the parsed body
 */
export const clientOf = (request: Request, message: unknown): ClientInfo => {
  const params = asObject(asObject(message)?.params)
  const info = asObject(asObject(params?._meta)?.[CLIENT_INFO_META_KEY]) ?? asObject(params?.clientInfo)
  const name = shown(info?.name)
  if (name !== null) return { name, version: shown(info?.version) }
  return { name: shown(request.headers.get('user-agent')), version: null }
}
