/** The one object that holds the whole sandbox: it waits and stores; what happens is decided by plain functions. */
import { DurableObject } from 'cloudflare:workers'
import { catchUp, nextDue, type Scope } from './payments/advance.ts'
import { MILLISECOND } from './tenants/micros.ts'
import { type Settings, settingsOf } from './tenants/settings.ts'
import { createTables, type Db, rows } from './tenants/tables.ts'
import { findTenant, seedOnce, type TenantRow, tenantNow } from './tenants/tenants.ts'
import { sendMessages, takeMessages } from './webhooks/deliveries.ts'
import { hasWebhooks } from './webhooks/outbox.ts'
import { answerRequest, type Home, type Outcome } from './wire/api.ts'
import { passwordDigest, readBasic } from './wire/basic-auth.ts'
import { readBody } from './wire/bodies.ts'
import { CONTROLS, handleControl, isLoopback } from './wire/controls.ts'
import { logRequest, logStatus } from './wire/request-log.ts'

export type SandboxEnv = {
  SANDBOX: DurableObjectNamespace<SandboxObject>
  WEBHOOK_EVENTS?: string
  /** Hosts besides loopback that webhooks may reach, separated by commas. */
  WEBHOOK_HOSTS?: string
}

const DEMO = { username: 'demo', password: 'demo' }
const SHOWN_BYTES = 500_000
const MOST_BYTES = 32 * 1024 * 1024

const tooLarge = () => Response.json({ detail: 'The body is larger than 32 MB.' }, { status: 413 })

export class SandboxObject extends DurableObject<SandboxEnv> {
  readonly #db: Db
  readonly #startWith: Partial<Settings>
  readonly #hosts: readonly string[]
  #demoDigest = ''

  constructor(ctx: DurableObjectState, env: SandboxEnv) {
    super(ctx, env)
    this.#db = ctx.storage.sql
    this.#startWith = env.WEBHOOK_EVENTS === 'article' ? { webhookEvents: 'article' } : {}
    this.#hosts = (env.WEBHOOK_HOSTS ?? '').split(',').filter(Boolean)
    ctx.blockConcurrencyWhile(async () => {
      createTables(this.#db)
      this.#demoDigest = await passwordDigest(DEMO)
    })
  }

  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url)
    return url.pathname.startsWith(CONTROLS) ? this.#control(request, url) : this.#api(request, url)
  }

  /** Only set while somebody listens: due steps of payments are then announced without anybody asking. */
  override async alarm(): Promise<void> {
    const scopes = this.#listening().map((tenant) => this.#scope(tenant))
    for (const scope of scopes) catchUp(scope)
    await Promise.all(scopes.map((scope) => this.#deliver(scope)))
    await this.#setAlarm()
  }

  async #api(request: Request, url: URL): Promise<Response> {
    const bytes = await request.arrayBuffer()
    if (bytes.byteLength > MOST_BYTES) return tooLarge()
    const credentials = readBasic(request.headers.get('authorization'))
    const digest = credentials ? await passwordDigest(credentials) : ''
    const body = await readBody(bytes, request.headers.get('content-type'))
    const wall = Date.now()
    const shown = new TextDecoder().decode(bytes.slice(0, SHOWN_BYTES))
    const logged = logRequest(this.#db, request, credentials?.username ?? null, shown, new Date(wall))
    const sent = { method: request.method, url, credentials, digest, body, wall }
    const outcome = this.#atomically((home) => answerRequest(home, sent))
    await this.#after(outcome)
    logStatus(this.#db, logged, outcome.response.status)
    return outcome.response
  }

  async #after({ scope, delay }: Outcome): Promise<void> {
    if (scope && hasWebhooks(scope)) {
      this.ctx.waitUntil(this.#deliver(scope))
      await this.#setAlarm()
    }
    if (delay > 0) await scheduler.wait(delay)
  }

  #atomically<Result>(work: (home: Home) => Result): Result {
    const home = { db: this.#db, demoDigest: this.#demoDigest, startWith: this.#startWith }
    return this.ctx.storage.transactionSync(() => work(home))
  }

  async #control(request: Request, url: URL): Promise<Response> {
    if (!isLoopback(url.hostname))
      return Response.json({ error: 'The controls answer on loopback names only.' }, { status: 403 })
    const text = await request.text()
    if (text.length > MOST_BYTES) return tooLarge()
    let body: unknown
    try {
      body = text === '' ? undefined : JSON.parse(text)
    } catch {
      return Response.json({ error: 'The body is not JSON.' }, { status: 400 })
    }
    const username = url.searchParams.get('username') || null
    const control = {
      db: this.#db,
      method: request.method,
      path: url.pathname.slice(CONTROLS.length).replace(/\/$/, ''),
      username,
      body,
      wall: Date.now(),
      startWith: this.#startWith,
      open: (name: string) => this.#open(name),
    }
    const result = this.#atomically(() => handleControl(control))
    if (request.method !== 'GET') await this.#settle(username)
    return result.body === undefined
      ? new Response(null, { status: result.status })
      : Response.json(result.body, { status: result.status })
  }

  /** After a control, webhooks that became due are delivered before it answers, so that callers need not wait. */
  async #settle(username: string | null): Promise<void> {
    const chosen = this.#listening().filter((tenant) => username === null || tenant.username === username)
    for (const tenant of chosen) seedOnce(this.#db, tenant, Date.now())
    const scopes = chosen.map((tenant) => this.#scope(tenant))
    for (const scope of scopes) catchUp(scope)
    await Promise.all(scopes.map((scope) => this.#deliver(scope)))
    if (scopes.length > 0) await this.#setAlarm()
  }

  #open(username: string): Scope | null {
    const tenant = findTenant(this.#db, username)
    if (!tenant) return null
    seedOnce(this.#db, tenant, Date.now())
    const scope = this.#scope(tenant)
    catchUp(scope)
    return scope
  }

  #scope(tenant: TenantRow): Scope {
    const settings = settingsOf(this.#db, tenant.username, this.#startWith)
    return { db: this.#db, tenant, settings, now: tenantNow(tenant, Date.now()) }
  }

  #listening(): TenantRow[] {
    return rows<TenantRow>(
      this.#db,
      'SELECT * FROM tenants WHERE id IN (SELECT tenant FROM webhooks) ORDER BY id',
    )
  }

  async #deliver(scope: Scope): Promise<void> {
    await sendMessages(scope, takeMessages(scope), this.#hosts)
  }

  async #setAlarm(): Promise<void> {
    const dues = this.#listening().flatMap((tenant) => {
      const due = nextDue({ db: this.#db, tenant })
      return due === null ? [] : [(due - tenant.clock_offset) / MILLISECOND]
    })
    if (dues.length > 0) await this.ctx.storage.setAlarm(Math.max(Date.now() + 50, Math.min(...dues)))
  }
}
