/** The product with a person who approves, over REST and MCP. Where it does not know verified payees, the nearest that it has stands in. */
import { reset } from 'cloudflare:test'
import { connect, call as rest } from '../../../api/support.ts'
import { http } from '../../../oauth/support.ts'
import { within } from '../finexio/in-workerd.ts'
import type { Answer, Product, Step } from './types.ts'

const VERIFIED = { payees: 'verified' }
const callBackOf = (number: 'before' | 'present' | 'outside') => ({
  called: 'Avery Stone',
  called_at: new Date().toISOString(),
  number: number === 'present' ? '555-6666' : number === 'before' ? '555-0100' : '555-0777',
  number_from: number === 'outside' ? 'outside_source' : 'last_vouched',
  ...(number === 'outside' && { source: 'The contract of 2024' }),
  note: 'Avery read the account back.',
})
/** What the version before had against changed payees. */
const RULES = { first_payment: 'refuse', changed_supplier: { days: 30, action: 'refuse' } }
const WRITES = { methods: ['read', 'write'] }
const BATCH = 'finexio_invoices_bulk_create'
const TOOLS = {
  patch: 'finexio_suppliers_partial_update',
  put: 'update_a_finexio_supplier_by_id',
  'counterparty patch': 'finexio_counterparties_partial_update',
  'counterparty put': 'update_a_finexio_counterparty_by_id',
}
const OLDER: Record<string, string> = {
  external_reference_id: 'internal_id',
  remit_address_1: 'address_1',
  corporate_phone_number: 'primary_contact_phone',
}
/** Fields that the older family does not have are left out: the attack is then the rest of it. */
const NOT_OLDER = ['care_of', 'delivery_method', 'internal_payments']

type Result = {
  isError?: boolean
  content?: { text?: string }[]
  structuredContent?: Record<string, unknown>
}
type Told = Answer & { data: Record<string, unknown> | undefined }

export class RealProduct implements Product {
  verified = false
  private account = ''
  private open = ''
  private waits = ''
  /** Who decides on payments, and who calls back: two persons. */
  private approver = ''
  private caller = ''

  async begin(): Promise<void> {
    await reset()
    this.account = await connect('Acme')
    const path = `/integrated-account/${this.account}`
    this.verified = (await rest('PATCH', path, { body: VERIFIED })).status === 200
    const rules = this.verified ? {} : RULES
    const holder = await this.holder()
    const server = async (config: object) =>
      (
        await rest('POST', `${path}/mcp`, {
          body: { name: 'agent', config: { ...WRITES, ...config }, ...holder },
        })
      ).body.url
    this.open = await server(rules)
    this.waits = await server({ ...rules, approval: 'always' })
    this.approver = await this.token('Olivia', 'approve')
    this.caller = await this.token('Ben', 'approve')
  }
  private async holder(): Promise<object> {
    const { status, body } = await rest('POST', '/person', { body: { name: 'agent', kind: 'system' } })
    return status < 300 ? { holder: body.id } : {}
  }
  private async token(name: string, role: string): Promise<string> {
    for (const own of [{ grants: [role] }, { scopes: [role] }]) {
      const { status, body } = await rest('POST', '/api-token', { body: { name, kind: 'person', ...own } })
      if (status < 300) return body.token
    }
    throw new Error(`No token for ${role}.`)
  }

