/** Fields of buyers and their owners. */
import * as z from 'zod'
import { body, isOneOf, withRules } from './bodies.ts'
import { buyerContact, contactBody, contactRecord } from './contacts.ts'
import { BUYER_FUNDING_METHODS, COUNTRY_CODES, OWNER_COUNTRY_CODES, STATE_CODES } from './enums.ts'
import { email, id, isoDate, metadata, text, timestamp, words } from './fields.ts'
import { bankNumber, harmless, hidden, masked, payee } from './meaning.ts'
import { readable } from './readable.ts'

const owner = {
  controlling_owner: payee('other', z.literal(true)),
  first_name: payee('other', words),
  last_name: payee('other', words),
  country_code: payee('address', z.enum(OWNER_COUNTRY_CODES)),
  address1: payee('address', text(40)),
  address2: payee('address', text(40)),
  city: payee('address', text(40)),
  state: payee('address', z.enum(STATE_CODES)),
  postal_code: payee('address', text(10)),
  date_of_birth: hidden(isoDate),
  email: payee('email', email()),
  ssn: masked(words),
  passport: masked(words),
  passport_country: payee('other', words),
  drivers_license_number: masked(words),
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
  name: payee('other', text(120).describe('Legal name.')),
  external_reference_id: payee('other', text(200).describe('Your unique reference.')),
  dba_name: payee('other', text(100).describe('Trading name.')),
  funding_method: payee('payment_method', z.enum(BUYER_FUNDING_METHODS)),
  address_1: payee('address', text(40)),
  address_2: payee('address', text(40)),
  city: payee('address', text(40)),
  state: payee('address', z.enum(STATE_CODES)),
  zipcode: payee('address', text(10)),
  country: payee('address', z.enum(COUNTRY_CODES)),
  corporate_phone_number: payee('other', text(16)),
  tax_id: payee('other', masked(text(11))),
  remit_data: payee('other', text(70)),
  drawdown_bank_account_number: bankNumber(text(17)),
  drawdown_bank_routing_number: bankNumber(text(9)),
  refund_bank_account_number: bankNumber(text(17)),
  refund_bank_routing_number: bankNumber(text(9)),
  metadata: harmless(metadata.describe('Names up to 25 characters, values up to 100.')),
}

/** What a caller may send. */
export const buyerFields = {
  ...written,
  contacts: z.array(contactBody(buyerContact)),
  owners: z.array(ownerBody),
}

export const Buyer = readable(
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
