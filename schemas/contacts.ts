/**
 * Addresses and contacts of suppliers and buyers. Contacts: same calls, other notification flags; keyed by their own
 * external_reference_id.
 */
import * as z from 'zod'
import { body, changes } from './bodies.ts'
import { type Resource, resource } from './define.ts'
import { COUNTRY_CODES, STATE_CODES } from './enums.ts'
import { email, emptiable, id, optionalName, optionalNumber, reference } from './fields.ts'
import { payee } from './meaning.ts'
import { readable } from './readable.ts'

const addressFields = {
  address_1: payee('address', emptiable(40)),
  address_2: payee('address', emptiable(40)),
  city: payee('address', emptiable(40)),
  state: payee('address', z.enum(STATE_CODES)),
  zipcode: payee('address', optionalNumber(10)),
  country: payee('address', z.enum(COUNTRY_CODES).describe('Default USA.')),
}

/** The fields of an address. @param prefix before each name, such as `remit_` */
export const address = <Prefix extends string>(prefix: Prefix) =>
  Object.fromEntries(
    Object.entries(addressFields).map(([name, type]) => [prefix + name, type]),
  ) as unknown as Record<`${Prefix}${keyof typeof addressFields}`, z.ZodType>

const common = {
  external_reference_id: payee(
    'other',
    reference(100).describe('Your unique reference; needed to change or delete it later.'),
  ),
  name: payee('other', optionalName(40)),
  email: payee('email', email(50)),
  phone: payee('other', optionalNumber(17)),
  primary: payee('other', z.boolean()),
}

export const supplierContact = {
  ...common,
  payment_notification: payee('other', z.boolean().describe('Payment notices go to email.')),
}

export const buyerContact = {
  ...common,
  funding_notification: payee('other', z.boolean()),
  refund_notification: payee('other', z.boolean()),
}

type ContactFields = typeof supplierContact | typeof buyerContact

/** A contact inside the body of its supplier or buyer. */
export const contactBody = (fields: ContactFields): z.ZodObject => body<ContactFields>(fields, ['primary'])

/** A contact as returned; Finexio's own id is null on old ones. */
export const contactRecord = (fields: ContactFields) => ({ ...fields, id })

const contactMethods = (owner: 'supplier' | 'buyer', fields: ContactFields): Resource['methods'] => {
  const parent = { [`${owner}_id`]: id.describe(`From list_all_finexio_${owner}s.`) }
  const all = `/counterparties/${owner}s/{${owner}_id}/contacts` as const
  const key = z.object({ ...parent, id: reference().describe("The contact's external_reference_id.") })
  const record = readable(contactRecord(fields))
  return {
    list: {
      effect: 'read',
      route: `GET ${all}`,
      title: `List ${owner} contacts`,
      says: `All contacts of one ${owner}.`,
      path: z.object(parent),
      gives: record,
      list: { shape: 'array', newest: null, columns: [...Object.keys(fields), 'id'] },
    },
    create: {
      effect: 'write',
      route: `POST ${all}`,
      title: `Add a ${owner} contact`,
      says: `Adds one contact to a ${owner}; answers with all its contacts.`,
      path: z.object(parent),
      body: contactBody(fields),
      gives: record,
    },
    update: {
      effect: 'write',
      route: `PUT ${all}/{id}`,
      title: `Replace a ${owner} contact`,
      says: `Full replacement of one contact. Fields as in create_a_finexio_${owner}_contact.`,
      path: key,
      body: changes<ContactFields>(fields, ['primary']),
      gives: record,
    },
    delete: {
      effect: 'write',
      route: `DELETE ${all}/{id}`,
      title: `Delete a ${owner} contact`,
      says: `Removes one contact from a ${owner}.`,
      path: key,
    },
  }
}

const contactResource = (owner: 'supplier' | 'buyer', fields: ContactFields): Resource =>
  resource({
    name: `${owner}_contacts`,
    singular: `${owner}_contact`,
    tags: [`${owner}_contacts`, `${owner}s`, 'counterparties'],
    known: ['external_reference_id'],
    methods: contactMethods(owner, fields),
  })

export const supplierContacts = contactResource('supplier', supplierContact)
export const buyerContacts = contactResource('buyer', buyerContact)
