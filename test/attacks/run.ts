/**
 * The fourteen attacks of reference/faults.md A1 to A14 against a running deployment with the sandbox behind it:
 * `node test/attacks/run.ts <base_url> <admin_key> [sandbox_url]`. Not part of npm test. Prints what was seen.
 */
import { type Kit, kitFor, type Seen } from './kit.ts'
import { A6, A7, A8, A12, A13, A14 } from './pages.ts'

type Attack = (kit: Kit, sandbox: string | null) => Promise<Seen>

const REFUSED: Seen = { worked: false, seen: 'no such key is made' }
const ok = (status: number): boolean => status < 300
const wide = { methods: ['read', 'write'], approval: 'none', limits: null }

const A1: Attack = async ({ account, token, server, rest }) => {
  const { id, path } = await account()
  const key = await token(['mcp', `account:${id}`])
  if (key === null) return REFUSED
  const { body } = await server(path, { approval: 'always' })
  const answers = [
    await rest('PUT', `${path}/writes`, { stopped: false }, key),
    await rest('PATCH', `${path}/mcp/${body.id}`, { config: wide }, key),
    await rest('POST', `${path}/mcp`, { name: 'own', config: wide }, key),
  ].map(({ status }) => status)
  return { worked: answers.some(ok), seen: `resume, loosen, own URL: ${answers.join(', ')}` }
}

/** Drafts by the URL, then decides with the key. */
const decides = async (kit: Kit, url: string, key: string, bearer?: string): Promise<Seen> => {
  const { data } = await kit.pay(url, bearer)
  const { status, body } = await kit.rest('POST', `/approval/${data.approval_id}/approve`, {}, key)
  return { worked: ok(status), seen: `approve: ${status} ${body?.state ?? body?.message ?? ''}` }
}

const A2: Attack = async (kit) => {
  const { id, path } = await kit.account()
  const key = await kit.token(['approve', `account:${id}`])
  if (key === null) return REFUSED
  const made = await kit.server(path, { approval: 'always' })
  const rotated = await kit.rest('POST', `${path}/mcp/${made.body.id}/rotate`, {}, key)
  if (!ok(rotated.status)) return { worked: false, seen: `rotate: ${rotated.status}` }
  return decides(kit, rotated.body.url, key)
}

const A3: Attack = async (kit) => {
  const { path } = await kit.account()
  const name = `One Person ${Date.now()}`
  const [calls, approves] = [await kit.token(['mcp'], name), await kit.token(['approve'], name)]
  const made = await kit.server(path, { approval: 'always', require_api_token_auth: true })
  return decides(kit, made.body.url, approves!, calls!)
}

const A4: Attack = async ({ account, token, rest }) => {
  const [own, other] = [await account(), await account()]
  const key = await token(['admin', `account:${own.id}`])
  if (key === null) return REFUSED
  const answers = [
    await rest('GET', other.path, undefined, key),
    await rest('POST', '/api-token', { name: 'wide', scopes: ['admin'] }, key),
    await rest('PUT', '/writes', { stopped: false }, key),
  ].map(({ status }) => status)
  return { worked: answers.some(ok), seen: `other account, wide key, switch: ${answers.join(', ')}` }
}

const A5: Attack = async ({ account, token, server, rest, pay }) => {
  const { id, path } = await account()
  const key = await token(['approve', `account:${id}`])
  if (key === null) return REFUSED
  const { body } = await server(path, { approval: 'always' })
  const one = `${path}/mcp/${body.id}`
  const loosened = await rest('PATCH', one, { config: { approval: 'none' } }, key)
  const paid = !(await pay(body.url)).failed
  await rest('PATCH', one, { config: { approval: 'always' } }, key)
  const really = ok(loosened.status) && paid
  return { worked: really, seen: `loosen: ${loosened.status}, ${really ? 'paid' : 'not paid'}` }
}

const A9: Attack = async ({ account, server, pay }) => {
  const { path } = await account()
  const { status, body } = await server(path, { fixed: { '*': { dry_run: true } } })
  if (!ok(status)) return { worked: false, seen: `fixed dry_run: ${status}` }
  const { failed, data } = await pay(body.url)
  const rehearsed = failed || data.outcome === 'dry_run'
  return { worked: !rehearsed, seen: rehearsed ? 'rehearsed or refused' : 'sent and paid' }
}

const A10: Attack = async ({ account, server, rest, pay }, sandbox) => {
  if (sandbox === null) return { worked: null, seen: 'needs the address of the sandbox' }
  const { username, path } = await account()
  const { body } = await server(path)
  const slow = { method: 'GET', path: '/invoices', delay_ms: 1_500, times: null }
  await fetch(new URL(`/__sandbox/faults?username=${username}`, sandbox), {
    method: 'POST',
    body: JSON.stringify(slow),
  })
  const paying = pay(body.url)
  await new Promise((done) => setTimeout(done, 500))
  const narrowed = await rest('PATCH', path, { read_only: true })
  const { failed } = await paying
  return { worked: !failed, seen: `read_only: ${narrowed.status}, then ${failed ? 'refused' : 'paid'}` }
}

const A11: Attack = async ({ account, server }) => {
  const { path } = await account()
  const { status } = await server(path, { approval: 'always', approval_door: 'confirm' })
  return { worked: ok(status), seen: `always, confirmed by the client itself: ${status}` }
}

const ATTACKS: Readonly<Record<string, Attack>> = {
  // A13 last: where it works, nobody registers for a minute.
  ...{ A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A14, A13 },
}

const WORDS = new Map([
  [true, 'WORKED'],
  [false, 'refused'],
  [null, 'not tried'],
])

const [base, adminKey, sandbox = null] = process.argv.slice(2)
if (!base || !adminKey) throw new Error('node test/attacks/run.ts <base_url> <admin_key> [sandbox_url]')
for (const [name, attack] of Object.entries(ATTACKS)) {
  const { worked, seen } = await attack(kitFor(base, adminKey), sandbox).catch((fault: Error): Seen => {
    return { worked: null, seen: fault.message }
  })
  console.log(`${name.padEnd(4)} ${WORDS.get(worked)!.padEnd(10)} ${seen}`)
}
