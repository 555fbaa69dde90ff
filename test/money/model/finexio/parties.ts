/** Suppliers at a Finexio that is a function: records, contacts, both families of operations, and a history that may be late. */
import type { Clock } from './clock.ts'

type Row = Record<string, unknown>
export type Fields = Record<string, string | number | boolean | null>
export interface Contact {
  external_reference_id: string
  name: string
  email: string
  phone: string
  primary: boolean
}
interface Entry {
  object: string
  at: number
  shown: number
  actor: string
  action: 'Created' | 'Updated'
  changes: Record<string, [unknown, unknown]>
}
/** How Finexio shows bank fields: as they are, masked, or not at all. */
export type Bank = 'shown' | 'masked' | 'absent'

const DAY = 86_400_000
const iso = (time: number) => new Date(time).toISOString().slice(0, -1)
const python = (value: unknown): string =>
  value === null || value === undefined || value === ''
    ? 'None'
    : value === true
      ? 'True'
      : value === false
        ? 'False'
        : String(value)
/** Fields that lead money nowhere, by the design's own examples and the sandbox's words for them. */
const HARMLESS = [
  'payment_terms',
  'notes',
  'metadata',
  'category',
  'sub_category',
  'twelve_month_payment_count',
  'created',
  'updated',
  'id',
]

/** The older family's names. */
const AS_COUNTERPARTY: Record<string, string> = {
  internal_id: 'external_reference_id',
  address_1: 'remit_address_1',
  address_2: 'remit_address_2',
  city: 'remit_city',
  state: 'remit_state',
  zipcode: 'remit_zipcode',
  country: 'remit_country',
  business_type: 'payee_type',
}
const method = (value: unknown, older: boolean) =>
  older ? (value === 'Check' ? 'PrintedCheck' : value) : value === 'PrintedCheck' ? 'Check' : value

export class Parties {
  buyers: Row[] = [BUYER]
  suppliers = new Map<string, { fields: Fields; contacts: Contact[] }>()
  history: Entry[] = []
  bank: Bank = 'shown'
  /** How late the history shows a change: ms. */
  lag = 0
  /** The history's other shape. */
  openapi = false
  readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** @param age days since it was created */
  add(id: string, age: number, fields: Fields = {}): void {
    const at = this.clock.now() - age * DAY
    const all: Fields = {
      id,
      name: `Supplier ${id}`,
      external_reference_id: `REF-${id}`,
      payment_method: 'ACH',
      delivery_method: null,
      notification_method: null,
      enabled: true,
      internal_payments: false,
      remit_email: `remit@${id.replaceAll('_', '-')}.example`,
      care_of: '',
      remit_address_1: '1 Main Street',
      remit_address_2: '',
      remit_city: 'Eagle Bend',
      remit_state: 'MN',
      remit_zipcode: '55004',
      remit_country: 'USA',
      corporate_phone_number: '555-0100',
      bank_account_number: `1000${id.replaceAll(/\D/g, '').padStart(4, '0')}`,
      bank_routing_number: '021000021',
      payment_terms: 30,
      notes: '',
      created: iso(at),
      updated: iso(at),
      ...fields,
    }
    const contacts = [
      {
        external_reference_id: `C-${id}`,
        name: 'Avery Stone',
        email: `avery@${id.replaceAll('_', '-')}.example`,
        phone: '555-0192',
        primary: true,
      },
    ]
    this.suppliers.set(id, { fields: all, contacts })
    const changes = Object.fromEntries(
      Object.entries(all)
        .filter(([name]) => !['id', 'created', 'updated'].includes(name))
        .map(([name, value]) => [name, ['None', python(value)] as [unknown, unknown]]),
    )
    this.history.unshift({ object: id, at, shown: at, actor: 'portal', action: 'Created', changes })
  }

