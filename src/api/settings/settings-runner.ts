/** Called by the directory's alarm alone: lets act what the admin key loosened, through the API like any other change. */
import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Env } from '../../core/env.ts'

export class SettingsRunner extends WorkerEntrypoint<Env> {
  /** @param id of a change of settings whose time may have come */
  async act(id: string): Promise<void> {
    const { replay } = await import('../routes.ts')
    const { actWhenDue } = await import('./settings-acting.ts')
    const origin = this.env.PUBLIC_URL ? new URL(this.env.PUBLIC_URL).origin : 'https://mcp.invalid'
    return actWhenDue({ env: this.env, origin, replay }, id)
  }
}
