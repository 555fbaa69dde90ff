/**
 * "Who may act" (section 10 of the design) once more, written from its sentences alone and without the product's source: what every
 * operation must be answered. Where the section leaves something open, NOTES.md says what was decided and its number stands here.
 */

import type {
  Answer,
  Change,
  Config,
  Draft,
  Grant,
  Key,
  Of,
  Op,
  Principal,
  Proposal,
  Readable,
  Refusal,
  Role,
  Server,
  State,
} from './types.ts'

export const HOUR = 3600
const GLASS = 24 * HOUR
const DRAFT_LIFE = 72 * HOUR
/** Decisions that NOTES.md calls open: one word here turns them. */
export const reading = {
  /** (1) Who issued the token that decides has seen it, so is a hand of the decision too. */
  issuerOfDecidingTokenCounts: true,
  /** (3) A role that a person loses is gone from their tokens as well. */
  losingReachesTokens: false,
  /** (6) A settings draft also asks for a role that is older than the draft. */
  agreeingNeedsOlderRole: true,
  /** (7) What somebody proposed who may no longer do it is not agreed to. */
  proposerMustStillHold: true,
  /** (10) The URL of a server whose holder is disabled is dead. */
  disabledHolderStopsUrl: true,
}

const refused = (why: Refusal): Answer => ({ is: 'refused', why })
const done: Answer = { is: 'done' }
export const empty = (accounts: number): State => ({
  now: 0,
  accounts: Array.from({ length: accounts }, () => ({ stopped: false, second: false, payees: {} })),
  ...{ people: [], systems: 0, tokens: [], servers: [], drafts: [], proposals: [] },
  ...{ owner: null, versions: {} },
})

// Authority

const split = (grant: Grant): [Role, number | null] => {
  const [role, account] = grant.split(':')
  return [role as Role, account === undefined ? null : Number(account)]
}
const inside: Partial<Record<Role, Role[]>> = { admin: ['manage', 'audit'] }
const carries = (grant: Grant, role: Role, account: number | null): boolean => {
  const [has, only] = split(grant)
  return (has === role || inside[has]?.includes(role) === true) && (only === null || only === account)
}
const personOf = (principal: Principal): number | null =>
  principal.startsWith('p') ? Number(principal.slice(1)) : null
const awake = (s: State, person: number): boolean => {
  const found = s.people[person]
  return found?.enabled === true && !found.asleep
}
const exists = (s: State, principal: Principal): boolean => {
  const person = personOf(principal)
  return person === null ? Number(principal.slice(1)) < s.systems : s.people[person] !== undefined
}
const lives = (s: State, id: number): boolean => {
  const token = s.tokens[id]
  if (!token || token.revoked || token.asleep || (token.end !== null && token.end <= s.now)) return false
  const person = personOf(token.holder)
  return person === null || awake(s, person)
}
/** What a key may: exactly its grants; null where it is no key (any more). */
export function grantsOf(s: State, key: Key): Grant[] | null {
  if (key === 'root') return ['admin']
  if (key === 'nobody') return null
  if ('token' in key) return lives(s, key.token) ? s.tokens[key.token]!.grants : null
  return awake(s, key.person) ? s.people[key.person]!.grants : null
}
/** Whoever holds a key: its principal, and who issued it, since they have seen it. Root is no person, so binds nobody (2). */
export function holdersOf(s: State, key: Key): Principal[] {
  if (key === 'root') return ['root']
  if (key === 'nobody') return []
  if ('person' in key) return [`p${key.person}`]
  const token = s.tokens[key.token]
  return token ? [...new Set([token.holder, ...token.issuer.filter((issuer) => issuer !== 'root')])] : []
}
const problem = (s: State, key: Key, roles: Role[], accounts: (number | null)[]): Answer | null => {
  const grants = grantsOf(s, key)
  if (!grants) return refused('credential')
  const covered = accounts.every((account) =>
    roles.some((role) => grants.some((grant) => carries(grant, role, account))),
  )
  return covered ? null : refused('role')
}
export const may = (s: State, key: Key, role: Role, account: number | null): boolean =>
  problem(s, key, [role], [account]) === null
