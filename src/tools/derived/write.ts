/** Write tools: a plan of one request to Finexio, and the receipt for its answer. */
import * as z from 'zod'
import { buyers } from '../../../schemas/buyers.ts'
import { counterparties } from '../../../schemas/counterparties.ts'
import type { Method, Resource, Verb } from '../../../schemas/define.ts'
import { isParty, payeeKindOf, writableFields } from '../../../schemas/sensitive.ts'
import { suppliers } from '../../../schemas/suppliers.ts'
import { canonicalId } from '../../core/ids.ts'
import { cleanText } from '../../core/text.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import type { FinexioReply, FinexioRequest } from '../../finexio/types.ts'
import type { PayeeChange } from '../../rules/payees/under-way.ts'
import type { Target } from '../../rules/write-contract.ts'
import { checkRules } from '../call/arguments.ts'
import { Refusal } from '../refusal.ts'
import { jsonAnswer, type Made, type ReadReply, type WritePlan } from '../tool.ts'
import { fieldSubjects, recordSubject, unseenSubject, upper } from '../writing/subjects.ts'
import { differing } from './receipt.ts'
import { fillPath, type Row, readRecord, readRecords, routeOf } from './request.ts'

// The receipt of a write: short, and only what Finexio confirmed. The record itself is read with the read tools.

const created = z.object({
  id: z.string().nullable(),
  invoice_number: z.string().nullable(),
  amount_cents: z.int().nullable(),
})

/** What every write answers besides its own. `dry_run`: nothing was sent. */
const shared = {
  outcome: z.enum(['succeeded', 'differs', 'dry_run', 'pending_approval']),
  differs: z.string().optional().describe('What Finexio answered with other values than were sent.'),
  idempotency_key: z.string().optional(),
  replayed: z.boolean().optional(),
  note: z.string().optional(),
}

export const Receipt = z.looseObject({
  ...shared,
  id: z.string().nullable().optional(),
  not_applied: z.array(z.string()).optional().describe('Fields that Finexio answered with another value.'),
})

export const BatchReceipt = z.looseObject({
  ...shared,
  result: z.array(created).optional(),
  result_count: z.int().optional(),
  total_cents: z.int().optional(),
  total: z.string().optional(),
})

// What a write would leave behind.

const valuesOf = (resource: Resource, row: Row): unknown[] => {
  const compared = fieldSubjects(resource, row)
  const all = compared.size === Object.keys(row).length
  return all ? [...compared.values()] : [...compared.values(), unseenSubject(resource)]
}

/** What a request to this resource would leave behind. @param rows what it sends */
const subjectsOf = (resource: Resource, verb: Verb, rows: readonly Row[]): unknown[] => {
  if (verb === 'DELETE') return []
  if (verb === 'POST')
    return rows.map((row) => recordSubject(resource, row)).filter((subject) => subject !== null)
  return rows.flatMap((row) => valuesOf(resource, row))
}

/** Suppliers and buyers are counterparties as well: made by either family of tools, it is one record. */
const TWINS: Readonly<Record<string, (row: Row) => unknown>> = {
  suppliers: (row) =>
    recordSubject(counterparties, { type: 'Supplier', internal_id: row.external_reference_id }),
  buyers: (row) => recordSubject(counterparties, { type: 'Buyer', internal_id: row.external_reference_id }),
  counterparties: ({ type, internal_id }) =>
    recordSubject(upper(type) === 'BUYER' ? buyers : suppliers, { external_reference_id: internal_id }),
}

const twinsOf = ({ name }: Resource, rows: readonly Row[]): unknown[] =>
  rows.map((row) => TWINS[name]?.(row) ?? null).filter((subject) => subject !== null)

const CREATED_NOTE = 'Finexio returned no record: the id is to be found with the list tool.'
const CHANGED_NOTE = 'Finexio returned no record: read it to see the present values.'

const bodyOf = (name: string, method: Method, args: Row): unknown => {
  if (!method.body) return undefined
  if (method.body instanceof z.ZodArray)
    return (checkRules(name, z.object({ body: method.body }), args) as Row).body
  const taken = Object.fromEntries(
    Object.entries(args).filter(([key]) => !(key in (method.path?.shape ?? {}))),
  )
  if (method.route.startsWith('PATCH') && Object.keys(taken).length === 0)
    throw new Refusal(`${name}: nothing to change. Name at least one field with its new value.`)
  return checkRules(name, method.body, taken)
}

/** The request a write would send; nothing is sent by this function. @throws Refusal when a rule of Finexio is broken */
export const writeRequest = (name: string, method: Method, args: Row): FinexioRequest => {
  const { verb, template } = routeOf(method)
  const body = bodyOf(name, method, args)
  return {
    verb,
    template,
    path: fillPath(template, args),
    body,
    effect: method.effect,
  }
}

/** A record as a write answers it, whole: `only` some of its fields are read by lists. */
const readable = ({ gives, normalize }: Method) => ({ gives, normalize })

