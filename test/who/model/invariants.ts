/** What must hold of every history, each asked in another way than the model decides it: from the trace, or by trying everything. */

import { admit, grantsOf, HOUR, handsOf, holdersOf, may, step } from './model.ts'
import type { Answer, Grant, Key, Op, Principal, Role, State } from './types.ts'

export interface Step {
  before: State
  op: Op
  answer: Answer
  after: State
}

export function play(start: State, ops: (Op | ((state: State) => Op))[]): Step[] {
  let before = start
  return ops.map((given) => {
    const op = typeof given === 'function' ? given(before) : given
    const { state: after, answer } = step(before, op)
    const made = { before, op, answer, after }
    before = after
    return made
  })
}

const roles: Role[] = ['use', 'approve', 'manage', 'audit', 'admin']
const keysOf = (s: State): Key[] => [
  ...s.tokens.map((_, token) => ({ token })),
  ...s.people.map((_, person) => ({ person })),
  'nobody',
]
const refusedIn = (answer: Answer): boolean => answer.is === 'refused'

// No person has both hands in one payment

/** Whose change of a server's settings a step was: of its operation, or of the proposal that it let act. */
function editorsIn({ before, op, after }: Step, server: number): Principal[] | null {
  if (!before.servers[server]) return null
  const was = JSON.stringify(before.servers[server].config)
  if (was === JSON.stringify(after.servers[server]?.config)) return null
  if (op.do === 'edit' && op.server === server) return holdersOf(before, op.by)
  return after.proposals
    .filter(({ state, change }, id) => {
      const acted = state === 'agreed' && before.proposals[id]?.state === 'open'
      return acted && 'patch' in change && change.server === server
    })
    .flatMap(({ by }) => by)
}
/** Who made the server or its newest URL in a step. */
function makersIn({ before, op, answer, after }: Step, server: number): Principal[] {
  const created = op.do === 'server' && !before.servers[server] && after.servers[server] !== undefined
  const rotated = op.do === 'rotate' && op.server === server && answer.is === 'done'
  return (created || rotated) && 'by' in op ? holdersOf(before, op.by) : []
}
function handsFromTrace(trace: Step[], draft: number, until: number): Set<Principal> {
  const drafted = trace.findIndex(({ after }) => after.drafts.length > draft)
  const call = trace[drafted]!
  if (call.op.do !== 'call') throw new Error('a draft that no call made')
  const id = call.op.server
  const config = call.before.servers[id]!.config
  const hands = config.secondFactor ? holdersOf(call.before, call.op.by) : []
  for (const server of [config, trace[until]!.before.servers[id]!.config])
    if (server.holder) hands.push(server.holder)
  const edits = trace.slice(0, until).map((seen) => editorsIn(seen, id))
  const last = edits.slice(0, drafted).findLast((editors) => editors !== null)
  const made = trace.slice(0, until).flatMap((seen) => makersIn(seen, id))
  const all = [
    ...hands,
    ...made,
    ...(last ?? []),
    ...edits.slice(drafted).flatMap((editors) => editors ?? []),
  ]
  return new Set(all.filter((hand) => hand !== 'root'))
}
/** The first payment in which one person had both hands; one that is marked "one person" may. */
export function bothHands(trace: Step[]): string | null {
  for (const [at, { before, op, answer, after }] of trace.entries()) {
    if (op.do !== 'decide' || answer.is !== 'paid' || after.drafts[op.draft]!.onePerson) continue
    const hands = handsFromTrace(trace, op.draft, at)
    const both = holdersOf(before, op.by).filter((hand) => hands.has(hand))
    if (both.length) return `step ${at}: ${both} had both hands in draft ${op.draft}`
    const missed = [...hands].filter((hand) => !handsOf(before, before.drafts[op.draft]!).has(hand))
    if (missed.length) return `step ${at}: the state forgot ${missed}`
  }
  return null
}

// Nobody is locked out