/** All that a person may by whatever key of theirs. */
const standing = (s: State, person: number): Grant[] => [
  ...(grantsOf(s, { person }) ?? []),
  ...s.tokens.flatMap((token, id) => (token.holder === `p${person}` && lives(s, id) ? token.grants : [])),
]
const holds = (s: State, person: number, role: Role, account: number): boolean =>
  standing(s, person).some((grant) => carries(grant, role, account))
const every = (s: State): number[] => s.accounts.map((_, account) => account)
const reachOf = (s: State, grants: Grant[]): number[] =>
  every(s).filter((account) =>
    grants.some((grant) => [null, account].includes(split(grant)[1] as number | null)),
  )
const standTogether = (grants: Grant[]): boolean => {
  const roles = new Set(grants.map((grant) => split(grant)[0]))
  if (roles.has('use')) return roles.size === 1
  return !roles.has('approve') || [...roles].every((role) => role === 'approve' || role === 'audit')
}
/** Nobody grants more than they hold, except that `admin` may grant `approve` and `use`. */
const mayGrant = (s: State, key: Key, grant: Grant): boolean => {
  const [role, account] = split(grant)
  return role === 'approve' || role === 'use' ? may(s, key, 'admin', account) : may(s, key, role, account)
}
/** The accounts named by grants, null for all. */
const scopesOf = (grants: Grant[]): (number | null)[] =>
  grants.length ? grants.map((grant) => split(grant)[1]) : [null]
const noAdmin = (s: State, key: Key, accounts: (number | null)[] = [null]): Answer | null =>
  problem(s, key, ['admin'], accounts)

// Loosening

const loosensKey = <K extends keyof Config>(key: K, before: Config[K], after: Config[K]): boolean => {
  if (before === after || key === 'name') return false
  if (key === 'limit') return before !== null && (after === null || Number(after) > Number(before))
  return (
    key === 'holder' || after === { methods: 'write', approval: 'none', secondFactor: false }[key as string]
  )
}
const touch = (s: State, key: string): void => {
  s.versions[key] = (s.versions[key] ?? 0) + 1
}
const set = <T extends object>(s: State, what: string, object: T, patch: Partial<T>): boolean => {
  const keys = (Object.keys(patch) as (keyof T & string)[]).filter((key) => object[key] !== patch[key])
  for (const key of keys) touch(s, `${what}:${key}`)
  Object.assign(object, patch)
  return keys.length > 0
}
const edit = (s: State, id: number, patch: Partial<Config>, by: Principal[]): void => {
  const server = s.servers[id]!
  const moved = (Object.keys(patch) as (keyof Config)[]).filter((key) => server.config[key] !== patch[key])
  set(s, `server:${id}`, server.config, patch)
  for (const key of moved) if (key !== 'name') server.edited.push({ by, at: s.now, key })
}
function act(s: State, change: Change, by: Principal[]): void {
  if ('wake' in change) {
    const kept = { person: s.people, token: s.tokens, server: s.servers }[change.wake][change.id]!
    kept.asleep = false
  } else if ('enable' in change) {
    set(s, `person:${change.enable}`, s.people[change.enable]!, { enabled: true })
  } else if ('grant' in change) {
    const person = s.people[change.person]!
    set(s, `person:${change.person}`, person, { grants: [...new Set([...person.grants, change.grant])] })
  } else if ('patch' in change) edit(s, change.server, change.patch, by)
  else if ('owner' in change) set(s, 'deployment', s, { owner: change.owner })
  else if (change.set === 'resume')
    set(s, `account:${change.account}`, s.accounts[change.account]!, { stopped: false })
  else set(s, `account:${change.account}`, s.accounts[change.account]!, { second: false })
}
/** Acts at once, or waits for a second person where an account that it reaches asks for one. */
function loosen(s: State, key: Key, reach: number[], keys: string[], change: Change): Answer {
  const by = holdersOf(s, key)
  if (!reach.some((account) => s.accounts[account]!.second)) {
    act(s, change, by)
    return done
  }
  const versions = Object.fromEntries(keys.map((name) => [name, s.versions[name] ?? 0]))
  s.proposals.push({ key, by, at: s.now, reach, versions, change, state: 'open' })
  return { is: 'proposed' }
}
const moved = (s: State, proposal: Proposal): boolean =>
  Object.entries(proposal.versions).some(([key, version]) => (s.versions[key] ?? 0) !== version)
