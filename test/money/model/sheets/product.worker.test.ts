/** Sheets that were written without a look at the code, on the product. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connect, call as rest } from '../../../api/support.ts'
import { http } from '../../../oauth/support.ts'
import { ModelClock } from '../finexio/clock.ts'
import { World } from '../timelines/world.ts'
import { sheets } from './index.ts'
import { ACME, BUYER, type Prepared, wrongWith } from './types.ts'

const NOON = Date.parse('2026-11-30T12:00:00Z')
/** As the sandbox has them. */
const SUPPLIERS: [id: string, name: string, reference: string][] = [
  ['a80f9522-2e0b-4fcd-a327-1a51b0e2ce3d', ACME, 'ACME'],
  ['1e8419ec-22c5-4cd7-8c3b-2e4079e5f495', 'Palisade Fencing', 'VND-1056'],
  ['sup_123', 'Northgate Paper Supply', 'NORTHGATE-123'],
  ['sup_999', 'Blue Ridge Cold Storage', 'BLUERIDGE-999'],
  ['93339f61-7eae-4000-aca3-5d00c412e1da', 'Bäckerei Grünwald', 'VND-1005'],
  ['92bddac9-efcc-4dc1-9998-2f43fd28ecac', 'Wren & Sparrow Translation', 'VND-1070'],
]
let url = ''

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOON })
  const world = new World(new ModelClock(NOON))
  for (const [id, name, external_reference_id] of SUPPLIERS)
    world.parties.add(id, 300, {
      name,
      external_reference_id,
      payment_method: 'Check',
      delivery_method: 'Mail',
    })
  world.parties.buyers = [
    { id: 'buy_456', name: BUYER, external_reference_id: 'KESTREL-456', ready_for_use: true },
    { id: 'buy_111', name: 'Juniper Hotels LLC', external_reference_id: 'JUNIPER-111', ready_for_use: true },
  ]
  vi.stubGlobal('fetch', (input: RequestInfo, init?: RequestInit) =>
    world.fetch(new Request(input, init), ''),
  )
  const body = { name: 'sheets', config: { methods: ['read', 'write'] } }
  url = (await rest('POST', `/integrated-account/${await connect()}/mcp`, { body })).body.url
})
afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

let calls = 0
const prepared = async (args: object): Promise<Prepared> => {
  // A second later each, so that the account's own limit of calls is not met.
  calls += 1
  vi.setSystemTime(NOON + calls * 1_000)
  const response = await http(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'prepare_finexio_invoices', arguments: args },
    }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked into
  const { result, error } = (await response.json()) as any
  return {
    isError: !result || result.isError === true,
    text: result?.content?.[0]?.text ?? error?.message ?? '',
    data: result?.structuredContent,
  }
}

test.each(sheets.map((sheet) => [`${sheet.like}: ${sheet.name}`, sheet] as const))('%s', async (_, sheet) => {
  expect(wrongWith(sheet, await prepared(sheet.args))).toBeNull()
})