/** What root can always do for a company of any size: one step, a day of waiting, and a payment that somebody agreed to. */
function wayOut(start: State): Step[] {
  const able = start.people.flatMap((person, id) => (person.enabled && !person.asleep ? [id] : []))
  const sleeper = Math.max(
    0,
    start.people.findIndex((person) => !person.asleep),
  )
  const first = able[0] ?? sleeper
  const alone = able.length < 2
  const [tokens, server] = [start.tokens.length, start.servers.length]
  const config = {
    methods: 'write',
    approval: 'always',
    limit: null,
    secondFactor: true,
    holder: null,
  } as const
  const by: Key = 'root'
  const steps: Op[] = [
    ...(able.length ? [] : [{ do: 'enable', by, person: first } as const]),
    { do: 'system', by },
    { do: 'token', by, holder: alone ? `s${start.systems}` : `p${able[1]}`, grants: ['use'], hours: null },
    { do: 'token', by, holder: `p${first}`, grants: ['approve'], hours: null },
    { do: 'server', by, account: 0, config: { ...config, name: 0 } },
    { do: 'resume', by, account: 0 },
    ...start.accounts.map((_, account) => ({ do: 'second', by, account, on: false }) as const),
    { do: 'wait', hours: 24 },
    // Who is alone can choose to be only where nobody else is there, which holds once they are enabled.
    ...(alone ? [{ do: 'one', by, owner: first } as const] : []),
    { do: 'call', by: { token: tokens }, server, payee: 99, cents: 100, changes: false },
    { do: 'decide', by: { token: tokens + 1 }, draft: start.drafts.length, yes: true },
  ]
  return play(start, steps)
}
export function lockedOut(s: State): string | null {
  if (!s.people.some((person) => !person.asleep)) return null
  const steps = wayOut(s)
  const last = steps.at(-1)!
  const changed = !last.after.accounts[0]!.second && !last.after.accounts[0]!.stopped
  if (last.answer.is === 'paid' && changed && last.after.now - s.now <= 24 * HOUR + 60) return null
  return JSON.stringify(steps.map(({ op, answer }) => [op, answer]))
}

// Narrowing is always immediate

const narrowings = new Set<Op['do']>(['disable', 'revoke', 'lose', 'rotate', 'delete', 'stop'])
const narrowed = ({ op, after }: Step): boolean => {
  if (op.do === 'disable') return !after.people[op.person]!.enabled
  if (op.do === 'revoke') return grantsOf(after, { token: op.token }) === null
  if (op.do === 'lose') return !after.people[op.person]!.grants.includes(op.grant)
  if (op.do === 'delete') return refusedIn(admit(after, op.server, 'nobody', 1))
  return op.do !== 'stop' || after.accounts[op.account]!.stopped
}
export function narrowsLate(step: Step): string | null {
  const { op, answer } = step
  if (!narrowings.has(op.do) || refusedIn(answer)) return null
  // The old URL ends at once; the new one may sleep.
  const at = answer.is === 'done' || (op.do === 'rotate' && answer.is === 'proposed')
  return at && narrowed(step) ? null : `${op.do} was answered ${answer.is}`
}

// A token may exactly what it was granted