function fallDue(s: State): void {
  for (const proposal of s.proposals) {
    if (proposal.key !== 'root' || proposal.state !== 'open' || proposal.at + GLASS > s.now) continue
    proposal.state = moved(s, proposal) ? 'lapsed' : 'agreed'
    if (proposal.state === 'agreed') act(s, proposal.change, proposal.by)
  }
}

// Calls and drafts

const callerProblem = (s: State, { config, account }: Server, key: Key): Refusal | null => {
  const signedIn = typeof key === 'object' && 'person' in key
  if (config.secondFactor ? !may(s, key, 'use', account) : signedIn) return 'second_factor'
  const holder = config.holder === null ? null : personOf(config.holder)
  return reading.disabledHolderStopsUrl && holder !== null && !awake(s, holder) ? 'credential' : null
}
/** What a call is answered as things stand now: asked at the call, and again in the claim. */
export function admit(s: State, id: number, key: Key, cents: number): Answer {
  const server = s.servers[id]
  if (!server || server.deleted) return refused('gone')
  if (server.asleep) return refused('asleep')
  const { config, account } = server
  const why = callerProblem(s, server, key)
  if (why) return refused(why)
  if (config.methods === 'read') return refused('hidden')
  if (s.accounts[account]!.stopped) return refused('stopped')
  if (config.limit !== null && cents > config.limit) return refused('limit')
  return { is: config.approval === 'none' ? 'paid' : 'waits' }
}
/** Without the second factor a credential that was sent along is ignored, so the caller is whoever holds the server. */
const callerOf = (s: State, server: Server, key: Key): Principal[] => {
  if (server.config.secondFactor) return holdersOf(s, key)
  return server.config.holder === null ? [] : [server.config.holder]
}
const validUse = (s: State, { account }: Server, key: Key): boolean =>
  typeof key === 'object' && may(s, key, 'use', account)
const execute = (s: State, draft: Draft): Answer => {
  const { payees } = s.accounts[draft.account]!
  const { creator, rotated } = s.servers[draft.server]!
  const seen = draft.key === 'nobody' ? [...creator, ...rotated.flatMap(({ by }) => by)] : []
  if (draft.changes)
    payees[draft.payee] = [...(payees[draft.payee] ?? []), ...draft.caller, ...draft.shown, ...seen]
  draft.state = 'executed'
  return { is: 'paid' }
}
/** All who had a hand in a draft: they do not decide on it. */
export function handsOf(s: State, draft: Draft): Set<Principal> {
  const server = s.servers[draft.server]!
  // Who last changed any key of it as it stands: a change of another key hides nobody.
  const last = [...Map.groupBy(server.edited, ({ key }) => key).values()].map((edits) =>
    edits.findLast((edited) => edited.at <= draft.at),
  )
  const after = server.edited.filter((edited) => edited.at > draft.at)
  const changers = draft.changes ? [] : (s.accounts[draft.account]!.payees[draft.payee] ?? [])
  const hands = [
    ...draft.caller,
    ...draft.shown,
    ...server.creator,
    ...changers,
    ...last.flatMap((edited) => edited?.by ?? []),
  ]
  hands.push(...after.flatMap(({ by }) => by), ...server.rotated.flatMap(({ by }) => by))
  for (const holder of [draft.holder, server.config.holder]) if (holder !== null) hands.push(holder)
  return new Set(hands.filter((hand) => hand !== 'root'))
}
const deciderOf = (s: State, key: Key): number | null => {
  if (typeof key === 'string') return null
  return 'person' in key ? key.person : personOf(s.tokens[key.token]?.holder ?? '')
}
const decidingHands = (s: State, key: Key): Principal[] =>
  reading.issuerOfDecidingTokenCounts ? holdersOf(s, key) : holdersOf(s, key).slice(0, 1)
