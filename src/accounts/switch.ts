/** The kill switch of a deployment: accounts may believe for a moment that it is off, and whoever throws it waits that moment out. */
import type { Env } from '../env.ts'
import { directoryObject } from './stubs.ts'

/** So long an account goes by an answer: writes in a row do not each ask the one directory that all accounts share. */
export const SWITCH_LEASE_MS = 1_000
/** Two clocks that count the same second may differ by a little. */
const MARGIN_MS = 250

/** Once this returns from stopping, no account of the deployment lets a write go any more. */
export const throwSwitch = async (env: Pick<Env, 'DIRECTORY'>, stopped: boolean): Promise<void> => {
  await directoryObject(env).stopWrites(stopped)
  if (stopped) await new Promise((done) => setTimeout(done, SWITCH_LEASE_MS + MARGIN_MS))
}
