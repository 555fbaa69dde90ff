/** Time that moves only when somebody moves it. */
export interface Clock {
  now(): number
  /** @returns what takes it back */
  after(ms: number, run: () => void): () => void
}

export class ModelClock implements Clock {
  private waiting: { at: number; run: () => void }[] = []
  private readonly moved: (now: number) => void
  private time: number

  /** @param moved is told each time, so that other clocks can follow */
  constructor(time: number, moved: (now: number) => void = () => {}) {
    this.time = time
    this.moved = moved
    moved(time)
  }
  now(): number {
    return this.time
  }
  after(ms: number, run: () => void): () => void {
    const one = { at: this.time + ms, run }
    this.waiting.push(one)
    return () => {
      this.waiting = this.waiting.filter((other) => other !== one)
    }
  }
  /** @param settle waits until everybody who can go on has gone on */
  async advance(ms: number, settle: () => Promise<void>): Promise<void> {
    const end = this.time + ms
    for (;;) {
      const next = this.waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.waiting = this.waiting.filter((other) => other !== next)
      this.set(Math.max(this.time, next.at))
      next.run()
      await settle()
    }
    this.set(end)
  }
  private set(time: number): void {
    this.time = time
    this.moved(time)
  }
}
