/** `tools/list` without serializing the same list again for every request, which would be most of its cost. */
import type { ListToolsResult } from '@modelcontextprotocol/server'

/** How long clients may keep a list, and for whom. */
export const HINT = { ttlMs: 300_000, cacheScope: 'private' } as const

/** The empty list, as it is written in an answer. */
const SLOT = '"tools":[]'
const EMPTY = 2

const encoder = new TextEncoder()
const encoded = new WeakMap<ListToolsResult, Uint8Array>()

const bytesOf = (list: ListToolsResult): Uint8Array => {
  const known = encoded.get(list)
  if (known) return known
  const bytes = encoder.encode(JSON.stringify(list.tools))
  encoded.set(list, bytes)
  return bytes
}

/** Everything of a prepared list but the tools. */
export const withoutTools = (list: ListToolsResult): ListToolsResult => ({ ...list, tools: [] })

/**
 * Puts the tools into an answer that was made from `withoutTools(list)`.
 * Nothing that a client sends can look like the slot: inside a JSON string its quotes would be escaped.
 */
export const withTools = (text: string, list: ListToolsResult, status = 200): Response => {
  const slot = text.indexOf(SLOT)
  if (slot < 0) throw new Error('The SDK answered a tool list without its tools member.')
  const end = slot + SLOT.length
  const tools = bytesOf(list)
  const head = encoder.encode(text.slice(0, end - EMPTY))
  const tail = encoder.encode(text.slice(end))
  const body = new Uint8Array(head.length + tools.length + tail.length)
  body.set(head)
  body.set(tools, head.length)
  body.set(tail, head.length + tools.length)
  return new Response(body, { status, headers: { 'content-type': 'application/json' } })
}
