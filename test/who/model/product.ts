/** The product as the model's opposite: each operation over REST and MCP, in workerd, with a Finexio that is a function. */
import { reset, runDurableObjectAlarm } from 'cloudflare:test'
import { vi } from 'vitest'
import { directoryObject } from '../../../src/account/directory-stub.ts'
import { ApiError } from '../../../src/api/errors.ts'
import { managementApi } from '../../../src/api/routes.ts'
import { actorOfPerson } from '../../../src/identity/actor.ts'
import { call, connect, env } from '../../api/support.ts'
import { http } from '../../oauth/support.ts'
import type { Heard, Made, Product } from './driver.ts'
import type { Config, Grant, Key, Of, Op, Principal } from './types.ts'

const HOUR_MS = 3_600_000
const BATCH = 'finexio_invoices_bulk_create'
const CHANGE = 'finexio_suppliers_partial_update'
const READS = { methods: ['read'] }
const WRITES = { methods: ['read', 'write'] }

type Answer = Awaited<ReturnType<typeof call>>

/** What the product calls what the model numbers. */
class Known {
  accounts: string[] = []
  people: string[] = []
  systems: string[] = []
  /** So many of them a history has made. */
  made = 0
  tokens: { id: string; secret: string }[] = []
  servers: { id: string; account: string; url: string }[] = []
  drafts: string[] = []
  proposals: string[] = []
  written = 0
  calls = 0
}

const recordAt = (path: string) => {
  const id = path.split('/').find((part) => /^(sup|buy)_/.test(part))
  return id && { id, name: 'Acme', payment_method: 'ACH', enabled: true }
}

/** Lists are empty, so nothing was paid before; whatever is written is accepted and counted. */
const finexio = (known: Known) => async (input: RequestInfo, init?: RequestInit) => {
  const request = new Request(input, init)
  if (request.method === 'GET') return Response.json(recordAt(new URL(request.url).pathname) ?? [])
  known.written += 1
  const body = (await request.json()) as unknown
  return Array.isArray(body)
    ? Response.json(body.map((row, index) => ({ ...(row as object), id: `inv_${known.written}_${index}` })))
    : Response.json({ id: 'sup_1', ...(body as object) })
}

const refused = (raw: unknown): Heard => ({ is: 'refused', raw })

/** @param made where a draft of settings that came of it is kept */
const heard = ({ status, body }: Answer, made: (proposal: string) => void): Heard => {
  const proposal = body?.settings_draft_id as string | undefined
  if (proposal) made(proposal)
  if (status >= 400) return refused({ status, message: body?.message })
  if (!proposal) return { is: 'done' }
  return { is: body.acted?.length > 0 ? 'partly_proposed' : 'proposed' }
}

const configOf = (patch: Partial<Config>) => ({
  ...(patch.methods && (patch.methods === 'read' ? READS : WRITES)),
  ...(patch.approval && { approval: patch.approval }),
  ...(patch.limit !== undefined && {
    limits: patch.limit === null ? null : { per_call: { cents: patch.limit } },
  }),
  ...(patch.secondFactor !== undefined && { require_api_token_auth: patch.secondFactor }),
})

/** As a page of the dashboard asks for somebody who signed in at the company's identity provider. */
const askAs = async (id: string, method: string, path: string, body?: unknown): Promise<Answer> => {
  const person = await directoryObject(env).readPerson(id)
  const api = managementApi(async (c, next) => {
    if (!person || person.disabled_at !== null) throw new ApiError(401, 'This session is over.')
    c.set('actor', actorOfPerson(person, person.grants))
    await next()
  })
  const request = new Request(new URL(path, 'https://mcp.test'), {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const response = await api.fetch(request, env)
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : null }
}

const withoutNulls = (config: object) =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null))

