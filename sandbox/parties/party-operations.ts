/** Listing, reading, creating and changing buyers and suppliers through any of the three families. */
import * as z from 'zod'
import { listAnswer } from '../lists/lists.ts'
import type { Micros } from '../tenants/micros.ts'
import { nextIds } from '../tenants/tenants.ts'
import { type FieldErrors, invalid, noPermission, notFound, ok } from '../wire/answers.ts'
import type { Answer, Call, Operation } from '../wire/call.ts'
import { checkBody, declaredBody, type Fields, newlyBroken } from '../wire/validation.ts'
import type { Family } from './families.ts'
import { logChange } from './history.ts'
import { changesBetween } from './history-entries.ts'
import {
  contactsOf,
  findParty,
  isTaken,
  type PartyRow,
  partyOf,
  repeatsReference,
  storeParty,
} from './parties.ts'
import { type Contact, type Party, storedContact } from './party-views.ts'

/** Finexio changes these only for users with a permission; they are known for the older family. */
const RESTRICTED = ['bank_account_number', 'bank_routing_number', 'payment_method'] as const

export const listParties =
  (family: Family): Operation =>
  (call) =>
    listAnswer<PartyRow>(call, {
      table: 'parties',
      filters: family.filters,
      always: family.kinds.length === 1 ? [{ sql: 'kind = ?', values: [family.kinds[0]] }] : [],
      render: (found) => found.map((row) => family.row(partyOf(row))),
    })

const partyIn = (call: Call, family: Family): Party | null => {
  const party = findParty(call, call.params.id ?? '')
  return party && family.kinds.includes(party.kind) ? party : null
}

export const getParty =
  (family: Family): Operation =>
  (call) => {
    const party = partyIn(call, family)
    return party ? ok(family.view(party)) : notFound(call)
  }

/** Contacts as sent inside a record: known ones keep their id. */
const withContactIds = (call: Call, party: Party, before: readonly Contact[]): Party => {
  const sent = contactsOf(party)
  const fresh = nextIds(call, 'contact', sent.length)
  const contacts = sent.map((contact, at) => {
    const old = before.find(
      ({ id, external_reference_id: ref }) =>
        (id && id === contact.id) || (ref && ref === contact.external_reference_id),
    )
    return storedContact(party.kind, contact, old ? old.id : fresh[at]!)
  })
  return { ...party, fields: { ...party.fields, contacts } }
}

const conflicts = (call: Call, family: Family, party: Party): FieldErrors | null => {
  const ref = party.fields.external_reference_id
  if (isTaken(call, party.kind, ref, party.id))
    return { [family.reference]: [`Another ${party.kind.toLowerCase()} already has this value.`] }
  if (repeatsReference(contactsOf(party)))
    return { contacts: ['Two contacts have the same external_reference_id.'] }
  return null
}

const mayWrite = (call: Call, family: Family) =>
  family.resource !== 'buyers' || call.settings.buyerWrites === 'allow'

const save = (call: Call, family: Family, before: Party | null, wanted: Party): Answer => {
  const errors = conflicts(call, family, wanted)
  if (errors) return invalid(call, errors)
  const party = withContactIds(call, wanted, before ? contactsOf(before) : [])
  storeParty(call, party)
  const view = family.view(party)
  logChange(call, party.id, before ? 'Update' : 'Create', changesBetween(before && family.view(before), view))
  return ok(view)
}

export const createParty =
  (family: Family): Operation =>
  (call) => {
    if (!mayWrite(call, family)) return noPermission
    const { fields, errors } = checkBody(declaredBody(family.resource, 'create'), call.body)
    if (errors) return invalid(call, errors)
    const kind = family.resource === 'buyers' ? 'Buyer' : 'Supplier'
    const own = family.stored(kind, fields, {})
    const moments = { created: call.now, updated: call.now + 16 }
    return save(call, family, null, { id: nextIds(call, 'party', 1)[0]!, kind, ...moments, fields: own })
  }

/** What a body asks for beyond the record as it is, restricted fields treated as the setting says. */
const permitted = (call: Call, family: Family, party: Party, fields: Fields, emptied: string[]) => {
  const before = family.view(party)
  const touched = RESTRICTED.filter(
    (name) => emptied.includes(name) || (name in fields && fields[name] !== before[name]),
  )
  const applies = family.resource === 'counterparties' && call.settings.restrictedUpdates !== 'allow'
  if (!applies || touched.length === 0) return { fields, emptied, refused: false }
  if (call.settings.restrictedUpdates === 'reject') return { fields, emptied, refused: true }
  const isFree = (name: string) => !(touched as readonly string[]).includes(name)
  return {
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => isFree(name))),
    emptied: emptied.filter(isFree),
    refused: false,
  }
}

/** Names that a create body requires: never emptied by a change. */
const required = (family: Family): string[] =>
  Object.entries(declaredBody(family.resource, 'create').shape)
    .filter(([, type]) => !(type instanceof z.ZodOptional))
    .map(([name]) => name)

/** What a replacing PUT empties because the body leaves it out. */
const leftOut = (call: Call, family: Family, fields: Fields): string[] => {
  const locked = call.settings.restrictedUpdates === 'ignore' && family.resource === 'counterparties'
  const stays = [...required(family), 'payment_method', ...(locked ? RESTRICTED : [])]
  const known = Object.keys(declaredBody(family.resource, 'update').shape)
  return known.filter((name) => !(name in fields) && !stays.includes(name))
}

const changed = (family: Family, party: Party, fields: Fields, emptied: string[], now: Micros): Party => {
  const gone = Object.fromEntries(emptied.map((name) => [name, null]))
  const own = family.stored(party.kind, { ...fields, ...gone }, party.fields)
  const after = Object.entries({ ...party.fields, ...own }).filter(([, value]) => value !== null)
  return { ...party, updated: Math.max(now, party.updated + 1), fields: Object.fromEntries(after) }
}

const blank = (family: Family, emptied: readonly string[]): FieldErrors | null => {
  const names = required(family).filter((name) => emptied.includes(name))
  return names.length > 0
    ? Object.fromEntries(names.map((name) => [name, ['This field may not be blank.']]))
    : null
}

/** PUT (`update`) or PATCH (`partial_update`). */
export const changeParty =
  (family: Family, method: 'update' | 'partial_update'): Operation =>
  (call) => {
    const party = partyIn(call, family)
    if (!party) return notFound(call)
    if (!mayWrite(call, family)) return noPermission
    const checked = checkBody(declaredBody(family.resource, method), call.body)
    const errors = checked.errors ?? blank(family, checked.emptied)
    if (errors) return invalid(call, errors)
    const { fields, emptied, refused } = permitted(call, family, party, checked.fields, checked.emptied)
    if (refused) return noPermission
    const replace = method === 'update' && call.settings.putMode === 'replace'
    const empty = replace ? [...emptied, ...leftOut(call, family, fields)] : emptied
    const after = changed(family, party, fields, empty, call.now)
    const broken = newlyBroken(
      declaredBody(family.resource, 'create'),
      family.view(party),
      family.view(after),
    )
    return broken ? invalid(call, broken) : save(call, family, party, after)
  }
