/** Random histories over small pools, leaning towards attacks. A step says whom it means ("the newest draft", "somebody who may approve"). */

import fc from 'fast-check'
import { play, type Step } from './invariants.ts'
import { empty, holdersOf, may } from './model.ts'
import type { Config, Grant, Key, Op, Principal, Role, State } from './types.ts'

/** The nth key that carries the role, of one person if named; of all keys where none does. −1 is the newest token, whatever it carries. */
export interface Who {
  may: Role | null
  nth: number
  of?: number
}
/** An operation whose numbers are taken modulo what there is; −1 is the newest, of drafts the newest open one. `who` fills in `by`. */
export interface Raw {
  who: Who | null
  op: Op
}
export interface History {
  accounts: number
  raws: Raw[]
}
export interface Pools {
  /** Whether people can sign in with the company's identity. */
  signIns: boolean
  /** What a wait may last; empty where the product's clock cannot be moved. */
  hours: number[]
  accounts: number
  steps: number
}
export const wide: Pools = { signIns: true, hours: [1, 24, 73], accounts: 2, steps: 25 }

const nobody = { by: 'nobody' } as const
const at = (index: number, length: number): number => (length ? ((index % length) + length) % length : 0)

function keyFor(s: State, who: Who): Key {
  if (who.nth < 0 && s.tokens.length) return { token: at(who.nth, s.tokens.length) }
  const all: Key[] = [
    ...s.tokens.map((_, token) => ({ token })),
    ...s.people.flatMap((person, id) => (person.grants.length ? [{ person: id }] : [])),
    ...(['root', 'nobody'] as const),
  ]
  const able = all.filter(
    (key) => who.may === null || [...s.accounts.keys()].some((account) => may(s, key, who.may!, account)),
  )
  const theirs = able.filter(
    (key) => who.of === undefined || holdersOf(s, key)[0] === `p${at(who.of, s.people.length)}`,
  )
  const from = [theirs, able, all].find((keys) => keys.length)!
  return from[at(who.nth, from.length)]!
}
/** From −1 down the newest that are open, if any are; else any. */
const among = (index: number, states: { state: string }[]): number => {
  const open = [...states.keys()].filter((id) => states[id]!.state === 'open')
  return index < 0 && open.length ? open[at(index, open.length)]! : at(index, states.length)
}
const principal = (s: State, given: Principal): Principal =>
  `${given[0]}${at(Number(given.slice(1)), given[0] === 'p' ? s.people.length : s.systems)}`

/** The same step with real numbers, as things stand. */
function resolve(s: State, { who, op }: Raw): Op {
  const sizes = {
    ...{ person: s.people.length, owner: s.people.length, token: s.tokens.length, server: s.servers.length },
    account: s.accounts.length,
  }
  const real: Record<string, unknown> = { ...op }
  for (const [name, size] of Object.entries(sizes))
    if (typeof real[name] === 'number') real[name] = at(real[name], size)
  if (op.do === 'decide') real.draft = among(op.draft, s.drafts)
  if (op.do === 'settle') real.proposal = among(op.proposal, s.proposals)
  if (typeof real.holder === 'string') real.holder = principal(s, real.holder)
  for (const name of ['config', 'patch']) {
    const config = real[name] as Partial<Config> | undefined
    if (config?.holder) real[name] = { ...config, holder: principal(s, config.holder) }
  }
  if (who) real.by = keyFor(s, who)
  return real as Op
}
export const run = ({ accounts, raws }: History): Step[] =>
  play(
    empty(accounts),
    raws.map((raw) => (s: State) => resolve(s, raw)),
  )

// What is drawn

const few = fc.nat({ max: 3 })
/** Any of what there is, and often the newest. */
const some = fc.oneof(few, fc.constant(-1))
const mostly = (role: Role): fc.Arbitrary<Who> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ may: fc.constant(role), nth: fc.nat({ max: 7 }) }) },
    { weight: 1, arbitrary: fc.record({ may: fc.constant(null), nth: fc.nat({ max: 15 }) }) },
  )
const principals = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('p0', 'p1', 'p2') },
  { weight: 1, arbitrary: fc.constantFrom('s0', 's1') },
)
const grantsFor = (accounts: number): fc.Arbitrary<Grant> =>
  fc
    .tuple(fc.constantFrom<Role>('use', 'approve', 'manage', 'audit', 'admin'), fc.nat({ max: accounts }))
    .map(([role, account]) => (account === 0 ? role : (`${role}:${account - 1}` as Grant)))
