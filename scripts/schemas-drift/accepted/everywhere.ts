/** Acceptances that concern several resources. */
import type { Accepted } from '../compare.ts'
import { extra } from './terms.ts'

const PAGED = [
  'GET /counterparties/',
  'GET /counterparties/history',
  'GET /counterparties/suppliers',
  'GET /counterparties/buyers',
  'GET /invoices/',
  'GET /payments/',
  'GET /webhooks/',
  'GET /reconciliation/drawdown',
  'GET /reconciliation/drawdown/{}/payments',
]
const WITH_TERMS = [
  'POST /counterparties/',
  'PUT /counterparties/{}/',
  'PATCH /counterparties/{}/',
  'POST /counterparties/suppliers',
  'PUT /counterparties/suppliers/{}/',
  'PATCH /counterparties/suppliers/{}/',
]

const NO_ANSWER = 'The file declares no body; samples return the record, so it is read when it comes.'

export const everywhere: readonly Accepted[] = [
  extra(PAGED, 'query page minimum', '1', "Pages count from 1, as the parameter's own text says."),
  extra(WITH_TERMS, 'body payment_terms minimum', '0', "Only the field's description names the limit."),
  extra(WITH_TERMS, 'body payment_terms maximum', '365', "Only the field's description names the limit."),
  extra(
    [
      'POST /counterparties/',
      'POST /counterparties/suppliers',
      'POST /counterparties/suppliers/{}/contacts',
      'POST /counterparties/buyers',
      'POST /counterparties/buyers/{}/contacts',
      'POST /webhooks/',
      'PUT /webhooks/{}/',
      'PATCH /webhooks/{}/',
    ],
    'response',
    'type object, shape record',
    NO_ANSWER,
  ),
]