const older = (s: State, person: number, role: Role, account: number, than: number): boolean =>
  (s.people[person]?.since[`${role}:${account}`] ?? Number.POSITIVE_INFINITY) < than
/** A key that another person made is as old as it is, however long its holder has had the role. */
const isYoung = (s: State, key: Key, than: number): boolean => {
  if (typeof key === 'string' || 'person' in key) return false
  const token = s.tokens[key.token]!
  return token.at >= than && token.issuer.some((issuer) => issuer !== 'root')
}
/** One-person mode acts only while its owner is the only person there is (11). */
const ownerAlone = (s: State, person: number): boolean =>
  s.owner === person && s.people.every((_, other) => other === person || !awake(s, other))

function decisionProblem(s: State, draft: Draft, key: Key, yes: boolean): Answer | null {
  const noRole = problem(s, key, ['approve'], [draft.account])
  if (noRole) return noRole
  const person = deciderOf(s, key)
  if (person === null) return refused('role')
  if (!older(s, person, 'approve', draft.account, draft.at) || isYoung(s, key, draft.at))
    return refused('young_role')
  const hands = handsOf(s, draft)
  const holds = [draft.holder, s.servers[draft.server]!.config.holder].includes(`p${person}`)
  const own = draft.shown[0] === `p${person}`
  const forSystem = draft.caller[0]?.startsWith('s') === true && !holds && !own && ownerAlone(s, person)
  if (!forSystem && decidingHands(s, key).some((hand) => hands.has(hand))) return refused('own_hand')
  if (!yes) return null
  if (draft.caller.length === 0 && s.accounts[draft.account]!.second) return refused('unknown_caller')
  const no = presentProblem(s, draft)
  draft.onePerson = forSystem && !no
  return no
}
/** The claim sees the present: what was narrowed, rotated, revoked or disabled since holds. */
function presentProblem(s: State, draft: Draft): Answer | null {
  const server = s.servers[draft.server]!
  if (server.deleted) return refused('gone')
  const callerGone = typeof draft.key === 'object' && !may(s, draft.key, 'use', draft.account)
  if (callerGone || server.rotated.some(({ at }) => at > draft.at)) return refused('changed')
  return admit(s, draft.server, draft.key, draft.changes ? 0 : draft.cents).is === 'refused'
    ? refused('changed')
    : null
}

// Operations

const reads: Record<Readable, Role[]> = {
  servers: ['manage', 'audit'],
  trail: ['manage', 'audit'],
  drafts: ['approve', 'audit'],
  people: ['audit'],
}
const serverAct = (s: State, op: { by: Key; server: number }, roles: Role[]): Answer | null => {
  const server = s.servers[op.server]
  if (!server || server.deleted) return refused('gone')
  return problem(s, op.by, roles, [server.account])
}
/** (14) Whoever works through a server decides on nothing of it: to name another person takes `admin`. */
const namingProblem = (s: State, key: Key, account: number, holder: Principal | null): Answer | null =>
  holder === null || personOf(holder) === null || holdersOf(s, key)[0] === holder
    ? null
    : noAdmin(s, key, [account])
const serverKeys = (id: number, config: Config): string[] =>
  [...Object.keys(config), 'deleted', 'url'].map((key) => `server:${id}:${key}`)
const opensMoney = ({ config }: Server): boolean =>
  config.methods === 'write' && config.approval === 'none' && !config.secondFactor
