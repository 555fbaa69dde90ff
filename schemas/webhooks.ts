/** Webhook subscriptions: Finexio calls `url` when a payment changes. */
import * as z from 'zod'
import { body, changes } from './bodies.ts'
import { resource } from './define.ts'
import { WEBHOOK_CONTENT_TYPES, WEBHOOK_EVENTS } from './enums.ts'
import { id, named, page, timestamp, words } from './fields.ts'
import { hidden, masked } from './meaning.ts'
import { readable } from './readable.ts'

const LONGEST_URL = 2_000

const written = {
  event: words
    .regex(/^[a-z_-]+(\.[a-z_-]+)+$/, `must look like ${WEBHOOK_EVENTS[0]}`)
    .describe(`${WEBHOOK_EVENTS.join(', ')}; Finexio documents no other.`),
  // No z.url: it takes out blanks and line breaks, and an address has to be judged as it was written.
  url: z
    .string()
    .refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'must be an http or https URL')
    .refine((value) => value.length <= LONGEST_URL, `must have at most ${LONGEST_URL} characters`),
  // One half of what opens the receiver.
  username: masked(named().describe('Basic credentials that Finexio presents to url.')),
  password: hidden(words),
  content_type: z.enum(WEBHOOK_CONTENT_TYPES),
  invoice_ids: z.boolean().describe('Each flag adds that detail to deliveries; default false.'),
  payment_status: z.boolean(),
  payment_events: z.boolean(),
  refund_reason: z.boolean(),
  instrument_number: z.boolean(),
  all_payment_details: z.boolean(),
}
const required = ['event', 'url', 'username', 'password'] as const

const Webhook = readable(
  { id, ...written, created_at: timestamp, updated_at: timestamp, subscription: z.string() },
  'id',
)

const path = z.object({ id: id.describe('From list_all_finexio_webhooks.') })

export const webhooks = resource({
  name: 'webhooks',
  singular: 'webhook',
  tags: ['webhooks'],
  known: ['event', 'url'],
  methods: {
    list: {
      effect: 'read',
      route: 'GET /webhooks/',
      title: 'List webhooks',
      says: 'Own webhook subscriptions; flags that are true say what a message holds.',
      query: z.object({ page }).partial(),
      gives: Webhook,
      list: {
        shape: 'envelope',
        newest: 'created_at',
        whenEmpty:
          'No webhook is set up, so nothing is delivered; Finexio keeps no list of deliveries either.',
        columns: [
          'id',
          'event',
          'url',
          'invoice_ids',
          'payment_status',
          'payment_events',
          'refund_reason',
          'instrument_number',
          'all_payment_details',
          'created_at',
        ],
      },
    },
    create: {
      effect: 'write',
      route: 'POST /webhooks/',
      title: 'Create a webhook',
      says: 'Subscribes url to payment changes.',
      body: body(written, required),
      gives: Webhook,
    },
    get: {
      effect: 'read',
      route: 'GET /webhooks/{id}/',
      title: 'Get a webhook',
      says: 'One webhook subscription.',
      path,
      gives: Webhook,
    },
    update: {
      effect: 'write',
      route: 'PUT /webhooks/{id}/',
      title: 'Replace a webhook',
      says: 'Full replacement. Fields as in create_a_finexio_webhook.',
      path,
      body: changes(written, required),
      gives: Webhook,
    },
    partial_update: {
      effect: 'write',
      route: 'PATCH /webhooks/{id}/',
      title: 'Change a webhook',
      says: 'Changes only the fields sent. Fields as in create_a_finexio_webhook.',
      path,
      body: changes(written),
      gives: Webhook,
    },
    delete: {
      effect: 'write',
      route: 'DELETE /webhooks/{id}/',
      title: 'Delete a webhook',
      says: 'Ends a webhook subscription.',
      path,
    },
  },
})
