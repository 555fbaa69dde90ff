/** One deadline for all that a call asks of Finexio: a client waits about a minute, and a write that it gave up on must not leave. */
import { FinexioFailure } from '../../finexio/failure.ts'
import type { Finexio, FinexioRequest } from '../../finexio/types.ts'
import { TOOL_TIME_MS } from '../tool.ts'

/** No request of a write leaves later than this after its call came in, in milliseconds: its answer needs the rest. */
export const LATEST_WRITE_MS = 35_000

/** When the last request may leave, and when the last answer must be there, in milliseconds after the call came in. */
const boundsOf = ({ effect }: FinexioRequest, writes: boolean): { leaves: number; ends: number } => {
  if (effect !== 'read') return { leaves: LATEST_WRITE_MS, ends: TOOL_TIME_MS }
  // What is looked up before a write has to be known before it can leave.
  return writes
    ? { leaves: LATEST_WRITE_MS, ends: LATEST_WRITE_MS }
    : { leaves: TOOL_TIME_MS, ends: TOOL_TIME_MS }
}

const tooLate = () =>
  new FinexioFailure({
    kind: 'not_sent',
    status: null,
    message: `The time for one call ran out: no request of a write leaves later than ${LATEST_WRITE_MS / 1_000} s after the call, and none later than ${TOOL_TIME_MS / 1_000} s`,
    rate: null,
    sent: false,
  })

/**
 * Finexio as one call may ask it: `send` throws `not_sent` when its time is over.
 * @param startedAt when the call came in, in milliseconds since the epoch
 * @param writes whether the call is to write in the end
 */
export const withDeadline = (
  finexio: Finexio,
  { startedAt, writes, now }: { startedAt: number; writes: boolean; now(): number },
): Finexio => ({
  send: async (request) => {
    const { leaves, ends } = boundsOf(request, writes)
    const passed = now() - startedAt
    if (passed >= leaves) throw tooLate()
    return finexio.send({ ...request, withinMs: ends - passed })
  },
})
