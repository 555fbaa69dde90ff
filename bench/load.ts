/** Load on one URL over loopback. */
import autocannon from 'autocannon'
import type { Sent } from './requests.ts'
import { quantile } from './stats.ts'

const CONNECTIONS = 8

/** Latencies in milliseconds, processor time of the target's process in microseconds per request. */
export type Measured = { rps: number; p50: number; p99: number; cpu: number }

/** What load needs to know of a target. */
export type Loadable = { url: string; cpuMs(): number | null }

/** @param seconds how long to send */
const shoot = async (url: string, { headers, body }: Sent, seconds: number) => {
  const run = autocannon({ url, headers, body, method: 'POST', connections: CONNECTIONS, duration: seconds })
  const times: number[] = []
  run.on('response', (_client, _status, _bytes, milliseconds: number) => times.push(milliseconds))
  return { result: await run, times }
}

/**
 * Warms a target up, then measures it.
 * @throws when anything but a 2xx came back
 */
export const measure = async (
  { url, cpuMs }: Loadable,
  sent: Sent,
  { warmUp, seconds }: { warmUp: number; seconds: number },
): Promise<Measured> => {
  await shoot(url, sent, warmUp)
  const cpuBefore = cpuMs() ?? Number.NaN
  const { result, times } = await shoot(url, sent, seconds)
  const cpu = ((cpuMs() ?? Number.NaN) - cpuBefore) * (1_000 / times.length)
  const { errors, timeouts, non2xx } = result
  if (errors + timeouts + non2xx > 0)
    throw new Error(`${errors} errors, ${timeouts} timeouts and ${non2xx} answers other than 2xx under load`)
  return { rps: result['2xx'] / result.duration, p50: quantile(times, 0.5), p99: quantile(times, 0.99), cpu }
}
