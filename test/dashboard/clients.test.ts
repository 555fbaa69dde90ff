import { expect, test } from 'vitest'
import { clientConfigs } from '../../src/dashboard/clients.ts'
import { CHOICES } from '../../src/dashboard/pages/server-form/choices.ts'
import { rulesOf } from '../../src/dashboard/pages/server-form/words.ts'

const URL_ = 'https://mcp.test/mcp/fxmcp_x'
const SIGN_IN = 'https://mcp.test/mcp/s/x'
const by = (client: string, signInUrl: string | null = null) =>
  clientConfigs(URL_, signInUrl).find((config) => config.client.startsWith(client))!

test('every client has its steps and the URL to paste', () => {
  const configs = clientConfigs(URL_)
  expect(configs.map(({ client }) => client)).toEqual([
    'ChatGPT',
    'Claude',
    'Claude Code',
    'Cursor',
    'VS Code',
    'Clients that speak stdio only (mcp-remote)',
    'LangGraph',
    'OpenAI Agents SDK',
  ])
  for (const { steps, paste } of configs)
    expect([steps.length > 0, paste.includes(URL_)]).toEqual([true, true])
})

test('what is JSON parses, in the shape that each client reads', () => {
  expect(JSON.parse(by('Cursor').paste)).toEqual({ mcpServers: { finexio: { url: URL_ } } })
  expect(JSON.parse(by('VS Code').paste)).toEqual({ servers: { finexio: { type: 'http', url: URL_ } } })
  expect(JSON.parse(by('Clients').paste).mcpServers.finexio).toEqual({
    command: 'npx',
    args: ['-y', 'mcp-remote', URL_],
  })
})

test('with a second factor each config brings a token, and clients that cannot are given the URL to sign in at', () => {
  const headers = { Authorization: 'Bearer API_TOKEN' }
  expect(JSON.parse(by('Cursor', SIGN_IN).paste).mcpServers.finexio.headers).toEqual(headers)
  // Without a space after the colon: some shells break arguments at spaces.
  expect(JSON.parse(by('Clients', SIGN_IN).paste).mcpServers.finexio.args).toContain(
    'Authorization:Bearer API_TOKEN',
  )
  expect(by('LangGraph', SIGN_IN).paste).toContain('"Authorization":"Bearer API_TOKEN"')
  for (const client of ['ChatGPT', 'Claude']) {
    expect(by(client, SIGN_IN).paste).toBe(SIGN_IN)
    expect(by(client, SIGN_IN).steps.join()).toContain('role use')
  }
})

test('whoever sees no tools in ChatGPT is told which setting to switch, and to what, by the names that form and API have', () => {
  for (const signIn of [undefined, SIGN_IN]) {
    const step = by('ChatGPT', signIn).steps.find((one) => one.includes('no tools'))!
    // The same words stand in .data/clients.md, where "here" was a text file.
    expect(step).toContain('In the dashboard')
    for (const { steps } of clientConfigs(URL_, signIn))
      expect(steps.join()).not.toMatch(/\b(here|this page)\b/)
    for (const { label, key, options } of CHOICES) {
      expect([label, `config.${key}`].every((word) => step.includes(word))).toBe(true)
      for (const option of options.slice(1)) expect(step).toContain(`${option.label} ("${option.value}")`)
    }
  }
  expect(rulesOf({ reply: 'sse' })).toEqual([['Form of answers', 'Event stream']])
})
