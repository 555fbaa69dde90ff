/** Counts what one tool call asks of Finexio: for the audit trail, and for the rate numbers of its answer. */
import { FinexioFailure } from '../../finexio/failure.ts'
import type { RateLimit } from '../../finexio/rate-limit.ts'
import type { Finexio, FinexioRequest } from '../../finexio/types.ts'

export type Meter = {
  requests: number
  /** HTTP status of the last answer; null before the first and when the last request got none. */
  status: number | null
  /** Milliseconds in which at least one request was under way. */
  milliseconds: number
  /** Verb and route template of the last request. */
  route: string | null
  rate: RateLimit | null
  throttle: FinexioFailure | null
}

export const newMeter = (): Meter => ({
  requests: 0,
  status: null,
  milliseconds: 0,
  route: null,
  rate: null,
  throttle: null,
})

/** Notes what a failure says of rates: a partial answer tells of the throttle that ended it. */
const noteFailure = (meter: Meter, fault: unknown): void => {
  meter.status = fault instanceof FinexioFailure ? fault.status : null
  if (!(fault instanceof FinexioFailure)) return
  meter.rate = fault.rate ?? meter.rate
  if (fault.kind === 'throttled') meter.throttle = fault
}

/** @param now milliseconds since the epoch */
export const metered = (finexio: Finexio, meter: Meter, now: () => number): Finexio => {
  let underWay = 0
  let since = 0
  const send = async (request: FinexioRequest) => {
    if (underWay++ === 0) since = now()
    meter.requests++
    meter.route = `${request.verb} ${request.template}`
    try {
      const reply = await finexio.send(request)
      meter.status = reply.status
      meter.rate = reply.rate ?? meter.rate
      return reply
    } catch (fault) {
      noteFailure(meter, fault)
      throw fault
    } finally {
      if (--underWay === 0) meter.milliseconds += now() - since
    }
  }
  return { send }
}
