/** What a route says of a request that may loosen something. */
import type { Difference } from '../../rules/who/loosens.ts'
import type { Role } from '../../rules/who/roles.ts'
import type { SettingsTarget } from '../../rules/who/settings-drafts.ts'

export type Judged<Body = unknown> = {
  target: SettingsTarget
  /** Accounts that the change reaches; null: all. */
  accounts: readonly string[] | null
  /** What the judgement is based on: the handler refuses to act on anything else. */
  present: unknown
  /** When the target ends; absent: it does not. */
  until?: number | null
  /** Keys that change at once. */
  touches: readonly string[]
  /** The part of the body that only narrows; null: there is none. */
  now: Body | null
  /** Null: nothing is loosened. */
  waits: {
    loosens: Difference[]
    /** The part that waits; null: all of it is made at once, asleep. */
    body: unknown
    /** What is made at once is bare, and what waits is a later change of it, by this route. @param id of it */
    change?: { action: string; path(id: string): string }
    /** Names of what else is reached. */
    reaches?: readonly string[]
    /** Roles of which the asker needs one, where the route's own are not enough. */
    roles?: readonly Role[]
    /** Of what was made asleep: the state in which it was asked for. @param id of it */
    state?(id: string): Promise<string>
  } | null
}
