/** Buyers: the companies that pay. Writing them probably needs a permission at Finexio. */
import * as z from 'zod'
import { body, changes, isOneOf, withRules } from './bodies.ts'
import { Buyer, buyerFields } from './buyer-fields.ts'
import { resource } from './define.ts'
import { id, page, since, words } from './fields.ts'

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
          external_reference_id: words.describe('Exact; buyer_ref_id of drawdowns.'),
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
