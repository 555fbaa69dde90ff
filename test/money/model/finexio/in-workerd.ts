/** The product in workerd on a clock that the test moves, with the Finexio of the model in place of the real one. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { vi } from 'vitest'
import { ModelClock } from './clock.ts'

/** Longer waits are the product's own deadlines: those go by the clock of the test. */
const REAL_MS = 1_500
/** Still longer ones could end within their object alone, and the clock of the test runs outside: they never do. What they do is done by whoever reads, too. */
const LONGEST_DEADLINE_MS = 60_000
const QUIET_TURNS = 400

const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout }
const callOf = new AsyncLocalStorage<string>()
/** Everything that is asked of Finexio within belongs to this call. */
export const within = <Of>(call: string, run: () => Promise<Of>): Promise<Of> => callOf.run(call, run)

type Fetch = (request: Request, call: string) => Promise<Response>

/** @returns the clock, from which the product's own time is taken until `vi.unstubAllGlobals` and `vi.useRealTimers` */
export const modelTime = (from: number): ModelClock => {
  vi.useFakeTimers({ toFake: ['Date'], now: from })
  const clock = new ModelClock(from, (now) => vi.setSystemTime(now))
  const cancels = new Map<number, () => void>()
  let last = 1e9
  vi.stubGlobal('setTimeout', (run: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => {
    if (ms < REAL_MS) return real.setTimeout(run, ms, ...given)
    last += 1
    if (ms > LONGEST_DEADLINE_MS) return last
    cancels.set(
      last,
      clock.after(ms, () => run(...given)),
    )
    return last
  })
  vi.stubGlobal('clearTimeout', (id: number) => {
    const cancel = cancels.get(id)
    if (!cancel) return real.clearTimeout(id)
    cancels.delete(id)
    return cancel()
  })
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const stop = new AbortController()
    clock.after(ms, () => stop.abort(new DOMException('The operation timed out.', 'TimeoutError')))
    return stop.signal
  })
  return clock
}

/** In place of the network. */
export const answerFor = (finexio: { fetch: Fetch }): void => {
  vi.stubGlobal('fetch', (input: RequestInfo, init?: RequestInit) =>
    finexio.fetch(new Request(input, init), callOf.getStore() ?? 'nobody'),
  )
}

/**
 * Until each of these calls has ended or waits for an answer of Finexio that only the clock brings.
 * @param waiting how many requests of a call wait for the clock
 */
export const settled = async (
  running: () => { name: string }[],
  waiting: (call: string) => number,
): Promise<void> => {
  const turn = () => new Promise((resolve) => real.setTimeout(resolve, 0))
  await turn()
  for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
    if (running().every(({ name }) => waiting(name) > 0)) break
    await turn()
  }
  // A request that was let go with another one may still be about to be asked.
  await turn()
}
