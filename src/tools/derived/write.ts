/** Write tools: a plan of one request to Finexio, and the receipt for its answer. */

import * as z from 'zod'
import type { Method, Resource } from '../../../schemas/define.ts'
import { isParty, writableFields } from '../../../schemas/sensitive.ts'
import { cleanText } from '../../core/text.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import type { FinexioReply, FinexioRequest } from '../../finexio/types.ts'
import { checkRules } from '../call/arguments.ts'
import { Refusal } from '../refusal.ts'
import type { Made, ToolAnswer, WritePlan } from '../tool.ts'
import { notApplied } from './receipt.ts'
import type { Row } from './request.ts'
import { fillPath, readRecord, readRecords, routeOf } from './request.ts'
import { recordSubject, subjectsOf } from './subjects.ts'

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
    body: method.sends === 'array' ? [body] : body,
    effect: method.effect,
  }
}

/** A new contact is answered by all contacts of its parent: the one with the sent reference is meant. */
const answeredRecord = (method: Method, reply: FinexioReply, sent: Row): Row | null => {
  if (!method.gives || reply.body === null) return null
  const rows = Array.isArray(reply.body) ? reply.body : [reply.body]
  const reference = sent.external_reference_id
  const match =
    rows.length === 1 ? rows[0] : rows.find((row) => (row as Row | null)?.external_reference_id === reference)
  return match === undefined || (rows.length > 1 && reference === undefined)
    ? null
    : readRecord({ gives: method.gives, reads: method.reads }, match)
}

const idOf = (record: Row | null): string | null =>
  typeof record?.id === 'string' && record.id !== '' ? cleanText(record.id) : null

const receiptOf = (method: Method, request: FinexioRequest, reply: FinexioReply, args: Row): Row => {
  const sent = (Array.isArray(request.body) ? request.body[0] : request.body) as Row | undefined
  const record = answeredRecord(method, reply, sent ?? {})
  const creates = request.verb === 'POST'
  const id = idOf(record) ?? (creates || args.id === undefined ? null : String(args.id))
  if (request.verb === 'DELETE') return { outcome: 'succeeded', id }
  const lost = record && sent ? notApplied(sent, record) : []
  return {
    outcome: 'succeeded',
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

const madeIn = (resource: Resource, method: Method, reply: FinexioReply): Made[] => {
  const rows = reply.body === null ? [] : [reply.body].flat()
  const { records } = readRecords({ gives: method.gives, reads: method.reads }, rows)
  return records.map((row) => ({ subject: recordSubject(resource, row), id: idOf(row) }))
}

/** What every plan has, whatever it sends. */
export const planned = (resource: Resource, method: Method, request: FinexioRequest, args: Row) => {
  const sent = request.body === undefined ? [] : [request.body].flat()
  return {
    request,
    args,
    target: Object.fromEntries(
      Object.keys(method.path?.shape ?? {}).map((name) => [name, String(args[name])]),
    ),
    facts: {
      movements: [],
      largest: 0,
      fields: touchedFields(resource, request.verb, (sent[0] ?? {}) as Row),
    },
    subjects: subjectsOf(resource, request.verb, sent as Row[]),
    made: (reply: FinexioReply) => (request.verb === 'POST' ? madeIn(resource, method, reply) : []),
  }
}

/** @throws Refusal before anything is sent */
export const planWrite =
  (resource: Resource, name: string, method: Method) =>
  (args: Row): WritePlan => {
    const request = writeRequest(name, method, args)
    const answer = (reply: FinexioReply): ToolAnswer => {
      checkDeleted(request, reply)
      const structured = receiptOf(method, request, reply, args)
      return { structured, text: JSON.stringify(structured) }
    }
    return { ...planned(resource, method, request, args), invoices: [], answer }
  }
