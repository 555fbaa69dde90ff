import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, test, vi } from 'vitest'
import { sdkClients } from '../clients/sdk-clients.ts'
import { times } from '../support/size.ts'
import { freePort, isAlive, isolated, type Started, spawnStart, startAndWait } from './spawned.ts'

const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-start-'))
const running: Started[] = []

afterAll(async () => {
  for (const { npm } of running) npm.kill('SIGTERM')
  await Promise.all(running.map(({ ended }) => ended))
  rmSync(folder, { recursive: true, force: true })
})

const start = async (settings: Record<string, string>): Promise<Started> => {
  const started = await startAndWait(settings)
  running.push(started)
  return started
}

/** Settings of a start with a folder of its own. */
const apart = (settings: Record<string, string> = {}) =>
  isolated(mkdtempSync(join(folder, 'apart-')), settings)

let settings: Record<string, string>
let shared: Started | null = null

/** The deployment that most tests look at: each start takes seconds. Whoever ends it sets `shared` to null. */
const deployment = async (): Promise<Started> => {
  settings ??= await isolated(folder)
  shared ??= await start(settings)
  return shared
}

const connect = (url: string) => sdkClients[0]!.connect(url)

const noneAlive = (pids: number[]) => vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), 10_000)

/** What a terminal does on Ctrl-C: the signal goes to the whole group. */
const pressCtrlC = async ({ npm, ended, family }: Started): Promise<number[]> => {
  const pids = family()
  process.kill(-npm.pid!, 'SIGINT')
  await ended
  return pids
}

const subscribe = async (url: string): Promise<string> => {
  const client = await connect(url)
  const hook = { event: 'payment.changed', url: 'https://example.com/hook', username: 'u', password: 'p' }
  const { structuredContent, content, isError } = await client.call('create_a_finexio_webhook', hook)
  await client.close()
  expect(isError, content[0]?.text).toBeFalsy()
  return String(structuredContent?.id)
}

const linkIn = (output: string) => /^ +Dashboard +(\S+)/m.exec(output)?.[1] ?? ''

test('it prints a link that signs in to the dashboard, once', async () => {
  const started = await deployment()
  const link = linkIn(started.output())
  expect(link.startsWith(`${started.ready.dashboard_url}/sign-in/`)).toBe(true)
  const press = () =>
    fetch(link, { method: 'POST', redirect: 'manual', headers: { origin: new URL(link).origin } })
  expect(await (await fetch(link)).text()).toContain('<form class="card stack" method="post">')
  const first = await press()
  expect(first.headers.get('location')).toBe('/dashboard')
  const cookie = first.headers.get('set-cookie')!.split(';')[0]!
  const page = await fetch(started.ready.dashboard_url, { headers: { cookie } })
  expect(await page.text()).toContain('Three steps to your first answer')
  expect((await press()).status).toBe(401)
})

// At b8f2a26 no request was logged (G4).
test('what it prints holds no key, and no token but the reading URL, besides the READY line; requests are logged without theirs; files with secrets are private', async () => {
  const started = await deployment()
  const client = await connect(started.ready.mcp_url)
  await client.toolNames()
  await client.call('list_all_finexio_payments', { limit: 1 })
  await client.close()
  const rest = () =>
    started
      .output()
      .replace(/^READY .+$/m, '')
      .replace(started.ready.readonly_mcp_url, '')
  // The line comes through two pipes, and may come after the answer.
  await expect
    .poll(rest, { timeout: 10_000 })
    .toMatch(/ 200 {2}POST \/mcp\/… tools\/call list_all_finexio_payments {2}\d+ ms/)
  expect(rest()).not.toMatch(/fxmcp_[0-9A-Za-z]/)
  expect(rest()).not.toContain(started.ready.admin_api_key)
  for (const file of ['.dev.vars', 'data/demo.json', 'data/people.json', 'data/clients.md', 'data/demo.env'])
    expect(statSync(join(folder, file)).mode & 0o777, file).toBe(0o600)
})

