/** Contacts of a supplier or a buyer, keyed by their own external reference. */

import { nextIds } from '../tenants/tenants.ts'
import { invalid, noPermission, notFound, ok } from '../wire/answers.ts'
import type { Call, Operation } from '../wire/call.ts'
import { checkBody, declaredBody } from '../wire/validation.ts'
import { contactsOf, findParty, repeatsReference, storeParty } from './parties.ts'
import { type Contact, type Kind, type Party, storedContact } from './party-views.ts'

type Work = (call: Call, party: Party) => ReturnType<Operation>

const resourceOf = (kind: Kind) => (kind === 'Buyer' ? 'buyer_contacts' : 'supplier_contacts')

const ofParent =
  (kind: Kind, writes: boolean, work: Work): Operation =>
  (call) => {
    const party = findParty(call, call.params.id ?? '')
    if (party?.kind !== kind) return notFound(call)
    if (writes && kind === 'Buyer' && call.settings.buyerWrites === 'reject') return noPermission
    return work(call, party)
  }

const keep = (call: Call, party: Party, contacts: Contact[]) =>
  storeParty(call, { ...party, updated: call.now, fields: { ...party.fields, contacts } })

const repeated = { external_reference_id: ['Another contact already has this value.'] }

export const listContacts = (kind: Kind): Operation =>
  ofParent(kind, false, (_, party) => ok(contactsOf(party)))

/** The body as a list of contacts; null where its outer shape is not accepted. */
const sentContacts = ({ body, settings }: Call): unknown[] | null => {
  if (Array.isArray(body)) return settings.contactBody === 'object' ? null : body
  return settings.contactBody === 'array' ? null : [body]
}

export const addContacts = (kind: Kind): Operation =>
  ofParent(kind, true, (call, party) => {
    const sent = sentContacts(call)
    if (!sent || sent.length === 0) return invalid(call, { non_field_errors: ['Contacts are expected.'] })
    const checked = sent.map((contact) => checkBody(declaredBody(resourceOf(kind), 'create'), contact))
    const wrong = checked.find(({ errors }) => errors)
    if (wrong?.errors) return invalid(call, wrong.errors)
    const ids = nextIds(call, 'contact', sent.length)
    const fresh = checked.map(({ fields }, at) => storedContact(kind, fields, ids[at]!))
    const contacts = [...contactsOf(party), ...fresh]
    if (repeatsReference(contacts)) return invalid(call, repeated)
    keep(call, party, contacts)
    return ok(contacts)
  })

const isNamed = (call: Call) => (contact: Contact) => contact.external_reference_id === call.params.ref

export const replaceContact = (kind: Kind): Operation =>
  ofParent(kind, true, (call, party) => {
    const old = contactsOf(party).find(isNamed(call))
    if (!old) return notFound(call)
    const { fields, errors } = checkBody(declaredBody(resourceOf(kind), 'update'), call.body)
    if (errors) return invalid(call, errors)
    const merged = call.settings.putMode === 'merge' ? { ...old, ...fields } : fields
    const ref = merged.external_reference_id ?? old.external_reference_id
    const contact = storedContact(kind, { ...merged, external_reference_id: ref }, old.id)
    const contacts = contactsOf(party).map((one) => (one === old ? contact : one))
    if (repeatsReference(contacts)) return invalid(call, repeated)
    keep(call, party, contacts)
    return ok(contact)
  })

export const deleteContact = (kind: Kind): Operation =>
  ofParent(kind, true, (call, party) => {
    const left = contactsOf(party).filter((contact) => !isNamed(call)(contact))
    if (left.length === contactsOf(party).length) return notFound(call)
    keep(call, party, left)
    return ok(true)
  })
