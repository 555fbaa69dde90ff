/** A ledger that does what section 11 says, as small as it goes, with faults to plant: it shows that the oracle sees them. */
import type { ModelClock } from '../finexio/clock.ts'
import type { Finexio } from '../finexio/finexio.ts'
import type { Answer, Invoice, Product, Says, Write } from './types.ts'

const DAY = 86_400_000
const MINUTE = 60_000
export const FAULTS = [
  'absence frees',
  '503 is not done',
  '404 is not done',
  'a new key goes by an unknown one',
  'without a guard nobody asks the ledger',
  'counts what was refused',
  'forgets what is unknown when it crashes',
  'sends after 40 s',
  'sends twice',
  'never frees what was absent',
  'forgets what is late',
  'counts nothing unknown',
  'a claim again counts twice',
  'contacts are not compared',
  'says done without a receipt',
] as const
export type Planted = (typeof FAULTS)[number]

interface Claim {
  key: string
  server: 0 | 1
  write: Write
  print: string
  state: 'open' | 'unknown' | 'done' | 'free'
  at: number
  looked: number | null
  /** How often the limit counts it. */
  counts: number
}
type Row = Record<string, unknown>
type Page = { count: number; next: string | null; results: Row[] }
const rowsOf = (write: Write): Invoice[] => ('batch' in write ? write.batch : [])
const same = (a: Invoice, b: Invoice) => a.number === b.number && a.supplier === b.supplier
const CONTACTS = '/counterparties/suppliers/sup_1/contacts'
const BATCH = '/invoices/batch/'
const sentAs = ({ number, supplier, cents }: Invoice) => ({
  invoice_number: number,
  receiving_counterparty_id: supplier,
  amount_cents: cents,
})
const said = (says: Says, text = '', replayed = false): Answer => ({ says, replayed, text })

export class Reference implements Product {
  private claims: Claim[] = []
  private limit = 0
  private made = 0
  readonly finexio: Finexio
  readonly clock: ModelClock
  readonly planted: Planted | null

  constructor(finexio: Finexio, clock: ModelClock, planted: Planted | null = null) {
    this.finexio = finexio
    this.clock = clock
    this.planted = planted
  }
  async begin(limit: number): Promise<void> {
    this.limit = limit
  }

  private async ask(
    call: string,
    method: string,
    path: string,
    body: unknown,
    ms: number,
  ): Promise<Response | null> {
    const request = new Request(`https://finexio.test/v2${path}`, {
      method,
      ...(body !== null && { body: JSON.stringify(body) }),
    })
    return new Promise((resolve) => {
      const cancel = this.clock.after(ms, () => resolve(null))
      this.finexio.fetch(request, call).then((response) => {
        cancel()
        resolve(response)
      })
    })
  }
  private obstacle(print: string, write: Write, key: string | null): Answer | null {
    const now = this.clock.now()
    const own = this.claims.find((one) => one.key === key && one.state !== 'free')
    if (own && own.print !== print) return said('held', 'another write has this key')
    if (own?.state === 'done') return said('done', `idempotency_key: ${own.key}`, true)
    if (own) return said('held', 'unknown')
    const equal = this.claims.find(
      (one) =>
        one.print === print &&
        one.state !== 'free' &&
        (key === null || one.state !== 'done') &&
        (one.state !== 'done' || now - one.at < 10 * MINUTE),
    )
    const through = this.planted === 'a new key goes by an unknown one' && key !== null
    const uncompared = this.planted === 'contacts are not compared' && 'contact' in write
    if (equal && !through && !uncompared) return said('held', 'equal')
    const row = this.claims.find(
      (one) => one.state !== 'free' && rowsOf(one.write).some((a) => rowsOf(write).some((b) => same(a, b))),
    )
    return row && !through ? said('held', 'the number is there') : null
  }

