/**
 * What happened in one account, told over REST and MCP, and what an auditor has to find of it. Expected answers are what this
 * script did and when it did it: nothing of `src` is asked for them.
 */
import { createAccount, createServer, manage } from '../../../scripts/local/management.ts'
import type { Stack } from '../../../scripts/local/stack.ts'
import { callOver } from '../../support/call-over.ts'
import { approver, invoice, pay } from '../../writes/live.ts'

export const ACCOUNT = 'Acme Corp'
export const SERVER = 'Month-end agent'
export const GONE = 'Trial agent'
export const REASONS = {
  batch: 'Invoices of the cleaning firm',
  approved: 'Compared with the delivery notes',
  rejected: 'Nobody ordered this',
  stopped: 'A mail asked for another bank account',
  resumed: 'The mail was a test of ours',
  payee: 'Mail of 3 November',
  payeeApproved: 'Called the number in the contract',
} as const
export const LINES = [
  ['CLEAN-1', 250_000, 'sup_123'],
  ['CLEAN-2', 150_000, 'sup_999'],
] as const
export const NEW_MAIL = 'payments@supplier.example'

type Outcome = { outcome: string; approval_id: string; result?: { id: string }[] }

const sent = async (wanted: string, asked: ReturnType<typeof callOver>): Promise<Outcome> => {
  const { data, text } = await asked
  if (data?.outcome !== wanted) throw new Error(`Wanted ${wanted}, and was told: ${text}`)
  return data
}

/** A second between two steps, since people name moments by the second. @returns the moment between them */
const between = async (): Promise<string> => {
  await new Promise((done) => setTimeout(done, 1_001 - (Date.now() % 1_000)))
  const moment = `${new Date().toISOString().slice(0, 19)}Z`
  await new Promise((done) => setTimeout(done, 50))
  return moment
}

/** @returns the status of what was tried, which is to be refused */
const refused = async (stack: Stack, token: string, path: string): Promise<number> =>
  (
    await fetch(new URL(path, stack.baseUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    })
  ).status

const peopleOf = async (stack: Stack) => {
  const [ann, bob, mia, uwe, ada, olga] = await Promise.all([
    approver(stack, ['approve'], 'Ann Approver'),
    approver(stack, ['approve'], 'Bob Brown'),
    approver(stack, ['manage'], 'Mia Manager'),
    approver(stack, ['use'], 'Uwe User'),
    approver(stack, ['admin'], 'Ada Admin'),
    approver(stack, ['audit'], 'Olga Auditor'),
  ])
  return { ann, bob, mia, uwe, ada, olga }
}

type People = Awaited<ReturnType<typeof peopleOf>>
type Person = People['ann']

const as = (stack: Stack, { token }: Person) => ({ ...stack, adminApiKey: token })

const placed = async (stack: Stack, { mia }: People) => {
  const username = 'acme'
  const { id } = await createAccount(stack, {
    name: ACCOUNT,
    credentials: { username, password: `password of ${username}` },
    base_url: stack.finexioBaseUrl,
  })
  const config = { methods: ['read', 'write'], approval: { over_cents: 100_000 } }
  const limits = { per_day: { cents: 2_000_000 } }
  const [server, gone] = await Promise.all([
    createServer(as(stack, mia), id, { name: SERVER, config: { ...config, limits } }),
    createServer(as(stack, mia), id, { name: GONE, config: { ...config, approval: 'always' } }),
  ])
  return { id, path: `/integrated-account/${id}`, username, server, gone }
}

/** Payments, and what waits and is decided, while the daily limit is $20,000 and two people may approve. */
const paying = async (
  stack: Stack,
  { ann, bob, uwe }: People,
  { server, gone }: Awaited<ReturnType<typeof placed>>,
) => {
  const paid = await sent('succeeded', pay(server.url, [invoice('RENT-1', 50_000, 'sup_123')]))
  const lines = LINES.map(([number, cents, supplier]) => invoice(number, cents, supplier))
  const batch = await sent('pending_approval', pay(server.url, lines, { reason: REASONS.batch }))
  const tried = await refused(stack, uwe.token, `/approval/${batch.approval_id}/approve`)
  const executed = await ann.approve(batch.approval_id, REASONS.approved)
  const unwanted = await sent('pending_approval', pay(server.url, [invoice('GIFT-1', 130_000, 'sup_123')]))
  await bob.reject(unwanted.approval_id, REASONS.rejected)
  const left = await sent('pending_approval', pay(gone.url, [invoice('TRIAL-1', 7_700, 'sup_123')]))
  return { paid, batch, executed, unwanted, left, tried }
}

/** A supplier asks for another address, and a person agrees. */
const redirecting = async ({ ann }: People, { server }: Awaited<ReturnType<typeof placed>>) => {
  const change = { id: 'sup_999', remit_email: NEW_MAIL, reason: REASONS.payee }
  const made = await sent(
    'pending_approval',
    callOver(server.url, 'finexio_suppliers_partial_update', change),
  )
  await ann.approve(made.approval_id, REASONS.payeeApproved)
  return made
}

/** Limits lowered, writes stopped and resumed, a role taken away, a server deleted. */
const narrowing = async (
  stack: Stack,
  { mia, ada, bob, olga }: People,
  place: Awaited<ReturnType<typeof placed>>,
) => {
  const { path, server, gone } = place
  const lowered = { config: { limits: { per_day: { cents: 600_000 } } } }
  await manage(as(stack, mia), 'PATCH', `${path}/mcp/${server.id}`, lowered)
  const tooMuch = await pay(server.url, [invoice('RENT-2', 700_000, 'sup_123')])
  if (!tooMuch.isError) throw new Error(`Not refused: ${tooMuch.text}`)
  await manage(as(stack, olga), 'PUT', `${path}/writes`, { stopped: true, reason: REASONS.stopped })
  const whileStopped = await between()
  await manage(as(stack, ada), 'PUT', `${path}/writes`, { stopped: false, reason: REASONS.resumed })
  const { result } = await manage<{ result: { id: string; holder: string }[] }>(stack, 'GET', '/api-token')
  const { id } = result.find(({ holder }) => holder === bob.id)!
  await Promise.all([
    manage(as(stack, ada), 'DELETE', `/api-token/${id}`),
    manage(as(stack, mia), 'DELETE', `${path}/mcp/${gone.id}`),
  ])
  return { whileStopped }
}

export const toldHistory = async (stack: Stack) => {
  const people = await peopleOf(stack)
  const place = await placed(stack, people)
  const made = await between()
  const paid = await paying(stack, people, place)
  const payee = await redirecting(people, place)
  const { whileStopped } = await narrowing(stack, people, place)
  return { ...place, people, made, whileStopped, ...paid, payee }
}

export type History = Awaited<ReturnType<typeof toldHistory>>
