/** What every page of the dashboard has at hand, and what it says about itself. */
import type { Context } from 'hono'
import type { Hono } from 'hono/tiny'
import type { Env } from '../core/env.ts'
import type { Session } from '../identity/session.ts'
import type { Role } from '../rules/who/roles.ts'
import type { McpEndpoint } from './connection-test.ts'
import type { SentForm } from './form-data.ts'
import type { Management } from './management.ts'
import type { IconName } from './parts/icons.tsx'

/** An entry of the main navigation, for whoever has one of the roles; `whole`: for the whole deployment, not for an account alone. */
export type Link = { place: string; label: string; icon: IconName; roles: readonly Role[]; whole?: true }

/** A tab of the account pages. `path`: what follows `/dashboard/accounts/<id>`; `roles`: of which one is needed, where seeing the account is not enough. */
export type Tab = { path: string; label: string; roles?: readonly Role[] }

export type Dash = {
  Bindings: Env
  Variables: {
    links: readonly Link[]
    tabs: readonly Tab[]
    /** What answers below `/mcp`. */
    mcp: McpEndpoint
    /** Set on every page behind the sign-in. */
    session: Session
    api: Management
    /** Set for every POST, once it is known to come from a form of this session. */
    form: SentForm
  }
}

export type C = Context<Dash>

/** What a file in `pages/` exports: its routes below `/dashboard`, and where people find them. */
export type Page = { routes: Hono<Dash>; link?: Link; tab?: Tab }
