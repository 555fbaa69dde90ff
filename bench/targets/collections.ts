/** When the isolate stood still to collect garbage, as V8 tells it. */

/** Milliseconds; `ended`: since the isolate began, or on the clock of whoever asks. */
export type Collection = { ended: number; took: number }

const LINE = /^\[\d+:0x[0-9a-f]+:\d+\]\s+(\d+) ms: GC: \{"pause":([\d.]+),/

/** The flags that make V8 tell. */
export const TOLD = ['--trace-gc', '--trace-gc-nvp']

/** Null for a line that tells of something else. */
const collectionIn = (line: string): Collection | null => {
  const [, ended, took] = LINE.exec(line) ?? []
  return ended === undefined ? null : { ended: Number(ended), took: Number(took) }
}

/**
 * Collections as their lines come. V8 gives times since the isolate began, which nobody tells: no line comes before what it tells of,
 * so that it began no later than the quickest says.
 */
export class Collections {
  readonly #told: Collection[] = []
  #began = Number.POSITIVE_INFINITY

  /** @param now as `performance.now()` has it */
  read(line: string, now: number): void {
    const collection = collectionIn(line)
    if (!collection) return
    this.#told.push(collection)
    this.#began = Math.min(this.#began, now - collection.ended)
  }

  /** All so far, but for the newest that wait in a buffer of the process. `ended`: as `performance.now()` has it. */
  all(): Collection[] {
    return this.#told.map(({ ended, took }) => ({ ended: this.#began + ended, took }))
  }
}

/** A line that comes a little late makes all of them seem later. */
const UNSURE_MS = 50

/**
 * Milliseconds of a time that were a collection: of several the longest, since what small ones take is part of any work.
 * @param began @param ended on the clock of the collections
 */
export const collectedIn = (all: readonly Collection[], began: number, ended: number): number =>
  all.reduce(
    (most, { ended: at, took }) =>
      at >= began - UNSURE_MS && at - took <= ended + UNSURE_MS ? Math.max(most, took) : most,
    0,
  )
