/** Buyers: the companies that pay. Writing them probably needs a permission at Finexio. */
import * as z from 'zod'
import { body, changes, isOneOf, withRules } from './bodies.ts'
import { address, buyerContact, contactBody, contactRecord } from './contacts.ts'
import { resource } from './define.ts'
import { BUYER_FUNDING_METHODS, COUNTRY_CODES, OWNER_COUNTRY_CODES, STATE_CODES } from './enums.ts'
import {
  accountNumber,
  email,
  emptiable,
  id,
  isoDate,
  metadata,
  named,
  number,
  optionalName,
  optionalNumber,
  page,
  reference,
  routingNumber,
  since,
  text,
  timestamp,
} from './fields.ts'
import { bankNumber, harmless, hidden, masked, payee } from './meaning.ts'
import { readable } from './readable.ts'

const owner = {
  controlling_owner: payee('other', z.literal(true)),
  first_name: payee('other', named()),
  last_name: payee('other', named()),
  country_code: payee('address', z.enum(OWNER_COUNTRY_CODES)),
  address1: payee('address', emptiable(40)),
  address2: payee('address', emptiable(40)),
  city: payee('address', emptiable(40)),
  state: payee('address', z.enum(STATE_CODES)),
  postal_code: payee('address', optionalNumber(10)),
  date_of_birth: hidden(isoDate),
  email: payee('email', email()),
  ssn: masked(number()),
  passport: masked(number()),
  passport_country: payee('other', named()),
  drivers_license_number: masked(number()),
  drivers_license_state: payee('other', z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters')),
}

const ownerBody = withRules(
  body(owner, [
    'controlling_owner',
    'first_name',
    'last_name',
    'country_code',
    'address1',
    'city',
    'state',
    'postal_code',
    'date_of_birth',
    'email',
  ]),
  [
    { when: 'country_code is USA', holds: isOneOf('country_code', 'USA'), fields: ['ssn'] },
    { when: 'passport is given', holds: ({ passport }) => Boolean(passport), fields: ['passport_country'] },
  ],
)

const written = {
  name: payee('other', named(120).describe('Legal name.')),
  external_reference_id: payee('other', reference(200).describe('Your unique reference.')),
  dba_name: payee('other', optionalName(100).describe('Trading name.')),
  funding_method: payee('payment_method', z.enum(BUYER_FUNDING_METHODS)),
  ...address(''),
  country: payee('address', z.enum(COUNTRY_CODES)),
  corporate_phone_number: payee('other', optionalNumber(16)),
  tax_id: payee('other', masked(number(11))),
  remit_data: payee('other', emptiable(70)),
  drawdown_bank_account_number: bankNumber(accountNumber),
  drawdown_bank_routing_number: bankNumber(routingNumber),
  refund_bank_account_number: bankNumber(accountNumber),
  refund_bank_routing_number: bankNumber(routingNumber),
  metadata: harmless(metadata.describe('Names up to 25 characters, values up to 100.')),
}

/** What a caller may send. */
const buyerFields = {
  ...written,
  contacts: z.array(contactBody(buyerContact)),
  owners: z.array(ownerBody),
}

const Buyer = readable(
  {
    id,
    ready_for_use: z.boolean(),
    reason_not_usable: text(40),
    ...written,
    contacts: z.array(z.object(contactRecord(buyerContact))),
    owners: z.array(z.object(owner)),
    created: timestamp,
    updated: timestamp,
  },
  'id',
)

const created = withRules(
  body(buyerFields, [
    'name',
    'external_reference_id',
    'tax_id',
    'funding_method',
    'address_1',
    'city',
    'state',
    'zipcode',
    'country',
  ]),
  [
    {
      when: 'funding_method is ach_debit or reverse_wire',
      holds: isOneOf('funding_method', 'ach_debit', 'reverse_wire'),
      fields: ['drawdown_bank_account_number', 'drawdown_bank_routing_number'],
    },
  ],
)

const path = z.object({ id: id.describe('From list_all_finexio_buyers.') })

export const buyers = resource({
  name: 'buyers',
  singular: 'buyer',
  tags: ['buyers', 'counterparties'],
  known: ['external_reference_id'],
  methods: {
    list: {
      effect: 'read',
      route: 'GET /counterparties/buyers',
      title: 'List buyers',
      says: 'Buyers: the companies whose invoices are paid. Their id is originating_counterparty_id of payments, invoices and drawdowns.',
      query: z
        .object({
          page,
          external_reference_id: reference().describe('Exact; buyer_ref_id of drawdowns.'),
          updated_after: since,
        })
        .partial(),
      gives: Buyer,
      list: {
        shape: 'envelope',
        newest: 'created',
        columns: [
          'id',
          'name',
          'external_reference_id',
          'funding_method',
          'ready_for_use',
          'reason_not_usable',
          'city',
          'state',
          'created',
          'updated',
        ],
      },
    },
    create: {
      effect: 'money',
      route: 'POST /counterparties/buyers',
      title: 'Create a buyer',
      says: 'New buyer. ach_debit and reverse_wire need the drawdown bank fields. May need a permission at Finexio.',
      body: created,
      gives: Buyer,
    },
    get: {
      effect: 'read',
      route: 'GET /counterparties/buyers/{id}/',
      title: 'Get a buyer',
      says: 'One buyer with funding, contacts and owners.',
      path: z.object({ id: id.describe('Buyer id.') }),
      gives: Buyer,
    },
    update: {
      effect: 'money',
      route: 'PUT /counterparties/buyers/{id}/',
      title: 'Replace a buyer',
      says: 'Full replacement: fields left out may be emptied. Fields as in create_a_finexio_buyer; single fields change through finexio_buyers_partial_update.',
      path,
      body: changes(buyerFields),
      gives: Buyer,
    },
    partial_update: {
      effect: 'money',
      route: 'PATCH /counterparties/buyers/{id}/',
      title: 'Change a buyer',
      says: 'Changes only the fields sent. Fields as in create_a_finexio_buyer.',
      path,
      body: changes(buyerFields),
      gives: Buyer,
    },
  },
})