  async write(call: string, server: 0 | 1, key: string | null, write: Write, dry: boolean): Promise<Answer> {
    const came = this.clock.now()
    const look = await this.ask(call, 'GET', '/invoices/', null, 20_000)
    const unasked = this.planted === 'without a guard nobody asks the ledger' && server === 1
    const obstacle = unasked ? null : this.obstacle(JSON.stringify(write), write, key)
    if (obstacle || dry) return obstacle ?? said('held', 'dry run')
    if ((await this.spent(server)) + rowsOf(write).length > this.limit) return said('held', 'limit')
    if (!look && this.clock.now() - came > 15_000) {
      if (this.planted !== 'sends after 40 s') return said('held', 'too late')
      await new Promise<void>((resolve) => this.clock.after(20_000, resolve))
    }
    return this.send(call, this.claim(server, key, write))
  }
  private claim(server: 0 | 1, key: string | null, write: Write): Claim {
    const again = this.claims.find((one) => one.key === key)
    this.claims = this.claims.filter((one) => one !== again)
    this.made += 1
    const claim: Claim = {
      key: key ?? `key-own-${this.made}`,
      server,
      write,
      print: JSON.stringify(write),
      state: 'open',
      at: this.clock.now(),
      looked: null,
      counts: this.planted === 'a claim again counts twice' && again ? 2 : 1,
    }
    this.claims.push(claim)
    return claim
  }
  private async send(call: string, claim: Claim): Promise<Answer> {
    const { write } = claim
    const [path, body] =
      'contact' in write ? [CONTACTS, { ref: write.contact }] : [BATCH, write.batch.map(sentAs)]
    const ms = this.planted === 'forgets what is late' ? 61_000 : 20_000
    if (this.planted === 'sends twice') await this.ask(call, 'POST', path, body, ms)
    return this.settle(claim, await this.ask(call, 'POST', path, body, ms), rowsOf(write).length || 1)
  }
  private freedBy(status: number): boolean {
    if (status === 503) return this.planted === '503 is not done'
    if (status === 404) return this.planted === '404 is not done'
    return status === 429
  }
  private async settle(claim: Claim, answer: Response | null, rows: number): Promise<Answer> {
    const text = `idempotency_key: ${claim.key}`
    const status = answer?.status ?? 0
    const body = await answer?.json().catch(() => null)
    if (this.freedBy(status)) {
      claim.state = this.planted === 'counts what was refused' ? 'unknown' : 'free'
      return said('not_done', text)
    }
    const receipt = [body ?? []].flat().length === rows && !JSON.stringify(body ?? null).includes('OTHER')
    const good = receipt || this.planted === 'says done without a receipt'
    const done = good && (status === 200 || status === 201)
    claim.state = done ? 'done' : 'unknown'
    if (this.planted === 'forgets what is late' && !answer) claim.state = 'free'
    return said(done ? 'done' : 'unknown', text)
  }

  async resolve(call: string, _server: 0 | 1, key: string): Promise<Answer> {
    const claim = this.claims.find((one) => one.key === key)
    const text = `idempotency_key: ${key}`
    if (!claim || claim.state === 'free') return said('other', 'nothing of that key')
    if (claim.state !== 'unknown') return said(claim.state === 'done' ? 'done' : 'unknown', text)
    const there = await this.isThere(call, claim.write)
    if (there === null) return said('unknown', text)
    if (there) claim.state = 'done'
    else this.absent(claim)
    return said(claim.state === 'unknown' ? 'absent' : claim.state === 'done' ? 'done' : 'not_done', text)
  }
  /** @returns null where it could not be read whole */
  private async isThere(call: string, write: Write): Promise<boolean | null> {
    const answer = await this.ask(call, 'GET', 'contact' in write ? CONTACTS : '/invoices/', null, 20_000)
    const body = (await answer?.json().catch(() => null)) as Row[] | Page | null | undefined
    const page = Array.isArray(body) ? { count: 0, next: null, results: body } : body
    if (page?.next !== null || page.results.length < page.count) return null
    if ('contact' in write) return page.results.some(({ ref }) => ref === write.contact)
    const shown = page.results.map((row) => `${row.receiving_counterparty_id} ${row.invoice_number}`)
    return write.batch.every(({ supplier, number }) => shown.includes(`${supplier} ${number}`))
  }
  private absent(claim: Claim): void {
    const now = this.clock.now()
    const again = claim.looked !== null && now - claim.looked >= DAY
    if (this.planted === 'absence frees' || (again && this.planted !== 'never frees what was absent'))
      claim.state = 'free'
    claim.looked ??= now
  }
  async spent(server: 0 | 1): Promise<number> {
    const now = this.clock.now()
    return this.claims
      .filter((one) => one.server === server && one.state !== 'free' && now - one.at < DAY)
      .filter((one) => this.planted !== 'counts nothing unknown' || one.state !== 'unknown')
      .reduce((sum, one) => sum + rowsOf(one.write).length * one.counts, 0)
  }
  async verified(): Promise<boolean> {
    return true
  }
  async crash(): Promise<void> {
    if (this.planted === 'forgets what is unknown when it crashes')
      this.claims = this.claims.filter(({ state }) => state !== 'unknown')
  }
}
