/**
 * What happens to a payment, as a function of its facts and the time: nothing here waits or stores.
 * Codes with an X are ours, because Finexio publishes none for those steps.
 */
import { between } from '../tenants/chance.ts'
import { DAY, MILLISECOND, type Micros, SECOND } from '../tenants/micros.ts'

export type PaymentMethod = 'check' | 'ach' | 'card' | 'wire'
export type Outcome = 'complete' | '9901' | '9902' | '9903' | '9904'
export type PaymentStatus = 'pending' | 'in-progress' | 'settled' | 'failed' | 'canceled'
export type InvoiceStatus = 'pending' | 'in-progress' | 'sent' | 'complete' | 'failed' | 'canceled'

export type PaymentFacts = {
  id: string
  created: Micros
  method: PaymentMethod
  /** How the buyer funds: decides the code of the funding steps. */
  funding: 'ach' | 'other'
  /** Payments of one funding run share it, and so their funding moments. */
  run: string
  outcome: Outcome
  /** Seeds only: the number of steps after which the payment stays where it is. */
  stopsAfter: number | null
  /** Set by the sandbox's own controls: ends the payment at that moment. */
  forced: { outcome: Outcome; at: Micros } | null
}

export type Step = {
  at: Micros
  event_code: string
  description: string
  stage: 'processing' | 'funding' | 'disbursement'
  method: string | null
  event_name: string
  status: 'in-progress' | 'settled' | 'failed' | 'canceled'
}

export type PaymentState = {
  status: PaymentStatus
  invoiceStatus: InvoiceStatus
  steps: Step[]
  updated: Micros
  /** When the next step is due; null when none is. */
  next: Micros | null
  disbursed: boolean
  funded: boolean
}

const TRAVEL: Readonly<Record<string, readonly [PaymentMethod, string | null]>> = {
  Check: ['check', 'mail'],
  ACH: ['ach', null],
  Card: ['card', 'email'],
  Wire: ['wire', 'email'],
}
const OUTCOMES: readonly Outcome[] = ['9901', '9902', '9903', '9904']
const DAYS_TO_SETTLE = { check: 6, card: 2, ach: 3, wire: 1 } as const
const METHOD_LETTER = { check: 'C', ach: 'A', card: 'K', wire: 'W' } as const
const DISBURSEMENT = {
  check: ['DC13', 'Check Printed', 'printed'],
  ach: ['DAX1', '(sandbox) ACH Sent', 'sent'],
  card: ['DKX1', '(sandbox) Card Issued', 'issued'],
  wire: ['DWX1', '(sandbox) Wire Sent', 'sent'],
} as const
const UPDATE_LAG = 20 * MILLISECOND

/** How a supplier's payments travel: method and delivery. */
export const travelOf = (supplierMethod: unknown): readonly [PaymentMethod, string | null] =>
  TRAVEL[String(supplierMethod)] ?? ['ach', null]

/** Decided by the last four digits of the final amount in cents. */
export const outcomeOf = (amountCents: number): Outcome =>
  OUTCOMES.find((digits) => amountCents >= 1000 && amountCents % 10_000 === Number(digits)) ?? 'complete'

export type RunMoments = { received: Micros; requested: Micros; asked: Micros; funded: Micros }

/** Moments shared by all payments of a funding run; `requested` is the drawdown's creation, on a whole second. */
export const runMoments = (run: string, created: Micros): RunMoments => {
  const received = created + between(`${run}/received`, 1_000, 20_000) * MILLISECOND
  const asked = received + between(`${run}/asked`, 1_000, 12_000) * MILLISECOND
  return {
    received,
    requested: Math.ceil(received / SECOND) * SECOND,
    asked,
    funded: asked + between(`${run}/funded`, 150, 900) * MILLISECOND,
  }
}

const funding = (facts: PaymentFacts, moments: RunMoments): [Step, Step] => {
  const ach = facts.funding === 'ach'
  const step = { stage: 'funding', method: ach ? 'ach' : null, status: 'in-progress' } as const
  const other = '(sandbox) Funding'
  return [
    {
      ...step,
      at: moments.asked,
      event_code: ach ? 'FA00' : 'FUX0',
      description: ach ? 'Request ACH Funding' : `${other} Requested`,
      event_name: 'requested',
    },
    {
      ...step,
      at: moments.funded,
      event_code: ach ? 'FA10' : 'FUX1',
      description: ach ? 'ACH Funding Received' : `${other} Received`,
      event_name: 'received',
    },
  ]
}

const disbursement = (facts: PaymentFacts, funded: Micros): Step => {
  const [event_code, description, event_name] = DISBURSEMENT[facts.method]
  const seconds = facts.method === 'check' ? between(`${facts.id}/print`, 170, 195) : 60
  const at = funded + seconds * SECOND
  return {
    at,
    event_code,
    description,
    stage: 'disbursement',
    method: facts.method,
    event_name,
    status: 'in-progress',
  }
}

