/** Runs a history against a product and keeps what was seen. */
import type { ModelClock } from '../finexio/clock.ts'
import type { Finexio } from '../finexio/finexio.ts'
import { GOOD } from './fates.ts'
import type { Call, Look, Op, Product, Write } from './types.ts'

export const LIMIT = 8
const HOUR = 3_600_000

export interface Seen {
  calls: Call[]
  /** Each made when lists showed everything, whole and at once. */
  looks: Look[]
  /** What the limit of each server counted when nothing was under way. */
  spent: { server: 0 | 1; at: number; count: number; calls: number; looks: number }[]
  verified: boolean
  finexio: Finexio
}

export class Run {
  readonly seen: Seen
  private keys = new Map<number, string>()
  private running = new Set<Promise<unknown>>()
  private last = 0
  readonly product: Product
  readonly clock: ModelClock
  /** Waits until every call has ended or waits for the clock. */
  readonly settle: () => Promise<void>

  constructor(
    product: Product,
    finexio: Finexio,
    clock: ModelClock,
    settle: (running: Call[]) => Promise<void>,
  ) {
    this.product = product
    this.clock = clock
    this.seen = { calls: [], looks: [], spent: [], verified: false, finexio }
    this.settle = () => settle(this.seen.calls.filter(({ answered }) => answered === null))
  }

  private next(): number {
    this.last += 1
    return this.last
  }
  private keyOf(key: number | null | 'new'): string | null {
    if (key === null) return null
    if (key === 'new') return `key-new-${this.next()}-${Math.random().toString(36).slice(2, 8)}`
    if (!this.keys.has(key)) this.keys.set(key, `key-${key}-${Math.random().toString(36).slice(2, 10)}`)
    return this.keys.get(key)!
  }
  private start(
    op: Op,
    server: 0 | 1,
    key: string | null,
    write: Write | null,
    ask: (name: string) => ReturnType<Product['resolve']>,
  ): Call {
    const call: Call = {
      name: `c${this.next()}`,
      op,
      server,
      write,
      key,
      at: this.clock.now(),
      answered: null,
      answer: null,
    }
    this.seen.calls.push(call)
    const asked = ask(call.name).then((answer) => {
      call.answer = answer
      call.answered = this.clock.now()
      // A write that named no key is given one.
      if (key === null && ['done', 'unknown', 'not_done'].includes(answer.says))
        call.key = /idempotency_key"?:? ?"?([\w-]{8,})/.exec(answer.text)?.[1] ?? null
      this.running.delete(asked)
    })
    this.running.add(asked)
    return call
  }
  private write(op: Op, server: 0 | 1, key: string | null, write: Write, dry = false): Call {
    return this.start(op, server, key, write, (name) => this.product.write(name, server, key, write, dry))
  }

  async step(op: Op): Promise<void> {
    const { finexio } = this.seen
    if (op.do === 'wait') await this.clock.advance(op.seconds * 1_000, this.settle)
    if (op.do === 'crash') await this.product.crash(op.how)
    if (op.do === 'dry') this.write(op, op.server, null, { batch: op.rows }, true)
    if (op.do === 'contact') {
      finexio.fate = op.fate
      this.write(op, op.server, this.keyOf(op.key), { contact: op.contact })
    }
    if (op.do === 'call') {
      finexio.fate = op.fate
      finexio.reading = op.reading && { ...op.reading }
      finexio.lag = op.lag
      this.write(op, op.server, this.keyOf(op.key), { batch: op.rows })
    }
    if (op.do === 'resolve') {
      const named = this.seen.calls.filter(({ key, write }) => key !== null && write !== null)
      const of = named.at(-1 - (op.back % Math.max(1, named.length)))
      if (of) {
        finexio.reading = op.reading && { ...op.reading }
        this.start(op, of.server, of.key, null, (name) => this.product.resolve(name, of.server, of.key!))
      }
    }
    await this.settle()
    finexio.reading = null
    finexio.fate = GOOD
    if (this.running.size === 0) await this.count()
  }
  private async count(): Promise<void> {
    const { calls, looks, spent } = this.seen
    for (const server of [0, 1] as const) {
      const count = await this.product.spent(server)
      spent.push({ server, at: this.clock.now(), count, calls: calls.length, looks: looks.length })
    }
  }

  /** Everything that is under way ends, everything stored is shown, and everything unknown is looked at twice, more than a day apart. */
  async drain(): Promise<void> {
    const { finexio } = this.seen
    await this.clock.advance(HOUR, this.settle)
    finexio.lag = 0
    for (let look = 0; look < 2; look++) {
      const named = this.seen.calls.filter(
        ({ name, key }) => key !== null && finexio.posts.some((post) => post.call === name),
      )
      for (const [key, server] of new Map(named.map((call) => [call.key!, call.server]))) {
        const call = this.start({ do: 'resolve', back: 0, reading: null }, server, key, null, (name) =>
          this.product.resolve(name, server, key),
        )
        await this.settle()
        if (call.answer) this.seen.looks.push({ key, at: this.clock.now(), answer: call.answer })
      }
      if (look === 0) await this.clock.advance(25 * HOUR, this.settle)
    }
    await this.count()
    // Whatever is settled as absent may be sent again; whatever was stored may not.
    const rows = this.seen.calls.flatMap(({ write }) => (write && 'batch' in write ? write.batch : []))
    const each = [...new Map(rows.map((row) => [`${row.supplier} ${row.number}`, row])).values()]
    for (const row of each) {
      const op: Op = { do: 'call', server: 0, key: 'new', rows: [row], fate: GOOD, reading: null, lag: 0 }
      this.write(op, 0, this.keyOf('new'), { batch: [row] })
      await this.settle()
      await this.clock.advance(4 * HOUR, this.settle)
    }
    await Promise.all(this.running)
    this.seen.verified = await this.product.verified()
  }
}
