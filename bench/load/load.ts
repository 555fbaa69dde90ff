/** Load on one URL over loopback. */
import autocannon from 'autocannon'
import { median, quantile } from '../stats.ts'
import type { Sent } from './requests.ts'

const CONNECTIONS = 8

/** Latencies in milliseconds, processor time of the target's process in microseconds per request. */
export type Measured = { rps: number; p50: number; p99: number; cpu: number }

/** Each figure's median over the rounds. */
export const mediansOf = (rounds: readonly Measured[]): Measured => {
  const by = (key: keyof Measured) => median(rounds.map((each) => each[key]))
  return { rps: by('rps'), p50: by('p50'), p99: by('p99'), cpu: by('cpu') }
}

/** What load needs to know of a target. */
export type Loadable = { url: string; cpuMs(): number | null }

/** Told of each answer as it comes, with how long it took in milliseconds. */
export type Seen = (milliseconds: number) => void

/** @param seconds how long to send */
const shoot = async (
  url: string,
  { headers, body, fresh, alone }: Sent,
  seconds: number,
  seen: Seen = () => {},
) => {
  const run = autocannon({
    ...{ url, headers, body, method: 'POST', connections: alone ? 1 : CONNECTIONS, duration: seconds },
    ...(fresh && { requests: [{ setupRequest: (request) => ({ ...request, body: fresh() }) }] }),
  })
  const times: number[] = []
  const lengths = new Set<number>()
  run.on('response', (_client, _status, bytes: number, milliseconds: number) => {
    times.push(milliseconds)
    seen(milliseconds)
    lengths.add(bytes)
  })
  return { result: await run, times, lengths }
}

type Shot = Awaited<ReturnType<typeof shoot>>

/** MCP tells of a failed tool with HTTP 200: what gives it away is that like requests got answers of unequal length. */
const checkAnswers = ({ result: { errors, timeouts, non2xx }, lengths }: Shot) => {
  if (errors + timeouts + non2xx > 0)
    throw new Error(`${errors} errors, ${timeouts} timeouts and ${non2xx} answers other than 2xx under load`)
  if (lengths.size > 1)
    throw new Error(`answers of ${[...lengths].join(', ')} bytes to like requests under load`)
}

/** On a busy machine the first answer may take longer than was meant for all: each further try has twice the time. */
const MOST_TRIES = 6

const answered = async (url: string, sent: Sent, seconds: number, seen?: Seen): Promise<Shot> => {
  for (let tried = 0; tried < MOST_TRIES; tried++) {
    const shot = await shoot(url, sent, seconds * 2 ** tried, seen)
    checkAnswers(shot)
    if (shot.times.length > 0) return shot
  }
  throw new Error('no answer within a minute under load')
}

/**
 * Milliseconds of each call of callers who ask again as soon as there is an answer.
 * @throws when anything but the same 2xx over and over came back
 */
export const timesOf = async (url: string, sent: Sent, seconds: number, seen?: Seen): Promise<number[]> =>
  (await answered(url, sent, seconds, seen)).times

/** Seconds without and with a look at the answers. */
type Time = { warmUp: number; seconds: number }

/** A process that answered a row once stays warm for its later rounds. @param round from 1 */
export const timeIn = (round: number, { warmUp, seconds }: Time): Time => ({
  warmUp: round === 1 ? warmUp : 0,
  seconds,
})

/**
 * Warms a target up, then measures it.
 * @throws when anything but the same 2xx over and over came back
 */
export const measure = async (
  { url, cpuMs }: Loadable,
  sent: Sent,
  { warmUp, seconds }: Time,
): Promise<Measured> => {
  if (warmUp > 0) await shoot(url, sent, warmUp)
  const cpuBefore = cpuMs() ?? Number.NaN
  const { result, times } = await answered(url, sent, seconds)
  const cpu = ((cpuMs() ?? Number.NaN) - cpuBefore) * (1_000 / times.length)
  return { rps: result['2xx'] / result.duration, p50: quantile(times, 0.5), p99: quantile(times, 0.99), cpu }
}