test('a first start answers on both URLs, and its folder is its own; Ctrl-C ends it all; the second, at other ports, has the same data', async () => {
  const first = await deployment()
  const all = await connect(first.ready.mcp_url)
  const readonly = await connect(first.ready.readonly_mcp_url)
  const names = await all.toolNames()
  const readable = await readonly.toolNames()
  expect(names).toContain('create_a_finexio_webhook')
  expect(readable).toContain('list_all_finexio_payments')
  expect(readable.length).toBeLessThan(names.length)
  expect(readable.filter((name) => !names.includes(name))).toEqual([])
  const payments = await all.call('list_all_finexio_payments', { limit: 3 })
  expect(payments.structuredContent).toMatchObject({ result_count: 3 })
  const webhook = await subscribe(first.ready.mcp_url)
  await Promise.all([all.close(), readonly.close()])

  expect(first.ready.dashboard_url).toBe(`${first.ready.base_url}/dashboard`)

  // At b8f2a26 a second one shared the folder, and other ports made a second demo (G1).
  const before = settings
  const elsewhere = await isolated(folder)
  const beside = spawnStart(elsewhere)
  expect(await beside.ended).toBe(1)
  expect(beside.output()).toMatch(/Another npm start \(process \d+\) is using .*DATA_DIR=/)

  await noneAlive(await pressCtrlC(first))

  shared = null
  settings = elsewhere
  const second = await deployment()
  const moved = Object.entries(first.ready).map(([name, value]) => [
    name,
    typeof value === 'string'
      ? value
          .replace(`:${before.PORT}`, `:${elsewhere.PORT}`)
          .replace(`:${before.SANDBOX_PORT}`, `:${elsewhere.SANDBOX_PORT}`)
      : value,
  ])
  expect(second.ready).toEqual({ ...Object.fromEntries(moved), sign_in_urls: expect.anything() })
  const again = await connect(second.ready.readonly_mcp_url)
  const kept = await again.call('get_single_finexio_webhook_by_id', { id: webhook })
  expect(kept.structuredContent).toMatchObject({ id: webhook, url: 'https://example.com/hook' })
  await again.close()
})

/** A one-time link, opened and pressed as a browser does; the cookie of the session. */
const signInBy = async (link: string): Promise<string> => {
  const body = new URLSearchParams()
  const pressed = await fetch(link, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { origin: new URL(link).origin },
  })
  return pressed.headers.get('set-cookie')?.split(';')[0] ?? ''
}

test('the four people of the demo: what the clerk asks for waits, and of all four the approver alone may decide', async () => {
  const { ready } = await deployment()
  const clerk = await connect(ready.approval_mcp_url)
  const parties = await clerk.call('list_all_finexio_suppliers', { limit: 1, fields: ['id'] })
  const buyers = await clerk.call('list_all_finexio_buyers', { limit: 1, fields: ['id'] })
  const idOf = ({ structuredContent }: typeof parties) =>
    (structuredContent as { result: { id: string }[] }).result[0]!.id
  const invoice = {
    invoice_number: 'DEMO-1',
    receiving_counterparty_id: idOf(parties),
    originating_counterparty_id: idOf(buyers),
    amount_cents: 1_200,
    invoice_date: '2026-11-20',
  }
  const { structuredContent, content } = await clerk.call('finexio_invoices_bulk_create', { body: [invoice] })
  expect(structuredContent, content[0]?.text).toBeTruthy()
  await clerk.close()
  const waiting = structuredContent as { outcome: string; approval_url: string }
  expect(waiting.outcome).toBe('pending_approval')
  const offered = await Promise.all(
    Object.entries(ready.sign_in_urls).map(async ([who, link]) => {
      const page = await fetch(waiting.approval_url, { headers: { cookie: await signInBy(link) } })
      return [who, (await page.text()).includes('Approve and send')]
    }),
  )
  expect(Object.fromEntries(offered)).toEqual({
    engineer: false,
    clerk: false,
    approver: true,
    auditor: false,
  })
  const second = await fetch(`${ready.base_url}/deployment`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${ready.admin_api_key}`, 'content-type': 'application/json' },
    body: '{"second_person_for_settings": true}',
  })
  expect(second.status, 'two of them qualify').toBe(200)
})

// Seen by the fourth new user: after one URL was revoked, the next start made a second account "Demo", with a fresh URL that writes at once.
test('what was revoked, rotated or disabled of the demo stays so on the next start, which says it; only an account that is gone is made anew', async () => {
  const own = await apart()
  let now = await start(own)
  const first = now.ready
  const asAdmin = async (method: string, path: string, body?: object) => {
    const { base_url, admin_api_key } = now.ready
    const answer = await fetch(base_url + path, {
      method,
      headers: { authorization: `Bearer ${admin_api_key}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    expect(answer.status, await answer.clone().text()).toBeLessThan(300)
    return (await answer.json()) as { result: { id: string; name: string; holder: string }[] }
  }
  const idIn = async (path: string, name: string) =>
    (await asAdmin('GET', path)).result.find((one) => one.name === name)!
  const again = async () => {
    await noneAlive(await pressCtrlC(now))
    now = await start(own)
  }
  const account = `/integrated-account/${first.integrated_account_id}`
  await asAdmin('DELETE', `${account}/mcp/${(await idIn(`${account}/mcp`, 'Lookup agent (only reads)')).id}`)
  await asAdmin(
    'POST',
    `${account}/mcp/${(await idIn(`${account}/mcp`, 'Unlimited agent (asks nobody)')).id}/rotate`,
    {
      overlap_seconds: 0,
    },
  )
  await asAdmin('DELETE', `/api-token/${(await idIn('/api-token', 'Aud Auditor')).id}`)
  const { holder } = await idIn('/api-token', 'Erin Engineer')
  await asAdmin('PATCH', `/person/${holder}`, { disabled: true })
  await again()
  expect(now.ready).toMatchObject({
    integrated_account_id: first.integrated_account_id,
    mcp_url: null,
    readonly_mcp_url: null,
    approval_mcp_url: first.approval_mcp_url,
  })
  expect(Object.keys(now.ready.sign_in_urls)).toEqual(['clerk', 'approver'])
  expect(now.output()).toContain(
    'stays ended: MCP_URL (rotated), READONLY_MCP_URL (revoked), the sign-in of the engineer (its holder is disabled), the sign-in of the auditor (revoked).',
  )
  expect((await asAdmin('GET', '/integrated-account?limit=100')).result).toHaveLength(1)
  // Another start takes seconds: at full size alone. test/start/demo.test.ts has the rule.
  if (times(0, 1) === 0) return
  await asAdmin('DELETE', account)
  await again()
  expect(now.output()).toContain('The account of the demo is not there any more')
  expect(now.output()).toContain('the sign-in of the auditor (revoked)')
  expect(Object.keys(now.ready.sign_in_urls)).toEqual(['clerk', 'approver'])
  expect(now.ready.mcp_url).toContain('/mcp/')
})