const config: fc.Arbitrary<Config> = fc.record({
  methods: fc.oneof(
    { weight: 9, arbitrary: fc.constant('write' as const) },
    { weight: 1, arbitrary: fc.constant('read' as const) },
  ),
  approval: fc.constantFrom('always', 'always', 'none'),
  limit: fc.constantFrom(null, 200, 100),
  secondFactor: fc.boolean(),
  holder: fc.oneof(fc.constant(null), principals),
  name: fc.constant(0),
})
const patch: fc.Arbitrary<Partial<Config>> = fc.oneof(
  fc.constantFrom<Partial<Config>>(
    { approval: 'none' },
    { approval: 'always' },
    { limit: 100 },
    { limit: null },
  ),
  fc.constantFrom<Partial<Config>>({ methods: 'read' }, { methods: 'write' }, { secondFactor: true }),
  fc.constantFrom<Partial<Config>>(
    { secondFactor: false },
    { holder: null },
    { approval: 'none', limit: 100 },
  ),
  fc.record({ holder: principals }),
  fc.record({ name: few }),
)
const raw = (who: fc.Arbitrary<Who> | null, op: fc.Arbitrary<Op>): fc.Arbitrary<Raw> =>
  fc.record({ who: who ?? fc.constant(null), op })
const call = (server: fc.Arbitrary<number>): fc.Arbitrary<Op> =>
  fc.record({
    ...{ do: fc.constant('call' as const), by: fc.constant(nobody.by), server, payee: fc.nat({ max: 1 }) },
    ...{ cents: fc.constantFrom(100, 200, 300), changes: fc.nat({ max: 4 }).map((n) => n === 4) },
  })
const decide = (yes: fc.Arbitrary<boolean>): fc.Arbitrary<Op> =>
  fc.record({ do: fc.constant('decide' as const), by: fc.constant(nobody.by), draft: some, yes })
const yes = fc.nat({ max: 5 }).map((n) => n !== 5)

const singles = ({ accounts, hours }: Pools): fc.Arbitrary<Raw> => {
  const account = fc.nat({ max: accounts - 1 })
  const grant = grantsFor(accounts)
  const on = <D extends string>(...names: D[]) => ({
    do: fc.constantFrom(...names),
    by: fc.constant(nobody.by),
  })
  const waits = hours.map((length) => ({ do: 'wait', hours: length }) as const)
  const one = (weight: number, role: Role, op: fc.Arbitrary<Op>) => ({
    weight,
    arbitrary: raw(mostly(role), op),
  })
  const token = { holder: principals, grants: fc.array(grant, { minLength: 1, maxLength: 2 }) }
  const what = fc.constantFrom('servers', 'trail', 'drafts', 'people')
  return fc.oneof(
    one(8, 'use', call(some)),
    { weight: 2, arbitrary: raw(null, call(some)) },
    one(8, 'approve', decide(yes)),
    one(5, 'manage', fc.record({ ...on('edit'), server: some, patch }) as fc.Arbitrary<Op>),
    one(2, 'manage', fc.record({ ...on('rotate'), server: some })),
    one(1, 'audit', fc.record({ ...on('delete'), server: some })),
    one(2, 'manage', fc.record({ ...on('server'), account, config })),
    one(3, 'admin', fc.record({ ...on('token'), ...token, hours: fc.constantFrom(null, null, 1) })),
    one(2, 'admin', fc.record({ ...on('revoke'), token: some })),
    one(4, 'admin', fc.record({ ...on('grant', 'lose'), person: few, grant })),
    one(3, 'admin', fc.record({ ...on('enable', 'disable'), person: few })),
    one(2, 'audit', fc.record({ ...on('stop', 'resume'), account })),
    one(2, 'admin', fc.record({ ...on('second'), account, on: fc.boolean() })),
    one(1, 'admin', fc.record({ ...on('one'), owner: fc.constantFrom(null, 0, 1) })),
    one(3, 'manage', fc.record({ ...on('settle'), proposal: some, yes })),
    one(2, 'approve', fc.record({ ...on('settle'), proposal: some, yes })),
    one(1, 'audit', fc.record({ ...on('read'), what, account })),
    ...(waits.length ? [{ weight: 2, arbitrary: raw(null, fc.constantFrom(...waits)) }] : []),
  )
}

