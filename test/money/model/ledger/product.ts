/** The product as the oracle sees it: calls over MCP, limits and trail over REST. */
import {
  abortAllDurableObjects,
  evictAllDurableObjects,
  listDurableObjectIds,
  reset,
  runDurableObjectAlarm,
} from 'cloudflare:test'
import { connect, env, call as rest } from '../../../api/support.ts'
import { http } from '../../../oauth/support.ts'
import { within } from '../finexio/in-workerd.ts'
import type { Answer, Invoice, Product, Says } from './types.ts'

const batchRow = ({ number, supplier, cents }: Invoice) => ({
  invoice_number: number,
  receiving_counterparty_id: supplier,
  originating_counterparty_id: 'buy_1',
  amount_cents: cents,
  invoice_date: '2026-11-20',
})
const contactArgs = (contact: number) => ({
  supplier_id: 'sup_1',
  external_reference_id: `contact-${contact}`,
  name: `Contact ${contact}`,
  email: `contact-${contact}@acme.example`,
  primary: false,
})

const UNKNOWN = /outcome unknown|unknown outcome|outcome is unknown|still unknown|not known/i
const NOT_DONE =
  /not executed|not carried out|was not (stored|done|created)|may be repeated|nothing was (stored|done)|finexio refused|correct it before/i
const ABSENT = /not there|no such|did not (find|show)|absent|not found/i

/** In the words of the model. */
const saysOf = (outcome: string | undefined, text: string): Says => {
  if (/nothing was (sent|submitted) to finexio|itself was not sent|under way|in progress/i.test(text))
    return 'held'
  if (outcome === 'succeeded' || outcome === 'differs') return 'done'
  if (outcome === 'unknown') return ABSENT.test(text) ? 'absent' : 'unknown'
  if (outcome === 'rejected' || outcome === 'not_sent') return 'not_done'
  if (ABSENT.test(text) && !NOT_DONE.test(text)) return 'absent'
  if (UNKNOWN.test(text)) return 'unknown'
  return NOT_DONE.test(text) ? 'not_done' : 'other'
}

type Result = {
  isError?: boolean
  content?: { text?: string }[]
  structuredContent?: { outcome?: string; replayed?: boolean }
  _meta?: Record<string, { outcome?: string }>
}
const answerOf = (result: Result | undefined, error: { message?: string } | undefined): Answer => {
  const text = result?.content?.map((one) => one.text ?? '').join('\n') ?? error?.message ?? ''
  const outcome = result?.structuredContent?.outcome ?? result?._meta?.['dev.finexio-mcp/write']?.outcome
  return { says: saysOf(outcome, text), replayed: result?.structuredContent?.replayed === true, text }
}

export const product = (): Product => {
  let account = ''
  let servers: { id: string; url: string }[] = []
  const tell = (call: string, server: 0 | 1, name: string, args: object): Promise<Answer> =>
    within(call, async () => {
      const response = await http(servers[server]!.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name, arguments: args },
        }),
      })
      const { result, error } = (await response.json()) as { result?: Result; error?: { message?: string } }
      return answerOf(result, error)
    })
  return {
    begin: async (limit) => {
      await reset()
      account = await connect('Acme')
      servers = []
      for (const guard of [undefined, { requests: 0 }]) {
        const config = {
          methods: ['read', 'write'],
          limits: { per_day: { count: limit } },
          ...(guard && { duplicate_guard: guard }),
        }
        servers.push(
          (await rest('POST', `/integrated-account/${account}/mcp`, { body: { name: 'agent', config } }))
            .body,
        )
      }
    },
    write: (call, server, key, write, dry) => {
      const own = { ...(key && { idempotency_key: key }), ...(dry && { dry_run: true }) }
      return 'batch' in write
        ? tell(call, server, 'finexio_invoices_bulk_create', { ...own, body: write.batch.map(batchRow) })
        : tell(call, server, 'create_a_finexio_supplier_contact', { ...own, ...contactArgs(write.contact) })
    },
    resolve: (call, server, key) => tell(call, server, 'resolve_finexio_write', { idempotency_key: key }),
    spent: async (server) => {
      const path = `/integrated-account/${account}/mcp/${servers[server]!.id}/usage`
      return (await rest('GET', path)).body.spent.per_day?.count ?? 0
    },
    verified: async () => {
      const { status, body } = await rest('GET', `/log/verify?integrated_account_id=${account}`)
      return status === 200 && !JSON.stringify(body).includes('"ok":false')
    },
    crash: async (how) => {
      if (how === 'abort') return abortAllDurableObjects()
      if (how === 'evict') return evictAllDurableObjects()
      const { ACCOUNTS } = env as unknown as Record<string, DurableObjectNamespace>
      for (const id of await listDurableObjectIds(ACCOUNTS!)) await runDurableObjectAlarm(ACCOUNTS!.get(id))
    },
  }
}