/** A new contact is answered by all contacts of its parent: the one with the sent reference is meant. */
const answeredRecord = (method: Method, reply: FinexioReply, sent: Row): Row | null => {
  if (!method.gives || reply.body === null) return null
  const rows = Array.isArray(reply.body) ? reply.body : [reply.body]
  const reference = sent.external_reference_id
  const match =
    rows.length === 1 ? rows[0] : rows.find((row) => (row as Row | null)?.external_reference_id === reference)
  return match === undefined || (rows.length > 1 && reference === undefined)
    ? null
    : readRecord(readable(method), match)
}

const idOf = (record: Row | null): string | null =>
  typeof record?.id === 'string' && record.id !== '' ? cleanText(record.id) : null

const sentIn = ({ body }: FinexioRequest): Row | undefined =>
  (Array.isArray(body) ? body[0] : body) as Row | undefined

/** What an answered record says of a write, and what of it was not as it was sent. */
const receiptOf = (request: FinexioRequest, record: Row | null, lost: readonly string[], args: Row): Row => {
  const creates = request.verb === 'POST'
  const id = idOf(record) ?? (creates || args.id === undefined ? null : String(args.id))
  if (request.verb === 'DELETE') return { outcome: 'succeeded', id }
  const differs = `Finexio answered other values than were sent, of ${lost.join(', ')}. Read the record before anything else is sent.`
  return {
    outcome: lost.length > 0 ? 'differs' : 'succeeded',
    ...(lost.length > 0 && { differs }),
    id,
    ...(lost.length > 0 && { not_applied: lost }),
    ...(record ? {} : { note: creates ? CREATED_NOTE : CHANGED_NOTE }),
  }
}

/** Deleting a contact answers a boolean: `false` with a success status means that nothing was deleted. */
const checkDeleted = (request: FinexioRequest, reply: FinexioReply) => {
  if (request.verb !== 'DELETE' || reply.body !== false) return
  throw new FinexioFailure({
    kind: 'not_found',
    status: reply.status,
    message: 'Finexio answered that nothing was deleted',
    rate: reply.rate,
    sent: true,
  })
}

/** A replacement empties what it leaves out, and a deletion everything: both touch every field. */
const touchedFields = (resource: Resource, verb: FinexioRequest['verb'], sent: Row): string[] => {
  if (!isParty(resource)) return []
  return verb === 'PUT' || verb === 'DELETE' ? writableFields(resource) : Object.keys(sent)
}

/** The party whose record it changes; a contact's is the one that its path names first. A new party is paid by nothing yet. */
const changedParty = (resource: Resource, target: Target, fields: readonly string[]): PayeeChange | null => {
  const [payee] = Object.values(target)
  if (!isParty(resource) || payee === undefined) return null
  return fields.some((field) => payeeKindOf(field) !== null)
    ? { payee: canonicalId(payee), unsettled: null }
    : null
}

/** The records that an answer to a creation holds. */
export const madeOf = (resource: Resource, records: readonly Row[]): Made[] =>
  records.map((row) => ({ subject: recordSubject(resource, row), id: idOf(row) }))

const madeIn = (resource: Resource, method: Method, { verb }: FinexioRequest, reply: FinexioReply): Made[] =>
  verb === 'POST' && reply.body !== null
    ? madeOf(resource, readRecords(readable(method), [reply.body].flat()).records)
    : []

/** What every plan has, whatever it sends. */
export const planned = (resource: Resource, method: Method, request: FinexioRequest, args: Row) => {
  const sent = request.body === undefined ? [] : [request.body].flat()
  const fields = touchedFields(resource, request.verb, (sent[0] ?? {}) as Row)
  const target = Object.fromEntries(
    Object.keys(method.path?.shape ?? {}).map((name) => [name, String(args[name])]),
  )
  return {
    request,
    args,
    target,
    facts: { movements: [], largest: 0, fields, changes: changedParty(resource, target, fields) },
    subjects: subjectsOf(resource, request.verb, sent as Row[]),
    twins: request.verb === 'POST' ? twinsOf(resource, sent as Row[]) : [],
  }
}

/** @throws Refusal before anything is sent */
export const planWrite =
  (resource: Resource, name: string, method: Method) =>
  (args: Row): WritePlan => {
    const request = writeRequest(name, method, args)
    const sent = sentIn(request)
    const read = (reply: FinexioReply): ReadReply => {
      checkDeleted(request, reply)
      const record = answeredRecord(method, reply, sent ?? {})
      const unapplied = record && sent && request.verb !== 'DELETE' ? differing(sent, record) : []
      const answer = jsonAnswer(receiptOf(request, record, unapplied, args))
      return { answer, made: madeIn(resource, method, request, reply), unconfirmed: [], unapplied }
    }
    return { ...planned(resource, method, request, args), invoices: [], read }
  }