  /** @param fields in the names of suppliers */
  change(id: string, fields: Fields, actor = 'portal'): void {
    const one = this.suppliers.get(id)
    if (!one) return
    const changed = Object.entries(fields).filter(([name, value]) => one.fields[name] !== value)
    if (changed.length === 0) return
    const now = this.clock.now()
    const changes = Object.fromEntries(
      changed.map(([name, value]) => [name, [python(one.fields[name]), python(value)] as [unknown, unknown]]),
    )
    Object.assign(one.fields, Object.fromEntries(changed), { updated: iso(now) })
    this.history.unshift({ object: id, at: now, shown: now + this.lag, actor, action: 'Updated', changes })
  }
  /** Contacts stand in the record alone: Finexio's history does not speak of them. */
  setContacts(id: string, contacts: Contact[]): void {
    const one = this.suppliers.get(id)!
    one.contacts = contacts
    one.fields.updated = iso(this.clock.now())
  }

  /** The payee as anybody can see it now: its fields, and the newest change of one of them that the history shows. */
  visible(id: string): string {
    const one = this.suppliers.get(id)
    if (!one) return 'nobody'
    const fields = Object.entries(this.shownFields(one.fields))
      .filter(([name]) => !HARMLESS.includes(name))
      .sort()
    const newest = this.entries(id).find(({ changes }) =>
      Object.keys(changes).some((name) => !HARMLESS.includes(name)),
    )
    return JSON.stringify([fields, one.contacts, newest && [newest.at, newest.changes]])
  }
  private entries(id: string | null): Entry[] {
    const now = this.clock.now()
    return this.history.filter(({ object, shown }) => shown <= now && (id === null || object === id))
  }
  private shownFields(fields: Fields): Fields {
    const { bank_account_number, bank_routing_number, ...rest } = fields
    if (this.bank === 'absent') return rest
    const mask = (value: unknown) => (value ? `****${String(value).slice(-4)}` : null)
    return this.bank === 'shown'
      ? fields
      : {
          ...rest,
          bank_account_number: mask(bank_account_number),
          bank_routing_number: mask(bank_routing_number),
        }
  }