/** One try for each role, in a state where nothing else stands in the way. */
const tries = (s: State, account: number): ((by: Key) => Record<Role, boolean>) => {
  const config = {
    methods: 'write',
    approval: 'always',
    limit: null,
    secondFactor: true,
    holder: null,
  } as const
  const open = JSON.parse(JSON.stringify(s)) as State
  open.accounts[account] = { stopped: false, second: false, payees: {} }
  const server =
    open.servers.push({
      ...{ account, config: { ...config, name: 0 }, creator: ['root'], rotated: [], edited: [] },
      ...{ asleep: false, deleted: false },
    }) - 1
  const passes = (op: Op): boolean => {
    const { answer } = step(open, op)
    return (
      !refusedIn(answer) || !['role', 'credential', 'second_factor'].includes((answer as { why: string }).why)
    )
  }
  const draft =
    open.drafts.push({
      ...{
        server,
        account,
        at: open.now,
        key: 'nobody',
        caller: ['s99'],
        shown: [],
        holder: null,
        payee: 99,
        cents: 1,
      },
      ...{ changes: false, state: 'open', onePerson: false },
    }) - 1
  return (by) => ({
    use: passes({ do: 'call', by, server, payee: 0, cents: 1, changes: false }),
    approve: passes({ do: 'decide', by, draft, yes: false }),
    manage: passes({ do: 'edit', by, server, patch: { name: 9 } }),
    audit: passes({ do: 'stop', by, account }),
    admin: passes({ do: 'resume', by, account }),
  })
}
export function tokenBeyondGrants(s: State): string | null {
  for (const account of s.accounts.keys()) {
    const may = tries(s, account)
    for (const [id, token] of s.tokens.entries()) {
      const found = may({ token: id })
      const right = exactly(s, id, account)
      const wrong = roles.filter((role) => found[role] !== right(role))
      if (wrong.length) return `token ${id} (${token.grants}) on ${account}: not right for ${wrong}`
    }
  }
  return null
}
const exactly = (s: State, id: number, account: number): ((role: Role) => boolean) => {
  const { grants } = s.tokens[id]!
  const has = (role: Role): boolean => grants.includes(role) || grants.includes(`${role}:${account}` as Grant)
  const implied = (role: Role): boolean => (role === 'manage' || role === 'audit') && has('admin')
  return (role) => grantsOf(s, { token: id }) !== null && (has(role) || implied(role))
}

// Who can widen what

/** All that can be done in a state by whom: `pay` ranks above `draft`; a bare URL is anybody's. */
function powers(s: State, keys: Key[]): Map<string, number> {
  const rank = (id: number, by: Key, cents: number): number =>
    ({ paid: 2, waits: 1 })[admit(s, id, by, cents).is as string] ?? 0
  const found = new Map<string, number>()
  for (const key of keys) {
    const name = JSON.stringify(key)
    for (const [id, { account }] of s.servers.entries())
      for (const cents of [100, 200, 300])
        found.set(
          `${account} pay ${id} ${name} ${cents}`,
          Math.max(rank(id, key, cents), rank(id, 'nobody', cents)),
        )
    for (const account of s.accounts.keys())
      for (const role of roles) found.set(`${account} ${role} ${name}`, may(s, key, role, account) ? 1 : 0)
  }
  return found
}
/** Of what powers depend on, only time may differ without a look, and time alone widens nothing. */
const kept = ({ accounts, people, tokens, servers }: State): string =>
  JSON.stringify([accounts, people, tokens, servers])
function widened({ before, after }: Pick<Step, 'before' | 'after'>): string[] {
  if (kept(before) === kept(after)) return []
  const was = powers(before, keysOf(after))
  return [...powers(after, keysOf(after))]
    .filter(([name, rank]) => rank > (was.get(name) ?? 0))
    .map(([name]) => name)
}
export function auditWidens(step: Step): string | null {
  if (!('by' in step.op) || step.op.do === 'settle') return null
  const grants = grantsOf(step.before, step.op.by)
  if (!grants?.every((grant) => grant === 'audit' || grant.startsWith('audit:'))) return null
  // What root proposed a day ago may fall due at any step.
  const due = step.after.proposals.some(
    ({ key, state }, id) =>
      key === 'root' && state === 'agreed' && step.before.proposals[id]?.state === 'open',
  )
  const more = widened(step)
  return more.length && !due ? `audit widened ${more}` : null
}
/** Where settings need a second person, nothing widens but by one who is another, or a day after glass was broken. */
export function widenedAlone({ before, op, after }: Step): string | null {
  if (!before.accounts.some(({ second }) => second)) return null
  const more = widened({ before, after }).filter((name) => before.accounts[Number.parseInt(name, 10)]!.second)
  if (!more.length) return null
  const acted = after.proposals.filter(
    ({ state }, id) => state === 'agreed' && before.proposals[id]?.state !== 'agreed',
  )
  const hand = op.do === 'settle' ? holdersOf(before, op.by) : []
  const late = ({ key, at }: { key: Key; at: number }): boolean =>
    key === 'root' ? after.now - at >= 24 * HOUR : hand.length > 0
  const right = acted.length > 0 && acted.every((one) => late(one) && !one.by.some((by) => hand.includes(by)))
  return right ? null : `${op.do} widened ${more}`
}