const ending = (facts: PaymentFacts, outcome: Outcome, moments: RunMoments): Step => {
  const settles = facts.created + DAYS_TO_SETTLE[facts.method] * DAY
  const end = (
    at: Micros,
    event_code: string,
    what: string,
    event_name: string,
    status: Step['status'],
    stage: Step['stage'] = 'disbursement',
    method: string | null = null,
  ): Step => ({ at, event_code, description: `(sandbox) ${what}`, stage, method, event_name, status })
  if (outcome === '9901')
    return end(moments.funded, 'FUX8', 'Funding Failed (9901)', 'failed', 'canceled', 'funding')
  if (outcome === '9902') return end(settles, 'DUX7', 'Payment Returned (9902)', 'returned', 'failed')
  if (outcome === '9903')
    return end(moments.funded, 'PUX6', 'Canceled By Sender (9903)', 'canceled', 'canceled', 'processing')
  if (outcome === '9904') return end(settles, 'DUX5', 'Payment Expired (9904)', 'expired', 'failed')
  const code = `D${METHOD_LETTER[facts.method]}X9`
  return end(settles, code, 'Payment Settled', 'settled', 'settled', 'disbursement', facts.method)
}

const plan = (facts: PaymentFacts, outcome: Outcome): Step[] => {
  const moments = runMoments(facts.run, facts.created)
  const processing = { stage: 'processing', method: null, status: 'in-progress' } as const
  const [asked, funded] = funding(facts, moments)
  const opening: Step[] = [
    {
      ...processing,
      at: facts.created + 15 * MILLISECOND,
      event_code: 'PU00',
      description: 'Invoices Created',
      event_name: 'requested',
    },
    {
      ...processing,
      at: moments.received,
      event_code: 'PU12',
      description: 'Payments Received By Processor',
      event_name: 'confirmed',
    },
    asked,
  ]
  if (outcome === '9901' || outcome === '9903') return [...opening, ending(facts, outcome, moments)]
  return [...opening, funded, disbursement(facts, moments.funded), ending(facts, outcome, moments)]
}

const plannedSteps = (facts: PaymentFacts): Step[] => {
  const natural = plan(facts, facts.outcome).slice(0, facts.stopsAfter ?? undefined)
  if (!facts.forced) return natural
  const { at, outcome } = facts.forced
  const past = natural.filter((step) => step.at <= at)
  const codes = new Set(past.map((step) => step.event_code))
  const rest = plan(facts, outcome).filter((step) => !codes.has(step.event_code))
  return [...past, ...rest.map((step, index) => ({ ...step, at: at + index * MILLISECOND }))]
}

const statusAfter = (steps: readonly Step[]): PaymentStatus => {
  const last = steps.at(-1)
  if (!last || last.event_code === 'PU00') return 'pending'
  return last.status
}

const INVOICE_STATUS = {
  pending: 'pending',
  'in-progress': 'in-progress',
  settled: 'complete',
  failed: 'failed',
  canceled: 'canceled',
} as const

/** The payment as it is at `now`. */
export const paymentState = (facts: PaymentFacts, now: Micros): PaymentState => {
  const planned = plannedSteps(facts)
  const steps = planned.filter((step) => step.at <= now)
  const status = statusAfter(steps)
  const disbursed = steps.some((step) => step.event_code === DISBURSEMENT[facts.method][0])
  return {
    status,
    invoiceStatus: status === 'in-progress' && disbursed ? 'sent' : INVOICE_STATUS[status],
    steps,
    updated: (steps.at(-1)?.at ?? facts.created) + UPDATE_LAG,
    next: planned[steps.length]?.at ?? null,
    disbursed,
    funded: steps.some((step) => step.event_code === 'FA00' || step.event_code === 'FUX0'),
  }
}

/** Where funding ended for a payment with this outcome. */
export const fundingResult = (outcome: Outcome): 'received' | 'error' | 'canceled' => {
  if (outcome === '9901') return 'error'
  return outcome === '9903' ? 'canceled' : 'received'
}

export type DrawdownState = {
  status: 'requested' | 'received' | 'error' | 'canceled'
  completed: Micros | null
  next: Micros | null
}

/**
 * A drawdown as it is at `now`, whatever becomes of it later.
 * @param stays true for seeds whose funds stay requested
 */
export const drawdownState = (
  moments: RunMoments,
  result: ReturnType<typeof fundingResult>,
  stays: boolean,
  now: Micros,
): DrawdownState => {
  if (stays || now < moments.funded)
    return { status: 'requested', completed: null, next: stays ? null : moments.funded }
  const completed = result === 'received' ? Math.floor(moments.funded / SECOND) * SECOND : null
  return { status: result, completed, next: null }
}
