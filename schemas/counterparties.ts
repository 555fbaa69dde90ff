/** The older family: buyers and suppliers in one list. It creates suppliers only; Finexio sets buyers up. */
import * as z from 'zod'
import { body, changes, isOneOf, type Rule, withRules } from './bodies.ts'
import { address } from './contacts.ts'
import { resource } from './define.ts'
import { COUNTERPARTY_PAYMENT_METHODS, COUNTERPARTY_TYPES, PAYEE_TYPES } from './enums.ts'
import {
  accountNumber,
  days,
  email,
  emptiable,
  id,
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
  name: payee('other', named(100)),
  internal_id: payee(
    'other',
    reference(100).describe('Your reference, unique per type; stored upper-cased.'),
  ),
  payment_method: payee('payment_method', z.enum(COUNTERPARTY_PAYMENT_METHODS)),
  remit_email: payee('email', email(50)),
  ...address(''),
  primary_contact_name: payee('other', optionalName(40)),
  primary_contact_email: payee('email', email(50).describe('Send it for CAN.')),
  primary_contact_phone: payee('other', optionalNumber(16)),
  bank_account_number: bankNumber(accountNumber),
  bank_routing_number: bankNumber(routingNumber),
  payment_terms: harmless(days.describe('Days.')),
  tax_id: payee('other', masked(number(11))),
  business_type: harmless(z.enum(PAYEE_TYPES)),
  ineligible_for_conversion: payee(
    'other',
    z.boolean().describe('true: Finexio proposes no other payment method.'),
  ),
  twelve_month_payment_count: harmless(z.int()),
  twelve_month_spend: harmless(z.number().describe('Dollars.')),
  notes: harmless(emptiable(1000)),
}

const Counterparty = readable(
  {
    id,
    type: payee('other', z.enum(COUNTERPARTY_TYPES)),
    ...written,
    remit_data: z.unknown(),
    issue_one_disbursement_per_invoice: z.boolean(),
    created: timestamp,
    updated: timestamp,
  },
  'id',
)

const rules: readonly Rule[] = [
  {
    when: 'payment_method is PrintedCheck',
    holds: isOneOf('payment_method', 'PrintedCheck'),
    fields: ['address_1', 'city', 'state', 'zipcode'],
  },
  {
    when: 'payment_method is ACH or Wire',
    holds: isOneOf('payment_method', 'ACH', 'Wire'),
    fields: ['bank_account_number', 'bank_routing_number'],
  },
  {
    when: 'payment_method is Card or ACH, or PrintedCheck in CAN',
    holds: (value) =>
      isOneOf('payment_method', 'Card', 'ACH')(value) ||
      (value.payment_method === 'PrintedCheck' && value.country === 'CAN'),
    fields: ['remit_email'],
  },
]

const created = { type: z.enum(['Supplier']), ...written }
const updated = { type: z.enum(COUNTERPARTY_TYPES), ...written }
const path = z.object({ id: id.describe('From list_all_finexio_counterparties.') })

export const counterparties = resource({
  name: 'counterparties',
  singular: 'counterparty',
  tags: ['counterparties'],
  known: ['type', 'internal_id'],
  methods: {
    list: {
      effect: 'read',
      route: 'GET /counterparties/',
      title: 'List counterparties',
      says: 'Buyers and suppliers in one list, found by name or internal_id.',
      query: z
        .object({
          page,
          name: named().describe('Part of the name, any case.'),
          type: z.enum(COUNTERPARTY_TYPES),
          internal_id: reference().describe('Exact.'),
          updated_after: since,
        })
        .partial(),
      gives: Counterparty,
      list: {
        shape: 'envelope',
        newest: 'created',
        columns: [
          'id',
          'name',
          'type',
          'internal_id',
          'payment_method',
          'remit_email',
          'city',
          'state',
          'country',
          'created',
          'updated',
        ],
        eitherCase: ['internal_id'],
      },
    },
    create: {
      effect: 'money',
      route: 'POST /counterparties/',
      title: 'Create a counterparty',
      says: 'New supplier in the older counterparty form. ACH and Wire need bank fields, ACH and Card remit_email, PrintedCheck the address.',
      body: withRules(body(created, ['name', 'type', 'internal_id']), rules),
      gives: Counterparty,
    },
    get: {
      effect: 'read',
      route: 'GET /counterparties/{id}/',
      title: 'Get a counterparty',
      says: 'One buyer or supplier by id, such as originating_counterparty_id or receiving_counterparty_id of a payment.',
      path: z.object({ id: id.describe('Counterparty id.') }),
      gives: Counterparty,
    },
    update: {
      effect: 'money',
      route: 'PUT /counterparties/{id}/',
      title: 'Replace a counterparty',
      says: 'Full replacement: fields left out may be emptied. Fields as in create_a_finexio_counterparty; single fields change through finexio_counterparties_partial_update.',
      path,
      body: changes(updated, ['name', 'type', 'internal_id']),
      gives: Counterparty,
    },
    partial_update: {
      effect: 'money',
      route: 'PATCH /counterparties/{id}/',
      title: 'Change a counterparty',
      says: 'Changes only the fields sent. Bank fields and payment_method need a permission at Finexio.',
      path,
      body: changes(updated),
      gives: Counterparty,
    },
  },
})
