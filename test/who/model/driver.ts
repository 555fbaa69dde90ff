/**
 * One history on the model and on the product, step by step. A driver answers each operation over REST and MCP in the model's own words:
 *
 * | operation | asked of the product |
 * |---|---|
 * | `person`, `enable`, `disable`, `grant`, `lose` | `POST /person`, `PATCH /person/:id`, with the key of `by` |
 * | `system` | the same for a system |
 * | `token`, `revoke` | `POST /api-token`, `DELETE /api-token/:id` |
 * | `server`, `edit`, `rotate`, `delete` | `POST`, `PATCH`, `DELETE …/mcp[/:id]` and the rotation of a URL without overlap |
 * | `stop`, `resume` | `PUT …/writes` |
 * | `second`, `one` | `PATCH /integrated-account/:id`, the deployment's one-person mode |
 * | `call` | `tools/call` of the invoice batch with one row of `cents` for `payee`; with `changes`, a change of its bank |
 * | `decide`, `settle` | `POST /approval/:id/{approve,reject}`; agreeing to or refusing a draft of settings |
 * | `read` | the list of servers, drafts, people; the trail |
 * | `wait` | the product's clock, moved; never asked where `Pools.hours` is empty |
 *
 * A key `{ person }` is a sign-in with the company's identity: the dashboard's session, or for a call the consent page.
 * A call goes to the URL that is valid now: with the key as `Authorization` where it is a token, bare where it is `nobody` or `root`.
 */

import { empty, handsOf, step } from './model.ts'
import type { Answer, Op, Refusal, State } from './types.ts'

/** `why` may be left out where the product does not say; then any refusal agrees. `raw` is what it did say. */
export interface Heard {
  is: Answer['is']
  why?: Refusal
  raw?: unknown
}
type Kind = 'people' | 'tokens' | 'servers' | 'drafts' | 'proposals'
/** The numbers under which later operations will name what this one makes. */
export type Made = Partial<Record<Kind, number>>
export interface Product {
  /** Nothing there but root and so many accounts, which ask for no second person. */
  begin(accounts: number): Promise<void>
  run(op: Op, made: Made): Promise<Heard>
  /** How many writes have reached Finexio since `begin`: what was really paid, whatever was answered. */
  sent(): Promise<number>
}
export interface Disagreement {
  at: number
  op: Op
  expected: Answer
  heard: Heard
  sent: { expected: number; heard: number }
  /** All steps until then with the answers that both gave. */
  before: { op: Op; answer: Answer }[]
  state: State
}

const madeBy = (before: State, after: State): Made =>
  Object.fromEntries(
    (['people', 'tokens', 'servers', 'drafts', 'proposals'] as const)
      .filter((kind) => after[kind].length > before[kind].length)
      .map((kind) => [kind, before[kind].length]),
  )
const sameAnswer = (expected: Answer, heard: Heard): boolean =>
  expected.is === heard.is &&
  (expected.is !== 'refused' || heard.why === undefined || heard.why === expected.why)

export interface Course {
  accounts: number
  ops: Op[]
}
/** The first disagreement, or null. */
export async function agree({ accounts, ops }: Course, product: Product): Promise<Disagreement | null> {
  await product.begin(accounts)
  let state = empty(accounts)
  let paid = 0
  const before: Disagreement['before'] = []
  for (const [at, op] of ops.entries()) {
    const { state: after, answer } = step(state, op)
    const heard = await product.run(op, madeBy(state, after))
    if (answer.is === 'paid') paid += 1
    const sent = { expected: paid, heard: await product.sent() }
    if (!sameAnswer(answer, heard) || sent.heard !== paid)
      return { at, op, expected: answer, heard, sent, before, state }
    before.push({ op, answer })
    state = after
  }
  return null
}

/** What a person needs to see whose fault it is: the step, both answers, the draft or proposal it is about, and how it came to that. */
export function explain({ at, op, expected, heard, sent, before, state }: Disagreement): string {
  const line = (one: unknown): string => JSON.stringify(one)
  const about: unknown[] = []
  if (op.do === 'decide' && state.drafts[op.draft]) {
    const draft = state.drafts[op.draft]!
    about.push({ draft, hands: [...handsOf(state, draft)], server: state.servers[draft.server] })
  }
  if (op.do === 'settle') about.push(state.proposals[op.proposal])
  if ('server' in op) about.push(state.servers[op.server])
  if ('by' in op && typeof op.by === 'object')
    about.push('token' in op.by ? state.tokens[op.by.token] : state.people[op.by.person])
  return [
    `step ${at}: ${line(op)}`,
    `  expected ${line(expected)}, ${sent.expected} writes sent`,
    `  heard    ${line(heard)}, ${sent.heard} writes sent`,
    ...about.map((one) => `  about    ${line(one)}`),
    ...before.map((past, index) => `  ${index}: ${line(past.op)} → ${line(past.answer)}`),
  ].join('\n')
}
