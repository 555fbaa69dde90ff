/** Acceptances for invoices, payments, drawdowns and webhooks. */
import type { Accepted } from '../compare.ts'
import { extra, missing, SAMPLED } from './terms.ts'

const BATCH = ['POST /invoices/batch/']
const INVOICE_ANSWERS = ['GET /invoices/', 'GET /invoices/{}/', ...BATCH]
const PAYMENTS = ['GET /payments/', 'GET /payments/{}/']
const DRAWDOWNS = ['GET /reconciliation/drawdown', 'GET /reconciliation/drawdown/{}']
const DRAWDOWN_PAYMENTS = ['GET /reconciliation/drawdown/{}/payments']

const TEXT_AMOUNT =
  'Samples hold an integer and the guide says number: text is accepted and read as integer cents.'

const invoices: readonly Accepted[] = [
  extra(BATCH, 'body [].amount_cents minimum', '1', 'As on the Invoice schema and in the guide.'),
  extra(BATCH, 'body [].amount_cents maximum', '999999900', 'As on the Invoice schema and in the guide.'),
  extra(
    BATCH,
    'body [].discount_amount_cents maximum',
    '999999900',
    'As on the Invoice schema and in the guide.',
  ),
  extra(BATCH, 'body [].note maxLength', '1000', 'As on the Invoice schema.'),
  extra(
    BATCH,
    'body [].payment_group_id',
    'type string, maxLength 100',
    'Writable on the Invoice schema; the guide sets it.',
  ),
  extra(BATCH, 'body [].accounting_id', 'type string, maxLength 70', 'Writable on the Invoice schema.'),
  extra(INVOICE_ANSWERS, 'response documentationPresented', 'type boolean', SAMPLED),
]

const payments: readonly Accepted[] = [
  {
    routes: PAYMENTS,
    at: 'response currency type',
    theirs: 'integer',
    ours: 'string',
    reason: 'An error in the file: samples and guide have the text USD.',
  },
  {
    routes: PAYMENTS,
    at: 'response delivery_method enum',
    theirs: 'email mail null phone',
    ours: 'email mail phone',
    reason: 'The word "null" in the file means JSON null, which every field admits.',
  },
  {
    routes: PAYMENTS,
    at: 'response events[].amount_cents type',
    theirs: 'string',
    ours: 'integer',
    reason: TEXT_AMOUNT,
  },
  extra(
    ['GET /payments/{}/images'],
    'response more_check_image_urls',
    'type array',
    'An array of several images is possible by the sources; none of them may be lost.',
  ),
  extra(
    ['GET /payments/{}/images'],
    'response more_check_image_urls[]',
    'type string',
    'An array of several images is possible by the sources; none of them may be lost.',
  ),
]

const webhooks: readonly Accepted[] = [
  missing(
    ['GET /webhooks/'],
    'server',
    'type https://api.finexio-stage.com',
    'One of six webhook operations names another base; the setting FINEXIO_WEBHOOK_BASE chooses it for all.',
  ),
  missing(
    ['POST /webhooks/', 'PUT /webhooks/{}/', 'PATCH /webhooks/{}/'],
    'body event enum',
    'payment.changed',
    'Other events are let through, so that a new one needs no release; the description names the documented one.',
  ),
  missing(
    ['GET /webhooks/', 'GET /webhooks/{}/'],
    'response event enum',
    'payment.changed',
    'Other events are let through, so that a new one needs no release.',
  ),
  missing(
    ['DELETE /webhooks/{}/'],
    'response',
    'type object, shape record',
    'Declared for status 204, which cannot carry a body.',
  ),
]

const drawdowns: readonly Accepted[] = [
  missing(
    ['GET /reconciliation/drawdown/{}'],
    'query page',
    'type integer',
    'A page number on a single record: one request names one drawdown, so there is no second page.',
  ),
  {
    routes: ['GET /reconciliation/drawdown', ...DRAWDOWN_PAYMENTS],
    at: 'response $ shape',
    theirs: 'record',
    ours: 'envelope',
    reason:
      'The file declares one bare record for a list; the published example is an envelope. Both are read.',
  },
  {
    routes: [...DRAWDOWNS, ...DRAWDOWN_PAYMENTS],
    at: 'response amount_cents type',
    theirs: 'string',
    ours: 'integer',
    reason: TEXT_AMOUNT,
  },
]

export const money: readonly Accepted[] = [...invoices, ...payments, ...webhooks, ...drawdowns]
