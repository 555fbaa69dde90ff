/** `tools/list` without serializing the same list again for every request, which would be most of its cost. */
import type { ListToolsResult } from '@modelcontextprotocol/server'

/** The empty list that the SDK answers with, as it stands in the response. */
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

/** What the SDK sees of a prepared list: everything but the tools. */
export const withoutTools = (list: ListToolsResult): ListToolsResult => ({ ...list, tools: [] })

/**
 * Puts the tools into a response that was made from `withoutTools(list)`.
 * Nothing that a client sends can look like the slot: inside a JSON string its quotes would be escaped.
 */
export const insertTools = async (response: Response, list: ListToolsResult): Promise<Response> => {
  const text = await response.text()
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
  return new Response(body, { status: response.status, headers: { 'content-type': 'application/json' } })
}
