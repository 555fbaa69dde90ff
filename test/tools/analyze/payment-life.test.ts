/** The life of a payment out of its events. At b8f2a26 all of it was only inside the JSON of `events`. */
import { expect, test } from 'vitest'
import { daysBetween, eventsOf, paymentLife } from '../../../src/tools/reading/payment-life.ts'

const event = (timestamp: string, event_name: string, status: string, description: string) => ({
  timestamp,
  event_code: 'X',
  event_name,
  status,
  description,
})
const CREATED = event('2026-11-03T15:10:00', 'requested', 'in-progress', 'Invoices Created')
const PRINTED = event('2026-11-03T15:13:27', 'printed', 'in-progress', 'Check Printed')
const SETTLED = event('2026-11-09T15:13:27', 'settled', 'settled', 'Payment Settled')
const RETURNED = event('2026-11-09T15:13:27', 'returned', 'failed', 'Payment Returned')

test('a settled check says when it was printed and when it settled', () => {
  const life = paymentLife({ status: 'settled', events: [SETTLED, CREATED, PRINTED] })
  expect(life).toEqual({
    last_event: 'Payment Settled',
    failure_reason: null,
    printed_at: PRINTED.timestamp,
    settled_at: SETTLED.timestamp,
    ended_at: SETTLED.timestamp,
    refunded_at: null,
    reissued: false,
  })
})

test('a failed one says why and when, and never settled', () => {
  const life = paymentLife({ status: 'failed', events: [CREATED, PRINTED, SETTLED, RETURNED] })
  expect(life).toMatchObject({
    failure_reason: 'Payment Returned',
    ended_at: RETURNED.timestamp,
    settled_at: null,
  })
})

test('one spelling of canceled; the reason is that of the end, not of what came after', () => {
  const end = event('2026-11-04T00:00:00', 'canceled', 'cancelled', 'Canceled By Sender')
  const after = event('2026-11-05T00:00:00', 'noted', 'in-progress', 'Buyer told')
  const life = paymentLife({ status: 'Cancelled', events: [CREATED, end, after] })
  expect(life).toMatchObject({ failure_reason: 'Canceled By Sender', last_event: 'Buyer told' })
})

test('an end of an unknown kind is the last event, an event on the way is not', () => {
  const cashed = event('2026-11-08T00:00:00', 'cashed', 'in-progress', 'Check Cashed')
  expect(paymentLife({ status: 'settled', events: [PRINTED, cashed] }).settled_at).toBe(cashed.timestamp)
  expect(paymentLife({ status: 'settled', events: [PRINTED] }).settled_at).toBeNull()
  expect(paymentLife({ status: 'in-progress', events: [PRINTED, cashed] }).ended_at).toBeNull()
})

test('"Invoices Created" is said as what it is for a payment', () => {
  expect(paymentLife({ status: 'pending', events: [CREATED] }).last_event).toBe(
    'Payment created from its invoices',
  )
})

test('refund and reissue', () => {
  expect(
    paymentLife({ refund_timestamp: '2026-11-10T00:00:00', reissue_payment_method: 'ach' }),
  ).toMatchObject({ refunded_at: '2026-11-10T00:00:00', reissued: true, last_event: null })
})

test.each([[undefined], [null], ['events'], [[null, 'x', {}, { timestamp: null }]]])(
  'nothing is made of %j',
  (events) => {
    expect(eventsOf({ events })).toEqual([])
    expect(paymentLife({ status: 'settled', events }).settled_at).toBeNull()
  },
)

test('days are those of the calendar', () => {
  expect(daysBetween('2026-11-03T23:59:59', '2026-11-04T00:00:01')).toBe(1)
  expect(daysBetween('2026-02-28', '2026-03-01')).toBe(1)
  expect(daysBetween('2026-02-28', null)).toBeNull()
})