  private async tell(call: string, url: string, name: string, args: object): Promise<Told> {
    return within(call, async () => {
      const response = await http(url, {
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
      const text = result?.content?.map((one) => one.text ?? '').join('\n') ?? error?.message ?? ''
      const data = result?.structuredContent
      const waits = data?.outcome === 'pending_approval'
      const left = data?.outcome === 'succeeded'
      return { is: waits ? 'waits' : left ? 'left' : 'held', text, data }
    })
  }
  async agent(step: Extract<Step, { do: 'agent' | 'agent contact' }>): Promise<Answer> {
    if (step.do === 'agent contact') return this.contact(step)
    const older = step.by.startsWith('counterparty')
    const fields = Object.entries(step.fields).filter(([name]) => !older || !NOT_OLDER.includes(name))
    const named = Object.fromEntries(
      fields.map(([name, value]) => [older ? (OLDER[name] ?? name) : name, value]),
    )
    if (older && named.payment_method === 'Check') named.payment_method = 'PrintedCheck'
    const needed =
      step.by === 'put'
        ? { external_reference_id: `REF-${step.id}` }
        : step.by === 'counterparty put'
          ? { type: 'Supplier', name: `Supplier ${step.id}`, internal_id: `REF-${step.id}` }
          : {}
    return this.tell('agent', this.open, TOOLS[step.by], { id: step.id, ...needed, ...named })
  }
  private contact({ by, id, contact }: Extract<Step, { do: 'agent contact' }>): Promise<Answer> {
    const { external_reference_id, ...rest } = contact
    if (by === 'add')
      return this.tell('agent', this.open, 'create_a_finexio_supplier_contact', {
        supplier_id: id,
        ...contact,
      })
    const named = { supplier_id: id, id: external_reference_id }
    return by === 'put'
      ? this.tell('agent', this.open, 'update_a_finexio_supplier_contact_by_id', { ...named, ...rest })
      : this.tell('agent', this.open, 'delete_a_finexio_supplier_contact_by_id', named)
  }

  async pay(call: string, step: Extract<Step, { do: 'pay' }>, numbers: string[]): Promise<Answer> {
    const url = step.waits ? this.waits : this.open
    const row = (id: string, at: number) => ({
      invoice_number: numbers[at],
      receiving_counterparty_id: id,
      originating_counterparty_id: 'buy_1',
      amount_cents: 12_300 + at,
      invoice_date: '2026-11-20',
    })
    if (step.by === 'id') return this.tell(call, url, BATCH, { body: step.ids.map(row) })
    const lines = step.ids.map((id, at) => `${numbers[at]},REF-${id},2026-11-20,${123 + at}.00`)
    const csv = ['Invoice #,Vendor,Invoice Date,Amount', ...lines].join('\n')
    const prepared = await this.tell(call, url, 'prepare_finexio_invoices', { csv, buyer: 'Kestrel' })
    const body = prepared.data?.body as object[] | undefined
    if (!body || body.length === 0) return { is: 'held', text: prepared.text }
    return this.tell(call, url, BATCH, { body })
  }
  async approve(): Promise<Answer> {
    const { body } = await rest('GET', `/integrated-account/${this.account}/approval?state=pending`, {
      key: this.approver,
    })
    // biome-ignore lint/suspicious/noExplicitAny: an answer is looked into
    const drafts: any[] = body?.result ?? body?.data ?? body ?? []
    const texts: string[] = []
    for (const { id } of drafts) {
      const { text } = await within('approve', () =>
        rest('POST', `/approval/${id}/approve`, { key: this.approver, body: { reason: 'ok' } }),
      )
      texts.push(text)
    }
    return { is: 'held', text: texts.join('\n') }
  }
  async callBack(id: string, number: 'before' | 'present' | 'outside'): Promise<boolean> {
    const path = `/integrated-account/${this.account}/payee/${id}`
    const { status } = await within('call back', async () => {
      const { body } = await rest('GET', path, { key: this.caller })
      const said = { ...callBackOf(number), seen: body?.seen }
      return rest('POST', `${path}/callback`, { key: this.caller, body: said })
    })
    return status < 300
  }
  async accept(): Promise<boolean> {
    const { status } = await within('accept', () =>
      rest('POST', `/integrated-account/${this.account}/payee/acceptance`, { key: this.caller, body: {} }),
    )
    return status < 300
  }
  async alarms(): Promise<number | null> {
    const { status, body } = await rest(
      'GET',
      `/log?integrated_account_id=${this.account}&log_type=payee&limit=100`,
    )
    // biome-ignore lint/suspicious/noExplicitAny: an answer is looked into
    const rows: any[] = body?.result ?? body?.data ?? []
    return status < 300 && this.verified
      ? rows.filter((row) => row.event === 'changed' && row.unpaid === true).length
      : null
  }
}