export const product = (): Product => {
  let known = new Known()

  const keyOf = (key: Key): string | null => {
    if (key === 'root') return 'the-root-of-all-tests-4f8Kq2Zx7-Lm'
    return typeof key === 'object' && 'token' in key ? (known.tokens[key.token]?.secret ?? 'none') : null
  }
  const idOf = (principal: Principal): string =>
    (principal.startsWith('p') ? known.people : known.systems)[Number(principal.slice(1))]!
  const grantOf = (grant: Grant): string => {
    const [role, account] = grant.split(':')
    return account === undefined ? role! : `${role}:${known.accounts[Number(account)]}`
  }
  const ask = (by: Key, method: string, path: string, body?: unknown): Promise<Answer> =>
    typeof by === 'object' && 'person' in by
      ? askAs(known.people[by.person]!, method, path, body)
      : call(method, path, { key: keyOf(by), body })
  const accountPath = (account: number) => `/integrated-account/${known.accounts[account]}`
  const proposed = (made: Made) => (id: string) => {
    known.proposals[made.proposals ?? known.proposals.length] = id
  }

  const tell = async (url: string, by: Key, message: object): Promise<Answer> => {
    const key = by === 'nobody' || by === 'root' ? null : keyOf(by)
    const response = await http(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(key && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: message }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : null }
  }

  const invoice = (cents: number, payee: number) => ({
    invoice_number: `N-${known.calls}`,
    receiving_counterparty_id: `sup_${payee}`,
    originating_counterparty_id: 'buy_1',
    amount_cents: cents,
    invoice_date: '2026-11-20',
  })

  const ops: { [D in Op['do']]: (op: Of<D>, made: Made) => Promise<Heard> } = {
    person: async ({ by, grants }, made) => {
      const identity = { issuer: 'https://login.test', subject: `p${made.people}` }
      const body = { name: `p${made.people}`, kind: 'person', grants: grants.map(grantOf), ...identity }
      const answer = await ask(by, 'POST', '/person', body)
      if (made.people !== undefined) known.people[made.people] = answer.body?.id
      return heard(answer, proposed(made))
    },
    system: async ({ by }, made) => {
      const answer = await ask(by, 'POST', '/person', { name: 'another', kind: 'system' })
      if (answer.status < 400) known.made += 1
      return heard(answer, proposed(made))
    },
    enable: async ({ by, person }, made) =>
      heard(await ask(by, 'PATCH', `/person/${known.people[person]}`, { disabled: false }), proposed(made)),
    disable: async ({ by, person }, made) =>
      heard(await ask(by, 'PATCH', `/person/${known.people[person]}`, { disabled: true }), proposed(made)),
    token: async ({ by, holder, grants, hours }, made) => {
      if (holder.startsWith('s') && Number(holder.slice(1)) >= known.made) return refused('no such system')
      const expires_at = hours === null ? null : new Date(Date.now() + hours * HOUR_MS).toISOString()
      const body = { holder: idOf(holder), grants: grants.map(grantOf), expires_at }
      const answer = await ask(by, 'POST', '/api-token', body)
      if (made.tokens !== undefined)
        known.tokens[made.tokens] = { id: answer.body?.id, secret: answer.body?.token }
      return heard(answer, proposed(made))
    },
    revoke: async ({ by, token }, made) => {
      const answer = await ask(by, 'DELETE', `/api-token/${known.tokens[token]!.id}`)
      // Revoking what has ended already finds nothing to revoke.
      return answer.status === 404 ? { is: 'done' } : heard(answer, proposed(made))
    },
    grant: async ({ by, person, grant }, made) => {
      const path = `/person/${known.people[person]}`
      const { grants } = (await call('GET', path)).body
      const wanted = [...new Set([...grants, grantOf(grant)])]
      return heard(await ask(by, 'PATCH', path, { grants: wanted }), proposed(made))
    },
    lose: async ({ by, person, grant }, made) => {
      const path = `/person/${known.people[person]}`
      const { grants } = (await call('GET', path)).body as { grants: string[] }
      const lost = grantOf(grant)
      const left = grants.filter((one) => one !== lost && (lost.includes(':') || !one.startsWith(`${lost}:`)))
      const narrowed = lost.includes(':') ? left.filter((one) => one !== lost.split(':')[0]) : left
      return heard(await ask(by, 'PATCH', path, { grants: narrowed }), proposed(made))
    },
    server: async ({ by, account, config }, made) => {
      const body = {
        name: `n${config.name}`,
        config: withoutNulls({ ...configOf(config), duplicate_guard: { requests: 0 } }),
        holder: config.holder === null ? null : idOf(config.holder),
      }
      const answer = await ask(by, 'POST', `${accountPath(account)}/mcp`, body)
      if (made.servers !== undefined) {
        const { id, url } = answer.body ?? {}
        known.servers[made.servers] = { id, account: known.accounts[account]!, url }
      }
      return heard(answer, proposed(made))
    },
    edit: async ({ by, server, patch }, made) => {
      const { id, account } = known.servers[server]!
      const config = configOf(patch)
      const body = {
        ...(patch.name !== undefined && { name: `n${patch.name}` }),
        ...(Object.keys(config).length > 0 && { config }),
        ...(patch.holder !== undefined && { holder: patch.holder === null ? null : idOf(patch.holder) }),
      }
      return heard(await ask(by, 'PATCH', `/integrated-account/${account}/mcp/${id}`, body), proposed(made))
    },
    rotate: async ({ by, server }, made) => {
      const { id, account } = known.servers[server]!
      const answer = await ask(by, 'POST', `/integrated-account/${account}/mcp/${id}/rotate`)
      if (answer.body?.url) known.servers[server]!.url = answer.body.url
      return heard(answer, proposed(made))
    },
    delete: async ({ by, server }, made) => {
      const { id, account } = known.servers[server]!
      return heard(await ask(by, 'DELETE', `/integrated-account/${account}/mcp/${id}`), proposed(made))
    },
    stop: async ({ by, account }, made) =>
      heard(await ask(by, 'PUT', `${accountPath(account)}/writes`, { stopped: true }), proposed(made)),
    resume: async ({ by, account }, made) =>
      heard(await ask(by, 'PUT', `${accountPath(account)}/writes`, { stopped: false }), proposed(made)),
    second: async ({ by, on }, made) =>
      heard(await ask(by, 'PATCH', '/deployment', { second_person_for_settings: on }), proposed(made)),
    one: async ({ by, owner }, made) => {
      const one_person = owner === null ? null : known.people[owner]
      return heard(await ask(by, 'PATCH', '/deployment', { one_person }), proposed(made))
    },
    call: async ({ by, server, payee, cents, changes }, made) => {
      known.calls += 1
      const bank = { bank_account_number: String(10_000_000 + known.calls), bank_routing_number: '021000021' }
      const message = changes
        ? { name: CHANGE, arguments: { id: `sup_${payee}`, ...bank } }
        : { name: BATCH, arguments: { body: [invoice(cents, payee)] } }
      const { status, body } = await tell(known.servers[server]!.url, by, message)
      const result = body?.result
      if (status >= 400 || !result || result.isError)
        return refused({ status, text: result?.content?.[0]?.text ?? body?.error })
      const { outcome, approval_id } = result.structuredContent ?? {}
      if (outcome !== 'pending_approval') return { is: 'paid', raw: outcome }
      if (made.drafts !== undefined) known.drafts[made.drafts] = approval_id
      return { is: 'waits' }
    },
    decide: async ({ by, draft, yes }) => {
      const answer = await ask(
        by,
        'POST',
        `/approval/${known.drafts[draft]}/${yes ? 'approve' : 'reject'}`,
        {},
      )
      if (answer.status !== 200) return refused({ status: answer.status, message: answer.body?.message })
      return { is: yes ? 'paid' : 'done' }
    },
    settle: async ({ by, proposal, yes }) => {
      const path = `/settings-draft/${known.proposals[proposal]}/${yes ? 'agree' : 'reject'}`
      const answer = await ask(by, 'POST', path, {})
      if (answer.status >= 400) return refused({ status: answer.status, message: answer.body?.message })
      return { is: 'done' }
    },
    read: async ({ by, what, account }, made) => {
      const paths = {
        servers: `${accountPath(account)}/mcp`,
        trail: `/log?integrated_account_id=${known.accounts[account]}`,
        drafts: `${accountPath(account)}/approval`,
        people: '/person',
      }
      return heard(await ask(by, 'GET', paths[what]), proposed(made))
    },
    wait: async ({ hours }) => {
      vi.setSystemTime(Date.now() + hours * HOUR_MS)
      return { is: 'done' }
    },
  }

  return {
    begin: async (accounts) => {
      await reset()
      known = new Known()
      vi.stubGlobal('fetch', finexio(known))
      for (let count = 0; count < accounts; count++) known.accounts.push(await connect(`Account ${count}`))
      // A history may name a system as holder before it makes one.
      for (const name of ['s0', 's1']) {
        const { body } = await call('POST', '/person', { body: { name, kind: 'system' } })
        known.systems.push(body.id)
      }
    },
    run: async (op, made) => {
      // Each step a second later, as in the model: no lease outlives its step.
      vi.setSystemTime(Date.now() + 1_000)
      await runDurableObjectAlarm(directoryObject(env))
      // There is nothing to ask the product about what was never made.
      const named = [
        ['server', known.servers],
        ['token', known.tokens],
        ['person', known.people],
        ['draft', known.drafts],
        ['proposal', known.proposals],
      ] as const
      for (const [name, kept] of named) {
        const number = (op as unknown as Record<string, unknown>)[name]
        if (typeof number === 'number' && kept[number] === undefined) return refused(`no ${name} ${number}`)
      }
      const run = ops[op.do] as (op: Op, made: Made) => Promise<Heard>
      return run(op, made)
    },
    sent: async () => known.written,
  }
}
