/** Acceptances for counterparties, suppliers, buyers, their contacts and history. */
import type { Accepted } from '../compare.ts'
import { extra, missing, SAMPLED } from './terms.ts'

const HISTORY = ['GET /counterparties/history']
const COUNTERPARTY_CHANGES = ['PUT /counterparties/{}/', 'PATCH /counterparties/{}/']
const COUNTERPARTY_ANSWERS = ['GET /counterparties/', 'GET /counterparties/{}/', ...COUNTERPARTY_CHANGES]
const SUPPLIER_CHANGES = ['PUT /counterparties/suppliers/{}/', 'PATCH /counterparties/suppliers/{}/']
const SUPPLIER_WRITES = ['POST /counterparties/suppliers', ...SUPPLIER_CHANGES]
const SUPPLIER_ANSWERS = [
  'GET /counterparties/suppliers',
  'GET /counterparties/suppliers/{}/',
  ...SUPPLIER_CHANGES,
]
const BUYER_CHANGES = ['PUT /counterparties/buyers/{}/', 'PATCH /counterparties/buyers/{}/']
const BUYER_WRITES = ['POST /counterparties/buyers', ...BUYER_CHANGES]
const BUYER_ANSWERS = ['GET /counterparties/buyers', 'GET /counterparties/buyers/{}/', ...BUYER_CHANGES]

const MAPPED =
  'Two shapes of history are published; both are mapped to one record of ours (schemas/counterparty-history.ts).'

const counterparties: readonly Accepted[] = [
  extra(COUNTERPARTY_ANSWERS, 'response type', 'type string, enum Buyer Supplier', SAMPLED),
  extra(COUNTERPARTY_ANSWERS, 'response remit_data', 'type any', SAMPLED),
  extra(COUNTERPARTY_ANSWERS, 'response issue_one_disbursement_per_invoice', 'type boolean', SAMPLED),
  extra(
    ['PUT /counterparties/{}/'],
    'body type',
    'type string, enum Buyer Supplier, required yes',
    'The guide has PUT take the full record, its type included.',
  ),
  extra(
    ['PATCH /counterparties/{}/'],
    'body type',
    'type string, enum Buyer Supplier',
    'Fields of a change are those of PUT.',
  ),
  extra(
    ['PUT /counterparties/{}/'],
    'body name required',
    'yes',
    'The guide has PUT take the full record; without it the name might be emptied.',
  ),
  extra(
    ['PUT /counterparties/{}/'],
    'body internal_id required',
    'yes',
    'The guide has PUT take the full record; without it the reference might be emptied.',
  ),
]

const history: readonly Accepted[] = [
  missing(HISTORY, 'response objectId', 'type string', MAPPED),
  missing(HISTORY, 'response date', 'type string', MAPPED),
  missing(HISTORY, 'response username', 'type string', MAPPED),
  missing(HISTORY, 'response userIpAddress', 'type string', MAPPED),
  missing(HISTORY, 'response changes.field', 'type string', MAPPED),
  missing(HISTORY, 'response changes.oldValue', 'type object', MAPPED),
  missing(HISTORY, 'response changes.newValue', 'type object', MAPPED),
  { routes: HISTORY, at: 'response changes type', theirs: 'object', ours: 'array', reason: MAPPED },
  extra(HISTORY, 'response object_id', 'type string', MAPPED),
  extra(HISTORY, 'response timestamp', 'type string', MAPPED),
  extra(HISTORY, 'response actor', 'type string', MAPPED),
  extra(HISTORY, 'response remote_addr', 'type string', MAPPED),
  extra(HISTORY, 'response changes[]', 'type object', MAPPED),
  extra(HISTORY, 'response changes[].field', 'type string', MAPPED),
  extra(HISTORY, 'response changes[].before', 'type any', MAPPED),
  extra(HISTORY, 'response changes[].after', 'type any', MAPPED),
]

const suppliers: readonly Accepted[] = [
  extra(SUPPLIER_ANSWERS, 'response processing_fee', 'type number', SAMPLED),
  extra(
    SUPPLIER_WRITES,
    'body delivery_method enum',
    'Email Mail Phone Portal',
    "The words stand in the field's text, not as an enum.",
  ),
  extra(
    SUPPLIER_ANSWERS,
    'response delivery_method enum',
    'Email Mail Phone Portal',
    "The words stand in the field's text, not as an enum.",
  ),
  extra(
    ['PUT /counterparties/suppliers/{}/'],
    'body external_reference_id required',
    'yes',
    "The field's text demands it on PUT even when unchanged.",
  ),
]

const buyers: readonly Accepted[] = [
  extra(
    BUYER_WRITES,
    'body owners[].controlling_owner enum',
    'true',
    "The field's text says that it must be true.",
  ),
  extra(
    BUYER_ANSWERS,
    'response owners[].controlling_owner enum',
    'true',
    "The field's text says that it must be true.",
  ),
]

const contacts: readonly Accepted[] = [
  missing(
    ['DELETE /counterparties/suppliers/{}/contacts/{}', 'DELETE /counterparties/buyers/{}/contacts/{}'],
    'response',
    'type boolean, shape record',
    'A bare true is no record; the tool answers with a receipt.',
  ),
]

export const parties: readonly Accepted[] = [
  ...counterparties,
  ...history,
  ...suppliers,
  ...buyers,
  ...contacts,
]