  /** @returns null where the path is not about parties */
  answer(request: Request, body: Row | null): Response | null {
    const url = new URL(request.url)
    const { pathname } = url
    const path = pathname.replace(/^\/v2/, '')
    if (path.startsWith('/counterparties/history')) return this.showHistory(url)
    const [, supplier, rest = ''] = /^\/counterparties\/suppliers\/([^/]+)(.*)$/.exec(path) ?? []
    if (supplier && rest.startsWith('/contacts'))
      return this.onContacts(request.method, supplier, rest.slice(10), body)
    if (supplier) return this.onRecord(request.method, supplier, body, false)
    if (path.startsWith('/counterparties/suppliers'))
      return request.method === 'POST' ? this.create(body!) : this.showList(url)
    if (path.startsWith('/counterparties/buyers')) return pageOf(this.buyers, url)
    const [, older] = /^\/counterparties\/([^/]+)\/$/.exec(path) ?? []
    if (older) return this.onRecord(request.method, older, body, true)
    if (path === '/counterparties/')
      return pageOf(
        [...[...this.suppliers.keys()].map((id) => this.record(id, true)), ...this.buyers.map(olderBuyer)],
        url,
      )
    return null
  }
  private record(id: string, older: boolean): Row {
    const { fields, contacts } = this.suppliers.get(id)!
    const shown = this.shownFields(fields)
    if (!older) return { ...shown, contacts }
    const names = Object.fromEntries(Object.entries(AS_COUNTERPARTY).map(([old, name]) => [name, old]))
    const primary = contacts.find((one) => one.primary)
    return {
      ...Object.fromEntries(Object.entries(shown).map(([name, value]) => [names[name] ?? name, value])),
      type: 'Supplier',
      payment_method: method(fields.payment_method, true),
      primary_contact_name: primary?.name ?? null,
      primary_contact_email: primary?.email ?? null,
      primary_contact_phone: primary?.phone ?? null,
    }
  }
  private onRecord(verb: string, id: string, body: Row | null, older: boolean): Response {
    const one = this.suppliers.get(id)
    if (!one)
      return id.startsWith('buy')
        ? Response.json(BUYER)
        : Response.json({ detail: 'Not found.' }, { status: 404 })
    if (verb === 'GET') return Response.json(this.record(id, older))
    const { contacts, ...given } = body as { contacts?: Contact[] } & Fields
    const fields: Fields = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [older ? (AS_COUNTERPARTY[name] ?? name) : name, value]),
    )
    if ('payment_method' in fields) fields.payment_method = method(fields.payment_method, false) as string
    this.contactsOf(id, fields, contacts)
    // A replacement empties what it leaves out.
    const emptied: Fields = verb === 'PUT' ? { care_of: '', remit_address_2: '', notes: '' } : {}
    this.change(id, { ...emptied, ...fields }, 'api')
    return Response.json(this.record(id, older))
  }
  private contactsOf(id: string, fields: Fields, contacts: Contact[] | undefined): void {
    if (contacts) this.setContacts(id, contacts)
    const { primary_contact_name: name, primary_contact_email: email, primary_contact_phone: phone } = fields
    for (const field of ['primary_contact_name', 'primary_contact_email', 'primary_contact_phone', 'type'])
      delete fields[field]
    if (name === undefined && email === undefined && phone === undefined) return
    const given = Object.fromEntries(
      Object.entries({ name, email, phone }).filter(([, value]) => value !== undefined),
    )
    this.setContacts(
      id,
      this.suppliers.get(id)!.contacts.map((one) => (one.primary ? { ...one, ...given } : one)),
    )
  }
  private onContacts(verb: string, id: string, ref: string, body: unknown): Response {
    const one = this.suppliers.get(id)
    if (!one) return Response.json({ detail: 'Not found.' }, { status: 404 })
    if (verb === 'GET') return Response.json(one.contacts)
    const given = [body].flat().filter(Boolean) as Contact[]
    const rest = one.contacts.filter(({ external_reference_id }) => external_reference_id !== ref)
    const old = one.contacts.find(({ external_reference_id }) => external_reference_id === ref)
    const next = verb === 'DELETE' ? rest : [...rest, ...given.map((contact) => ({ ...old, ...contact }))]
    this.setContacts(id, next)
    return verb === 'DELETE'
      ? new Response(null, { status: 204 })
      : Response.json(Array.isArray(body) ? given : given[0], { status: verb === 'POST' ? 201 : 200 })
  }
  private create(body: Row): Response {
    const id = `sup_new_${this.suppliers.size}`
    const { contacts: _, ...fields } = body
    this.add(id, 0, fields as Fields)
    return Response.json(this.record(id, false), { status: 201 })
  }
  private showList(url: URL): Response {
    const { searchParams: search } = url
    const after = search.get('updated_after')
    const ref = search.get('external_reference_id')
    const rows = [...this.suppliers.keys()].map((id) => this.record(id, false))
    const fit = rows.filter(
      (row) => (!ref || row.external_reference_id === ref) && (!after || `${row.updated}Z` > after),
    )
    return pageOf(fit.reverse(), url)
  }
  private showHistory(url: URL): Response {
    const { searchParams: search } = url
    const rows = this.entries(search.get('object_id')).map(({ object, at, actor, action, changes }, index) =>
      this.openapi
        ? {
            id: `h${index}-${at}`,
            objectId: object,
            date: iso(at),
            username: actor,
            userIpAddress: '192.0.2.1',
            action: action === 'Created' ? 'Create' : 'Update',
            changes: Object.entries(changes).map(([field, [oldValue, newValue]]) => ({
              field,
              oldValue,
              newValue,
            })),
            notes: '',
          }
        : { object_id: object, actor, remote_addr: '192.0.2.1', timestamp: iso(at), action, changes },
    )
    return pageOf(rows, url)
  }
}

/** One page of a list, as Finexio answers it. */
export const pageOf = (rows: Row[], url: URL): Response => {
  const page = Number(url.searchParams.get('page') ?? 1)
  const further = new URL(url)
  further.searchParams.set('page', String(page + 1))
  const next = page * 100 < rows.length ? further.href : null
  return Response.json({
    count: rows.length,
    next,
    previous: null,
    results: rows.slice((page - 1) * 100, page * 100),
  })
}

/** As the older family shows it. */
const olderBuyer = ({ id, name, external_reference_id }: Row): Row => ({
  id,
  name,
  type: 'Buyer',
  internal_id: external_reference_id,
})
const BUYER = {
  id: 'buy_1',
  name: 'Kestrel',
  external_reference_id: 'KESTREL',
  funding_method: 'ach_debit',
  ready_for_use: true,
  contacts: [],
}
