/** One `tools/call` over HTTP, as plain as a client can make it. */
import type { CallToolResult } from '@modelcontextprotocol/server'

export type Called = {
  status: number
  headers: Headers
  isError: boolean
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by assertions
  data: any
}

/** @param bearer an API token to bring along */
export const callOver = async (
  url: string,
  name: string,
  args: object = {},
  bearer?: string,
): Promise<Called> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(bearer && { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  })
  const { result, error } = (await response.json()) as {
    result?: CallToolResult
    error?: { message: string }
  }
  const blocks = result?.content.map((block) => ('text' in block ? block.text : '')) ?? [error?.message ?? '']
  return {
    status: response.status,
    headers: response.headers,
    isError: result === undefined || result.isError === true,
    text: blocks.join('\n'),
    data: result?.structuredContent,
  }
}