/** Attacks as scripts. Each step may fall away, so that a failing history shrinks to the steps that matter. */
const attacks = (pools: Pools): fc.Arbitrary<Raw[]> => {
  const script = (make: (p: number, server: number, nth: number) => Raw[]): fc.Arbitrary<Raw[]> =>
    fc
      .tuple(few, some, few, fc.array(fc.nat({ max: 15 }), { minLength: 10, maxLength: 10 }))
      .map(([p, server, nth, keep]) => make(p, server, nth).filter((_, index) => keep[index] !== 15))
  const by = (role: Role | null, op: Op, of?: number, nth = 0): Raw => ({ who: { may: role, nth, of }, op })
  const pay = (server: number): Op => ({
    do: 'call',
    ...nobody,
    server,
    payee: 0,
    cents: 100,
    changes: false,
  })
  const approve: Op = { do: 'decide', ...nobody, draft: -1, yes: true }
  const token = (holder: Principal, ...grants: Grant[]): Op => ({
    do: 'token',
    ...nobody,
    holder,
    grants,
    hours: null,
  })
  const agree: Op = { do: 'settle', ...nobody, proposal: -1, yes: true }
  const change = (server: number, to: Partial<Config>): Op => ({ do: 'edit', ...nobody, server, patch: to })
  const person = (name: 'enable' | 'disable', p: number): Op => ({ do: name, ...nobody, person: p })
  const waits = (length: number): Raw[] =>
    pools.hours.includes(length) ? [{ who: null, op: { do: 'wait', hours: length } }] : []
  const rootDoes = (op: Op): Raw => ({ who: null, op: { ...op, by: 'root' } as Op })
  /** Gives a person what the attack takes, a day ahead where settings need a second person, on a server that asks for both. */
  const given = (p: number, server: number, ...grants: Grant[]): Raw[] => [
    ...grants.map((grant) => rootDoes(token(`p${p}`, grant))),
    ...[...waits(24), rootDoes(change(server, { secondFactor: true, approval: 'always' }))],
  ]
  return fc.oneof(
    // The same person with two tokens.
    script((p, server, nth) => [
      by('admin', token(`p${p}`, 'use'), undefined, nth),
      by('admin', token(`p${p}`, 'approve'), undefined, nth),
      ...[by('use', pay(server), p), by('approve', approve, p)],
    ]),
    // Rotate or edit, then approve; edit and put back.
    script((p, server) => [
      by('manage', { do: 'rotate', ...nobody, server }, p),
      ...[by('use', pay(server)), by('approve', approve, p)],
    ]),
    script((p, server) => [
      by('manage', change(server, { approval: 'none' }), p),
      by('approve', agree, p + 1),
      ...[by('use', pay(server)), by('manage', change(server, { approval: 'always' }), p)],
      ...[by('use', pay(server)), by('approve', approve, p)],
    ]),
    script((p, server, nth) => [
      by('manage', change(server, { approval: 'none' }), p, nth),
      by('manage', change(server, { approval: 'always' })),
      ...[
        by('manage', change(server, { name: nth })),
        by('manage', agree, undefined, nth),
        by('use', pay(server)),
      ],
    ]),
    // A role that is lost and regained, by token, grant or switch, while a draft waits.
    script((p, server) => [
      ...[by('use', pay(server)), by('admin', { do: 'lose', ...nobody, person: p, grant: 'approve' })],
      by('admin', { do: 'grant', ...nobody, person: p, grant: 'approve' }),
      ...[by('manage', agree, p + 1), by('approve', approve, p)],
    ]),
    script((p, server) => [
      ...[by('use', pay(server)), by('admin', person('disable', p)), by('admin', person('enable', p))],
      ...[by('manage', agree, p + 1), by('approve', approve, p)],
    ]),
    // A token for a system, then its drafts.
    script((p, server, nth) => [
      ...given(p, server, 'admin', 'approve'),
      ...[by('admin', token(`s${nth}`, 'use'), p), by('approve', agree, p + 1)],
      ...[by(null, pay(server), undefined, -1), by('approve', approve, p)],
    ]),
    // A token for somebody else, whose issuer presses in their name.
    script((p, server) => [
      ...given(p, server, 'admin', 'use'),
      ...[by('admin', token(`p${p + 1}`, 'approve'), p), by('approve', agree, p + 1)],
      ...[by('use', pay(server), p), by(null, approve, undefined, -1)],
    ]),
    // The caller goes while a draft waits.
    script((p, server, nth) => [
      by('use', pay(server), undefined, nth),
      by('admin', nth % 2 ? person('disable', p) : { do: 'revoke', ...nobody, token: nth }),
      by('approve', approve),
    ]),
    // Where the money goes, and then the money.
    script((p, server) => [
      ...[rootDoes(token(`p${p + 1}`, 'approve')), rootDoes(token(`p${p + 1}`, 'use'))],
      ...given(p, server, 'use', 'approve'),
      ...[by('use', { ...pay(server), changes: true } as Op, p), by('approve', approve, p + 1)],
      ...[by('use', pay(server), p + 1), by('approve', approve, p)],
    ]),
    // A holder who goes; a draft of settings whose key moved; one whose proposer went; one that is older than who agrees.
    script((p, server) => [
      ...[rootDoes(change(server, { holder: `p${p}` })), ...given(p, server, 'approve')],
      ...[
        by('use', pay(server), p + 1),
        rootDoes(change(server, { holder: null })),
        by('approve', approve, p),
      ],
    ]),
    script((p, server, nth) => [
      by('manage', change(server, { limit: 200 })),
      ...[
        by('manage', change(server, { limit: null }), p),
        by('manage', change(server, { limit: nth ? 100 : 200 })),
      ],
      by('approve', agree, p + 1),
    ]),
    script((p, server, nth) => [
      by('manage', change(server, { approval: 'none' }), p),
      by('admin', nth % 2 ? person('disable', p) : { do: 'lose', ...nobody, person: p, grant: 'manage' }),
      ...[by('approve', agree, p + 1), by('use', pay(server))],
    ]),
    script((p, server) => [
      ...[
        by('manage', change(server, { approval: 'none' }), p),
        by('admin', token(`p${p + 1}`, 'approve'), p + 2),
      ],
      ...[by('approve', agree, p), by('approve', { ...agree, proposal: -2 } as Op, p + 1)],
    ]),
    // A token that ends.
    script((p, server, nth) => [
      by('admin', { ...token(nth % 2 ? `s${p}` : `p${p}`, 'use'), hours: 1 } as Op),
      ...[
        by(null, pay(server), undefined, -1),
        ...waits(1),
        by(null, pay(server), undefined, -1),
        by('approve', approve),
      ],
    ]),
    // Writes stop, and somebody lets them go on.
    script((p, server) => [
      ...[
        by('audit', { do: 'stop', ...nobody, account: 0 }),
        by('admin', { do: 'resume', ...nobody, account: 0 }, p),
      ],
      ...[by('approve', agree, p + 1), by('use', pay(server))],
    ]),
    // Root breaks glass, and perhaps somebody cancels.
    script((_, server, nth) => [
      { who: null, op: { ...change(server, { approval: 'none' }), by: 'root' } as Op },
      ...(nth === 0 ? [by('approve', { ...agree, yes: false } as Op)] : []),
      ...[...waits(24), by('use', pay(server))],
    ]),
  )
}

