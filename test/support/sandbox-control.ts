/** The sandbox's controls for one tenant, as sandbox/README.md describes them. */

import type { Settings } from '../../sandbox/tenants/settings.ts'
import type { Fault } from '../../sandbox/wire/faults.ts'
import type { LoggedRequest } from '../../sandbox/wire/request-log.ts'

export type SandboxControl = {
  /** What this tenant's client really sent, oldest first. */
  requests(): Promise<LoggedRequest[]>
  forgetRequests(): Promise<void>
  /** The next answers are replaced, delayed or given other headers. */
  addFault(fault: Partial<Fault>): Promise<void>
  clearFaults(): Promise<void>
  change(settings: Partial<Settings>): Promise<void>
  /** Moves the tenant's clock forward. */
  advance(seconds: number): Promise<void>
  /** What happens to one record, such as `payments/{id}/refund`. */
  act(control: string, body: object): Promise<void>
  deliveries(): Promise<unknown[]>
  reset(): Promise<void>
}

/** @param username whose data and faults; other tenants are not touched */
export const sandboxControl = (sandboxUrl: string, username: string): SandboxControl => {
  const ask = async (method: string, control: string, body?: unknown): Promise<unknown> => {
    const url = `${sandboxUrl}/__sandbox/${control}?username=${encodeURIComponent(username)}`
    const response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${control} answered ${response.status}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  const order = async (method: string, control: string, body?: unknown): Promise<void> => {
    await ask(method, control, body)
  }
  return {
    requests: () => ask('GET', 'requests') as Promise<LoggedRequest[]>,
    forgetRequests: () => order('DELETE', 'requests'),
    addFault: (fault) => order('POST', 'faults', fault),
    clearFaults: () => order('DELETE', 'faults'),
    change: (settings) => order('PATCH', 'settings', settings),
    advance: (seconds) => order('POST', 'clock', { advance_seconds: seconds }),
    act: (control, body) => order('POST', control, body),
    deliveries: () => ask('GET', 'deliveries') as Promise<unknown[]>,
    reset: () => order('POST', 'reset'),
  }
}
