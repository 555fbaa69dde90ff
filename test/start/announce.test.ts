import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import type { Stack } from '../../scripts/local/stack.ts'
import {
  introduction,
  readyLine,
  stopped,
  writeConfigs,
  writeVariables,
} from '../../scripts/start/announce.ts'

const stack: Stack = {
  baseUrl: 'http://127.0.0.1:1',
  sandboxUrl: null,
  finexioBaseUrl: 'http://127.0.0.1:9/v2',
  adminApiKey: 'the-root-of-all-tests-4f8Kq2Zx7-Lm',
  stop: async () => undefined,
}
const demo = {
  accountId: 'acc',
  mcpUrl: 'http://127.0.0.1:1/mcp/all',
  readonlyMcpUrl: 'http://127.0.0.1:1/mcp/ro',
  writes: false,
}

const signInUrls = {
  engineer: 'the-engineer',
  clerk: 'the-clerk',
  approver: 'the-approver',
  auditor: 'the-auditor',
}
const people = { approvalMcpUrl: 'http://127.0.0.1:1/mcp/waits', approverToken: 'the-token', signInUrls }
const files = { clients: '/data/clients.md', variables: '/data/demo.env' }
const signInUrl = 'http://127.0.0.1:1/dashboard/sign-in/once'

// At b8f2a26: 80 lines (G4).
test('the text for people is ten lines: the reading URL first, no other URL that writes, no key', () => {
  const text = introduction({ stack, demo, people, files, signInUrl })
  const lines = text.split('\n')
  expect(lines).toHaveLength(10)
  expect(lines[1]).toContain(demo.readonlyMcpUrl)
  for (const shown of [...Object.values(signInUrls), ...Object.values(files), signInUrl])
    expect(text).toContain(shown)
  for (const secret of ['the-root-of-all-tests-4f8Kq2Zx7-Lm', 'the-token', '/mcp/all', '/mcp/waits'])
    expect(text).not.toContain(secret)
})

test('who has no link yet has no line, and another Finexio is named with what may be done there', () => {
  const text = introduction({ stack, demo, people: { signInUrls: { clerk: 'the-clerk' } }, files, signInUrl })
  expect(text).not.toMatch(/Approver|Auditor|Engineer|undefined/)
  expect(text).toContain('http://127.0.0.1:9/v2  where mcp_url only reads unless DEMO_WRITES=true')
})

test('the READY line is one line of JSON with the documented keys', () => {
  const line = readyLine(stack, demo, people)
  expect(line).not.toContain('\n')
  expect(JSON.parse(line.replace('READY ', ''))).toEqual({
    base_url: 'http://127.0.0.1:1',
    sandbox_url: null,
    admin_api_key: 'the-root-of-all-tests-4f8Kq2Zx7-Lm',
    integrated_account_id: 'acc',
    mcp_url: 'http://127.0.0.1:1/mcp/all',
    readonly_mcp_url: 'http://127.0.0.1:1/mcp/ro',
    approval_mcp_url: 'http://127.0.0.1:1/mcp/waits',
    dashboard_url: 'http://127.0.0.1:1/dashboard',
    sign_in_urls: signInUrls,
  })
})

test('the files with real URLs are kept where only the owner can read them, the URL that can do least first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-announce-'))
  const clients = writeConfigs(demo, people, folder)
  const headings = readFileSync(clients, 'utf8').match(/^# .*/gm)
  expect(headings).toEqual([
    '# Read only',
    '# Writes wait for another person',
    '# Read only until DEMO_WRITES=true',
  ])
  const variables = writeVariables(stack, demo, people, folder)
  expect(parseEnv(readFileSync(variables, 'utf8'))).toMatchObject({
    BASE: stack.baseUrl,
    APPROVER: 'the-token',
  })
  for (const path of [clients, variables]) expect(statSync(path).mode & 0o777).toBe(0o600)
  rmSync(folder, { recursive: true })
})

test('what ended is in neither file, nor in what is printed, and a shell that read the file before forgets it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-announce-'))
  const without = { ...demo, ended: { READONLY_MCP_URL: 'revoked' } }
  const nobody = { ...people, ended: { approver: 'expired', APPROVAL_MCP_URL: 'rotated' } }
  const clients = readFileSync(writeConfigs(without, nobody, folder), 'utf8')
  const variables = readFileSync(writeVariables(stack, without, nobody, folder), 'utf8')
  rmSync(folder, { recursive: true })
  const printed = introduction({ stack, demo: without, people: nobody, files, signInUrl })
  for (const text of [clients, variables, printed])
    expect(text).not.toMatch(/\/mcp\/(ro|waits)|the-token|null/)
  for (const name of ['READONLY_MCP_URL', 'APPROVAL_MCP_URL', 'APPROVER'])
    expect(variables).toContain(`unset ${name}\n`)
  const ready = JSON.parse(readyLine(stack, without, nobody).replace('READY ', ''))
  expect([ready.mcp_url, ready.readonly_mcp_url, ready.approval_mcp_url]).toEqual([demo.mcpUrl, null, null])
})

// At d9f6ffd2 nothing was said, and the five minutes of the README ended with a refusal.
test('writes that are stopped are said, with whose switch it is, by whom and why', () => {
  const off = { stopped: false, stopped_by: null, reason: null }
  const on = { stopped: true, stopped_by: 'Ann', reason: 'An agent misbehaves' }
  const said = (account: typeof on | typeof off, deployment: typeof on | typeof off) =>
    stopped(stack, demo, { account, deployment })
  expect(said(off, off)).toBeNull()
  expect(said(on, off)).toMatch(
    /Writes are stopped.* on: that of the demo's account \(by Ann, "An agent misbehaves"\), at .*\/dashboard\/accounts\/acc\.$/,
  )
  expect(said(off, { ...on, stopped_by: null, reason: null })).toMatch(
    /of the whole deployment, at .*\/dashboard\/deployment\.$/,
  )
  expect(said(on, on)).toMatch(/of the whole deployment.*; and that of the demo's account/)
})
