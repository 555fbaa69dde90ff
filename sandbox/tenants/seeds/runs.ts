/** Seeded funding runs: which buyer paid which suppliers when, and how each payment ends. */

import type { Party } from '../../parties/party-views.ts'
import type { Outcome } from '../../payments/lifecycle.ts'
import { between, codeOf, mix } from '../chance.ts'
import { DAY, type Micros, SECOND } from '../micros.ts'
import { BUYER_IDS, type Owner, SUPPLIER_IDS } from './parties.ts'

export type PaymentSketch = {
  /** Fixed for payments that example prompts name. */
  id?: string
  key: string
  supplier: Party
  outcome: Outcome
  /** Steps after which the payment stays where it is. */
  stopsAfter: number | null
  refunded: boolean
  reissued: boolean
  invoices: number
}

export type Run = {
  key: string
  buyer: Party
  at: Micros
  /** Fixed for drawdowns that example prompts name. */
  drawdown?: string
  payments: PaymentSketch[]
}

const RUNS = 168
const SPAN_DAYS = 424
/** Steps after which some payments stay, so that examples hold for as long as the sandbox lives. */
export const STOPS_AFTER = { unreceived: 1, unfunded: 3, unprinted: 4 } as const
const FAILURES: readonly Outcome[] = ['9901', '9903', '9902', '9904', '9902', '9902', '9904']

/** Failures are denser among the newest payments, where people look for them. */
const outcomeAt = (ordinal: number): Outcome => {
  const rhythm = ordinal < 40 ? 5 : 31
  return ordinal % rhythm === 4 ? FAILURES[Math.floor(ordinal / rhythm) % FAILURES.length]! : 'complete'
}

const sketch = (key: string, supplier: Party, own: Partial<PaymentSketch> = {}): PaymentSketch => ({
  key,
  supplier,
  outcome: 'complete',
  stopsAfter: null,
  refunded: false,
  reissued: false,
  invoices: 1 + (mix(key) % 4),
  ...own,
})

const ordinary = (suppliers: readonly Party[], buyers: readonly Party[], day: Micros): Run[] => {
  let ordinal = 0
  return Array.from({ length: RUNS }, (_, at) => {
    const key = `run${at}`
    const back = 1 + Math.floor((at * SPAN_DAYS) / RUNS)
    const payments = Array.from({ length: 7 + (at % 2) }, (_, place) => {
      const supplier = suppliers[(at * 11 + place * 5) % suppliers.length]!
      const outcome = outcomeAt(ordinal)
      const refunded = ordinal % 97 === 33 || ordinal % 131 === 26
      ordinal += 1
      return sketch(`${key}.${place}`, supplier, { outcome, refunded, reissued: ordinal % 149 === 40 })
    })
    const buyer = buyers[[0, 0, 1, 0, 2, 1, 3][at % 7]!]!
    return { key, buyer, at: day - back * DAY + between(key, 50_000, 61_000) * SECOND, payments }
  })
}

/** Payments that stay pending, and a run whose funds stay requested. */
const waiting = (suppliers: readonly Party[], buyers: readonly Party[], day: Micros): Run[] =>
  (
    [
      ['pending', STOPS_AFTER.unreceived, 0, 84_000],
      ['requested', STOPS_AFTER.unfunded, 1, 82_000],
    ] as const
  ).map(([key, stopsAfter, buyer, second], at) => ({
    key,
    buyer: buyers[buyer]!,
    at: day - DAY + second * SECOND,
    payments: [0, 1, 2, 3, 4].map((place) =>
      sketch(`${key}.${place}`, suppliers[(at * 31 + place * 7 + 9) % suppliers.length]!, { stopsAfter }),
    ),
  }))

/** What the example prompts ask about. */
const forPrompts = (suppliers: readonly Party[], buyers: readonly Party[], day: Micros): Run[] => {
  const prompt = suppliers.find(({ id }) => id === SUPPLIER_IDS.prompt)!
  const byCheck = suppliers.filter(({ fields }) => fields.payment_method === 'Check')
  const buyer = buyers.find(({ id }) => id === BUYER_IDS.prompt)!
  return [
    {
      key: 'req_987654',
      buyer,
      at: day - 40 * DAY + 52_210 * SECOND,
      drawdown: 'req_987654',
      payments: [prompt, ...suppliers.slice(6, 9)].map((supplier, at) =>
        sketch(`req_987654.${at}`, supplier, { invoices: at + 1 }),
      ),
    },
    {
      key: 'req_009988',
      buyer: buyers[0]!,
      at: day - 3 * DAY + 53_530 * SECOND,
      drawdown: 'req_009988',
      payments: byCheck
        .slice(2, 8)
        .map((supplier, at) =>
          sketch(`req_009988.${at}`, supplier, { stopsAfter: at % 2 === 0 ? null : STOPS_AFTER.unprinted }),
        ),
    },
    {
      key: 'images',
      buyer,
      at: day - 2 * DAY + 54_020 * SECOND,
      payments: [
        sketch('pay_555777', prompt, { id: 'pay_555777', stopsAfter: STOPS_AFTER.unprinted }),
        sketch('pay_555778', byCheck[9]!, { id: 'pay_555778' }),
      ],
    },
  ]
}

/** All runs of a tenant; times are relative to the day on which it was seeded. */
export const seedRuns = (suppliers: readonly Party[], buyers: readonly Party[], day: Micros): Run[] => [
  ...ordinary(suppliers, buyers, day),
  ...waiting(suppliers, buyers, day),
  ...forPrompts(suppliers, buyers, day),
]

/** `DJ` and ten characters. */
export const drawdownCode = (owner: Pick<Owner, 'username'>, key: string): string =>
  `DJ${codeOf(`${owner.username}/drawdown/${key}`, 10)}`
