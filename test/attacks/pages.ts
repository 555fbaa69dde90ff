/** The attacks that go through pages and sign-ins. */
import { fieldsOf, type Kit, type Seen } from './kit.ts'

/** Opens the edit form of a server, renames it, and presses what saves: twice where the difference is shown first. */
const renamed = async (kit: Kit, path: string, id: string, query = '') => {
  const { page, send } = await kit.browser(kit.adminKey)
  const at = `/dashboard/accounts/${path.split('/').at(-1)}/servers/${id}/edit`
  const fields = fieldsOf(await page(at + query), '/edit')
  const named = fields.map(([name, value]): [string, string] => [
    name,
    name === 'name' ? `renamed ${value}` : value,
  ])
  const first = await send(at, [...named, ['step', 'review']])
  const review = fieldsOf(await first.text(), '/edit')
  const { status } = first.status === 200 ? await send(at, [...review, ['step', 'save']]) : first
  const { body } = await kit.rest('GET', `${path}/mcp/${id}`)
  return { status, name: body.name as string, config: body.config as Record<string, unknown> }
}

export const A6 = async (kit: Kit): Promise<Seen> => {
  const { path } = await kit.account()
  await kit.rest('PATCH', path, { approval: 'always' })
  const { body } = await kit.server(path)
  const { status, name, config } = await renamed(kit, path, body.id)
  const { failed, data } = await kit.pay(body.url)
  const paid = !failed && data.approval_id === undefined
  return {
    worked: paid,
    seen: `save: ${status} (${name}), approval ${config.approval ?? 'as the account says'}`,
  }
}

export const A7 = async (kit: Kit): Promise<Seen> => {
  const { path } = await kit.account()
  const nobody = { allowed_suppliers: [], allowed_buyers: [], webhook_hosts: [] }
  const { body } = await kit.server(path, nobody)
  const { status, config } = await renamed(kit, path, body.id)
  const kept = Object.keys(nobody).filter((key) => Array.isArray(config[key]))
  return { worked: kept.length < 3, seen: `save: ${status}, empty lists kept: ${kept.length} of 3` }
}

export const A8 = async (kit: Kit): Promise<Seen> => {
  const { path } = await kit.account()
  const strict = { approval: 'always', allowed_suppliers: ['sup_999'], limits: { per_call: { count: 1 } } }
  const { body } = await kit.server(path, strict)
  const { status, config } = await renamed(kit, path, body.id, '?name=x&methods=write&approval=none')
  const lost = Object.keys(strict).filter(
    (key) => JSON.stringify(config[key]) !== JSON.stringify(body.config[key]),
  )
  return { worked: lost.length > 0, seen: `save: ${status}, lost: ${lost.join(', ') || 'nothing'}` }
}

const REDIRECT = 'https://client.example/callback'

const register = (kit: Kit, metadata: object) =>
  fetch(new URL('/oauth/register', kit.base), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Junk', token_endpoint_auth_method: 'none', ...metadata }),
  })

const consentFor = async (kit: Kit, params: Record<string, string>) => {
  const { path } = await kit.account()
  const { body } = await kit.server(path, { require_api_token_auth: true })
  const client = (await (await register(kit, { redirect_uris: [REDIRECT] })).json()) as { client_id: string }
  const all = {
    ...{ response_type: 'code', redirect_uri: REDIRECT, client_id: client.client_id, state: 's' },
    ...{
      resource: body.resource_url,
      code_challenge_method: 'S256',
      code_challenge: 'x'.repeat(43),
      ...params,
    },
  }
  return fetch(new URL(`/oauth/authorize?${new URLSearchParams(all)}`, kit.base), { redirect: 'manual' })
}

export const A12 = async (kit: Kit): Promise<Seen> => {
  const html = await (await consentFor(kit, { scope: 'mcp:read mcp:write' })).text()
  const box = /<input[^>]*name="write"[^>]*>/.exec(html)?.[0] ?? ''
  return {
    worked: /\schecked/.test(box),
    seen: box === '' ? 'no box' : `the box is ${/\schecked/.test(box) ? '' : 'not '}ticked`,
  }
}

export const A13 = async (kit: Kit): Promise<Seen> => {
  const junk = await Promise.all(Array.from({ length: 40 }, () => register(kit, { redirect_uris: [] })))
  const { status } = await register(kit, { redirect_uris: [REDIRECT] })
  const counted = junk.filter((one) => one.status === 429).length
  return {
    worked: status === 429,
    seen: `40 junk registrations (${counted} counted), then an honest one: ${status}`,
  }
}

export const A14 = async (kit: Kit): Promise<Seen> => {
  const { status } = await consentFor(kit, { scope: 'mcp:read', state: 's'.repeat(15_000) })
  return { worked: status === 200, seen: `15 KB of state: ${status}` }
}