/** The tokens of one person each; root issues them, so that nobody else has seen them. */
const personas: Grant[][][] = [
  [['admin'], ['approve']],
  [['admin'], ['approve'], ['use']],
  [['use'], ['approve', 'audit']],
  [['manage'], ['approve'], ['use']],
  [['use'], ['approve']],
  [['admin'], ['use']],
  [['manage', 'audit'], ['use']],
  [['audit']],
]
/** A company to begin with: people with some tokens, systems, servers; half of them ask for a second person. */
const company = ({ accounts, signIns }: Pools): fc.Arbitrary<Raw[]> => {
  const by = { by: 'root' } as const
  const people = fc
    .constantFrom(1, 2, 2, 3, 3, 3)
    .chain((size) => fc.array(fc.nat({ max: personas.length - 1 }), { minLength: size, maxLength: size }))
  const own = fc.array(grantsFor(accounts), { maxLength: signIns ? 2 : 0 })
  const server = fc.record({ account: fc.nat({ max: accounts - 1 }), config, creator: mostly('manage') })
  return fc
    .record({
      ...{ people, own, systems: fc.nat({ max: 2 }), second: fc.nat({ max: 2 }).map((n) => n > 0) },
      servers: fc.array(server, { minLength: 1, maxLength: 3 }),
    })
    .map(({ people: chosen, own: grants, systems, second, servers }) => {
      const ops: Op[] = chosen.map((_, id) => ({ do: 'person', ...by, grants: id === 0 ? grants : [] }))
      for (let made = 0; made < systems; made += 1) ops.push({ do: 'system', ...by })
      for (const [id, persona] of chosen.entries())
        for (const held of personas[persona]!)
          ops.push({ do: 'token', ...by, holder: `p${id}`, grants: held, hours: null })
      for (let id = 0; id < systems; id += 1)
        ops.push({ do: 'token', ...by, holder: `s${id}`, grants: ['use'], hours: null })
      if (chosen.length === 1) ops.push({ do: 'one', ...by, owner: 0 })
      const made = servers.map(
        ({ creator, ...what }): Raw => ({ who: creator, op: { do: 'server', ...by, ...what } }),
      )
      if (second) made.push({ who: null, op: { do: 'second', ...by, account: 0, on: true } })
      return [...ops.map((op) => ({ who: null, op })), ...made]
    })
}

export const histories = (pools: Pools = wide): fc.Arbitrary<History> =>
  fc.integer({ min: 1, max: pools.accounts }).chain((accounts) => {
    const given = { ...pools, accounts }
    const block = fc.oneof(
      { weight: 2, arbitrary: singles(given).map((single) => [single]) },
      { weight: 1, arbitrary: attacks(given) },
    )
    return fc
      .tuple(company(given), fc.array(block, { maxLength: pools.steps, size: 'max' }))
      .map(([start, blocks]) => ({ accounts, raws: [...start, ...blocks.flat()] }))
  })
