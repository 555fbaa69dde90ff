/** Every call that a skill writes down, made as it stands against the sandbox, with what its `<words>` stand for. */
import { beforeAll, expect, inject, test } from 'vitest'
import { callOver } from '../support/call-over.ts'
import { newTenant } from '../support/tenant.ts'
import { legacy } from './fake.ts'

let url: string
let words: Record<string, unknown>

const today = new Date().toISOString().slice(0, 10)

beforeAll(async () => {
  const tenant = await newTenant(inject('stack'))
  url = await tenant.serve({ methods: ['read', 'write'] })
  words = {
    drawdown: 'req_987654',
    supplier: 'sup_123',
    buyer: 'buy_456',
    sheet: `invoice number,amount,invoice date\nSKILL-1,450.00,${today}`,
    statement: `Invoice,Date,Amount\nINV-1,${today},100.00`,
    first_day: `${today.slice(0, 7)}-01`,
    last_day: today,
  }
})

/** A word that is a whole value becomes what it stands for, be it a text or a structure. */
const filled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(filled)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner)]))
  const word = /^<(\w+)>$/.exec(String(value))?.[1]
  if (word === undefined) return value
  if (!(word in words)) throw new Error(`Nothing stands for <${word}>.`)
  return words[word]
}

const ask = async (method: string, params: object) =>
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by assertions
  ((await (await fetch(url, legacy(method, params))).json()) as any).result

const CALL = /^\d+\. `(\w+)` with `(\{.*\})`$/gm

test('each step of each skill runs as it is written', async () => {
  const { skills } = await ask('skills/list', {})
  const ran: string[] = []
  for (const { uri } of skills) {
    const { contents } = await ask('resources/read', { uri })
    const calls = [...contents[0].text.matchAll(CALL)]
    expect(calls.length, uri).toBeGreaterThan(0)
    for (const [, tool, args] of calls) {
      const given = filled(JSON.parse(args!)) as object
      const { isError, text, data } = await callOver(url, tool!, given)
      expect(isError, `${uri} ${tool} ${JSON.stringify(given)}: ${text}`).toBe(false)
      if (data?.body) words.body = data.body
      ran.push(`${uri} ${tool}`)
    }
  }
  expect(ran).toHaveLength(16)
  expect(ran).toContain('skill://onboard-supplier-invoices/SKILL.md finexio_invoices_bulk_create')
})