const handlers: { [D in Op['do']]: (s: State, op: Of<D>) => Answer } = {
  person: (s, op) => {
    const no = noAdmin(s, op.by)
    if (no) return no
    if (!op.grants.every((grant) => mayGrant(s, op.by, grant))) return refused('grant')
    const id = s.people.push({ enabled: true, asleep: true, grants: op.grants, since: {} }) - 1
    return loosen(s, op.by, every(s), [`person:${id}:grants`, `person:${id}:enabled`], { wake: 'person', id })
  },
  system: (s, op) => {
    const no = noAdmin(s, op.by)
    if (!no) s.systems += 1
    return no ?? done
  },
  enable: (s, op) => {
    if (!s.people[op.person]) return refused('gone')
    const no = noAdmin(s, op.by)
    if (no || s.people[op.person]!.enabled) return no ?? done
    return loosen(s, op.by, every(s), [`person:${op.person}:enabled`], { enable: op.person })
  },
  disable: (s, op) => {
    if (!s.people[op.person]) return refused('gone')
    const no = noAdmin(s, op.by)
    if (!no) set(s, `person:${op.person}`, s.people[op.person]!, { enabled: false })
    return no ?? done
  },
  token: (s, op) => {
    const reach = reachOf(s, op.grants)
    if (!exists(s, op.holder)) return refused('gone')
    const no = noAdmin(s, op.by, scopesOf(op.grants))
    if (no) return no
    const forSystem = personOf(op.holder) === null && op.grants.some((grant) => split(grant)[0] === 'approve')
    if (forSystem || !op.grants.length || !standTogether(op.grants)) return refused('grant')
    if (!op.grants.every((grant) => mayGrant(s, op.by, grant))) return refused('grant')
    const end = op.hours === null ? null : s.now + op.hours * HOUR
    const made = { holder: op.holder, at: s.now, issuer: holdersOf(s, op.by), grants: op.grants, end }
    const id = s.tokens.push({ ...made, revoked: false, asleep: true }) - 1
    return loosen(s, op.by, reach, [`token:${id}:revoked`, `token:${id}:grants`], { wake: 'token', id })
  },
  revoke: (s, op) => {
    const token = s.tokens[op.token]
    if (!token) return refused('gone')
    const no = noAdmin(s, op.by, scopesOf(token.grants))
    if (!no) set(s, `token:${op.token}`, token, { revoked: true })
    return no ?? done
  },
  grant: (s, op) => {
    if (!s.people[op.person]) return refused('gone')
    const reach = reachOf(s, [op.grant])
    const no = noAdmin(s, op.by)
    if (no) return no
    if (!mayGrant(s, op.by, op.grant)) return refused('grant')
    if (s.people[op.person]!.grants.includes(op.grant)) return done
    return loosen(s, op.by, reach, [`person:${op.person}:grants`], { grant: op.grant, person: op.person })
  },
  lose: (s, op) => {
    const person = s.people[op.person]
    if (!person) return refused('gone')
    const no = noAdmin(s, op.by)
    if (no) return no
    const [role, account] = split(op.grant)
    const rest = (grants: Grant[]): Grant[] =>
      grants.filter((grant) => split(grant)[0] !== role || (account !== null && split(grant)[1] !== account))
    const cut = (what: string, object: { grants: Grant[] }): void => {
      if (rest(object.grants).length < object.grants.length)
        set(s, what, object, { grants: rest(object.grants) })
    }
    cut(`person:${op.person}`, person)
    if (!reading.losingReachesTokens) return done
    for (const [id, token] of s.tokens.entries())
      if (token.holder === `p${op.person}`) cut(`token:${id}`, token)
    return done
  },
  server: (s, op) => {
    const no = problem(s, op.by, ['manage'], [op.account])
    if (no) return no
    const namesOther = namingProblem(s, op.by, op.account, op.config.holder)
    if (namesOther) return namesOther
    const creator = holdersOf(s, op.by)
    const made = { account: op.account, config: { ...op.config }, creator, rotated: [], edited: [] }
    const asleep = op.config.methods === 'write'
    const id = s.servers.push({ ...made, asleep, deleted: false }) - 1
    return asleep ? loosen(s, op.by, [op.account], serverKeys(id, op.config), { wake: 'server', id }) : done
  },
  edit: (s, op) => {
    const no = serverAct(s, op, ['manage'])
    if (no) return no
    const server = s.servers[op.server]!
    const keys = (Object.keys(op.patch) as (keyof Config)[]).filter(
      (key) => op.patch[key] !== server.config[key],
    )
    const namesOther = keys.includes('holder')
      ? namingProblem(s, op.by, server.account, op.patch.holder ?? null)
      : null
    if (namesOther) return namesOther
    const wide = keys.filter((key) => loosensKey(key, server.config[key], op.patch[key]!))
    const part = (chosen: (keyof Config)[]): Partial<Config> =>
      Object.fromEntries(chosen.map((key) => [key, op.patch[key]]))
    const narrow = keys.filter((key) => !wide.includes(key))
    edit(s, op.server, part(narrow), holdersOf(s, op.by))
    if (!wide.length) return done
    const names = [...wide, 'deleted'].map((key) => `server:${op.server}:${key}`)
    const answer = loosen(s, op.by, [server.account], names, { patch: part(wide), server: op.server })
    return answer.is === 'proposed' && narrow.length ? { is: 'partly_proposed' } : answer
  },
  rotate: (s, op) => {
    const no = serverAct(s, op, ['manage'])
    if (no) return no
    const server = s.servers[op.server]!
    server.rotated.push({ by: holdersOf(s, op.by), at: s.now })
    touch(s, `server:${op.server}:url`)
    if (!server.asleep && !opensMoney(server)) return done
    // (13) A fresh URL is a way for money where neither a person nor a key is asked for beside it: it sleeps.
    server.asleep = true
    return loosen(s, op.by, [server.account], serverKeys(op.server, server.config), {
      wake: 'server',
      id: op.server,
    })
  },
  delete: (s, op) => {
    const no = serverAct(s, op, ['manage', 'audit'])
    if (!no) set(s, `server:${op.server}`, s.servers[op.server]!, { deleted: true })
    return no ?? done
  },
  stop: (s, op) => {
    const no = problem(s, op.by, ['audit'], [op.account])
    if (!no) set(s, `account:${op.account}`, s.accounts[op.account]!, { stopped: true })
    return no ?? done
  },
  resume: (s, op) => {
    const no = noAdmin(s, op.by, [op.account])
    if (no || !s.accounts[op.account]!.stopped) return no ?? done
    const keys = [`account:${op.account}:stopped`]
    return loosen(s, op.by, [op.account], keys, { account: op.account, set: 'resume' })
  },
  second: (s, op) => {
    const no = noAdmin(s, op.by)
    const account = s.accounts[op.account]!
    if (no || account.second === op.on) return no ?? done
    const name = `account:${op.account}`
    if (!op.on)
      return loosen(s, op.by, [op.account], [`${name}:second`], { account: op.account, set: 'second_off' })
    const able = s.people.filter((_, person) =>
      (['manage', 'approve'] as const).some((role) => holds(s, person, role, op.account)),
    )
    if (able.length < 2) return refused('two_needed')
    set(s, name, account, { second: true })
    return done
  },
  one: (s, op) => {
    const no = noAdmin(s, op.by)
    if (no || s.owner === op.owner) return no ?? done
    if (op.owner === null) act(s, { owner: null }, [])
    if (op.owner === null) return done
    if (!awake(s, op.owner) || s.people.some((_, other) => other !== op.owner && awake(s, other)))
      return refused('two_needed')
    return loosen(s, op.by, every(s), ['deployment:owner'], { owner: op.owner })
  },
  call: (s, op) => {
    const admitted = admit(s, op.server, op.by, op.changes ? 0 : op.cents)
    if (admitted.is === 'refused') return admitted
    const server = s.servers[op.server]!
    const { payee, cents, changes } = op
    const key = server.config.secondFactor ? op.by : 'nobody'
    const shown = server.config.secondFactor || !validUse(s, server, op.by) ? [] : holdersOf(s, op.by)
    const from = { key, caller: callerOf(s, server, op.by), shown, holder: server.config.holder }
    const draft: Draft = {
      ...{ server: op.server, account: server.account, at: s.now, ...from },
      ...{ payee, cents, changes, state: 'open', onePerson: false },
    }
    if (admitted.is === 'paid') return execute(s, draft)
    s.drafts.push(draft)
    return admitted
  },
  decide: (s, op) => {
    const draft = s.drafts[op.draft]
    if (draft?.state !== 'open' || draft.at + DRAFT_LIFE <= s.now) return refused('gone')
    const no = decisionProblem(s, draft, op.by, op.yes)
    if (no) return no
    if (op.yes) return execute(s, draft)
    draft.state = 'rejected'
    return done
  },
  settle: (s, op) => {
    const proposal = s.proposals[op.proposal]
    if (proposal?.state !== 'open') return refused('gone')
    const person = deciderOf(s, op.by)
    if (!grantsOf(s, op.by)) return refused('credential')
    if (person === null) return refused('role')
    const no = settleProblem(s, proposal, op.by, person, op.yes)
    if (no) return no
    proposal.state = op.yes ? 'agreed' : 'refused'
    if (op.yes) act(s, proposal.change, proposal.by)
    return done
  },
  read: (s, op) => problem(s, op.by, reads[op.what], [op.what === 'people' ? null : op.account]) ?? done,
  wait: (s, op) => {
    s.now += op.hours * HOUR
    return done
  },
}
const agreeing: Role[] = ['manage', 'approve']
function settleProblem(s: State, proposal: Proposal, key: Key, person: number, yes: boolean): Answer | null {
  const glass = proposal.key === 'root'
  if (!yes) {
    const roles: Role[] = glass ? ['approve'] : agreeing
    return proposal.reach.some((account) => !problem(s, key, roles, [account])) ? null : refused('role')
  }
  const no = problem(s, key, agreeing, proposal.reach)
  if (no) return no
  if (glass) return refused('glass')
  if (decidingHands(s, key).some((hand) => proposal.by.includes(hand))) return refused('own_hand')
  const settled = (account: number): boolean =>
    agreeing.some((role) => may(s, key, role, account) && older(s, person, role, account, proposal.at))
  if (reading.agreeingNeedsOlderRole && !proposal.reach.every(settled)) return refused('young_role')
  if (moved(s, proposal)) return refused('lapsed')
  return reading.proposerMustStillHold && !stillMay(s, proposal) ? refused('lapsed') : null
}
const stillMay = (s: State, { key, change, reach }: Proposal): boolean => {
  const manages = 'patch' in change || ('wake' in change && change.wake === 'server')
  return problem(s, key, [manages ? 'manage' : 'admin'], reach) === null
}

/** One operation: the state it leaves, and what it is answered. The state given stays as it was. */
export function step(before: State, op: Op): { state: State; answer: Answer } {
  const state = JSON.parse(JSON.stringify(before)) as State
  state.now += 1
  fallDue(state)
  const handle = handlers[op.do] as (s: State, op: Op) => Answer
  const answer = handle(state, op)
  fallDue(state)
  for (const [id, person] of state.people.entries()) {
    const now = every(state).flatMap((account) =>
      (['approve', 'manage'] as const)
        .filter((role) => holds(state, id, role, account))
        .map((role) => `${role}:${account}`),
    )
    person.since = Object.fromEntries(now.map((name) => [name, person.since[name] ?? state.now]))
  }
  return { state, answer }
}
