/** Load on one URL over loopback. */
import autocannon from 'autocannon'
import { quantile } from '../stats.ts'
import type { Sent } from './requests.ts'

const CONNECTIONS = 8

/** Latencies in milliseconds, processor time of the target's process in microseconds per request. */
export type Measured = { rps: number; p50: number; p99: number; cpu: number }

/** What load needs to know of a target. */
export type Loadable = { url: string; cpuMs(): number | null }

/** @param seconds how long to send */
const shoot = async (url: string, { headers, body, fresh, alone }: Sent, seconds: number) => {
  const run = autocannon({
    ...{ url, headers, body, method: 'POST', connections: alone ? 1 : CONNECTIONS, duration: seconds },
    ...(fresh && { requests: [{ setupRequest: (request) => ({ ...request, body: fresh() }) }] }),
  })
  const times: number[] = []
  const lengths = new Set<number>()
  run.on('response', (_client, _status, bytes: number, milliseconds: number) => {
    times.push(milliseconds)
    lengths.add(bytes)
  })
  return { result: await run, times, lengths }
}

type Shot = Awaited<ReturnType<typeof shoot>>

/** MCP tells of a failed tool with HTTP 200: what gives it away is that like requests got answers of unequal length. */
const checkAnswers = ({ result: { errors, timeouts, non2xx }, lengths }: Shot) => {
  if (errors + timeouts + non2xx > 0)
    throw new Error(`${errors} errors, ${timeouts} timeouts and ${non2xx} answers other than 2xx under load`)
  if (lengths.size !== 1)
    throw new Error(`answers of ${[...lengths].join(', ')} bytes to like requests under load`)
}

/**
 * Warms a target up, then measures it.
 * @throws when anything but the same 2xx over and over came back
 */
export const measure = async (
  { url, cpuMs }: Loadable,
  sent: Sent,
  { warmUp, seconds }: { warmUp: number; seconds: number },
): Promise<Measured> => {
  await shoot(url, sent, warmUp)
  const cpuBefore = cpuMs() ?? Number.NaN
  const shot = await shoot(url, sent, seconds)
  checkAnswers(shot)
  const { result, times } = shot
  const cpu = ((cpuMs() ?? Number.NaN) - cpuBefore) * (1_000 / times.length)
  return { rps: result['2xx'] / result.duration, p50: quantile(times, 0.5), p99: quantile(times, 0.99), cpu }
}
