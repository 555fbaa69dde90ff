/**
 * Who may decide on a draft is said by name, and whether one person alone could undo the rule that asks for it. At b8f2a26
 * nobody was named, and only the page of approvals spoke of the second.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { afterLease } from '../../src/account/lease.ts'
import { UNDOABLE } from '../../src/rules/approval.ts'
import { call, connect, env } from '../api/support.ts'
import { browser } from '../dashboard/support.ts'
import { http } from '../oauth/support.ts'

const BATCH = 'finexio_invoices_bulk_create'

/** Nothing is there, and whoever is asked for is called Acme. */
const finexio = async (input: RequestInfo, init?: RequestInit): Promise<Response> => {
  const id = new URL(new Request(input, init).url).pathname
    .split('/')
    .find((part) => /^(sup|buy)_/.test(part))
  return Response.json(id ? { id, name: 'Acme', payment_method: 'ACH', enabled: true } : [])
}

type Key = { token: string; holder: string }
type Server = { id: string; url: string }

const made = async <Made>(path: string, body: object, key?: string): Promise<Made> => {
  const answer = await call('POST', path, { body, ...(key && { key }) })
  expect([answer.status, answer.text]).toEqual([201, answer.text])
  return answer.body
}

const keyFor = (name: string, grants: string[], by?: Key, kind = 'person') =>
  made<Key>('/api-token', { name, kind, grants }, by?.token)

let account = ''
let other = ''
const people: Record<string, Key> = {}
let server: Server
let draft = ''

const serverBy = (by: Key | undefined, config: object, more: object = {}) =>
  made<Server>(
    `/integrated-account/${account}/mcp`,
    {
      name: 'AP',
      config: { methods: ['read', 'write'], duplicate_guard: { requests: 0 }, ...config },
      ...more,
    },
    by?.token,
  )

let number = 0
const batch = () => [
  {
    invoice_number: `W-${++number}`,
    receiving_counterparty_id: 'sup_1',
    originating_counterparty_id: 'buy_1',
    amount_cents: 500,
    invoice_date: new Date().toISOString().slice(0, 10),
  },
]

