/** A Finexio that is a function, on a clock of its own: what it stored, what it shows, and what it says of it may be three things. */
import type { Clock } from './clock.ts'

/** What becomes of one write. */
export interface Fate {
  name: string
  /** When it takes effect: ms after it arrived; null: never. Rows from `refusedFrom` on never do. */
  takes: number | null
  /** When the answer comes: ms; null: never. */
  answers: number | null
  /** Absent: the true answer. */
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** Only so many rows of a batch are stored. */
  only?: number
}
/** How lists answer for a while. */
export interface Reading {
  name: string
  ms: number
  uses: number
  status?: number
  /** Raw text in place of the list. */
  text?: string
}
type Row = Record<string, unknown>
export interface Post {
  call: string
  path: string
  method: string
  at: number
  body: unknown
  fate: Fate
  /** Rows of a batch that took effect, and when. */
  stored: { row: Row; at: number }[]
}
const GOOD: Fate = { name: 'good', takes: 0, answers: 0 }
const PAGE = 100
/** Where only some rows are stored, at least one is refused. */
const storedOf = (rows: Row[], { only }: Fate): Row[] =>
  only === undefined ? rows : rows.slice(0, Math.min(only, rows.length - 1))
const iso = (time: number) => new Date(time).toISOString().slice(0, -1)

export class Finexio {
  posts: Post[] = []
  invoices: { row: Row; shown: number }[] = []
  contacts: { row: Row; supplier: string; shown: number }[] = []
  /** For the next write. */
  fate: Fate = GOOD
  reading: Reading | null = null
  /** How long a list does not show what was stored: ms. */
  lag = 0
  /** Requests that wait, by the call that made them. */
  waiting = new Map<string, number>()
  reads = 0
  private made = 0
  readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** @param call whose request it is */
  async fetch(request: Request, call: string): Promise<Response> {
    if (request.method === 'GET') return this.read(request, call)
    const fate = this.fate
    this.fate = GOOD
    const text = await request.text()
    const { pathname } = new URL(request.url)
    const body = text ? JSON.parse(text) : null
    const post: Post = {
      call,
      path: pathname,
      method: request.method,
      at: this.clock.now(),
      body,
      fate,
      stored: [],
    }
    this.posts.push(post)
    if (fate.takes === 0) this.store(post)
    else if (fate.takes !== null) this.clock.after(fate.takes, () => this.store(post))
    return this.wait(request, call, fate.answers, () => this.answer(post))
  }

  private wait(request: Request, call: string, ms: number | null, answer: () => Response): Promise<Response> {
    if (ms === 0) return Promise.resolve(answer())
    return new Promise((resolve, reject) => {
      this.count(call, 1)
      const cancel = ms === null ? () => {} : this.clock.after(ms, () => end(() => resolve(answer())))
      let ended = false
      const end = (then: () => void) => {
        if (ended) return
        ended = true
        cancel()
        this.count(call, -1)
        then()
      }
      request.signal.addEventListener('abort', () => end(() => reject(request.signal.reason)))
    })
  }
  private count(call: string, by: number): void {
    this.waiting.set(call, (this.waiting.get(call) ?? 0) + by)
  }

  private store(post: Post): void {
    const now = this.clock.now()
    const shown = now + this.lag
    if (post.path.endsWith('/invoices/batch/')) {
      for (const row of storedOf(post.body as Row[], post.fate)) {
        this.made += 1
        const stored = {
          ...row,
          id: `inv_${this.made}`,
          status: 'pending',
          currency: 'USD',
          created: iso(now),
          updated: iso(now),
        }
        this.invoices.unshift({ row: stored, shown })
        post.stored.push({ row: stored, at: now })
      }
      return
    }
    if (post.fate.only !== undefined) return
    const supplier = /suppliers\/([^/]+)\/contacts/.exec(post.path)?.[1]
    for (const row of [post.body].flat() as Row[]) {
      this.made += 1
      const stored = { ...row, id: `con_${this.made}` }
      if (supplier) this.contacts.push({ row: stored, supplier, shown })
      post.stored.push({ row: stored, at: now })
    }
  }
  private answer({ fate, stored, path, body }: Post): Response {
    const { status, headers = {} } = fate
    if (typeof fate.body === 'string') return new Response(fate.body, { status: status ?? 200, headers })
    if (fate.body !== undefined) return Response.json(fate.body, { status: status ?? 200, headers })
    if (status !== undefined) return Response.json({ detail: 'As the model wants it.' }, { status, headers })
    const rows = stored.map(({ row }) => row)
    return Response.json(path.includes('batch') || Array.isArray(body) ? rows : rows[0], { status: 201 })
  }

  private read(request: Request, call: string): Promise<Response> {
    this.reads += 1
    const { pathname, searchParams } = new URL(request.url)
    const reading = pathname.endsWith('/webhooks/') ? null : this.reading
    if (reading) reading.uses -= 1
    if (reading && reading.uses <= 0) this.reading = null
    return this.wait(request, call, reading?.ms ?? 0, () => {
      if (reading?.text !== undefined) return new Response(reading.text, { status: reading.status ?? 200 })
      return this.list(pathname, Number(searchParams.get('page') ?? 1))
    })
  }
  private list(path: string, page: number): Response {
    const supplier = /suppliers\/([^/]+)\/contacts/.exec(path)?.[1]
    const now = this.clock.now()
    const seen = <One extends { shown: number; row: Row }>(all: One[]) =>
      all.filter(({ shown }) => shown <= now).map(({ row }) => row)
    if (supplier) return Response.json(seen(this.contacts.filter((one) => one.supplier === supplier)))
    const one = /suppliers\/(sup_\w+)/.exec(path)?.[1]
    if (one)
      return Response.json({
        id: one,
        name: `Supplier ${one}`,
        external_reference_id: one,
        payment_method: 'Check',
        enabled: true,
      })
    const rows = path.endsWith('/invoices/') ? seen(this.invoices) : []
    const shown = rows.slice((page - 1) * PAGE, page * PAGE)
    const next = page * PAGE < rows.length ? `https://finexio.test/v2/invoices/?page=${page + 1}` : null
    return Response.json({ count: rows.length, next, previous: null, results: shown })
  }
}
