/** The words of the model: who there is, what may be tried, what may be answered. */

export type Role = 'use' | 'approve' | 'manage' | 'audit' | 'admin'
/** `approve` for all accounts, `approve:0` for one. */
export type Grant = Role | `${Role}:${number}`
/** `root`, `p0` (a person) or `s0` (a system). */
export type Principal = string
/** What somebody acts with; `person` is a sign-in with the company's identity, `nobody` a bare URL. */
export type Key = 'root' | 'nobody' | { token: number } | { person: number }

export interface Config {
  methods: 'read' | 'write'
  approval: 'none' | 'always'
  /** Cents per call; null is no limit. */
  limit: number | null
  secondFactor: boolean
  holder: Principal | null
  name: number
}

export type Op =
  | { do: 'person'; by: Key; grants: Grant[] }
  | { do: 'system'; by: Key }
  | { do: 'enable' | 'disable'; by: Key; person: number }
  | { do: 'token'; by: Key; holder: Principal; grants: Grant[]; hours: number | null }
  | { do: 'revoke'; by: Key; token: number }
  | { do: 'grant' | 'lose'; by: Key; person: number; grant: Grant }
  | { do: 'server'; by: Key; account: number; config: Config }
  | { do: 'edit'; by: Key; server: number; patch: Partial<Config> }
  | { do: 'rotate' | 'delete'; by: Key; server: number }
  | { do: 'stop' | 'resume'; by: Key; account: number }
  | { do: 'second'; by: Key; account: number; on: boolean }
  | { do: 'one'; by: Key; owner: number | null }
  | { do: 'call'; by: Key; server: number; payee: number; cents: number; changes: boolean }
  | { do: 'decide'; by: Key; draft: number; yes: boolean }
  | { do: 'settle'; by: Key; proposal: number; yes: boolean }
  | { do: 'read'; by: Key; what: Readable; account: number }
  | { do: 'wait'; hours: number }

export type Readable = 'servers' | 'trail' | 'drafts' | 'people'
/** The operation of that name, also where several share one shape. */
export type Of<D extends Op['do']> = Op extends infer O
  ? O extends { do: infer Names }
    ? D extends Names
      ? O
      : never
    : never
  : never

export type Refusal =
  | 'credential' // unknown, expired or revoked, or its person is disabled
  | 'role'
  | 'grant' // does not stand together, or more than the grantor holds
  | 'gone' // there is no such thing, or it is no longer open
  | 'asleep' // waits to be agreed to
  | 'second_factor'
  | 'hidden' // the server does not show the tool
  | 'stopped'
  | 'limit'
  | 'own_hand'
  | 'young_role'
  | 'unknown_caller'
  | 'changed' // the present admits no longer what was admitted
  | 'lapsed'
  | 'glass' // only time or a cancelling approver ends what root proposed
  | 'two_needed'

export type Answer =
  | { is: 'done' | 'paid' | 'waits' | 'proposed' }
  /** An edit of several keys: what narrows acts, the rest waits (9). */
  | { is: 'partly_proposed' }
  | { is: 'refused'; why: Refusal }

interface Person {
  enabled: boolean
  asleep: boolean
  grants: Grant[]
  /** `approve:0` → since when without a break. */
  since: Record<string, number>
}
interface Token {
  holder: Principal
  at: number
  issuer: Principal[]
  grants: Grant[]
  end: number | null
  revoked: boolean
  asleep: boolean
}
export interface Server {
  account: number
  config: Config
  creator: Principal[]
  rotated: { by: Principal[]; at: number }[]
  edited: { by: Principal[]; at: number; key: string }[]
  asleep: boolean
  deleted: boolean
}
export interface Draft {
  server: number
  account: number
  at: number
  /** What the caller came with; its principals are empty where nobody knows. */
  key: Key
  caller: Principal[]
  /** Holders of a key that was sent though nobody asked for it: a hand, but no caller. */
  shown: Principal[]
  holder: Principal | null
  payee: number
  cents: number
  changes: boolean
  state: 'open' | 'executed' | 'rejected'
  onePerson: boolean
}
export type Change =
  | { wake: 'person' | 'token' | 'server'; id: number }
  | { enable: number }
  | { grant: Grant; person: number }
  | { patch: Partial<Config>; server: number }
  | { account: number; set: 'second_off' | 'resume' }
  | { owner: number | null }
export interface Proposal {
  key: Key
  by: Principal[]
  at: number
  reach: number[]
  /** Version of each key it changes, as it was. */
  versions: Record<string, number>
  change: Change
  state: 'open' | 'agreed' | 'refused' | 'lapsed'
}
export interface State {
  now: number
  accounts: { stopped: boolean; second: boolean; payees: Record<number, Principal[]> }[]
  people: Person[]
  systems: number
  tokens: Token[]
  servers: Server[]
  drafts: Draft[]
  proposals: Proposal[]
  owner: number | null
  versions: Record<string, number>
}
