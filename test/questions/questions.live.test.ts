/** Questions of accounts payable: answered in few calls, and right. */
import '../support/one-day.ts'
import { isDeepStrictEqual } from 'node:util'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { callOver } from '../support/call-over.ts'
import { newTenant } from '../support/tenant.ts'
import { ANALYSES } from './analysis.ts'
import { LOOK_UPS } from './exam/look-ups.ts'
import { PASTED } from './exam/pasted.ts'
import { SECOND } from './exam/second.ts'
import { SUMS } from './exam/sums.ts'
import { direct, type Facts, factsOf } from './facts.ts'
import { prepare } from './prepared.ts'
import { type Answers, QUESTIONS, type Question } from './questions.ts'

const MOST_CALLS = 3
let facts: Facts
let readFacts: () => Promise<Facts>
let url: string
const figures: { asks: string; calls: number; tokens: number; bytes: number }[] = []

beforeAll(async () => {
  const { finexioBaseUrl, sandboxUrl } = inject('stack')
  const tenant = await newTenant(inject('stack'))
  const finexio = direct(finexioBaseUrl, tenant.username)
  await prepare(finexio, tenant, sandboxUrl!)
  readFacts = () => factsOf(finexio)
  facts = await readFacts()
  url = await tenant.serve({ methods: ['read'] })
})

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

afterAll(() => {
  const widest = Math.max(...figures.map(({ asks }) => asks.length))
  for (const { asks, calls, tokens, bytes } of figures)
    console.info(`${asks.padEnd(widest)} ${calls} ${String(tokens).padStart(6)} ${String(bytes).padStart(6)}`)
  const most = (values: readonly number[]) => `median ${median(values)}, most ${Math.max(...values)}`
  console.info(
    `${figures.length} questions, calls: ${most(figures.map(({ calls }) => calls))}; bytes: ${most(figures.map(({ bytes }) => bytes))}`,
  )
})

const walk = async (question: Question): Promise<Answers> => {
  const answers: Answers = []
  for (let step = question.route(answers, facts); step; step = question.route(answers, facts)) {
    answers.push(await callOver(url, step.tool, step.args))
    expect(answers.length, question.asks).toBeLessThanOrEqual(MOST_CALLS)
  }
  return answers
}

const ALL = [...QUESTIONS, ...ANALYSES, ...LOOK_UPS, ...SUMS, ...PASTED, ...SECOND]

test.each(ALL.map((question) => [question.asks, question] as const))('%s', async (asks, question) => {
  let answers = await walk(question)
  // Payments move on while questions are asked: only what differs from facts read just before is wrong.
  if (!isDeepStrictEqual(question.answer(answers), await question.truth(facts))) {
    facts = await readFacts()
    answers = await walk(question)
  }
  expect(question.answer(answers)).toEqual(await question.truth(facts))
  const tokens = answers.reduce((sum, { text }) => sum + encode(text).length, 0)
  const bytes = answers.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  figures.push({ asks, calls: answers.length, tokens, bytes })
})

test('there are at least 100 questions, half of them take one call, none more than three', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(100)
  expect(figures.length).toBe(ALL.length)
  expect(median(figures.map(({ calls }) => calls))).toBe(1)
  expect(facts.payments.length).toBeGreaterThan(500)
})