const tool = async (name: string, args: object, url = server.url) => {
  const response = await http(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: looked into by assertions
  const { result } = (await response.json()) as any
  return { ...result.structuredContent, text: result.content[0].text }
}

const second = (on: boolean) => directoryObject(env).changeDeployment({ second_person_for_settings: on })

beforeAll(async () => {
  vi.stubGlobal('fetch', finexio)
  account = await connect('Named')
  other = await connect('Other')
  const engineer = await keyFor('Erin Engineer', ['admin'])
  Object.assign(people, {
    engineer,
    holder: await keyFor('Holly Holder', ['approve']),
    maker: await keyFor('Max Maker', ['approve']),
    avery: await keyFor('Avery Approver', ['approve', 'audit']),
    here: await keyFor('Hera Here', [`approve:${account}`]),
    elsewhere: await keyFor('Elsa Elsewhere', [`approve:${other}`]),
    issued: await keyFor('Ivo Issued', ['approve'], engineer),
    disabled: await keyFor('Dina Disabled', ['approve']),
    auditor: await keyFor('Aud Auditor', ['audit']),
  })
  const manage = await made<Key>('/api-token', { holder: people.maker!.holder, grants: ['manage'] })
  server = await serverBy(manage, { approval: 'always' })
  await call('PATCH', `/integrated-account/${account}/mcp/${server.id}`, {
    body: { holder: people.holder!.holder },
  })
  // Erin changed it, and issued Ivo's key.
  await call('PATCH', `/integrated-account/${account}/mcp/${server.id}`, {
    body: { config: { approval: { over_cents: 1 } } },
    key: engineer.token,
  })
  await directoryObject(env).changePerson(people.disabled!.holder, { disabled: true })
  draft = (await tool(BATCH, { body: batch() })).approval_id
  people.late = await keyFor('Lars Late', ['approve'])
})
afterAll(() => {
  vi.unstubAllGlobals()
})

// Siblings of the caller and the maker: by another account, by an issuer's key, disabled, too late.
test('one open draft names exactly those who may approve it, and each of them is told so, too', async () => {
  const { body } = await call('GET', `/approval/${draft}`)
  expect(body.may_approve.map(({ name }: { name: string }) => name)).toEqual(['Avery Approver', 'Hera Here'])
  const told: string[] = []
  for (const { token, holder } of Object.values(people)) {
    const { status, body: seen } = await call('GET', `/approval/${draft}`, { key: token })
    if (status === 200 && seen.cannot_decide === null) told.push(holder)
  }
  expect(told.sort()).toEqual(body.may_approve.map(({ id }: { id: string }) => id).sort())
})

test('a draft of whom nobody knows names nobody while settings need a second person', async () => {
  const bare = await serverBy(undefined, { approval: 'always' })
  const { approval_id } = await tool(BATCH, { body: batch() }, bare.url)
  const named = async () => (await call('GET', `/approval/${approval_id}`)).body.may_approve.length
  expect(await named()).toBeGreaterThan(0)
  await second(true)
  expect(await named()).toBe(0)
  await second(false)
})

test('the page says why its viewer may not decide, and who may', async () => {
  const his = browser()
  await his.signIn(people.maker!.token)
  const { text } = await his.get(`/dashboard/approval/${draft}`)
  expect(text).toContain('Who created, rotated or last changed the MCP server may not decide on its drafts.')
  expect(text).toContain('Avery Approver, Hera Here may.')
  expect(text).not.toContain('Approve and send')
  const hers = browser()
  await hers.signIn(people.avery!.token)
  const own = (await hers.get(`/dashboard/approval/${draft}`)).text
  expect(own).toContain('Approve and send')
  expect(own).toContain('So may: Hera Here.')
})

test('the page says what to do where nobody may decide', async () => {
  const alone = await connect('Alone')
  const lone = await made<Server>(`/integrated-account/${alone}/mcp`, {
    name: 'AP',
    config: { methods: ['read', 'write'], approval: 'always', duplicate_guard: { requests: 0 } },
    holder: people.avery!.holder,
  })
  for (const { holder } of Object.values(people).filter(({ holder }) => holder !== people.avery!.holder))
    await directoryObject(env).changePerson(holder, { disabled: true })
  const { approval_id } = await tool(BATCH, { body: batch() }, lone.url)
  const root = browser()
  await root.signIn()
  const { text } = await root.get(`/dashboard/approval/${approval_id}`)
  expect(text).toContain('Nobody may, as things stand. Give the role approve to somebody')
  for (const [who, { holder }] of Object.entries(people))
    if (who !== 'disabled') await directoryObject(env).changePerson(holder, { disabled: false })
})

const answersOfTools = async () => {
  const args = { body: batch() }
  const dry = await tool(BATCH, { ...args, dry_run: true })
  const first = await tool(BATCH, args)
  const again = await tool(BATCH, args)
  const looked = await tool('get_finexio_approval', { approval_id: first.approval_id })
  expect(again.approval_id).toBe(first.approval_id)
  return { dry, first, again, looked }
}

const answersOfRest = async () => {
  const { approval_id } = await tool(BATCH, { body: batch() })
  const list = await call('GET', `/integrated-account/${account}/approval?state=pending`)
  const one = await call('GET', `/approval/${approval_id}`)
  const rejected = await call('POST', `/approval/${approval_id}/reject`, {
    key: people.avery!.token,
    body: {},
  })
  expect(rejected.body.state).toBe('rejected')
  return { list, one, rejected }
}

const pages = async () => {
  const root = browser()
  await root.signIn()
  const own = `/dashboard/accounts/${account}`
  const paths = [
    '/dashboard/approvals',
    `/dashboard/approval/${draft}`,
    '/dashboard/deployment',
    `${own}/settings`,
    `${own}/servers/new`,
    `${own}/servers/${server.id}`,
    `${own}/servers/${server.id}/edit`,
  ]
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await root.get(path)] as const)),
  )
}

const silent = (answers: Record<string, { text: string }>, ...words: string[]) =>
  Object.entries(answers).flatMap(([name, { text }]) =>
    words.some((one) => text.includes(one)) ? [] : [name],
  )

const ONE_PERSON = ['One person can undo this rule', 'One person can turn approval off']

test('whatever speaks of approval says that one person can undo it, and says nothing of it when none can', async () => {
  expect(silent(await answersOfTools(), UNDOABLE)).toEqual([])
  expect(silent(await answersOfRest(), UNDOABLE)).toEqual([])
  expect(silent(await pages(), ...ONE_PERSON)).toEqual([])
  await second(true)
  await afterLease()
  const [tools, rest, shown] = [await answersOfTools(), await answersOfRest(), await pages()]
  await second(false)
  expect(silent(tools, UNDOABLE)).toEqual(Object.keys(tools))
  expect(silent(rest, UNDOABLE)).toEqual(Object.keys(rest))
  expect(silent(shown, ...ONE_PERSON)).toEqual(Object.keys(shown))
})
