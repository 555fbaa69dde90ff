/** Questions of accounts payable: answered in few calls, and right. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { callOver } from '../support/call-over.ts'
import { newTenant } from '../support/tenant.ts'
import { ANALYSES } from './analysis.ts'
import { direct, type Facts, factsOf } from './facts.ts'
import { type Answers, QUESTIONS, type Question } from './questions.ts'

const MOST_CALLS = 3
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)

let facts: Facts
let url: string
const figures: { asks: string; calls: number; tokens: number }[] = []

const invoice = (invoice_number: string, supplier: string, amount_cents: number) => ({
  invoice_number,
  amount_cents,
  invoice_date: day(-3),
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: supplier,
})

beforeAll(async () => {
  const { finexioBaseUrl } = inject('stack')
  const tenant = await newTenant(inject('stack'))
  const finexio = direct(finexioBaseUrl, tenant.username)
  // What the seed has none of: a number that two suppliers share, an invoice sent twice, a webhook.
  await finexio.post('/invoices/batch/', [
    invoice('SHARED-77', 'sup_123', 12_300),
    invoice('SHARED-77', 'sup_999', 45_600),
    invoice('TWICE-100', 'sup_999', 98_765),
    invoice('TWICE100', 'sup_999', 98_765),
  ])
  await finexio.post('/webhooks/', {
    event: 'payment.changed',
    url: 'https://hooks.example.com/f',
    username: 'u',
    password: 'made-up',
  })
  facts = await factsOf(finexio)
  url = await tenant.serve({ methods: ['read'] })
})

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

afterAll(() => {
  const widest = Math.max(...figures.map(({ asks }) => asks.length))
  for (const { asks, calls, tokens } of figures)
    console.info(`${asks.padEnd(widest)} ${calls} ${String(tokens).padStart(6)}`)
  console.info(`${figures.length} questions, calls: median ${median(figures.map(({ calls }) => calls))}`)
})

const walk = async (question: Question): Promise<Answers> => {
  const answers: Answers = []
  for (let step = question.route(answers, facts); step; step = question.route(answers, facts)) {
    answers.push(await callOver(url, step.tool, step.args))
    expect(answers.length, question.asks).toBeLessThanOrEqual(MOST_CALLS)
  }
  return answers
}

const ALL = [...QUESTIONS, ...ANALYSES]

test.each(ALL.map((question) => [question.asks, question] as const))('%s', async (asks, question) => {
  const answers = await walk(question)
  expect(question.answer(answers)).toEqual(await question.truth(facts))
  const tokens = answers.reduce((sum, { text }) => sum + encode(text).length, 0)
  figures.push({ asks, calls: answers.length, tokens })
})

test('there are at least 60 questions, half of them take one call, none more than three', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(60)
  expect(figures.length).toBe(ALL.length)
  expect(median(figures.map(({ calls }) => calls))).toBe(1)
  expect(facts.payments.length).toBeGreaterThan(500)
})
