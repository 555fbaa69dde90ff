/** What every page of the dashboard has at hand. */
import type { Context } from 'hono'
import type { Env } from '../core/env.ts'
import type { Session } from '../identity/session.ts'
import type { SentForm } from './form-data.ts'
import type { Management } from './management.ts'

export type Dash = {
  Bindings: Env
  Variables: {
    /** Set on every page behind the sign-in. */
    session: Session
    api: Management
    /** Set for every POST, once it is known to come from a form of this session. */
    form: SentForm
  }
}

export type C = Context<Dash>
