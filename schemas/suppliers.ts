/** The current family for suppliers. */
import * as z from 'zod'
import { body, changes, isOneOf, type Rule, withRules } from './bodies.ts'
import { address, contactBody, contactRecord, supplierContact } from './contacts.ts'
import { resource } from './define.ts'
import {
  PAYEE_TYPES,
  SUPPLIER_DELIVERY_METHODS,
  SUPPLIER_NOTIFICATION_METHODS,
  SUPPLIER_PAYMENT_METHODS,
} from './enums.ts'
import {
  accountNumber,
  days,
  emails,
  emptiable,
  id,
  metadata,
  named,
  number,
  optionalName,
  optionalNumber,
  page,
  reference,
  routingNumber,
  since,
  timestamp,
} from './fields.ts'
import { bankNumber, harmless, masked, payee } from './meaning.ts'
import { readable } from './readable.ts'

const written = {
  name: payee('other', named(100).describe('Legal name.')),
  external_reference_id: payee('other', reference(200).describe('Your unique vendor reference.')),
  payment_method: payee('payment_method', z.enum(SUPPLIER_PAYMENT_METHODS)),
  delivery_method: payee('payment_method', z.enum(SUPPLIER_DELIVERY_METHODS).nullable()),
  enabled: payee('other', z.boolean().describe('Internal to Finexio: leave out, or true.')),
  remit_email: payee('email', emails.describe('Several: separate by commas.')),
  care_of: payee('address', optionalName(36).describe('Printed on mailed checks instead of the name.')),
  ...address('remit_'),
  ...address('corporate_'),
  corporate_phone_number: payee('other', optionalNumber(16)),
  tax_id: payee('other', masked(number(11))),
  bank_account_number: bankNumber(accountNumber),
  bank_routing_number: bankNumber(routingNumber),
  notification_method: payee('other', z.enum(SUPPLIER_NOTIFICATION_METHODS)),
  payment_terms: harmless(days.describe('Days.')),
  payee_type: harmless(z.enum(PAYEE_TYPES)),
  ineligible_for_conversion: payee(
    'other',
    z.boolean().describe('true: Finexio proposes no other payment method.'),
  ),
  ineligible_for_cbm: payee('other', z.boolean().describe('true: no Card by Mail.')),
  internal_payments: payee('other', z.boolean().describe("true: Finexio's staff pay by phone or portal.")),
  twelve_month_payment_count: harmless(z.int()),
  twelve_month_spend: harmless(z.int().describe('Whole dollars.')),
  category: harmless(emptiable()),
  sub_category: harmless(emptiable()),
  notes: harmless(emptiable(1000)),
  metadata: harmless(metadata.describe('Names up to 25 characters, values up to 100.')),
}

const Supplier = readable(
  {
    id,
    ...written,
    contacts: z.array(z.object(contactRecord(supplierContact))),
    processing_fee: z.number(),
    created: timestamp,
    updated: timestamp,
  },
  'id',
)

const rules: readonly Rule[] = [
  {
    when: 'payment_method is Check',
    holds: isOneOf('payment_method', 'Check'),
    fields: ['remit_address_1', 'remit_city', 'remit_state', 'remit_zipcode'],
  },
  {
    when: 'payment_method is ACH or Wire',
    holds: isOneOf('payment_method', 'ACH', 'Wire'),
    fields: ['bank_account_number', 'bank_routing_number'],
  },
  {
    when: 'payment_method is Card or Check',
    holds: isOneOf('payment_method', 'Card', 'Check'),
    fields: ['delivery_method'],
  },
  {
    when: 'payment_method is Card and delivery_method Email',
    holds: (value) => value.payment_method === 'Card' && value.delivery_method === 'Email',
    fields: ['remit_email'],
  },
]

const sent = { ...written, contacts: z.array(contactBody(supplierContact)) }
const path = z.object({ id: id.describe('From list_all_finexio_suppliers.') })

export const suppliers = resource({
  name: 'suppliers',
  singular: 'supplier',
  tags: ['suppliers', 'counterparties'],
  known: ['external_reference_id'],
  methods: {
    list: {
      effect: 'read',
      route: 'GET /counterparties/suppliers',
      title: 'List suppliers',
      says: 'Suppliers with how they are paid, found by name or external_reference_id.',
      query: z
        .object({
          page,
          external_reference_id: reference().describe('Your vendor reference, exact.'),
          updated_after: since,
          enabled: z.boolean(),
          cbm_optout_date_start: since.describe('Opted out of Card by Mail; ISO 8601.'),
          cbm_optout_date_end: since,
        })
        .partial(),
      gives: Supplier,
      list: {
        shape: 'envelope',
        newest: 'created',
        columns: [
          'id',
          'name',
          'external_reference_id',
          'payment_method',
          'delivery_method',
          'enabled',
          'remit_email',
          'payment_terms',
          'created',
          'updated',
        ],
      },
    },
    create: {
      effect: 'money',
      route: 'POST /counterparties/suppliers',
      title: 'Create a supplier',
      says: 'New supplier. Check needs the remit address, ACH and Wire bank fields, Card and Check delivery_method, Card by Email remit_email.',
      body: withRules(body(sent, ['name', 'external_reference_id', 'payment_method']), rules),
      gives: Supplier,
    },
    get: {
      effect: 'read',
      route: 'GET /counterparties/suppliers/{id}/',
      title: 'Get a supplier',
      says: 'One supplier with addresses and contacts. The id is also receiving_counterparty_id of payments and invoices.',
      path: z.object({ id: id.describe('Supplier id.') }),
      gives: Supplier,
    },
    update: {
      effect: 'money',
      route: 'PUT /counterparties/suppliers/{id}/',
      title: 'Replace a supplier',
      says: 'Full replacement: fields left out may be emptied. Fields as in create_a_finexio_supplier; single fields change through finexio_suppliers_partial_update.',
      path,
      body: changes(sent, ['external_reference_id']),
      gives: Supplier,
    },
    partial_update: {
      effect: 'money',
      route: 'PATCH /counterparties/suppliers/{id}/',
      title: 'Change a supplier',
      says: 'Changes only the fields sent. Fields as in create_a_finexio_supplier.',
      path,
      body: changes(sent),
      gives: Supplier,
    },
  },
})