/** The one that leaves npm no time to tell anybody always; the gentler two at full size. */
const SIGNALS = (['SIGKILL', 'SIGTERM', 'SIGINT'] as const).slice(0, times(1, 3))

test.each(SIGNALS)('%s to npm alone leaves no process behind', async (signal) => {
  const started = await deployment()
  shared = null
  const pids = started.family()
  expect(pids.length).toBeGreaterThan(3)
  started.npm.kill(signal)
  await noneAlive(pids)
})

test.each(['PORT', 'SANDBOX_PORT'])(
  'a taken %s is named, with the way out, and nothing starts',
  async (setting) => {
    const holder = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve))
    const { ended, output } = spawnStart(await apart({ [setting]: String(port) }))
    expect(await ended).toBe(1)
    expect(output()).toContain(`Port ${port} is taken`)
    expect(output()).toContain(`${setting}=`)
    expect(output()).not.toContain('READY')
    await new Promise((resolve) => holder.close(resolve))
  },
)

test('with another Finexio no sandbox is started, and its account is connected', async () => {
  const { finexioBaseUrl } = inject('stack')
  const elsewhere = {
    FINEXIO_BASE_URL: finexioBaseUrl,
    FINEXIO_USERNAME: `start-${Date.now()}`,
    FINEXIO_PASSWORD: 'p',
  }
  const { ready } = await start(await apart(elsewhere))
  expect(ready.sandbox_url).toBeNull()
  for (const url of [ready.mcp_url, ready.readonly_mcp_url]) {
    const client = await connect(url)
    const names = await client.toolNames()
    await client.close()
    expect(names).toContain('list_all_finexio_payments')
    expect(
      names.filter((name) => /bulk_create|^create_|^update_|^delete_|partial_update/.test(name)),
    ).toEqual([])
  }
})

test('credentials that Finexio refuses end the start with the reason and the settings to look at', async () => {
  const { ended, output } = spawnStart(await apart({ FINEXIO_PASSWORD: 'wrong' }))
  expect(await ended).toBe(1)
  expect(output()).toContain('Finexio refuses these credentials')
  expect(output()).toContain('FINEXIO_PASSWORD')
  expect(output()).not.toContain('READY')
})
